"""`python -m evals.extraction`: print the measures by template and language; `--write` renders the set anew first."""

from __future__ import annotations

import sys

from evals.extraction.measure import SET, WANTED, PageFigures, mean, measure
from evals.extraction.render import render_pages


def write() -> None:
    """Render every page, and the file of what is wanted of them."""
    SET.mkdir(exist_ok=True)
    lines = []
    for wanted, content in render_pages():
        (SET / wanted.page).write_bytes(content)
        lines.append(wanted.to_json() + "\n")
    (SET / WANTED).write_text("".join(lines), "utf-8")


def report(pages: list[PageFigures]) -> str:
    """A table: a row for each template and language, and one for all."""
    groups = {name: [page for page in pages if page.wanted.template == name] for name in _names(pages, "template")}
    groups |= {name: [page for page in pages if page.wanted.language == name] for name in _names(pages, "language")}
    rows = [f"{'':12}{'pages':>6}{'body F1':>9}{'headline':>9}{'date':>9}{'language':>9}"]
    for name, group in (groups | {"all": pages}).items():
        found = mean(group)
        figures = (found.body, found.headline, found.date, found.language)
        rows.append(f"{name:12}{found.pages:>6}" + "".join(f"{figure:>9.3f}" for figure in figures))
    return "\n".join(rows)


def _names(pages: list[PageFigures], field: str) -> list[str]:
    return list(dict.fromkeys(getattr(page.wanted, field) for page in pages))


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        write()
    print(report(measure()))
