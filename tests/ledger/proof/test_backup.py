"""Backups: whole or not at all, verified, never over another file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.backup import (
    backup,
    checkpoint_file,
    checkpoints_beside,
    restore,
)
from msap_mobility.ledger.proof.checkpoint import checkpoint
from msap_mobility.ledger.proof.verify import verify_file
from tests.ledger.proof.story import Hands, tell
from tests.ledger.stores import SMALL, Clock, fresh, sale


@pytest.fixture
def journal(tmp_path: Path):
    clock = Clock()
    with Journal(SqliteEngine.create(tmp_path / "ledger.sqlite", "ayen", SMALL, clock)) as journal:
        tell(journal, clock)
        yield journal


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    return shelf


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_one_file_and_its_checkpoint(journal: Journal, shelf: Path) -> None:
    """What the write-ahead log still holds is in it."""
    target = shelf / "copy.sqlite"
    state = backup(journal, target)
    assert state == checkpoint(journal)
    assert names(shelf) == ["copy.sqlite", "copy.sqlite.checkpoints.json"]
    assert checkpoints_beside(target) == {"ayen": state}
    assert verify_file(target, checkpoint=state).sound
    assert names(shelf) == ["copy.sqlite", "copy.sqlite.checkpoints.json"]


def test_the_journal_goes_on_and_the_backup_stays(journal: Journal, shelf: Path) -> None:
    state = backup(journal, shelf / "one.sqlite")
    journal.post(sale("later", 10))
    later = backup(journal, shelf / "two.sqlite")
    assert (state.seq, later.seq) == (20, 21)
    assert verify_file(shelf / "one.sqlite", checkpoint=state).sound


def test_all_schemes_of_a_file_are_in_it(journal: Journal, shelf: Path) -> None:
    with Journal(SqliteEngine.create(journal.engine.path, "brive", SMALL, Clock())) as other:
        state = backup(other, shelf / "copy.sqlite")
    assert state.scheme == "brive"
    assert set(checkpoints_beside(shelf / "copy.sqlite")) == {"ayen", "brive"}


def test_nothing_is_overwritten(journal: Journal, shelf: Path) -> None:
    target = shelf / "copy.sqlite"
    target.write_text("a letter")
    with pytest.raises(InputError, match="exists already"):
        backup(journal, target)
    with pytest.raises(InputError, match="exists already"):
        restore(journal.engine.path, target)
    assert target.read_text() == "a letter"
    assert names(shelf) == ["copy.sqlite"]


def test_who_comes_second_at_the_same_name_is_refused(
    journal: Journal, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = shelf / "copy.sqlite"
    link = os.link

    def second(*paths: Path) -> None:
        target.write_text("theirs")
        link(*paths)

    monkeypatch.setattr("os.link", second)
    with pytest.raises(InputError, match="exists already"):
        backup(journal, target)
    assert target.read_text() == "theirs"
    assert names(shelf) == ["copy.sqlite"]


def test_a_file_system_without_links(
    journal: Journal, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr("os.link", link)
    backup(journal, shelf / "copy.sqlite")
    assert names(shelf) == ["copy.sqlite", "copy.sqlite.checkpoints.json"]


def test_a_backup_without_its_checkpoints_is_none(
    journal: Journal, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("msap_mobility.ledger.proof.backup.write_whole", full)
    with pytest.raises(Unusable, match="No space left"):
        backup(journal, shelf / "copy.sqlite")
    assert names(shelf) == []


def test_a_damaged_ledger_makes_no_backup(journal: Journal, shelf: Path) -> None:
    Hands(journal.engine.path).run("UPDATE ledger_leg SET posted = posted + 1 WHERE seq = 4")
    with pytest.raises(Unusable, match="does not verify") as caught:
        backup(journal, shelf / "copy.sqlite")
    assert [each.seq for each in caught.value.values["verification"].findings] == [4, 4]
    assert names(shelf) == []


def test_a_folder_that_is_not_there(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        backup(journal, tmp_path / "none" / "copy.sqlite")


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_only_files_are_backed_up(kind: str, shelf: Path) -> None:
    with fresh(kind) as store, pytest.raises(InputError, match="not in a SQLite file"):
        backup(store.create(), shelf / "copy.sqlite")


def test_the_way_back(journal: Journal, shelf: Path) -> None:
    state = backup(journal, shelf / "copy.sqlite")
    found = restore(shelf / "copy.sqlite", shelf / "again.sqlite", state)
    assert found.sound
    with Journal(SqliteEngine.open(shelf / "again.sqlite")) as again:
        assert checkpoint(again) == state
        assert again.post(sale("goes on", 10)).seq == 21


def test_an_old_backup_is_restored_and_told(journal: Journal, shelf: Path) -> None:
    backup(journal, shelf / "copy.sqlite")
    journal.post(sale("later", 10))
    found = restore(shelf / "copy.sqlite", shelf / "again.sqlite", checkpoint(journal))
    assert [(each.code, each.seq) for each in found.findings] == [("checkpoint_newer", 21)]
    assert verify_file(shelf / "again.sqlite").sound


def test_a_backup_that_was_rewritten_is_not_restored(journal: Journal, shelf: Path) -> None:
    """The checkpoint beside it, or the one given, does not agree."""
    from tests.ledger.proof.test_damage import rewrite

    state = backup(journal, shelf / "copy.sqlite")
    rewrite(Hands(shelf / "copy.sqlite"), {4: {"ref": "slip 8"}})
    assert verify_file(shelf / "copy.sqlite").sound
    with pytest.raises(Unusable, match="does not verify"):
        restore(shelf / "copy.sqlite", shelf / "again.sqlite")
    checkpoint_file(shelf / "copy.sqlite").unlink()
    with pytest.raises(Unusable, match="does not verify"):
        restore(shelf / "copy.sqlite", shelf / "again.sqlite", state)
    assert names(shelf) == ["copy.sqlite"]


def test_a_damaged_backup_is_not_restored(journal: Journal, shelf: Path) -> None:
    backup(journal, shelf / "copy.sqlite")
    data = (shelf / "copy.sqlite").read_bytes()
    (shelf / "copy.sqlite").write_bytes(data[: len(data) // 2])
    with pytest.raises(Unusable):
        restore(shelf / "copy.sqlite", shelf / "again.sqlite")
    assert names(shelf) == ["copy.sqlite", "copy.sqlite.checkpoints.json"]


def test_what_is_not_there_is_not_restored(shelf: Path) -> None:
    with pytest.raises(InputError, match="no ledger at"):
        restore(shelf / "none.sqlite", shelf / "again.sqlite")
    with closing(sqlite3.connect(shelf / "dog.sqlite")) as connection:
        connection.execute("CREATE TABLE dog (name TEXT)")
    with pytest.raises(Unusable):
        restore(shelf / "dog.sqlite", shelf / "again.sqlite")
    assert names(shelf) == ["dog.sqlite"]


def test_a_backup_of_several_schemes_needs_to_be_told_which(journal: Journal, shelf: Path) -> None:
    with Journal(SqliteEngine.create(journal.engine.path, "brive", SMALL, Clock())):
        state = backup(journal, shelf / "copy.sqlite")
    with pytest.raises(InputError, match="several schemes: ayen, brive"):
        restore(shelf / "copy.sqlite", shelf / "again.sqlite")
    assert restore(shelf / "copy.sqlite", shelf / "again.sqlite", state).scheme == "ayen"
    assert restore(shelf / "copy.sqlite", shelf / "third.sqlite", scheme="brive").scheme == "brive"
    with pytest.raises(InputError, match="of the scheme 'ayen'"):
        restore(shelf / "copy.sqlite", shelf / "fourth.sqlite", state, "brive")


def test_checkpoints_that_are_none(journal: Journal, shelf: Path) -> None:
    backup(journal, shelf / "copy.sqlite")
    for text in ("hello", "{}", "[]", '{"checkpoints": [{}]}', '{"checkpoints": [3]}'):
        checkpoint_file(shelf / "copy.sqlite").write_text(text)
        with pytest.raises(InputError, match=r"checkpoints\.json: "):
            checkpoints_beside(shelf / "copy.sqlite")
    assert checkpoints_beside(shelf / "other.sqlite") == {}


def test_a_moved_backup_verifies_without_its_folder(journal: Journal, shelf: Path) -> None:
    state = backup(journal, shelf / "copy.sqlite")
    shutil.move(shelf / "copy.sqlite", shelf / "moved.sqlite")
    assert verify_file(shelf / "moved.sqlite", checkpoint=state).sound
    wrong = replace(state, seq=state.seq - 1)
    assert not verify_file(shelf / "moved.sqlite", checkpoint=wrong).sound


@pytest.mark.parametrize("content", [b"bread, milk\n" * 500, b""])
def test_what_is_no_ledger_is_told_by_its_own_name(shelf: Path, content: bytes) -> None:
    source = shelf / "notes.txt"
    source.write_bytes(content)
    with pytest.raises(Unusable) as caught:
        restore(source, shelf / "again.sqlite")
    assert caught.value.values["path"] == str(source)
    assert ".again.sqlite" not in caught.value.text("en")
    assert names(shelf) == ["notes.txt"]


def test_a_disk_that_fails_is_told_by_the_name_asked_for(
    journal: Journal, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Unusable("disk_full", path=str(next(shelf.iterdir())))

    monkeypatch.setattr("msap_mobility.ledger.proof.backup.schemes_in", full)
    with pytest.raises(Unusable) as caught:
        backup(journal, shelf / "copy.sqlite")
    assert caught.value.values["path"] == str(shelf / "copy.sqlite")
