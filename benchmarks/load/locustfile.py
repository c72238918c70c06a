"""The visitors, as Locust runs them: of the chat, of the API, too many of both, and many one after the other.

The question that each of them asks differs from all others by its last word, so that nothing remembered helps.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import time
from importlib import resources
from itertools import count

import gevent
from locust import FastHttpUser, between, constant, task
from locust.exception import StopUser

_WRITTEN = json.loads((resources.files("bot") / "questions.json").read_text("utf-8"))
_QUESTIONS = [(language, question) for language in _WRITTEN for question in _WRITTEN[language]["questions"]]
_NUMBERS = count(1)
_WAIT_SECONDS = 60
_QUESTIONS_OF_A_VISIT = 5
"""On average, of the visitors whose conversations end."""
_REFUSALS = (429, 503)
_END_AFTER = int(os.environ.get("ORGBOT_LOAD_REQUESTS", "0"))


def _question() -> tuple[str, str]:
    """Its language, and a question that was not asked before."""
    language, question = random.choice(_QUESTIONS)
    return language, f"{question.rstrip(' ?')} {next(_NUMBERS)} ?"


class _Visitor(FastHttpUser):
    abstract = True
    network_timeout = _WAIT_SECONDS
    connection_timeout = _WAIT_SECONDS
    may_be_refused = False
    begins_within = 0.0
    """Seconds."""

    def on_start(self) -> None:
        """Begin one conversation, and wait a while."""
        self.begin()
        # Those who are started together would else ask at the same moment, again and again.
        gevent.sleep(random.random() * self.begins_within)

    def begin(self) -> None:
        """Begin another conversation, on the page of one language."""
        self.session = secrets.token_hex(8)
        self.page = random.choice(list(_WRITTEN))

    def ask_api(self) -> None:
        """One question by the API."""
        with self.client.post(
            "/api/v1/ask", json={"question": _question()[1]}, name="api", catch_response=True
        ) as reply:
            reply.request_meta["name"] = f"api {reply.status_code}"
            if reply.status_code in _REFUSALS and self.may_be_refused:
                reply.success()

    def ask_chat(self) -> None:
        """One question by the chat, as its page sends it; timed until the whole answer has come."""
        queue = f"/{self.page}/gradio_api/queue"
        started = time.perf_counter()
        # The chat's first event is the question's; no filter is set.
        asked = {"data": [_question()[1], None, None, "", [], None], "fn_index": 0, "session_hash": self.session}
        with self.client.post(f"{queue}/join", json=asked, name="chat join", catch_response=True) as joined:
            joined.request_meta["name"] = f"chat join {joined.status_code}"
            if joined.status_code != 200:
                if joined.status_code in _REFUSALS and self.may_be_refused:
                    joined.success()
                return
        problem = self._answered(f"{queue}/data?session_hash={self.session}")
        self.environment.events.request.fire(
            request_type="SSE",
            name="chat answer",
            response_time=(time.perf_counter() - started) * 1000,
            response_length=0,
            exception=RuntimeError(problem) if problem else None,
            context={},
        )

    def _answered(self, path: str) -> str:
        """Wait for the answer; what went wrong, else nothing."""
        with self.client.get(path, stream=True, name="chat events", catch_response=True) as events:
            if events.status_code in _REFUSALS and self.may_be_refused:
                events.success()
                return ""
            if events.status_code != 200:
                return f"status {events.status_code}"
            problem = "the connection ended"
            # To the end, so that the connection may be used again.
            while line := bytes(events.stream.readline(b"\n")):
                event = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
                if event.get("msg") == "process_completed":
                    is_drawn = event["success"] and "answer" in str(event["output"]["data"])
                    problem = "" if is_drawn else "no answer was drawn"
            return problem


class ChatVisitor(_Visitor):
    """Asks in the chat about every ten seconds."""

    wait_time = between(8, 12)
    begins_within = 10.0

    @task
    def ask(self) -> None:
        """One question."""
        self.ask_chat()


class ApiClient(_Visitor):
    """Asks the API about once a second, after pauses by chance: at a fixed pace all fall in step."""

    begins_within = 1.0

    def wait_time(self) -> float:
        """Seconds until the next question, exponential, so that many together are a Poisson process."""
        return random.expovariate(1.0)

    @task
    def ask(self) -> None:
        """One question."""
        self.ask_api()


class Crowd(_Visitor):
    """Asks without pause, by both doors; to be refused is no error."""

    wait_time = constant(0)
    may_be_refused = True

    @task(3)
    def ask(self) -> None:
        """One question by the API."""
        self.ask_api()

    @task(1)
    def chat(self) -> None:
        """One question by the chat."""
        self.ask_chat()


class Regular(_Visitor):
    """Asks without pause, by both doors, as few at once as find a seat; until as many as wanted have asked.

    Begins another conversation after every few questions, as so many visitors one after the other would.
    """

    wait_time = constant(0)
    _asked = count(1)
    _left = count(1)

    def ask_next(self) -> None:
        """Leave when enough was asked; the last to leave ends the run."""
        if next(Regular._asked) <= _END_AFTER or not _END_AFTER:
            return
        if next(Regular._left) == self.environment.parsed_options.num_users:
            # By another greenlet: to quit stops all visitors, this one among them.
            gevent.spawn(self.environment.runner.quit)
        raise StopUser

    @task(3)
    def ask(self) -> None:
        """One question by the API."""
        self.ask_next()
        self.ask_api()

    @task(1)
    def chat(self) -> None:
        """One question by the chat, the last of this conversation by a chance of one in five."""
        self.ask_next()
        self.ask_chat()
        if random.random() < 1 / _QUESTIONS_OF_A_VISIT:
            self.begin()
