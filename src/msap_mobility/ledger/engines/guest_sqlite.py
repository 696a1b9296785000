"""The guest of a host's transaction in SQLite."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.sqlite import told
from msap_mobility.ledger.engines.sqlite_posting import PREFIX
from msap_mobility.ledger.engines.sqlite_scheme import Scheme, begin_scheme, find_scheme
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.reading import Reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry

__all__ = ["SqliteGuest"]

_PLACE = "the host's database"
_LEGACY = -1  # sqlite3.LEGACY_TRANSACTION_CONTROL, from Python 3.12


class SqliteGuest:
    """One scheme, through a connection of the host's.

    Parameters
    ----------
    connection
        The host's; a cursor of our own leaves the host's results alone.
    clock
        Gives microseconds since 1970 UTC.
    """

    def __init__(self, connection: sqlite3.Connection, clock: Callable[[], int]) -> None:
        self._connection = connection
        self._clock = clock
        self._cursor = connection.cursor()
        self._cursor.row_factory = None  # rows are tuples, whatever the host likes
        self._scheme = Scheme(0, "", {})

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self._scheme.name

    @property
    def decimals(self) -> Mapping[str, int]:
        """Decimals of each asset of the scheme."""
        return self._scheme.decimals

    @property
    def reader(self) -> Reader:
        """Reads in the host's transaction, its own postings included."""
        return Reader(self._run, self._scheme.number, PREFIX)

    def find(self, name: str | None) -> None:
        """Be of the scheme of this name, see `find_scheme`."""
        self._check_transaction()
        with told(None):
            self._scheme = find_scheme(self._cursor, name, _PLACE)

    def begin(self, name: str, first: Entry) -> None:
        """Begin a scheme and be of it, see `begin_scheme`."""
        with self._savepoint():
            self._scheme, _ = begin_scheme(self._cursor, name, first, self._clock(), _PLACE)

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Write groups of entries in the host's transaction."""
        with self._savepoint():
            posting = self._scheme.posting(self._cursor)  # remembers nothing of the last time
            return posting.post(groups, self._clock(), trusting=False)

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Note who a member is, or blank it, in the host's transaction."""
        with self._savepoint():
            self._scheme.posting(self._cursor).note_member(member, name, contact)

    def close(self) -> None:
        """Leave the host's connection as it is."""
        self._cursor.close()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Take back what was written if it fails; the rest of the host's transaction stands."""
        self._check_transaction()
        with told(None):
            self._cursor.execute("SAVEPOINT msap_ledger")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # a full disk ends the whole of it
                    self._cursor.execute("ROLLBACK TO msap_ledger")
                    self._cursor.execute("RELEASE msap_ledger")
                raise
            self._cursor.execute("RELEASE msap_ledger")

    def _check_transaction(self) -> None:
        if self._connection.in_transaction:
            return
        implicit = getattr(self._connection, "autocommit", _LEGACY) == _LEGACY
        if not implicit or self._connection.isolation_level is None:
            raise Unusable("no_transaction")
        with told(None):  # sqlite3 would have begun one before the host's first change
            self._cursor.execute("BEGIN IMMEDIATE")

    def _run(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with told(None):
            try:
                return self._cursor.execute(query, values).fetchall()
            except UnicodeEncodeError:  # nothing is stored under half a character
                return []
