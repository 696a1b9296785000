"""What PostgreSQL says, in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["told"]

# Appendix A of PostgreSQL's manual, "PostgreSQL Error Codes"
_TOLD = {
    "40001": "busy",  # serialization failure
    "40P01": "busy",  # deadlock
    "55P03": "busy",  # lock timeout
    "57014": "busy",  # statement timeout
    "23505": "old_snapshot",  # a number was given to another entry, unseen by this transaction
    "53100": "disk_full",
    "58030": "disk_error",
    "XX001": "damaged",
    "XX002": "damaged",
    "42501": "not_permitted",
    "25006": "server_read_only",
    "42P01": "no_tables",
    "42883": "no_tables",
    "3F000": "no_tables",
    "25P02": "transaction_aborted",
    "57P01": "server_gone",  # shut down, crashed, starting
    "57P02": "server_gone",
    "57P03": "server_gone",
}


@contextmanager
def told(place: str) -> Iterator[None]:
    """Say in our words what the driver says in its own, whichever driver it is.

    Raises
    ------
    Unusable
        Instead of the driver's error, which is its cause.
    """
    try:
        yield
    except Exception as error:
        if not (hasattr(error, "sqlstate") or hasattr(error, "pgcode")):
            raise
        raise Unusable(_code(error), path=place, said=str(error).strip()) from error


def _code(error: Exception) -> str:
    """Ours, for SQL's five letters: psycopg calls them ``sqlstate``, psycopg2 ``pgcode``."""
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is None:
        lost = type(error).__name__ in ("OperationalError", "InterfaceError")
        return "server_gone" if lost else "database_error"
    return "server_gone" if state.startswith("08") else _TOLD.get(state, "database_error")
