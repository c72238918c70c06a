"""A pipeline over the made-up Coast Agency's documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.pipeline import Pipeline
from bot.settings import OrganisationSettings, Settings
from index.build import build_snapshot
from index.search import Index
from tests.conftest import COAST, WordHashEncoder

NAMES = OrganisationSettings(
    names={"fr": "Agence du littoral", "en": "Coast Agency", "es": "Agencia de la Costa"}, acronyms=("CA",)
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, organisation=NAMES)


@pytest.fixture
def index(settings: Settings, encoder: WordHashEncoder) -> Index:
    build_snapshot([(document, 1) for document in COAST], settings.snapshots_path, encoder, settings.index)
    return Index.open(settings.snapshots_path, encoder, settings.index)


@pytest.fixture
def pipeline(index: Index, settings: Settings) -> Pipeline:
    return Pipeline(index, settings)
