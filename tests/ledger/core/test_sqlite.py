"""The engine of files and memory: what it opens, what it keeps open, what it says if it cannot."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.engines import sqlite as sqlite_module
from msap_mobility.ledger.engines.sqlite import SqliteEngine, clock_us
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.outcome import Refused
from msap_mobility.wording import LANGUAGES
from tests.ledger.core.test_group_commit import in_threads
from tests.ledger.core.test_refusals import terms
from tests.ledger.stores import SMALL, Clock, ride, sale, system

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def fault_of(error: InputError) -> tuple[str, Any]:
    (fault,) = error.faults
    assert all(fault.text(lang) for lang in LANGUAGES)
    return fault.code, fault.value


def test_a_ledger_is_there_again_when_it_is_opened_again(path: Path, clock: Clock) -> None:
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        journal.post_each([sale(), ride()])
        before = journal.accounts(), list(journal.entries())
    for name in ("ayen", None):
        with Journal(SqliteEngine.open(path, name, clock)) as journal:
            assert journal.engine.name == "ayen"
            assert journal.engine.decimals == {"EUR": 2, "KM": 0, "YACA": 2}
            assert (journal.accounts(), list(journal.entries())) == before
            assert journal.post(sale()).replayed


def test_a_missing_ledger_is_not_made_by_opening_it(path: Path) -> None:
    for missing in (path, path.parent):
        with pytest.raises(InputError) as caught:
            SqliteEngine.open(missing)
        assert fault_of(caught.value) == ("ledger_missing", str(missing))
    assert not path.exists()


def test_a_scheme_is_named_where_there_are_several(path: Path, clock: Clock) -> None:
    for name in ("ayen", "argences"):
        SqliteEngine.create(path, name, SMALL, clock).close()
    for asked in (None, "brive", "AYEN"):
        with pytest.raises(InputError) as caught:
            SqliteEngine.open(path, asked)
        code = "scheme_unknown" if asked else "scheme_not_named"
        assert fault_of(caught.value) == (code, asked)
        assert caught.value.faults[0].details == {"known": "argences, ayen"}
    with pytest.raises(InputError) as caught:
        SqliteEngine.create(path, "ayen", SMALL, clock)
    assert fault_of(caught.value) == ("scheme_exists", "ayen")


def test_a_scheme_that_cannot_begin_leaves_nothing(path: Path, clock: Clock) -> None:
    bad = Entry(key="genesis", kind="genesis", legs={}, accounts=(system("x/GOLD"),))
    with pytest.raises(Refused, match="GOLD"):
        SqliteEngine.create(path, "ayen", bad, clock)
    with closing(SqliteEngine.create(path, "ayen", SMALL, clock)) as engine:
        assert engine.reader.head().seq == 1


def test_a_file_that_is_no_ledger_is_told(path: Path) -> None:
    path.write_bytes(b"This is a letter, not a ledger." * 100)
    with pytest.raises(Unusable) as caught:
        SqliteEngine.open(path)
    assert caught.value.code == "not_a_ledger"
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE host (id)")
    with pytest.raises(Unusable) as caught:
        SqliteEngine.open(path)
    assert caught.value.code == "not_a_ledger"
    assert all(str(path) in caught.value.text(lang) for lang in LANGUAGES)


def test_a_ledger_stands_beside_a_host_s_tables(path: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE host (id)")
        other.execute("INSERT INTO host VALUES (1)")
        other.commit()
        with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
            assert journal.post(sale()).seq == 2
        assert other.execute("SELECT * FROM host").fetchall() == [(1,)]


def test_a_later_form_of_the_tables_is_told(path: Path, clock: Clock) -> None:
    SqliteEngine.create(path, "ayen", SMALL, clock).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO ledger_version VALUES (2, 1)")  # we can still read this one
        other.commit()
        SqliteEngine.open(path).close()
        other.execute("INSERT INTO ledger_version VALUES (3, 2)")
        other.commit()
    with pytest.raises(Unusable) as caught:
        SqliteEngine.open(path)
    assert caught.value.code == "later_version"
    assert caught.value.values == {"path": str(path), "version": 3, "ours": 1}


def test_an_old_sqlite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
    with pytest.raises(Unusable) as caught:
        SqliteEngine.create(None, "ayen", SMALL)
    assert caught.value.code == "sqlite_too_old"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 0))
    SqliteEngine.create(None, "ayen", SMALL).close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        SqliteEngine.create(tmp_path / "nowhere" / "ledger.sqlite", "ayen", SMALL)
    assert caught.value.code == "cannot_open"


def test_the_clock_of_the_machine_is_in_microseconds() -> None:
    assert 1_700_000_000_000_000 < clock_us() < 10_000_000_000_000_000
    with Journal(SqliteEngine.create(None, "ayen", SMALL)) as journal:
        before = clock_us()
        assert before <= journal.post(sale()).recorded <= clock_us()


def test_a_closed_ledger_answers_no_more(path: Path, clock: Clock) -> None:
    for place in (None, path):
        journal = Journal(SqliteEngine.create(place, "ayen", SMALL, clock))
        journal.accounts()
        journal.close()
        journal.close()
        for ask in (lambda: journal.post(sale()), journal.accounts):  # noqa: B023
            with pytest.raises(Unusable):
                ask()


def test_as_many_connections_read_as_threads_read_at_once(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that is gone leaves none behind: a server has a new thread for each request."""
    opened: list[Any] = []
    connect = sqlite3.connect

    def counted(*given: Any, **more: Any) -> sqlite3.Connection:
        opened.append(given)
        return connect(*given, **more)

    monkeypatch.setattr(sqlite_module.sqlite3, "connect", counted)
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        journal.post(sale())
        for _ in range(40):
            thread = threading.Thread(target=journal.accounts)
            thread.start()
            thread.join()
        assert len(opened) == 2
        in_threads(6, lambda _: [journal.balance("paul/KM") for _ in range(5)] and None)
        assert len(opened) <= 7


