"""Whether the server runs, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.api.errors import problem
from bot.api.service import Service
from corpus.errors import StoreError
from corpus.store import CorpusStore
from index.errors import SearchIndexError


def health_routes(service: Service, store: CorpusStore, opening: bool = False) -> APIRouter:
    """`/healthz`: the process runs. `/readyz`: an index is open and the documents can be read, else 503.

    While the chat is still `opening`, it is not ready either.
    """
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            snapshot = service.snapshot()
            store.known_page("")  # the smallest question to the database
        except (SearchIndexError, StoreError) as error:
            return problem(503, str(error))
        if opening:
            return problem(503, "The chat is being opened; the API answers already.")
        return JSONResponse({"status": "ready", "snapshot": snapshot})

    return router
