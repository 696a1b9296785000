"""The database itself refuses what no engine would do: raw SQL against each rule."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger.engines.sqlite_schema import TABLES, statements
from msap_mobility.ledger.entry import MOST_UNITS
from tests.ledger.core.test_refusals import hold, mark, terms, void
from tests.ledger.stores import Clock, Store, fresh, person, sale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.ledger.journal import Journal

HASH = bytes(32)


class Raw:
    """A program that knows nothing of the library, at the file of a ledger."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("foreign_keys = ON", "recursive_triggers = ON"):
            self.connection.execute(f"PRAGMA {pragma}")

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(f"SELECT * FROM ledger_{table}").fetchall()

    def insert(self, table: str, row: Sequence[Any], verb: str = "INSERT") -> None:
        places = ", ".join("?" * len(row))
        self.connection.execute(f"{verb} INTO ledger_{table} VALUES ({places})", row)

    def refuse(self, table: str, row: Sequence[Any], why: str, verb: str = "INSERT") -> None:
        """Insert a row, which the database must refuse for this reason."""
        before = self.rows(table)
        with pytest.raises(sqlite3.IntegrityError, match=why):
            self.insert(table, row, verb)
        assert self.rows(table) == before


@pytest.fixture
def raw() -> Iterator[Raw]:
    with fresh("sqlite") as store:
        journal = store.create(clock=Clock())
        store.create("argences", clock=Clock())
        journal.post_each([sale(), hold(), mark("A1", "", "printed", "mark")])
        journal.post(terms(person("luc/KM", closed=True), key="luc"))
        journal.post(terms(person("zoe/KM", ceiling=9), key="zoe"))
        assert store.path is not None
        found = Raw(store.path)
        with closing(found.connection):
            yield found


def number(raw: Raw, account: str, scheme: int = 1) -> int:
    query = "SELECT account FROM ledger_account WHERE scheme = ? AND id = ?"
    (row,) = raw.connection.execute(query, (scheme, account)).fetchall()
    return int(row[0])


def entry_row(seq: int = 7, scheme: int = 1, **changes: Any) -> list[Any]:
    row = {
        "id": (scheme << 40) + seq,
        "scheme": scheme,
        "seq": seq,
        "key": f"raw{seq}",
        "kind": "raw",
        "phase": "post",
        "effective": None,
        "recorded": 2**60,
        "ref": "",
        "actor": "",
        "data": "",
        "target": None,
        "expires": None,
        "accounts": "",
        "marks": "",
        "legs": "",
        "hash": HASH,
    }
    return [*{**row, **changes}.values()]


def test_a_row_that_is_in_order_is_taken(raw: Raw) -> None:
    """Else the refusals below would prove nothing."""
    raw.insert("entry", entry_row())
    paul = number(raw, "paul/KM")
    raw.insert("leg", (1, paul, 7, -40, 10, 10, 0))
    raw.insert("leg", (1, number(raw, "zoe/KM"), 7, 4, 4, 0, 5))
    raw.insert("coupon", (1, "A1", 7, "sold"))
    raw.insert("terms", (1, paul, 7, -5, None, 0))


def test_no_leg_passes_the_limits_of_its_account(raw: Raw) -> None:
    paul, luc, zoe = (number(raw, f"{name}/KM") for name in ("paul", "luc", "zoe"))
    raw.refuse("leg", (1, paul, 7, -51, -1, 0, 0), "limit")
    raw.refuse("leg", (1, paul, 7, -41, 9, 10, 0), "limit")  # what is held back counts
    raw.refuse("leg", (1, zoe, 7, 10, 10, 0, 0), "limit")
    raw.refuse("leg", (1, zoe, 7, 0, 5, 0, 5), "limit")  # what is on its way counts
    raw.refuse("leg", (1, luc, 7, 0, 0, 0, 0), "limit")  # closed
    raw.refuse("leg", (1, paul, 7, -51, -1, 0, 0), "limit", "INSERT OR IGNORE")
    raw.refuse("leg", (1, paul, 7, -51, -1, 0, 0), "limit", "REPLACE")


def test_no_balance_passes_its_bounds(raw: Raw) -> None:
    bank = number(raw, "bank/EUR")
    for posted in (MOST_UNITS + 1, -MOST_UNITS - 1):
        raw.refuse("leg", (1, bank, 7, 1, posted, 0, 0), "CHECK")
    for held in (-1, MOST_UNITS + 1):
        raw.refuse("leg", (1, bank, 7, 1, 1, held, 0), "CHECK")
        raw.refuse("leg", (1, bank, 7, 1, 1, 0, held), "CHECK")
    for odd in (1.5, "x", None, b"1"):
        raw.refuse("leg", (1, bank, 7, odd, 1, 0, 0), "cannot store|NOT NULL")
    raw.insert("leg", (1, bank, 7, *[MOST_UNITS] * 4))


