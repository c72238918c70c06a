"""How the API says that something is wrong: problem+json (RFC 9457), or OpenAI's shape below /v1."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.api.service import Busy
from bot.errors import FeedbackError, WorkerLost
from corpus.errors import StoreError
from index.errors import SearchIndexError

_logger = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"
_RETRY_SECONDS = "1"

# Takes the status, a sentence, the wrong parts of the request (their place and what is wrong) and headers.
Shape = Callable[[int, str, list[dict[str, str]], Mapping[str, str] | None], JSONResponse]


def problem(
    status: int, detail: str, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem by RFC 9457, 3.1; each of `errors` has a `pointer` into the request (RFC 6901) and a `detail`."""
    record: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    record["detail"] = detail
    if errors:
        record["errors"] = errors
    return JSONResponse(record, status, headers, media_type=PROBLEM_TYPE)


def openai_error(
    status: int,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    parameter: str | None = None,
    code: str | None = None,
) -> JSONResponse:
    """An error as OpenAI's API shapes it: {"error": {"message", "type", "param", "code"}}."""
    if errors:
        detail = " ".join([detail, *(f"{one['pointer']}: {one['detail']}." for one in errors)])
        parameter = errors[0]["pointer"].removeprefix("#/").replace("/", ".") or None
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": detail, "type": kind, "param": parameter, "code": code}
    return JSONResponse({"error": error}, status, headers)


def refusal(path: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error in the shape of the part of the API that an address belongs to."""
    shape = openai_error if path.startswith("/v1/") else problem
    return shape(status, detail, headers=headers)


def handle_errors(app: FastAPI, shape: Shape, invalid_status: int) -> None:
    """Give every error of an app this shape; a request that does not fit its model has the status given."""

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        return shape(error.status_code, str(error.detail), [], error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{"pointer": _pointer(one["loc"]), "detail": str(one["msg"])} for one in error.errors()]
        return shape(invalid_status, "The request is not what this address takes.", wrong, None)

    @app.exception_handler(Busy)
    async def busy(_: Request, __: Busy) -> JSONResponse:
        return shape(503, "Too many questions are waiting: try again.", [], {"Retry-After": _RETRY_SECONDS})

    async def unavailable(_: Request, error: Exception) -> JSONResponse:
        _logger.error("The API could not read what it needs: %s", error)
        return shape(503, "The service cannot read its documents now: try again.", [], {"Retry-After": _RETRY_SECONDS})

    for kind in (SearchIndexError, StoreError, FeedbackError, WorkerLost):
        app.add_exception_handler(kind, unavailable)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, __: Exception) -> JSONResponse:
        return shape(500, "Something went wrong on the server.", [], None)


async def json_only(request: Request) -> None:
    """A dependency of each address that takes JSON: 415 for a body of another media type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "The body is to be JSON, with Content-Type: application/json.")


def _pointer(location: tuple[int | str, ...]) -> str:
    """The place of an error: inside the body as a JSON pointer, else the name of the parameter."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location[1:]]
    if location[0] != "body":
        return "/".join([str(location[0]), *parts])
    # JSON that cannot be read is placed by a character number, which is no part of the document.
    return "#/" + "/".join(parts) if parts and not isinstance(location[1], int) else "#"
