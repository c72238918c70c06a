"""`python -m evals.sets`: write the corpus of the bundled sets anew, after a change of the bundled pages."""

from __future__ import annotations

from evals.sets import ANSWERABLE, corpus_lines
from evals.testset import CORPUS

if __name__ == "__main__":
    (ANSWERABLE / CORPUS).write_text(corpus_lines(), encoding="utf-8")
