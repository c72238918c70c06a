"""The chat page of a language in Gradio's components, and which event does what."""

from __future__ import annotations

from importlib import resources
from typing import Any

import gradio as gr

from bot.api.queueing import keep_calm
from bot.locales import texts
from bot.settings import Settings
from bot.web.events import MAX_PLACE_CHARACTERS, Chat, filter_texts
from corpus.document import Language

_WAITING_QUESTIONS = 64
_SESSION_SECONDS = 3600
_SESSIONS = 500
"""Of so many visitors of a page, the last who asked, the conversation is held in memory, packed: some 5 kB a question.
A browser brings back an older one when its page is loaded anew."""
_YEAR_DIGITS = 4
_LOOK_SECONDS = 0.01


def blocks_of(language: Language, chat: Chat, settings: Settings) -> gr.Blocks:
    """The page: conversation and question box at the left, the sources at the right; below it on a narrow screen."""
    own = texts(language)
    title = own("title", organisation=settings.organisation.names.get(language, ""))
    script = (resources.files("bot.web") / "static" / "events.js").read_text("utf-8")
    no_exchanges, no_sources, nothing = chat.begin()
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True, delete_cache=None) as blocks:
        state = gr.State(nothing, time_to_live=_SESSION_SECONDS)
        with gr.Row(elem_id="columns", equal_height=False):
            with gr.Column(elem_id="talk", scale=3, min_width=0):
                conversation = gr.HTML(no_exchanges, elem_id="conversation", js_on_load=script, apply_default_css=False)
                with gr.Column(elem_id="asking", min_width=0):
                    with gr.Row(elem_id="writing", equal_height=False):
                        box = gr.Textbox(
                            label=own("question_label"),
                            placeholder=own("question_placeholder"),
                            max_lines=5,
                            max_length=settings.answer.max_question_characters,
                            elem_id="question",
                            scale=1,
                            min_width=0,
                        )
                        send = gr.Button(own("ask"), variant="primary", elem_id="send", scale=0, min_width=0)
                    filters = _filters(language)
                    new = gr.Button(own("new_conversation"), elem_id="new", scale=0, min_width=0)
                notice = gr.HTML("", elem_id="notice", apply_default_css=False)
            with gr.Column(elem_id="panel", scale=2, min_width=0):
                sources = gr.HTML(no_sources, elem_id="sources", apply_default_css=False)
        shown = [conversation, sources, state]
        # The values go as they are: what components make of them is text again, by a thread for each.
        plain = {"preprocess": False, "postprocess": False}
        quiet: dict[str, Any] = plain | {"api_visibility": "private", "show_progress": "hidden"}
        answering = quiet | {"concurrency_limit": settings.server.questions_at_once, "concurrency_id": "answering"}
        asked = [
            gr.on([box.submit, send.click], chat.ask, [box, *filters, state], shown, **answering),
            conversation.example(chat.ask_example, [*filters, state], shown, **answering),
            conversation.again(chat.ask_again, [*filters, state], shown, **answering),
        ]
        conversation.interrupt(chat.interrupt, [state], shown, cancels=asked, **quiet)
        conversation.restore(chat.restore, [state], shown, **quiet)
        conversation.vote(chat.vote, None, [notice], **quiet)
        new.click(chat.begin, None, shown, cancels=asked, **quiet)
        # In the browser alone, after the question was taken from the box. Were the box among what an answer changes,
        # Gradio would keep another copy of it for each question that a visitor asks.
        gr.on([box.submit, send.click, new.click], None, None, [box], js="() => ''", api_visibility="private")
    blocks.queue(api_open=False, max_size=_WAITING_QUESTIONS)
    blocks.state_session_capacity = _SESSIONS
    keep_calm(blocks, _LOOK_SECONDS)
    return blocks


def _filters(language: Language) -> list[Any]:
    """First year, last year, place and kinds, in the order that the events take them."""
    own = texts(language)
    with gr.Accordion(own("filters"), open=False, elem_id="filters"), gr.Row(elem_id="filtering"):
        since, until, place = (
            gr.Textbox(label=own(f"filter_{name}"), max_length=longest, elem_id=name, max_lines=1, min_width=0)
            for name, longest in (("since", _YEAR_DIGITS), ("until", _YEAR_DIGITS), ("place", MAX_PLACE_CHARACTERS))
        )
        kinds = gr.CheckboxGroup(filter_texts(language), label=own("filter_kinds"), elem_id="kinds", min_width=0)
    return [since, until, place, kinds]
