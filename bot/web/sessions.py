"""What Gradio keeps of each visitor of a page, without what only its deep links would need.

This module imports Gradio, which takes seconds: import it where it is used.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState


def keep_little(blocks: gr.Blocks) -> None:
    """Keep of each session of a mounted page its state alone.

    Gradio keeps a description of all its components, too, with the last value of each: of a conversation all that was
    drawn. Only its deep links read that, which are off, and it has no setting for it.
    """
    blocks.state_holder.session_data = _Sessions()


class _Sessions(OrderedDict[str, SessionState]):
    """Takes the descriptions away from each new session."""

    def __setitem__(self, session_id: str, session: SessionState) -> None:
        session.config_values = _Undescribed()
        super().__setitem__(session_id, session)


class _Undescribed(dict[int, dict[str, Any]]):
    """The descriptions of components, each of them empty, whatever is put there."""

    def __contains__(self, component: object) -> bool:
        return True

    def __getitem__(self, component: int) -> dict[str, Any]:
        return {}

    def __setitem__(self, component: int, description: dict[str, Any]) -> None:
        """Keep nothing."""
