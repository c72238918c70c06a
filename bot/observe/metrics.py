"""Figures for Prometheus (its client lives here), on a port of their own that only this machine reaches."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.answer import AnswerStatus
from bot.errors import MetricsError
from bot.settings import MetricsSettings

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_STAGE_SECONDS = (0.0005, 0.001, 0.0025, *_SECONDS)
_ABSTENTIONS = (AnswerStatus.NO_ANSWER, AnswerStatus.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is true of a server at one moment; what cannot be read is None."""

    is_ready: bool
    """A snapshot is open and the corpus can be read."""
    snapshot_built: datetime | None
    corpus_changed: datetime | None
    """When the newest revision of a document was added."""
    waiting: int
    """Questions of the API that wait for one before them."""
    votes: dict[str, int] = field(default_factory=dict)
    """Of the answers that are still kept."""


class Metrics:
    """The figures of one server. It may be used from several threads."""

    def __init__(self) -> None:
        """Count from nought."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._questions = Counter(
            "orgbot_questions", "Questions that ended, by how.", ("face", "language", "status"), registry=self.registry
        )
        self._abstentions = Counter(
            "orgbot_abstentions", "Questions that the documents do not answer.", ("language",), registry=self.registry
        )
        self._seconds = Histogram(
            "orgbot_answer_seconds", "From a question to its answer.", ("face",),
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self._stages = Histogram(
            "orgbot_stage_seconds", "Each stage of an answer.", ("stage",),
            registry=self.registry, buckets=_STAGE_SECONDS,
        )  # fmt: skip
        self._in_progress = Gauge(
            "orgbot_questions_in_progress", "Questions that are being answered now.", registry=self.registry
        )
        self._responses = Counter(
            "orgbot_responses", "Responses to requests, by status.", ("face", "status"), registry=self.registry
        )

    def watch(self, state: Callable[[], ServerState]) -> None:
        """Ask for the state of the server each time that the figures are read."""
        self.registry.register(_State(state))

    def watch_workers(self, process_ids: Callable[[], Iterable[int]]) -> None:
        """Tell the memory of these processes, too, those that have ended left out."""
        self.registry.register(_WorkerMemory(process_ids))

    def answering(self) -> AbstractContextManager[object]:
        """Within it, one more question is being answered."""
        return self._in_progress.track_inprogress()

    def answered(self, face: str, language: str, status: str, seconds: float, stages: dict[str, float]) -> None:
        """A question has ended: where it was asked, in which language, how it ended, and its times in seconds."""
        self._questions.labels(face, language, status).inc()
        if status in _ABSTENTIONS:
            self._abstentions.labels(language).inc()
        self._seconds.labels(face).observe(seconds)
        for stage, spent in stages.items():
            self._stages.labels(stage).observe(spent)

    def responded(self, face: str, status: int) -> None:
        """A request to that part of the server has ended with that status."""
        self._responses.labels(face, str(status)).inc()

    @contextmanager
    def served(self, settings: MetricsSettings) -> Iterator[None]:
        """Serve the figures until the end of the block, unless they are off; raises MetricsError."""
        if not settings.port:
            yield
            return
        try:
            server, thread = start_http_server(settings.port, settings.host, self.registry)
        except OSError as error:
            raise MetricsError(
                f"The metrics cannot be served on {settings.host}:{settings.port} ({error.strerror}): "
                "choose another metrics.port, or 0 for none."
            ) from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _WorkerMemory(Collector):
    """Reads the memory of the processes that answer whenever the figures are asked for."""

    def __init__(self, process_ids: Callable[[], Iterable[int]]) -> None:
        self._process_ids = process_ids

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the name is known."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figure of this moment."""
        resident = 0
        for process_id in self._process_ids():
            with suppress(OSError, IndexError):  # it has ended
                resident += int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * resource.getpagesize()
        yield GaugeMetricFamily(
            "orgbot_workers_resident_bytes", "Resident memory of the processes that answer.", value=resident
        )


class _State(Collector):
    """Reads the state of the server whenever the figures are asked for."""

    def __init__(self, state: Callable[[], ServerState]) -> None:
        self._state = state

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the names are known, and the state need not be read to register them."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment."""
        state = self._state()
        now = datetime.now(UTC)
        yield GaugeMetricFamily("orgbot_ready", "Whether the server can answer.", value=float(state.is_ready))
        yield GaugeMetricFamily("orgbot_questions_waiting", "Questions of the API that wait.", value=state.waiting)
        for name, about, moment in (
            ("orgbot_snapshot_age_seconds", "Since the open snapshot was built.", state.snapshot_built),
            ("orgbot_corpus_age_seconds", "Since the newest revision was added.", state.corpus_changed),
        ):
            if moment is not None:
                yield GaugeMetricFamily(name, about, value=(now - moment).total_seconds())
        votes = GaugeMetricFamily("orgbot_votes", "Votes on the answers that are still kept.", labels=("vote",))
        for vote, count in state.votes.items():
            votes.add_metric((vote,), count)
        yield votes
