"""How well pages are taken apart: pages of our own in the templates that organisations use, and what they hold.

The set, `evals/sets/extraction/`, is rendered by `python -m evals.extraction --write` from the bundled corpus and
measured by `python -m evals.extraction`.
"""
