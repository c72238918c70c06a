"""Chat completions in the shape of OpenAI's API, so that existing chat clients can ask: below /v1.

The last message of the user is the question, the user's messages before it are the earlier questions. Messages of
any other role are passed over: no instruction is ever followed, since every statement is a quote.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.answer import Answer, AnswerStatus
from bot.api.errors import handle_errors, json_only, openai_error
from bot.api.prose import pieces
from bot.api.service import Service

MODEL = "orgbot"
_OPENED = 1_700_000_000
"""When the model came to be, in Unix seconds: a date that every client can read, and that never changes."""


class Part(BaseModel):
    """A part of a message."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream carries beside the answer."""

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """What is heeded, and what would be wrong to pass over; how a text is sampled has no meaning here."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    response_format: dict[str, Any] | None = None
    logprobs: bool | None = None
    modalities: list[str] | None = None

    def unsupported(self) -> str | None:
        """The name of the first parameter that asks for what cannot be given."""
        asked_for = {
            "n": self.n not in (None, 1),
            "tools": bool(self.tools),
            "functions": bool(self.functions),
            "response_format": (self.response_format or {}).get("type", "text") != "text",
            "logprobs": bool(self.logprobs),
            "modalities": self.modalities not in (None, ["text"]),
        }
        return next((name for name, asked in asked_for.items() if asked), None)

    def questions(self) -> list[str]:
        """What the user has written, oldest first."""
        return [message.text for message in self.messages if message.role == "user"]

    def has_other_parts(self) -> bool:
        """Whether a message of the user holds anything but text, such as a picture."""
        contents = [message.content for message in self.messages if message.role == "user"]
        return any(part.type != "text" for content in contents if isinstance(content, list) for part in content)


def completions_app(service: Service, contact_url: str) -> FastAPI:
    """The application to be mounted at /v1."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    handle_errors(app, openai_error, 400)
    app.include_router(_routes(service, contact_url))
    return app


def _routes(service: Service, contact_url: str) -> APIRouter:
    router = APIRouter()

    @router.get("/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model()]}

    @router.get("/models/{name}")
    def model(name: str) -> Any:
        return _model() if name == MODEL else _unknown_model(name)

    @router.post(
        "/chat/completions", dependencies=[Depends(json_only), Depends(service.refuse_when_full)], response_model=None
    )
    def complete(asked: CompletionRequest) -> Response:
        wrong = _refused(asked)
        if wrong is not None:
            return wrong
        *earlier, text = asked.questions()
        answer, answer_id = service.ask(service.question(text, earlier))
        if answer.status is AnswerStatus.ERROR:
            return openai_error(503, answer.message or "The question could not be answered: try again.")
        completion = Completion(answer, answer_id, pieces(answer, contact_url), _words(asked.questions()))
        if asked.stream:
            with_usage = asked.stream_options is not None and asked.stream_options.include_usage
            return StreamingResponse(completion.events(with_usage), media_type="text/event-stream")
        return JSONResponse(completion.whole())

    return router


def _refused(asked: CompletionRequest) -> JSONResponse | None:
    if asked.model != MODEL:
        return _unknown_model(asked.model)
    name = asked.unsupported()
    if name is not None:
        detail = f"'{name}' is not supported: answers are quotes from documents, one for each question."
        return openai_error(400, detail, parameter=name, code="unsupported_parameter")
    if asked.has_other_parts():
        return openai_error(400, "Only text can be asked.", parameter="messages", code="unsupported_content")
    if not asked.questions():
        return openai_error(400, "There is no message of the role 'user'.", parameter="messages")
    return None


def _unknown_model(name: str) -> JSONResponse:
    detail = f"The model '{name}' does not exist: the one there is is '{MODEL}'."
    return openai_error(404, detail, parameter="model", code="model_not_found")


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": _OPENED, "owned_by": MODEL}


class Completion:
    """An answer in OpenAI's shape, whole or as a stream; `citations`, `status` and `answer_id` are ours."""

    def __init__(self, answer: Answer, answer_id: str | None, parts: list[str], asked_words: int) -> None:
        """Give the text in `parts`; `asked_words` is how many words the user has written."""
        self._parts = parts
        record: dict[str, Any] = answer.to_record()
        citations = [*record["citations"], *record["newer"]]
        self._own = {"citations": citations, "status": answer.status, "answer_id": answer_id}
        self._head = {"id": f"chatcmpl-{answer_id or 'unlogged'}", "created": int(time.time()), "model": MODEL}
        written = _words(parts)
        # There are no tokens here: words are counted.
        self._usage = {
            "prompt_tokens": asked_words,
            "completion_tokens": written,
            "total_tokens": asked_words + written,
        }

    def whole(self) -> dict[str, Any]:
        """The `chat.completion` object."""
        message = {"role": "assistant", "content": "".join(self._parts), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage, **self._own}

    def events(self, with_usage: bool) -> Iterator[str]:
        """Server-sent events of `chat.completion.chunk` objects: a statement each, our fields in the last but usage."""
        yield self._event([_delta({"role": "assistant", "content": ""})])
        for part in self._parts:
            yield self._event([_delta({"content": part})])
        yield self._event([_delta({}, "stop")], self._own)
        if with_usage:
            yield self._event([], {"usage": self._usage})
        yield "data: [DONE]\n\n"

    def _event(self, choices: list[dict[str, Any]], more: dict[str, Any] | None = None) -> str:
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": choices, **(more or {})}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _delta(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}


def _words(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)
