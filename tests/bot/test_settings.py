from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ServerSettings, load_settings


def test_the_environment_goes_before_the_file_and_the_file_before_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orgbot.toml").write_text(
        '[server]\nport = 9000\nhost = "0.0.0.0"\n[index.fusion.pairs.es-en]'
        "\nbm25 = 0\ntranslated = 0.4\ninteraction = 1\ndense = 1\n"
    )
    monkeypatch.setenv("ORGBOT_SERVER__PORT", "9001")
    settings = load_settings(tmp_path)
    assert (settings.server.port, settings.server.host) == (9001, "0.0.0.0")
    assert settings.index.fusion.pairs["es-en"].translated == 0.4
    assert settings.index.passage_characters == 1000
    assert settings.corpus_path == tmp_path / "corpus.sqlite3"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server]\nport = 99000\n", "server.port"),
        ("[server]\nprot = 9000\n", "server.prot"),
        ("[server\n", "not valid TOML"),
        ('[server]\npublic_url = "www.example.org/ask"\n', "no address to serve at"),
        ('[server]\npublic_url = "https://www.example.org/ask?a=b"\n', "no address to serve at"),
        ('[server]\npublic_url = "https://www.example.org/staff/"\n', "pages of its own at /staff"),
        ('[server]\npublic_url = "https://www.example.org/en"\n', "pages of its own at /en"),
        ('[server]\npublic_url = "https://www.example.org/ask/.."\n', "no address to serve at"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "orgbot.toml").write_text(toml)
    with pytest.raises(SettingsError, match=said):
        load_settings(tmp_path)


def test_the_password_is_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGBOT_SERVER__STAFF_PASSWORD", "open sesame")
    settings = load_settings(tmp_path)
    assert "sesame" not in repr(settings)
    assert "sesame" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("", ""),
        ("https://ask.example.org/", ""),
        ("https://www.example.org/ask/", "/ask"),
        ("https://www.example.org/en/ask", "/en/ask"),
        ("https://www.example.org/static-pages", "/static-pages"),
    ],
)
def test_the_path_below_which_visitors_see_the_server_is_that_of_its_address(url: str, root: str) -> None:
    assert ServerSettings(public_url=url).root_path == root
