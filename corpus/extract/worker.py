"""Reading hostile pages in a process of its own, which can be killed and has limits.

The two processes exchange lines of JSON (and the page's bytes) over pipes: nothing that the process says is
executed or unpickled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Collection
from typing import IO, Any

from corpus import errors
from corpus.closing import Closing
from corpus.document import Document
from corpus.errors import PageError, PageUnreadable
from corpus.extract import extract, outer_lines
from corpus.page import Page, PageFormat
from corpus.settings import CorpusSettings


class PageReader(Closing):
    """Reads pages like `extract` and `outer_lines`: those of foreign form in a process that is started when needed.

    A page on which the process dies or takes longer than `max_read_seconds` is a PageUnreadable; the next page gets a
    new process. For one thread.
    """

    def __init__(self, settings: CorpusSettings) -> None:
        """Keep the settings; no process is started yet."""
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """End the process, if one was started."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def extract(self, page: Page, repeated: Collection[str] = frozenset()) -> Document:
        """The Document that the page holds; raises as `corpus.extract.extract` does."""
        if not page.format.is_foreign:
            return extract(page, self._settings, repeated)
        return Document.from_json(self._asked("extract", page, repeated)["document"], page.digest)

    def outer_lines(self, page: Page) -> tuple[str, frozenset[str]]:
        """The page's url and the lines around its body; raises as `corpus.extract.outer_lines` does."""
        if not page.format.is_foreign:
            return outer_lines(page, self._settings)
        answer = self._asked("outer_lines", page, ())
        return answer["url"], frozenset(answer["lines"])

    def _asked(self, what: str, page: Page, repeated: Collection[str]) -> dict[str, Any]:
        request: dict[str, Any] = {"what": what, "name": page.name, "url": page.url, "format": page.format}
        request |= {"repeated": sorted(repeated), "bytes": len(page.content)}
        answer = self._exchange(json.dumps(request).encode() + b"\n" + page.content, page)
        if "error" in answer:
            kind = getattr(errors, answer["error"], PageUnreadable)
            raise kind(answer["message"], page=page.name)
        return answer

    def _exchange(self, request: bytes, page: Page) -> dict[str, Any]:
        if self._process is None:
            self._process = _start(self._settings)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._settings.max_read_seconds, end)
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        self._process = None
        process.kill()
        process.communicate()
        if late.is_set():
            why = f"took longer than the {self._settings.max_read_seconds:g} s allowed (max_read_seconds)"
        else:
            why = f"needs more than the {self._settings.max_reader_bytes / 1e9:.3g} GB allowed, or breaks its reader"
        raise PageUnreadable(f"{page.name} {why}: save its text in another form.", page=page.name)


def _start(settings: CorpusSettings) -> subprocess.Popen[bytes]:
    # Each thread of a numerical library would take address space, which is limited.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)
    command = [sys.executable, "-m", "corpus.extract.worker", settings.model_dump_json()]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def _serve(requests: IO[bytes], answers: IO[bytes], settings: CorpusSettings) -> None:
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["bytes"])
        page = Page(request["name"], request["url"], PageFormat(request["format"]), content)
        answers.write(json.dumps(_answer(request, page, settings)).encode() + b"\n")
        answers.flush()


def _answer(request: dict[str, Any], page: Page, settings: CorpusSettings) -> dict[str, object]:
    try:
        if request["what"] == "extract":
            return {"document": extract(page, settings, request["repeated"]).to_json()}
        url, lines = outer_lines(page, settings)
        return {"url": url, "lines": sorted(lines)}
    except PageError as error:
        return {"error": type(error).__name__, "message": str(error)}
    except (MemoryError, RecursionError) as error:
        what = "needs more memory than is allowed" if isinstance(error, MemoryError) else "is nested too deeply"
        return {"error": "PageUnreadable", "message": f"{page.name} {what}: save its text in another form."}


def _main() -> None:
    import resource

    settings = CorpusSettings.model_validate_json(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (settings.max_reader_bytes, settings.max_reader_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    _serve(sys.stdin.buffer, answers, settings)


if __name__ == "__main__":
    _main()
