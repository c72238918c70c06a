"""Answers in processes of their own, so that who serves the pages has a processor and Python's lock to itself.

Each worker opens the index as the serving process would, turns to a newly published snapshot by itself, and ends when
the serving process does, however that ends. A worker that is lost is replaced, and its question is asked once more.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Self

from bot.answer import Answer, Question
from bot.errors import WorkerLost
from bot.explain import Explanation
from bot.observe.logs import begin_request, configure, request_fields
from bot.observe.stages import add_stages, timed
from bot.settings import Settings
from corpus.closing import Closing
from index.encoder import Vectors
from index.errors import SearchIndexError, SnapshotError
from index.passage import Hit
from index.snapshot import current_snapshot

if TYPE_CHECKING:
    from bot.pipeline import Pipeline

_logger = logging.getLogger(__name__)
_TRIES = 2
_STOPPING = "The server is stopping."
_END_SECONDS = 5.0
"""So long a worker may take to end what it is at, before it is killed."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A method of the pipeline, what it is given, and the fields of the request that it is called for."""

    name: str
    given: tuple[object, ...]
    request: dict[str, str]


_OPEN = _Call("snapshot", (), {})


@dataclass(frozen=True, slots=True)
class _Reply:
    """What a call returned or raised."""

    result: Any = None
    error: Exception | None = None
    snapshot: str = ""
    """The one that is open."""
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds."""


class Workers(Closing):
    """What the pipeline answers, from other processes. It may be used from several threads.

    Each method raises what the pipeline raises, and WorkerLost when a question has cost two workers their lives, or
    when it comes after the end.
    """

    def __init__(self, settings: Settings, count: int) -> None:
        """Start the first of `count` processes, which opens the index meanwhile; use it in a `with` block."""
        self._settings = settings
        self._count = count
        self._snapshot = ""
        # Those that have nothing to do; after the end, None.
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._running: frozenset[_Worker] = frozenset()
        self._is_closed = False
        self._lock = threading.Lock()
        self._free.put(self._started())

    def opened(self) -> Self:
        """Wait for the index to be open in the first process; raise what opening it raises."""
        with self._taken() as worker:
            try:
                self._called(worker, _OPEN)
            except _Ended:
                raise WorkerLost(
                    "A process that is to answer has ended at once: what it said above tells why."
                ) from None
        return self

    def start_others(self) -> None:
        """Start all but the first, each of which answers from when it has opened the index. Returns at once."""
        with suppress(WorkerLost):  # a server that is being stopped needs none
            for _ in range(self._count - 1):
                self._add()

    def close(self) -> None:
        """End all workers; each may first end what it is at, for some seconds."""
        with self._lock:
            self._is_closed = True
        for worker in self._running:
            worker.end()
        self._free.put(None)

    def answer(self, question: Question) -> Answer:
        """Answer one question."""
        answer: Answer = self._call("answer", question)
        return answer

    def search(self, question: Question, k: int) -> list[tuple[Hit, str]]:
        """The `k` best passages, each with the address of its page."""
        hits: list[tuple[Hit, str]] = self._call("search", question, k)
        return hits

    def snapshot(self) -> str:
        """The id of the snapshot that is open."""
        with suppress(SnapshotError):  # the workers stay with the last good one
            if self._snapshot == current_snapshot(self._settings.snapshots_path):
                return self._snapshot  # whoever asks for a page does not stand in line behind questions
        snapshot: str = self._call("snapshot")
        return snapshot

    def explain(self, question: Question) -> Explanation | None:
        """The whole way of a question; None for what is no question."""
        explanation: Explanation | None = self._call("explain", question)
        return explanation

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """`(n, d) float32`, a unit vector for each question."""
        vectors: Vectors = self._call("vectors", texts)
        return vectors

    def process_ids(self) -> frozenset[int]:
        """Of the workers that answer, or will when they have opened the index, and of one that has only just died."""
        return frozenset(worker.process_id for worker in self._running)

    def _call(self, name: str, *given: object) -> Any:
        call = _Call(name, given, request_fields())
        for _ in range(_TRIES):
            with self._taken() as worker, suppress(_Ended):
                return self._called(worker, call)
        raise WorkerLost("The processes that answer have ended twice at one question: see the system's log for why.")

    def _called(self, worker: _Worker, call: _Call) -> Any:
        reply = worker.call(call)
        if reply.error is not None:
            raise reply.error
        self._snapshot = reply.snapshot
        add_stages(reply.stages)
        return reply.result

    @contextmanager
    def _taken(self) -> Iterator[_Worker]:
        """Wait for a worker that has nothing to do, and give it back; one that is lost is replaced."""
        worker = self._free.get()
        if worker is None:
            self._free.put(None)
            raise WorkerLost(_STOPPING)
        try:
            yield worker
        finally:
            if worker.is_lost:
                self._replace(worker)
            else:
                self._free.put(worker)

    def _replace(self, lost: _Worker) -> None:
        with self._lock:
            self._running -= {lost}
        with suppress(WorkerLost):  # who waits is told that the server is stopping
            self._add()

    def _add(self) -> None:
        """Start a worker; who asks meanwhile need not wait for this one, if there are others."""
        worker = self._started()

        def open_index() -> None:
            with suppress(Exception):  # told to the next who asks, for whom it is tried again
                self._called(worker, _OPEN)
            self._free.put(worker)

        threading.Thread(target=open_index, name="open-worker", daemon=True).start()

    def _started(self) -> _Worker:
        """A new process; raises WorkerLost after the end: nobody would end it."""
        with self._lock:
            if self._is_closed:
                raise WorkerLost(_STOPPING)
            worker = _Worker(self._settings)
            self._running |= {worker}
        return worker


class _Ended(Exception):
    """A worker has ended before it replied."""


class _Worker:
    """One process. It is called by one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        self._connection, its_end = context.Pipe()
        self._process = context.Process(target=_work, args=(its_end, settings), name="orgbot-worker")
        self._process.start()
        its_end.close()
        self.process_id = self._process.pid or 0
        self.is_lost = False

    def call(self, call: _Call) -> _Reply:
        """The reply to a call; raises _Ended."""
        try:
            self._connection.send(call)
            reply: _Reply = self._connection.recv()
        except BaseException as error:
            # Also when this very process is interrupted: the reply would else be taken for that to the next call.
            self.is_lost = True
            self._process.kill()
            self._connection.close()
            if isinstance(error, EOFError | OSError):
                raise _Ended from None
            raise
        return reply

    def end(self) -> None:
        """Let it end what it is at, or kill it when that takes long. May be called from any thread."""
        with suppress(OSError):
            self._connection.send(None)
        self._process.join(_END_SECONDS)
        self._process.kill()
        self._process.join()


