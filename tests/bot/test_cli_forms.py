"""`orgbot corpus` shows what is known of pages of each form."""

from __future__ import annotations

from pathlib import Path

import fpdf
import pytest
from typer.testing import CliRunner

from bot.cli.main import app

WORDS = "The harbour school opened its doors to four hundred pupils from the islands, and the ferry runs twice a day."
META = '<meta property="article:published_time" content="2024-05-02">'


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    writer = fpdf.FPDF()
    writer.add_page()
    for size, words in ((22, "A garden by the harbour"), (11, WORDS)):
        writer.set_font("Helvetica", size=size)
        writer.multi_cell(0, size * 0.45, words, new_x="LMARGIN", new_y="NEXT")
        writer.ln(8)
    writer.output(str(folder / "garden.pdf"))
    body = f"<h1>A school by the harbour</h1><p>Lisbon, 30 April 2024 - {WORDS}</p>"
    (folder / "school.html").write_text(f"<html><head><title>A school</title>{META}</head><body>{body}</body></html>")
    return folder


def test_pages_of_each_form_are_added_and_shown(pages: Path, tmp_path: Path) -> None:
    runner, data = CliRunner(), ["--data", str(tmp_path / "data")]
    added = runner.invoke(app, ["corpus", "add", str(pages), *data])
    assert added.exit_code == 0, added.output
    ids = [line.split()[1] for line in added.output.splitlines() if line.startswith("added")]
    shown = [runner.invoke(app, ["corpus", "show", doc_id, *data]).output for doc_id in ids]
    assert "title: A garden by the harbour" in shown[0]
    assert "page_starts: 0" in shown[0]
    assert "date: 2024-04-30" in shown[1]
    assert "date_disagreement: 2024-05-02 (meta element); the dateline is trusted" in shown[1]