def test_no_leg_reaches_into_another_scheme(raw: Raw) -> None:
    zoe = number(raw, "zoe/KM")  # the other scheme has no account of this number
    raw.refuse("leg", (2, zoe, 2, 0, 0, 0, 0), "FOREIGN KEY")
    raw.refuse("leg", (1, 99, 7, 0, 0, 0, 0), "FOREIGN KEY")
    raw.refuse("terms", (2, zoe, 2, None, None, 0), "FOREIGN KEY")
    raw.refuse("coupon", (3, "A1", 1, "sold"), "FOREIGN KEY")
    raw.refuse("account", (3, 1, "x", "KM", "person", 0), "FOREIGN KEY")


def test_a_key_is_used_once_and_a_hold_is_ended_once(raw: Raw) -> None:
    raw.refuse("entry", entry_row(key="sale"), "UNIQUE")
    raw.insert("entry", entry_row(key="end", phase="void", target="hold"))
    raw.refuse("entry", entry_row(8, phase="void", target="hold"), "UNIQUE")
    raw.insert("entry", entry_row(2, scheme=2, key="end", target="hold"))  # another's


def test_the_chain_has_no_gap_and_no_number_twice(raw: Raw) -> None:
    raw.refuse("entry", entry_row(8), "gap")
    raw.refuse("entry", entry_row(6), "UNIQUE")
    raw.refuse("entry", entry_row(0), "CHECK")
    raw.refuse("entry", entry_row(-1), "CHECK|gap")
    for wrong in (5, (1 << 40) + 8, (2 << 40) + 2):
        raw.refuse("entry", entry_row(id=wrong), "CHECK|gap")


def test_a_link_has_thirty_two_bytes(raw: Raw) -> None:
    for link in (b"", bytes(31), bytes(33)):
        raw.refuse("entry", entry_row(hash=link), "CHECK")
    for odd in ("ab" * 16, None, 5):
        raw.refuse("entry", entry_row(hash=odd), "cannot store|NOT NULL")


def test_nothing_happens_after_it_was_recorded(raw: Raw) -> None:
    raw.refuse("entry", entry_row(effective=2**60 + 1), "CHECK")
    raw.insert("entry", entry_row(effective=2**60))


def test_holders_and_closed_are_what_they_may_be(raw: Raw) -> None:
    raw.refuse("account", (1, 99, "x", "KM", "robot", 0), "CHECK")
    raw.refuse("account", (1, 99, "paul/KM", "KM", "person", 0), "UNIQUE")
    raw.refuse("terms", (1, number(raw, "paul/KM"), 7, None, None, 2), "CHECK")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_deleted_or_replaced(raw: Raw, table: str) -> None:
    rows = raw.rows(table)
    assert rows
    (column,) = raw.connection.execute(
        f"SELECT name FROM pragma_table_info('ledger_{table}') LIMIT 1"
    ).fetchone()
    for sql in (
        f"UPDATE ledger_{table} SET {column} = {column}",
        f"UPDATE OR REPLACE ledger_{table} SET {column} = 1",
        f"DELETE FROM ledger_{table}",
        f"DELETE FROM ledger_{table} WHERE {column} = {rows[-1][0]}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            raw.connection.execute(sql)
    raw.refuse(table, rows[0], "append only|UNIQUE", "REPLACE")
    raw.refuse(table, rows[0], "UNIQUE")
    places = ", ".join("?" * len(rows[0]))
    upsert = f"INSERT INTO ledger_{table} VALUES ({places}) ON CONFLICT DO UPDATE SET {column} = 1"
    with pytest.raises(sqlite3.Error):
        raw.connection.execute(upsert, rows[0])
    assert raw.rows(table) == rows


def test_no_program_of_ours_replaces_a_row(store: Store, clock: Clock) -> None:
    """SQLite asks the triggers about REPLACE only if told to: every connection of ours is."""
    if store.kind == "postgres":
        pytest.skip("PostgreSQL has no REPLACE")
    journal = store.create(clock=clock)
    journal.post_each([sale(), void("nothing")])
    connection = journal.engine._connection  # type: ignore[attr-defined]
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute("REPLACE INTO ledger_scheme VALUES (1, 'other')")


def test_a_ledger_of_ours_keeps_its_word_through_power_cuts(store: Store, clock: Clock) -> None:
    """What SQLite must be told for that, told on every connection."""
    if store.kind != "sqlite":
        pytest.skip("settings of SQLite files")
    journal = store.create(clock=clock)
    journal.accounts()
    for connection in connections(journal):
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
        assert settings == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "recursive_triggers": 1,
        }
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


def connections(journal: Journal) -> list[sqlite3.Connection]:
    return [
        value for value in vars(journal.engine).values() if isinstance(value, sqlite3.Connection)
    ]


def test_the_tables_may_stand_beside_a_host_s_own() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements("other_"):
            connection.execute(statement)
        names = {
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL")
        }
        assert all(name.startswith("other_") for name in names)
        assert {f"other_{table}" for table in (*TABLES, "version", "member")} <= names