def _work(connection: Connection, settings: Settings) -> None:
    """In a worker: reply until the serving process closes its end, or has ended and so closed it."""
    # A terminal and a service manager signal all processes of a group: it is the serving one that ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    configure(settings.log)
    pipeline: Pipeline | None = None
    with suppress(Exception):  # told to the first who asks, for whom it is tried again
        pipeline = _opened(settings)
    with suppress(EOFError, OSError):
        while True:
            call: _Call | None = connection.recv()
            if call is None:
                return
            begin_request(**call.request)
            try:
                pipeline = pipeline or _opened(settings)
                reply = _reply(pipeline, call)
            except Exception as error:  # raised where it was asked for, from where it cannot be seen what led to it
                if not isinstance(error, SearchIndexError):
                    _logger.exception("%s failed", call.name)
                reply = _Reply(error=error)
            _send(connection, reply)


def _opened(settings: Settings) -> Pipeline:
    from bot.pipeline import open_pipeline  # which imports what the serving process needs not

    return open_pipeline(settings)


def _reply(pipeline: Pipeline, call: _Call) -> _Reply:
    with timed() as stages:
        result = getattr(pipeline, call.name)(*call.given)
    return _Reply(result, snapshot=pipeline.snapshot(), stages=stages)


def _send(connection: Connection, reply: _Reply) -> None:
    try:
        connection.send(reply)
    except OSError:
        raise
    except Exception as error:  # it cannot be pickled
        connection.send(_Reply(error=RuntimeError(f"{type(reply.error or reply.result).__name__}: {error}")))
