"""The one settings object, and where its values come from.

Values are read at the entry points alone, in this order of precedence: the environment
(`ORGBOT_…`, `__` between the levels, such as `ORGBOT_INDEX__ENCODER`), then `orgbot.toml` in the data
folder, then the defaults written here.
"""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from bot.errors import SettingsError
from corpus.settings import CorpusSettings
from index.settings import IndexSettings

SETTINGS_FILE = "orgbot.toml"
# By name and port alone; a wildcard would let any site of a shared domain in.
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_PUBLIC_URL = re.compile(r"https?://[\w.:\[\]-]+(/(?!\.)[\w.~-]+)*/?", re.ASCII)
# A proxy may leave the path on or strip it: one that begins as our own addresses do could be either.
_OWN_PATH = re.compile(
    r"/(api|documents|healthz|mcp|readyz|staff|static|v1|widget\.js)(/.*)?"
    r"|/(en|es|fr)(/(answers|assets|gradio_api|theme\.css)(/.*)?)?"
)


class OrganisationSettings(BaseModel):
    """Who the chatbot speaks about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: dict[str, str] = {
        "fr": "Organisation internationale pour les migrations",
        "en": "International Organization for Migration",
        "es": "Organización Internacional para las Migraciones",
    }
    acronyms: tuple[str, ...] = ("OIM", "IOM")
    contact_url: str = "https://www.iom.int/contact-us"


class AnswerSettings(BaseModel):
    """How answers are chosen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hits: int = Field(10, gt=0)
    max_statements: int = Field(4, ge=1, le=4)
    max_question_characters: int = Field(1000, ge=50)
    min_probability: float = Field(0.5, ge=0, le=1)
    """An answer is given when the estimated probability that the documents support it is at least this."""
    min_scope: float = Field(0.35, ge=0, le=1)
    """A question met by less than this share of its words in any passage is taken to be about something else."""
    remember_seconds: int = Field(600, ge=0)
    """So long an answer is kept in memory for the next who asks the very same of the same index; 0 for never."""
    give_contacts: bool = False
    """Whether answers may state e-mail addresses and phone numbers that documents name, such as a press officer's."""


class ServerSettings(BaseModel):
    """How the chat is served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    public_url: str = ""
    """The address that visitors see, with the path below which a proxy serves; by default http://HOST:PORT."""
    staff_password: SecretStr | None = None
    """Of `staff_user`, a user of the staff desk beside those of `orgbot staff add`; without any there is no desk."""
    staff_user: str = "staff"
    workers: int = Field(2, ge=0, le=64)
    """Processes that answer beside the one that serves, each with some 250 MB of memory; 0 to answer in that one."""
    allowed_origins: tuple[str, ...] = ()
    """Whose pages may show the chat in a frame and call the API from a browser: `https://www.example.org`."""
    keep_questions_days: int = Field(30, ge=1)
    """The log of questions forgets what is older."""
    questions_per_minute: int = Field(120, ge=0)
    """From one address, by any door; 0 for no limit."""
    requests_per_minute: int = Field(600, ge=0)
    """… of any kind but files of the pages; 0 for no limit."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks of proxies whose word (X-Forwarded-For, X-Forwarded-Proto) on who asks is taken."""

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin: write it in small letters as https://www.example.org")
        return origins

    @field_validator("public_url")
    @classmethod
    def _public(cls, url: str) -> str:
        if url and not _PUBLIC_URL.fullmatch(url):
            raise ValueError(f"{url!r} is no address to serve at: write it as https://www.example.org/ask")
        path = urlsplit(url).path.rstrip("/")
        if _OWN_PATH.fullmatch(path):
            raise ValueError(f"the server has pages of its own at {path}: serve it below another path, such as /ask")
        return url

    @property
    def questions_at_once(self) -> int:
        """By each door (the API, the page of each language): one more than workers, two at least.

        One is on its way from or to the workers; more would hold the interpreter for each other.
        """
        return max(2, self.workers + 1)

    @property
    def root_path(self) -> str:
        """The path below which visitors see the server, such as `/ask`; empty when it has a host of its own."""
        return urlsplit(self.base_url).path

    @property
    def base_url(self) -> str:
        """The address under which links to stored documents are made."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


class LogSettings(BaseModel):
    """How the server logs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["auto", "json", "console"] = "auto"
    """`json` is one object a line; `auto` is that, save on a terminal."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """What is less than this is left out; of libraries, all that is less than `warning`."""
    messages: bool = False
    """Log the messages of unforeseen errors, too, which may repeat what a visitor wrote."""


class MetricsSettings(BaseModel):
    """Where Prometheus reads the server's figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int = Field(0, ge=0, le=65535)
    """0 for none."""
    host: str = "127.0.0.1"
    """An address of this machine that no other one reaches."""

    @field_validator("host")
    @classmethod
    def _loopback(cls, host: str) -> str:
        try:
            is_own = ip_address(host).is_loopback
        except ValueError:
            is_own = False
        if not is_own:
            raise ValueError(f"{host!r} is no loopback address: use 127.0.0.1, and a proxy for other machines")
        return host


class Settings(BaseSettings):
    """All that can be set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="ORGBOT_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    data: Path = Path("data")
    """The one folder in which all state lives."""
    corpus: CorpusSettings = CorpusSettings()
    index: IndexSettings = IndexSettings()
    organisation: OrganisationSettings = OrganisationSettings()
    answer: AnswerSettings = AnswerSettings()
    server: ServerSettings = ServerSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file of the data folder."""
        data = init_settings().get("data") or env_settings().get("data") or cls.model_fields["data"].default
        toml = TomlConfigSettingsSource(settings_cls, toml_file=Path(data) / SETTINGS_FILE)
        return init_settings, env_settings, toml

    @property
    def corpus_path(self) -> Path:
        """The corpus database."""
        return self.data / "corpus.sqlite3"

    @property
    def fetch_state_path(self) -> Path:
        """What is known of the sources' pages between two syncs."""
        return self.data / "fetch.sqlite3"

    @property
    def snapshots_path(self) -> Path:
        """The folder of the snapshots."""
        return self.data / "snapshots"

    @property
    def embeddings_path(self) -> Path:
        """The cache of passage vectors."""
        return self.data / "embeddings.sqlite3"

    @property
    def feedback_path(self) -> Path:
        """The log of questions and answers."""
        return self.data / "feedback.sqlite3"


def origin_of(address: str) -> str:
    """Scheme, host and port of a web address, as a browser names an origin."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def load_settings(data: Path | None = None) -> Settings:
    """Read the settings; raise SettingsError, which names each wrong value and where it comes from."""
    given: dict[str, Any] = {} if data is None else {"data": data}
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_url=False)
        )
        raise SettingsError(
            f"The settings (environment ORGBOT_… or {SETTINGS_FILE}) are not usable: {problems}."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE} in the data folder is not valid TOML: {error}.") from None
