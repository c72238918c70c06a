"""`orgbot ask` and `orgbot search`: questions on the command line, one or many."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.answer import Answer, AnswerStatus, Question, hit_record
from bot.cli.common import DataOption, Failure, JsonOption, console, require_snapshot, said_plainly, settings_for
from bot.errors import BatchError
from index.passage import Hit

if TYPE_CHECKING:
    from bot.pipeline import Pipeline

BatchOption = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        show_default=False,
        help='JSON lines {"qid", "question"} or {"qid", "turns": […]}; with --json, a line out for each line in.',
    ),
]
QuestionArgument = Annotated[str | None, typer.Argument(metavar="QUESTION", show_default=False)]
_WIDTH = 100
"""How much of a passage a listing shows, in characters."""


def ask(
    context: typer.Context,
    question: QuestionArgument = None,
    batch: BatchOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the corpus, each statement with its citation."""
    with said_plainly():
        pipeline = _open_pipeline(context, data, question, batch)
        if batch is not None:
            for qid, asked in _batch(batch):
                if isinstance(asked, BatchError):
                    _print_batch_error(qid, asked, as_json)
                    continue
                answer = pipeline.answer(asked)
                if as_json:
                    _print_json({"qid": qid, **answer.to_record()})
                else:
                    console.print(f"[{qid}] {answer.question}", markup=False, style="bold", soft_wrap=True)
                    _print_answer(answer)
        else:
            answer = pipeline.answer(Question(question or ""))
            if as_json:
                _print_json(answer.to_record(), indent=2)
            else:
                _print_answer(answer)


def search(
    context: typer.Context,
    query: QuestionArgument = None,
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="How many passages to print.")] = 10,
    batch: BatchOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the passages nearest to a question, best first."""
    with said_plainly():
        pipeline = _open_pipeline(context, data, query, batch)
        if batch is not None:
            for qid, asked in _batch(batch):
                if isinstance(asked, BatchError):
                    _print_batch_error(qid, asked, as_json)
                    continue
                hits = pipeline.search(asked, k)
                if as_json:
                    _print_json({"qid": qid, **_hits_record(asked, hits)})
                else:
                    console.print(f"[{qid}] {asked.text}", markup=False, style="bold", soft_wrap=True)
                    _print_hits(hits)
        else:
            asked = Question(query or "")
            hits = pipeline.search(asked, k)
            if as_json:
                _print_json(_hits_record(asked, hits), indent=2)
            else:
                _print_hits(hits)


def _open_pipeline(context: typer.Context, data: Path | None, question: str | None, batch: Path | None) -> Pipeline:
    settings = settings_for(context, data)
    if (question is None) == (batch is None):
        raise Failure("Give either one question in quotation marks or --batch FILE.")
    if batch is not None and not batch.is_file():
        raise BatchError(f"The file {batch} does not exist: name a file of JSON lines.")
    require_snapshot(settings)
    from bot.pipeline import open_pipeline

    return open_pipeline(settings)


def _batch(path: Path) -> Iterator[tuple[object, Question | BatchError]]:
    """The id and question of each line; a line that is none gives an error in its place."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _batch_line(path, number, line)
    except UnicodeDecodeError:
        raise BatchError(f"The file {path} is not UTF-8 text: save it as UTF-8.") from None


def _batch_line(path: Path, number: int, line: str) -> tuple[object, Question | BatchError]:
    try:
        record = json.loads(line)
    except ValueError:
        return None, BatchError(f"{path}, line {number}: this is no JSON object.")
    qid = record.get("qid") if isinstance(record, dict) else None
    turns = (record.get("turns") or [record.get("question")]) if isinstance(record, dict) else [None]
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        return qid, BatchError(f'{path}, line {number}: expected {{"qid", "question"}} or {{"qid", "turns": […]}}.')
    return qid, Question(turns[-1], earlier=tuple(turns[:-1]))


def _print_batch_error(qid: object, error: BatchError, as_json: bool) -> None:
    if as_json:
        _print_json({"qid": qid, "status": AnswerStatus.ERROR, "message": str(error)})
    else:
        console.print(f"{AnswerStatus.ERROR}: {error}", markup=False, soft_wrap=True)


def _hits_record(asked: Question, hits: list[tuple[Hit, str]]) -> dict[str, object]:
    return {"question": asked.text, "hits": [hit_record(hit, url) for hit, url in hits]}


def _print_json(record: dict[str, object], indent: int | None = None) -> None:
    # Straight to standard output: rich would wrap and colour it.
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()


def _print_answer(answer: Answer) -> None:
    def line(text: str = "", style: str = "") -> None:
        console.print(text, markup=False, style=style, soft_wrap=True)

    if answer.message:
        line(answer.message)
    if not answer.status.has_statements:
        line(f"({answer.status})")
    for suggestion in answer.suggestions:
        line(f"  - {suggestion.title}\n    {suggestion.stored_link}")
    for statement in answer.statements:
        line(f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}")
    if answer.citations:
        line()
    for citation in answer.citations:
        date = f", {citation.date}" if citation.date else ""
        page = f", page {citation.page}" if citation.page else ""
        line(f"[{citation.n}] {citation.title} ({citation.kind}, {citation.language}{date}{page})", style="dim")
        line(f"    {citation.link}")
        if citation.digest:
            line(f"    digest in our own words; facts from {citation.url}", style="dim")
        elif citation.stored_link != citation.link:
            line(f"    stored document: {citation.stored_link}", style="dim")


def _print_hits(hits: list[tuple[Hit, str]]) -> None:
    for hit, url in hits:
        passage = hit.passage
        console.print(
            f"{hit.rank:>3}  {hit.score:.3f}  [{passage.language}] {passage.title}", markup=False, soft_wrap=True
        )
        text = " ".join(passage.text.split())
        console.print(
            f"     {text[:_WIDTH]}{'…' if len(text) > _WIDTH else ''}\n     {url}",
            markup=False,
            style="dim",
            soft_wrap=True,
        )
