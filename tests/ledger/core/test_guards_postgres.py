"""PostgreSQL itself refuses what no engine would do, to the owner of the tables too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger.engines.sqlite_schema import TABLES
from msap_mobility.ledger.entry import MOST_UNITS
from tests.ledger.core.test_guards import entry_row
from tests.ledger.core.test_refusals import hold, mark, terms
from tests.ledger.stores import fresh, person, sale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

psycopg = pytest.importorskip("psycopg")


class Raw:
    """The owner of the database, with a console."""

    def __init__(self, dsn: str, schema: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)
        self.schema = schema

    def run(self, sql: str, row: Sequence[Any] = ()) -> Any:
        return self.connection.execute(sql.replace("{p}", f'"{self.schema}".'), row or None)

    def insert(self, table: str, row: Sequence[Any]) -> None:
        self.run(f"INSERT INTO {{p}}{table} VALUES ({', '.join(['%s'] * len(row))})", row)

    def refuse(self, table: str, row: Sequence[Any], why: str) -> None:
        with pytest.raises(psycopg.Error, match=why):
            self.insert(table, row)

    def number(self, account: str) -> int:
        query = "SELECT account FROM {p}account WHERE scheme = 1 AND id = %s"
        return int(self.run(query, (account,)).fetchone()[0])


@pytest.fixture(scope="module")
def raw() -> Iterator[Raw]:
    with fresh("postgres") as store:
        journal = store.create()
        store.create("argences")
        journal.post_each([sale(), hold(), mark("A1", "", "printed", "mark")])
        journal.post(terms(person("luc/KM", closed=True), key="luc"))
        journal.post(terms(person("zoe/KM", ceiling=9), key="zoe"))
        found = Raw(store.dsn, store.schema)
        yield found
        found.connection.close()


def test_no_leg_passes_the_limits_of_its_account(raw: Raw) -> None:
    paul, luc, zoe = (raw.number(f"{name}/KM") for name in ("paul", "luc", "zoe"))
    raw.refuse("leg", (1, paul, 7, -51, -1, 0, 0), "limit")
    raw.refuse("leg", (1, paul, 7, -41, 9, 10, 0), "limit")
    raw.refuse("leg", (1, zoe, 7, 10, 10, 0, 0), "limit")
    raw.refuse("leg", (1, zoe, 7, 0, 5, 0, 5), "limit")
    raw.refuse("leg", (1, luc, 7, 0, 0, 0, 0), "limit")
    raw.refuse("leg", (1, 99, 7, 0, 0, 0, 0), "no account|limit")
    raw.refuse("leg", (2, zoe, 2, 0, 0, 0, 0), "no account|limit")
    raw.refuse("terms", (2, zoe, 2, None, None, False), "foreign key")


def test_no_balance_passes_its_bounds(raw: Raw) -> None:
    bank = raw.number("bank/EUR")
    for posted in (MOST_UNITS + 1, -MOST_UNITS - 1):
        raw.refuse("leg", (1, bank, 7, 1, posted, 0, 0), "check")
    for held in (-1, MOST_UNITS + 1):
        raw.refuse("leg", (1, bank, 7, 1, 1, held, 0), "check")
        raw.refuse("leg", (1, bank, 7, 1, 1, 0, held), "check")


def test_a_key_a_hold_and_a_number_are_used_once(raw: Raw) -> None:
    raw.refuse("entry", entry_row(key="sale"), "unique")
    raw.refuse("entry", entry_row(6), "unique")
    raw.refuse("entry", entry_row(0), "check")
    raw.refuse("entry", entry_row(id=(2 << 40) + 7), "check")
    raw.refuse("entry", entry_row(hash=bytes(31)), "check")
    raw.refuse("entry", entry_row(effective=2**60 + 1), "check")
    raw.refuse("account", (1, 99, "paul/KM", "KM", "person", 0), "unique")
    raw.refuse("account", (1, 99, "x", "KM", "robot", 0), "check")
    with raw.connection.transaction(force_rollback=True):
        raw.insert("entry", entry_row(key="end", phase="void", target="hold"))
        with pytest.raises(psycopg.Error, match="unique"), raw.connection.transaction():
            raw.insert("entry", entry_row(8, phase="void", target="hold"))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed_or_deleted(raw: Raw, table: str) -> None:
    rows = raw.run(f"SELECT * FROM {{p}}{table}").fetchall()
    assert rows
    column = raw.run(f"SELECT * FROM {{p}}{table}").description[0].name
    for sql in (
        f"UPDATE {{p}}{table} SET {column} = {column}",
        f"DELETE FROM {{p}}{table}",
        f"TRUNCATE {{p}}{table} CASCADE",
        "SET session_replication_role = replica; DELETE FROM {p}" + table,
    ):
        with pytest.raises(psycopg.Error, match="append only"):
            raw.run(sql)
        raw.run("RESET session_replication_role")
    assert raw.run(f"SELECT * FROM {{p}}{table}").fetchall() == rows
