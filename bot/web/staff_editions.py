"""Which documents are one release, and why: staff look over what was found, undo it, and link what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from bot.feedback import Action
from bot.web.staff_desk import Desk, field, paged, see
from corpus.citable import may_be_linked
from corpus.document import Document
from corpus.editions import Link, Linked
from corpus.editions.decisions import Decision
from corpus.editions.groups import BY_HAND, STATED

HERE = "/staff/editions"
_MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents with what holds them together or apart; a document is None when it is withdrawn."""

    one: str
    other: str
    documents: tuple[Document | None, Document | None]
    why: str
    decision: Decision | None
    """What was decided on the two, where something was."""


def edition_routes(desk: Desk) -> APIRouter:
    """`/staff/editions`, query `document` and `page`, and its forms `link`, `part` and `undo`."""
    router = APIRouter(prefix=HERE, route_class=desk.route())

    @router.get("")
    def editions(request: Request) -> Response:
        doc_id = request.query_params.get("document", "").strip()
        problem = request.query_params.get("problem", "")
        return shown(request, doc_id, problem if problem in ("reason", "other", "apart") else "")

    @router.post("/part")
    def part(request: Request) -> Response:
        return decided(request, together=False)

    @router.post("/link")
    def link(request: Request) -> Response:
        return decided(request, together=True)

    @router.post("/undo")
    def undo(request: Request) -> Response:
        one, other = field(request, "one"), field(request, "other")
        if not desk.store.undo_decision(one, other):
            raise HTTPException(404)
        desk.note(request, Action.UNDECIDED, f"{one} {other}")
        return back(request)

    def decided(request: Request, *, together: bool) -> Response:
        one, other = field(request, "one").strip(), field(request, "other").strip()
        why = field(request, "why").strip()[:_MAX_REASON]
        stored = [desk.stored(doc_id) for doc_id in (one, other)]
        if one == other or not all(found and not found.withdrawn for found in stored):
            return back(request, "other")
        if not why:
            return back(request, "reason")
        if together and not may_be_linked(desk.store, one, other):
            return back(request, "apart")
        desk.store.decide(one, other, why, together=together)
        desk.note(request, Action.LINKED if together else Action.PARTED, f"{one} {other}")
        return back(request)

    def back(request: Request, problem: str = "") -> Response:
        query = {"document": field(request, "document"), "problem": problem}
        return see(HERE, **{name: value for name, value in query.items() if value})

    def shown(request: Request, doc_id: str, problem: str) -> Response:
        linked, decisions = desk.linked.now(), desk.store.decisions()
        known = {one.doc_id: one for one in linked.documents}
        document = known.get(doc_id)

        def pairs(links: Sequence[Link]) -> list[Pair]:
            made = {(one.one, one.other): one for one in decisions if one.together}
            return [_pair(one.one, one.other, one.why, known, made.get((one.one, one.other))) for one in links]

        def by_hand(some: Sequence[Decision]) -> list[Pair]:
            return [_pair(one.one, one.other, one.why, known, one) for one in some]

        if document is None:
            found = [one for one in reversed(linked.links) if not one.by_hand and one.why != STATED]
            return desk.page(
                request,
                "staff_editions.html",
                200 if not doc_id else 404,
                doc_id=doc_id,
                decisions=by_hand(decisions[::-1]),
                page=paged(request, lambda limit, offset: pairs(found[offset : offset + limit])),
                problem=problem,
            )
        return desk.page(
            request,
            "staff_release.html",
            document=document,
            release=_release(linked, document),
            links=pairs(linked.links_of(doc_id)),
            decisions=by_hand([one for one in decisions if not one.together and doc_id in (one.one, one.other)]),
            problem=problem,
        )

    return router


def _release(linked: Linked, document: Document) -> list[Document]:
    """The documents of one release, that one first."""
    if document.edition_group is None:
        return [document]
    others = (one for one in linked.documents if one.edition_group == document.edition_group and one is not document)
    return [document, *sorted(others, key=lambda one: (one.language, one.repost_of is not None, one.doc_id))]


def _pair(one: str, other: str, why: str, known: Mapping[str, Document], decision: Decision | None) -> Pair:
    return Pair(one, other, (known.get(one), known.get(other)), why.removeprefix(BY_HAND), decision)
