"""`python -m benchmarks.chat`: how long a visitor waits for the chat page and for an answer, in Chromium.

Starts `orgbot serve` over the bundled corpus, opens the page in fresh browsers, and asks the questions that are known
to have answers, one after the other. Prints JSON; all times are in milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.speed import initialise, serving
from corpus.document import Language

_OPENINGS = 5
_QUESTIONS = 20
_SETTLED_SECONDS = 15
"""The server asks itself the questions to suggest when it starts; visitors seldom come within these seconds."""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_BOX = "#question textarea, #question input"
# From Enter to the first picture with the whole answer, by the clock of the page itself.
_ANSWER = """(count) => new Promise((done) => {
  const started = performance.now();
  const look = () => document.querySelectorAll('.exchange .answer').length >= count
    ? requestAnimationFrame(() => done(performance.now() - started)) : requestAnimationFrame(look);
  document.querySelector('#send').click();
  look();
})"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Medians and the worst, in milliseconds."""

    first_paint: float
    first_paint_worst: float
    question_box: float
    """Until a question can be typed."""
    answer: float
    answer_worst: float


def measure(address: str, browser: Browser) -> Waiting:
    """Open the page in fresh contexts, whose caches are empty, and ask in the last one."""
    paints, boxes = [], []
    for _ in range(_OPENINGS):
        context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(_BOX).wait_for()
        boxes.append((time.perf_counter() - started) * 1000)
        paints.append(float(page.evaluate(_PAINT)))
    answers = _answers(page)
    return Waiting(*(round(one, 1) for one in (
        statistics.median(paints), max(paints), statistics.median(boxes), statistics.median(answers), max(answers)
    )))  # fmt: skip


def _answers(page: Page) -> list[float]:
    written = json.loads((resources.files("bot") / "questions.json").read_text("utf-8"))
    questions = [question for language in Language for question in written[language]["questions"]][:_QUESTIONS]
    waited = []
    for number, question in enumerate(questions, start=1):
        page.locator(_BOX).fill(question)
        waited.append(float(page.evaluate(_ANSWER, number)))
    return waited


def main() -> int:
    """Measure and print; returns the exit status."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("benchmarks: Chromium is missing: install it (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="orgbot-benchmark-") as place:
        initialise(Path(place))
        with serving(Path(place)) as (address, _), sync_playwright() as playwright:
            time.sleep(_SETTLED_SECONDS)
            browser = playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox"])
            print(json.dumps(asdict(measure(address, browser)) | {"cores": os.cpu_count()}, indent=1))
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
