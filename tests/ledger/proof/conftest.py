"""The story, told once a session and copied for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.journal import Journal
from tests.ledger.proof.story import Hands, tell
from tests.ledger.stores import SMALL, Clock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the whole story, nothing left in its log."""
    path = tmp_path_factory.mktemp("story") / "ledger.sqlite"
    clock = Clock()
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
    Hands(path).settle()
    return path


@pytest.fixture
def hands(told: Path, tmp_path: Path) -> Hands:
    """Raw hands on a copy of the story."""
    path = tmp_path / "ledger.sqlite"
    shutil.copy(told, path)
    return Hands(path)
