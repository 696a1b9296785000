"""A place for a ledger, told as one text, so that another process finds it too.

``sqlite PATH`` or ``postgres SCHEMA DSN``: a new engine is one more line of `open_journal`.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import Journal

if TYPE_CHECKING:
    from tests.ledger.stores import Store

SCHEME = "ayen"

PERSONS = tuple(f"person{no}/KM" for no in range(6))


def _terms(account: str, holder: str = "system", **more: int) -> AccountTerms:
    return AccountTerms(id=account, asset=account.split("/")[1], holder=holder, **more)  # type: ignore[arg-type]


FIRST = genesis(
    {"EUR": 2, "KM": 0},
    [
        _terms("fund/EUR", floor=0, weight=1),
        _terms("backed/EUR"),
        _terms("issue/KM", weight=6),
        _terms("purse/KM", "person", floor=0),
        *(_terms(person, "person", floor=0) for person in PERSONS),
    ],
)
"""A scheme whose coupon is worth 6 cents, six persons and a purse all of them draw from."""


def sale(key: str, to: str, km: int) -> Entry:
    """So many coupons, paid into the fund."""
    legs = {"issue/KM": -km, to: km, "fund/EUR": 6 * km, "backed/EUR": -6 * km}
    return Entry(key=key, kind="booklet", legs=legs)


def told_of(store: Store) -> str:
    """The place of a store of `tests.ledger.stores`, as a text."""
    if store.kind == "sqlite":
        return f"sqlite {store.path}"
    return f"postgres {store.schema} {store.dsn}"


def open_journal(place: str) -> Journal:
    """The journal at a place, by the clock of the machine."""
    kind, _, where = place.partition(" ")
    if kind == "sqlite":
        return Journal(SqliteEngine.open(Path(where), SCHEME))
    return Journal(_postgres()(where))


@functools.cache
def _postgres():
    from msap_mobility.ledger.engines.postgres import PostgresEngine

    def opened(where: str) -> PostgresEngine:
        schema, _, dsn = where.partition(" ")
        return PostgresEngine.open(dsn, SCHEME, schema=schema)

    return opened
