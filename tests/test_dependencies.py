"""What we depend on: its licences, its known vulnerabilities, and that nothing unpickles."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build_snapshot
from index.settings import IndexSettings
from tests.audit import verdict
from tests.conftest import COAST, WordHashEncoder
from tests.licences import LIST, is_allowed, licence_of, listed, needed
from tests.test_architecture import MODULES, ROOT, imported, place


def test_every_library_may_be_used_beside_our_licence() -> None:
    assert len(needed()) > 50
    assert {name: licence_of(name) for name in needed() if not is_allowed(licence_of(name))} == {}


@pytest.mark.parametrize(
    ("expression", "is_one"),
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("GPL-3.0-only OR AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_of_alternative_licences_one_suffices(expression: str, is_one: bool) -> None:
    assert is_allowed(expression) is is_one


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11) or sys.platform != "linux", reason="the list is that of Linux and Python 3.11"
)
def test_the_list_of_licences_is_up_to_date() -> None:
    assert LIST.read_text("utf-8") == listed(), "run python -m tests.licences"


def test_the_installed_libraries_fit_together() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_an_audit_that_looked_nothing_up_does_not_pass_for_one() -> None:
    skipped = {"name": "typer", "skip_reason": "not found"}
    for nothing in (None, {"dependencies": [skipped]}):
        said, status = verdict(nothing)
        assert said.startswith("NOT AUDITED")
        assert status == 0
    sound = {"name": "lxml", "version": "6.1", "vulns": []}
    assert verdict({"dependencies": [sound]}) == ("1 libraries audited, 0 known vulnerabilities.", 0)
    said, status = verdict({"dependencies": [sound, skipped]})
    assert (status, said.endswith("does not know them: typer.")) == (0, True)
    broken = {"name": "lxml", "version": "6.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["6.1"]}]}
    said, status = verdict({"dependencies": [broken]})
    assert status == 1
    assert "lxml 6.0: PYSEC-1 (mended in 6.1)" in said


UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
UNPICKLING = {"read_pickle", "torch.load"}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_no_module_unpickles(path: Path) -> None:
    assert not {name.split(".")[0] for name in imported(path)} & UNPICKLERS
    for call in [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]:
        name = ast.unparse(call.func)
        assert not name.endswith(tuple(UNPICKLING)), f"{place(path)}:{call.lineno}"
        if name in ("np.load", "np.save", "numpy.load", "numpy.save"):
            allowed = [ast.unparse(one.value) for one in call.keywords if one.arg == "allow_pickle"]
            assert allowed == ["False"], f"{place(path)}:{call.lineno}"


def test_a_snapshot_is_built_and_searched_where_nothing_may_be_unpickled(tmp_path: Path) -> None:
    build_snapshot([(document, 1) for document in COAST], tmp_path / "old", WordHashEncoder(), IndexSettings())
    code = """
import pickle, sys
from pathlib import Path
def refused(*_, **__):
    raise AssertionError("something unpickles")
from index.build import build_snapshot
from index.search import Index
from index.settings import IndexSettings
from tests.conftest import COAST, WordHashEncoder
pickle.load = pickle.loads = pickle.Unpickler = refused
folder, encoder = Path(sys.argv[1]), WordHashEncoder()
assert Index.open(folder / "old", encoder, IndexSettings()).search("lighthouses repaired in 2021")
build_snapshot([(document, 1) for document in COAST], folder / "new", encoder, IndexSettings())
assert Index.open(folder / "new", encoder, IndexSettings()).search("lighthouses repaired in 2021")
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
