"""A scheme found, or begun, through a SQLite cursor, whoever opened the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.engines.sqlite_posting import PREFIX, SqlitePosting
from msap_mobility.ledger.engines.sqlite_schema import SCHEMA_VERSION, statements
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.genesis import decimals_of
from msap_mobility.ledger.outcome import Refusal, Refused
from msap_mobility.ledger.schemes import chosen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from msap_mobility.ledger.entry import Entry

__all__ = ["Scheme", "begin_scheme", "find_scheme", "make_tables"]


class Scheme(NamedTuple):
    """A scheme's number and name, and the decimals of its assets."""

    number: int
    name: str
    decimals: Mapping[str, int]

    def posting(self, cursor: sqlite3.Cursor) -> SqlitePosting:
        """Postings in it through `cursor`."""
        return SqlitePosting(cursor, *self)


def make_tables(cursor: sqlite3.Cursor) -> None:
    """Make the tables, unless they are there; in the transaction of the cursor, if it is in one."""
    if _has_tables(cursor):
        return
    for statement in statements(PREFIX):
        cursor.execute(statement)
    version = (SCHEMA_VERSION, SCHEMA_VERSION)
    cursor.execute(f"INSERT INTO {PREFIX}version VALUES (?, ?)", version)


def begin_scheme(
    cursor: sqlite3.Cursor, name: str, first: Entry, now: int, place: str
) -> tuple[Scheme, SqlitePosting]:
    """Begin a scheme with its first entry; the caller commits, or rolls back.

    Raises
    ------
    InputError
        If there is a scheme of this name.
    Refused
        If its first entry is.
    """
    known = _schemes(cursor)
    if name in known:
        raise InputError([Fault(code="scheme_exists", value=name, file=place)])
    scheme = Scheme(len(known) + 1, name, decimals_of(first))
    cursor.execute(f"INSERT INTO {PREFIX}scheme VALUES (?, ?)", scheme[:2])
    posting = scheme.posting(cursor)
    (answer,) = posting.post([[first]], now, trusting=False)
    if isinstance(answer, Refusal):
        raise Refused(answer)
    return scheme, posting


def find_scheme(cursor: sqlite3.Cursor, name: str | None, place: str) -> Scheme:
    """The scheme of this name; the only one, if `name` is None.

    Raises
    ------
    InputError
        If there is no such scheme.
    Unusable
        If it is no ledger, damaged, or of a later version.
    """
    if not _has_tables(cursor):
        raise Unusable("not_a_ledger", path=place)
    query = f"SELECT max(version), max(readable_from) FROM {PREFIX}version"
    version, readable_from = cursor.execute(query).fetchone()
    if version is None or readable_from is None:
        raise Unusable("damaged", path=place, said=f"{PREFIX}version")
    if readable_from > SCHEMA_VERSION:
        raise Unusable("later_version", path=place, version=version, ours=SCHEMA_VERSION)
    schemes = _schemes(cursor)
    name = chosen(name, schemes)
    first = Scheme(schemes[name], name, {}).posting(cursor).reader.numbered(1)
    if first is None:
        raise Unusable("damaged", path=place, said=f"{PREFIX}entry")
    return Scheme(schemes[name], name, decimals_of(first.entry))


def _has_tables(cursor: sqlite3.Cursor) -> bool:
    query = "SELECT 1 FROM sqlite_schema WHERE name = ?"
    return bool(cursor.execute(query, (f"{PREFIX}version",)).fetchall())


def _schemes(cursor: sqlite3.Cursor) -> dict[str, int]:
    query = f"SELECT name, scheme FROM {PREFIX}scheme ORDER BY scheme"
    return dict(cursor.execute(query).fetchall())
