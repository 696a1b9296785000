"""A fresh journal in memory, in a SQLite file, on PostgreSQL: the same tests run over all three.

Tests take the fixture `store` (see `conftest.py`). Property tests, which need a new journal for
each example, open one themselves: ``with fresh("sqlite") as store: journal = store.create()``.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.postgres import PostgresEngine
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import Journal
from tests.ledger import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

STORES = ("memory", "sqlite", "postgres")

NOON = 1_796_126_400_000_000
"""Noon of 1 December 2026, microseconds since 1970 UTC."""


@dataclass
class Clock:
    """A clock that stands still until a test moves it; microseconds since 1970 UTC."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now


def system(account: str, **terms: Any) -> AccountTerms:
    """An account of the scheme's own."""
    return AccountTerms(id=account, asset=account.split("/")[1], **terms)


def person(account: str, **terms: Any) -> AccountTerms:
    """A private person's account; never below zero unless told."""
    asset = account.split("/")[1]
    return AccountTerms(id=account, asset=asset, holder="person", **{"floor": 0, **terms})


def shop(account: str, **terms: Any) -> AccountTerms:
    """A shop's account; never below zero unless told."""
    asset = account.split("/")[1]
    return AccountTerms(id=account, asset=asset, holder="shop", **{"floor": 0, **terms})


SMALL = genesis(
    {"EUR": 2, "KM": 0, "YACA": 2},
    [
        system("fund/EUR", floor=0, weight=1),
        system("bank/EUR"),
        system("backed/EUR"),
        system("fees/EUR"),
        system("issue/KM", weight=6),
        system("issue/YACA", weight=1),
        person("paul/KM"),
        person("jeanne/KM"),
        person("jeanne/YACA"),
        shop("bakery/YACA"),
    ],
)
"""A scheme with two persons and a shop; a coupon is worth 6 cents."""


def sale(key: str = "sale", km: int = 50, to: str = "paul/KM", **more: Any) -> Entry:
    """A booklet of `km` coupons sold for 6 cents each."""
    legs = {"issue/KM": -km, to: km, "fund/EUR": 6 * km, "backed/EUR": -6 * km}
    return Entry(key=key, kind="booklet", legs=legs, **more)


def ride(key: str = "ride", km: int = 25, **more: Any) -> Entry:
    """`km` coupons from Paul, the rider, to Jeanne, the driver."""
    return Entry(key=key, kind="ride", legs={"paul/KM": -km, "jeanne/KM": km}, **more)


@dataclass
class Store:
    """A place for journals, empty at first.

    `path` is None unless it is a SQLite file; `dsn` and `schema` are empty unless PostgreSQL.
    """

    kind: str
    path: Path | None = None
    dsn: str = ""
    schema: str = ""
    opened: list[Journal] = field(default_factory=list)

    def create(self, name: str = "ayen", first: Entry = SMALL, clock: Any = None) -> Journal:
        """Begin a scheme; closed with the store."""
        clock = clock or Clock()
        if self.kind == "postgres":
            engine: Any = PostgresEngine.create(
                self.dsn, name, first, clock, schema=self.schema, owner=True
            )
        else:
            engine = SqliteEngine.create(self.path, name, first, clock)
        return self._keep(engine)

    def open(self, name: str | None = "ayen", clock: Any = None) -> Journal:
        """Open a scheme again, as another program would; not in memory."""
        clock = clock or Clock()
        if self.kind == "postgres":
            return self._keep(PostgresEngine.open(self.dsn, name, clock, schema=self.schema))
        assert self.path is not None, "a journal in memory is opened once"
        return self._keep(SqliteEngine.open(self.path, name, clock))

    def _keep(self, engine: Any) -> Journal:
        journal = Journal(engine)
        self.opened.append(journal)
        return journal


@contextmanager
def fresh(kind: str) -> Iterator[Store]:
    """An empty place for journals, gone afterwards. Skips where there is no PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="msap-ledger-") as folder:
        store = Store(kind)
        if kind == "sqlite":
            store.path = Path(folder, "ledger.sqlite")
        if kind == "postgres":
            store.dsn = postgres_server.dsn()
            store.schema = postgres_server.new_schema_name()
        try:
            yield store
        finally:
            for journal in store.opened:
                journal.close()
            if kind == "postgres":
                postgres_server.drop(store.schema)
