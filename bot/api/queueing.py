"""Gradio's queue, which by its defaults keeps a processor busy: it has no settings for these, so its fields are set.

This module imports Gradio, which takes seconds: import it where it is used.
"""

from __future__ import annotations

import sys

import gradio as gr

_NEVER = 3600.0


def keep_calm(blocks: gr.Blocks, look_seconds: float = _NEVER) -> None:
    """Look for new events every `look_seconds` (Gradio: a thousand times a second, for each page that is mounted).

    Progress bars, which no event of ours has, are looked for next to never, and statistics of past events, which
    Gradio would compute anew (by pandas) after each answer, are not kept.
    """
    queue = blocks._queue
    queue.sleep_when_free = look_seconds
    queue.progress_update_sleep_when_free = _NEVER
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    queue.ANALYTICS_MAX_EVENTS = 1
