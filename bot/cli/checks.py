"""`orgbot corpus trace` and `orgbot corpus verify`: what was said with a document, and whether all is sound."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.common import DataOption, JsonOption, console, said_plainly, settings_for
from bot.cli.corpus import app
from bot.cli.withdraw import DocumentArgument
from corpus.store import CorpusStore


@app.command()
def trace(
    context: typer.Context, doc_id: DocumentArgument, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """Show every logged answer that cited a document, what it quoted, and whether the words still stand."""
    with said_plainly():
        from bot.feedback import FeedbackLog
        from bot.trace import trace as traced

        settings = settings_for(context, data)
        with CorpusStore.open(settings.corpus_path) as store, FeedbackLog.open(settings.feedback_path) as feedback:
            found = traced(doc_id, store, feedback)
        if as_json:
            console.print_json(
                data={
                    "doc_id": doc_id,
                    "revision": found.stored.revision if found.stored else None,
                    "withdrawn": found.stored.withdrawn if found.stored else None,
                    "answers": [
                        {
                            "answer_id": answer.public_id,
                            "asked_at": answer.asked_at.isoformat(),
                            "question": answer.question,
                            "quotes": [
                                {"revision": one.revision, "quote": one.quote, "stands": one.stands}
                                for one in answer.quotes
                            ],
                        }
                        for answer in found.answers
                    ],
                }
            )
            return
        if found.stored is None:
            state = "is no longer stored"
        else:
            state = f"is {'withdrawn' if found.stored.withdrawn else 'cited'} at revision {found.stored.revision}"
        console.print(f"{doc_id} {state}; {len(found.answers)} logged answers cited it", markup=False, soft_wrap=True)
        for answer in found.answers:
            console.print(f"\n{answer.asked_at:%Y-%m-%d %H:%M}  {answer.question}", markup=False, soft_wrap=True)
            console.print(f"  answer {answer.public_id}", markup=False)
            for one in answer.quotes:
                stands = "stands" if one.stands else "GONE"
                console.print(f"  {stands:6}  revision {one.revision}: {one.quote}", markup=False, soft_wrap=True)


@app.command()
def verify(
    context: typer.Context,
    answers: Annotated[int, typer.Option(min=0, help="So many of the last answers are looked at.")] = 1000,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check all that is kept; one line for each finding, and the exit status 1 if there is one.

    The files themselves; every revision's fields, date and address; that no document hangs loose; that each quote of
    the last answers stands where it was cited, and still in the current revision; links; and the published index.
    """
    with said_plainly():
        from bot.verify import findings

        found = list(findings(settings_for(context, data), answers))
        if as_json:
            console.print_json(data=found)
        else:
            for line in found:
                console.print(line, markup=False, soft_wrap=True)
        if found:
            raise typer.Exit(1)
        if not as_json:
            console.print("Nothing is amiss.")