def test_readers_do_not_see_what_is_not_yet_written(path: Path, clock: Clock) -> None:
    """Nor do they wait for it."""
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        journal.post(sale())
        engine: Any = journal.engine
        engine._connection.execute("BEGIN IMMEDIATE")
        engine._posting.post([[ride()]], clock.now, trusting=True)
        assert journal.balance("paul/KM").posted == 50
        engine._take_back()
        assert journal.post(ride()).balances == {"paul/KM": 25, "jeanne/KM": 25}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"),
        (sqlite3.SQLITE_FULL, "disk_full"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk_error"),
        (sqlite3.SQLITE_IOERR, "disk_error"),
        (sqlite3.SQLITE_CORRUPT, "damaged"),
        (sqlite3.SQLITE_NOTADB, "not_a_ledger"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "read_only"),
        (sqlite3.SQLITE_CANTOPEN, "cannot_open"),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, "database_error"),
        (None, "database_error"),
    ],
)
def test_what_sqlite_says_is_said_in_our_words(number: int | None, code: str) -> None:
    error = sqlite3.OperationalError("its own words")
    if number is not None:
        error.sqlite_errorcode = number
    told = sqlite_module.unusable(error, None)
    assert told.code == code
    assert told.values == {"path": ":memory:", "said": "its own words"}
    assert all(":memory:" in told.text(lang) for lang in LANGUAGES)
    with pytest.raises(Unusable) as caught, sqlite_module.told(None):
        raise error
    assert (caught.value.code, caught.value.__cause__) == (code, error)


def test_terms_without_a_change_are_no_new_row(path: Path, clock: Clock) -> None:
    with Journal(SqliteEngine.create(path, "ayen", SMALL, clock)) as journal:
        journal.post(terms(*SMALL.accounts, key="again"))
        rows = journal.engine.reader.rows("SELECT count(*) FROM {p}terms WHERE scheme = ?")
        assert rows == [(len(SMALL.accounts),)]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody move an open file")
@pytest.mark.parametrize("what", ["moved", "deleted", "replaced"])
def test_a_file_moved_while_open_takes_no_entry(path: Path, clock: Clock, what: str) -> None:
    engine = SqliteEngine.create(path, "ayen", SMALL, clock)
    if what == "deleted":
        path.unlink()
    else:
        path.rename(path.with_name("elsewhere.sqlite"))
    if what == "replaced":
        path.write_bytes(b"")
    with pytest.raises(Unusable) as caught:
        engine.append([[sale()]])
    assert caught.value.code == "moved"
    engine.close()


def test_no_ledger_begins_beside_the_last_entries_of_another(path: Path, clock: Clock) -> None:
    path.with_name(f"{path.name}-wal").write_bytes(b"entries")
    with pytest.raises(Unusable) as caught:
        SqliteEngine.create(path, "ayen", SMALL, clock)
    assert caught.value.code == "stray_wal"
    assert not path.exists()
