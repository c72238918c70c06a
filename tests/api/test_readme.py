"""The examples of the README, run as they stand against a running server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.partition("\n## API\n")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"^```(bash|python)\n(.+?)^```", SECTION, re.MULTILINE | re.DOTALL)
WRITTEN_ADDRESS = "http://127.0.0.1:7860"


def test_each_address_and_client_has_an_example() -> None:
    examples = "".join(code for _, code in EXAMPLES)
    for needed in ("/ask", "/search", "/documents/", "/answers/", "/feedback", "OpenAI(", "ClientSession("):
        assert needed in examples


@pytest.mark.parametrize(("language", "code"), EXAMPLES)
def test_an_example_prints_what_its_first_lines_promise(bundled: str, language: str, code: str) -> None:
    assert WRITTEN_ADDRESS in code
    promised = [line.removeprefix("# ") for line in re.match(r"(# .+\n)+", code).group().splitlines()]  # type: ignore[union-attr]
    program = ["bash", "-euc"] if language == "bash" else [sys.executable, "-c"]
    done = subprocess.run(
        [*program, code.replace(WRITTEN_ADDRESS, bundled)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr + done.stdout
    for line in promised:
        assert line in done.stdout
