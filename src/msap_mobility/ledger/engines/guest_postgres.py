"""The guest of a host's transaction in PostgreSQL."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.postgres_calls import PostgresCalls
from msap_mobility.ledger.engines.postgres_schema import quoted
from msap_mobility.ledger.engines.postgres_told import told
from msap_mobility.ledger.engines.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.reading import Reader

__all__ = ["PostgresGuest"]

_IDLE, _FAILED = 0, 3  # PQTRANS_IDLE and PQTRANS_INERROR of libpq, in every driver


class PostgresGuest:
    """One scheme, through a connection of the host's, made by psycopg or psycopg2.

    A refusal takes its own entries back in the server; the host's transaction goes on.

    Parameters
    ----------
    connection
        The host's; a cursor of our own leaves the host's results alone.
    clock
        Gives microseconds since 1970 UTC.
    schema
        Name of the schema the tables are in.
    """

    def __init__(self, connection: Any, clock: Callable[[], int], schema: str) -> None:
        self._connection = connection
        self._clock = clock
        self._place = quoted(schema)
        self._calls = PostgresCalls(self._run, self._place)

    @property
    def name(self) -> str:
        """The scheme's name."""
        return self._calls.name

    @property
    def decimals(self) -> Mapping[str, int]:
        """Decimals of each asset of the scheme."""
        return self._calls.decimals

    @property
    def reader(self) -> Reader:
        """Reads in the host's transaction, its own postings included."""
        return self._calls.reader(self._run)

    def find(self, name: str | None) -> None:
        """Be of the scheme of this name, see `PostgresCalls.find`."""
        self._calls.check()
        self._calls.find(name)

    def begin(self, name: str, first: Entry) -> None:
        """Begin a scheme and be of it, see `PostgresCalls.begin`."""
        self._calls.check()
        self._calls.begin(name, first, self._clock())

    def append(self, groups: Sequence[Sequence[Entry]]) -> list[Answer]:
        """Write groups of entries in the host's transaction."""
        return self._calls.append(groups, self._clock())

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Note who a member is, or blank it, in the host's transaction."""
        self._calls.note_member(member, name, contact)

    def close(self) -> None:
        """Leave the host's connection as it is."""

    def _run(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with told(self._place):
            status = self._connection.info.transaction_status
            if status == _FAILED:
                raise Unusable("transaction_aborted")
            if status == _IDLE and self._connection.autocommit:
                raise Unusable("no_transaction")
            with closing(_plain_cursor(self._connection)) as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall())


def _plain_cursor(connection: Any) -> Any:
    """A cursor whose rows are tuples, whatever the host likes."""
    if any(each.__module__.split(".")[0] == "psycopg" for each in type(connection).__mro__):
        from psycopg import Cursor  # noqa: PLC0415 - the host has it
        from psycopg.rows import tuple_row  # noqa: PLC0415 - likewise

        return Cursor(connection, row_factory=tuple_row)
    from psycopg2.extensions import cursor  # noqa: PLC0415 - likewise

    return connection.cursor(cursor_factory=cursor)
