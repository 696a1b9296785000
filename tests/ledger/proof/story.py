"""A small ledger in which everything happens once, and raw hands to damage it with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.sqlite_schema import statements
from msap_mobility.ledger.entry import Entry, Mark
from tests.ledger.stores import NOON, Clock, person, ride, sale, system

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from msap_mobility.ledger.journal import Journal

HOUR = 3_600_000_000

TABLES = ("account", "terms", "entry", "leg", "coupon")


def tell(journal: Journal, clock: Clock) -> None:
    """Sales, rides, holds with each of their ends, a reversal, coupons, terms that change."""
    for entry in _events():
        clock.now += HOUR // 10
        journal.post(entry)


def _events() -> Iterable[Entry]:
    yield sale("s1", 100)
    yield sale("s2", 30, marks=(Mark(serial="A1", before="", after="printed"),), data={"slip": 4})
    yield ride("r1", 25, effective=NOON - HOUR, ref="slip 7", actor="desk")
    yield ride("h1", 10, phase="reserve", expires=NOON + HOUR)
    yield ride("h1/done", 6, phase="capture", target="h1")
    yield ride("h2", 10, phase="reserve", expires=NOON + 4 * HOUR)
    yield Entry(key="h2/off", kind="cancelled", legs={}, phase="void", target="h2")
    yield ride("h3", 5, phase="reserve", expires=NOON + HOUR)
    yield ride("r2", 8)
    yield ride("r2/undone", -8, phase="reverse", target="r2")
    yield _opened(
        "o1", person("zoé/KM", ceiling=40), Mark(serial="A1", before="printed", after="sold")
    )
    yield Entry(key="g1", kind="gift", legs={"paul/KM": -3, "zoé/KM": 3})  # h3 ends before it
    yield Entry(key="g2", kind="gift", legs={"paul/KM": 3, "zoé/KM": -3})
    yield _opened("o2", person("zoé/KM", closed=True))
    yield _opened(
        "o3", system("bank/EUR", floor=-5000), Mark(serial="A1", before="sold", after="used")
    )
    yield ride("h4", 7, phase="reserve")
    exchange = {"jeanne/KM": -20, "issue/KM": 20, "issue/YACA": -120, "jeanne/YACA": 120}
    yield Entry(key="x1", kind="exchange", legs=exchange)
    yield Entry(key="p1", kind="spend", legs={"jeanne/YACA": -120, "bakery/YACA": 120})


def _opened(key: str, terms: Any, *marks: Mark) -> Entry:
    return Entry(key=key, kind="terms", legs={}, accounts=(terms,), marks=marks)


class Hands:
    """Raw access to a ledger's file, all guards off while they work and back in place after.

    Foreign keys and CHECK constraints are not minded either.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, *queries: str | tuple[str, Any]) -> None:
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            for pragma in ("ignore_check_constraints = ON", "synchronous = OFF"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN")
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            try:
                for query in queries:
                    connection.execute(*((query,) if isinstance(query, str) else query))
            finally:
                for _, sql in triggers:
                    connection.execute(sql)
                connection.execute("COMMIT")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query, values).fetchall()

    def settle(self) -> None:
        """Bring everything from the write-ahead log into the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, and the tables themselves."""
        names = (*TABLES, "scheme", "version", "member")
        found = {
            name: sorted(self.rows(f"SELECT * FROM ledger_{name}"), key=repr) for name in names
        }
        schema = self.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema")
        return {**found, "schema": sorted(schema, key=repr)}


def columns(table: str) -> list[str]:
    """The names of a table's columns."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements("ledger_"):
            connection.execute(statement)
        return [row[1] for row in connection.execute(f"PRAGMA table_info(ledger_{table})")]
