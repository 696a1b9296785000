"""A ledger in a folder where nothing may be written is verified like any other."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.backup import backup, restore
from msap_mobility.ledger.proof.checkpoint import checkpoint
from msap_mobility.ledger.proof.sqlite_file import open_to_read
from msap_mobility.ledger.proof.verify import verify_file
from tests.ledger.proof.story import tell
from tests.ledger.stores import SMALL, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise on Windows")


@contextmanager
def guest_of(folder: Path) -> Iterator[None]:
    """Be nobody, if we are root: root may write everywhere."""
    root = os.geteuid() == 0
    folder.chmod(0o555)
    for file in folder.iterdir():
        file.chmod(0o444)
    if root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder that anybody may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_ledger_that_was_closed(shelf: Path) -> None:
    path, clock = shelf / "ledger.sqlite", Clock()
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
        state = checkpoint(journal)
    assert not path.with_name("ledger.sqlite-wal").exists()
    with guest_of(shelf):
        assert verify_file(path, checkpoint=state).sound
    assert not path.with_name("ledger.sqlite-shm").exists()


def test_a_backup_is_restored_from_it(shelf: Path, tmp_path: Path) -> None:
    clock = Clock()
    (shelf / "kept").mkdir()
    with Journal(SqliteEngine.create(tmp_path / "ledger.sqlite", "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
        backup(journal, shelf / "kept/copy.sqlite")
    target = shelf / "open"
    target.mkdir()
    target.chmod(0o777)
    with guest_of(shelf / "kept"):
        assert restore(shelf / "kept/copy.sqlite", target / "again.sqlite").sound


def test_what_a_log_beside_it_still_holds_is_not_passed_over(shelf: Path) -> None:
    path, clock = shelf / "ledger.sqlite", Clock()
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
        copy = shelf / "copied"
        copy.mkdir()
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            shutil.copy(shelf / name, copy / name)
    with guest_of(copy), pytest.raises(Unusable):
        open_to_read(copy / "ledger.sqlite")
    assert verify_file(copy / "ledger.sqlite").sound
