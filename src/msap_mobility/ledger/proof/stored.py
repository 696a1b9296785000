"""The small tables of a ledger, each row of which some entry must explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.proof.pages import Pages

__all__ = ["Stored", "worded"]


class Stored:
    """The rows of one table, taken out as the entries that wrote them come by.

    Parameters
    ----------
    pages
        Where they are read.
    table
        Name of the table.
    key, columns
        Its columns: those that name a row, and the others.
    findings
        Where missing and differing rows are noted.
    """

    def __init__(
        self, pages: Pages, table: str, key: str, columns: str, findings: Findings
    ) -> None:
        query = f"SELECT {key}, {columns} FROM {{p}}{table} WHERE scheme = ?"
        rows = pages.table(query, table)
        width = len(key.split(","))
        self.table = table
        self.unread = rows is None
        self._rows = {row[:width]: row[width:] for row in rows or ()}
        self._findings = findings

    def explain(self, key: tuple[Any, ...], wanted: tuple[Any, ...], seq: int, name: str) -> None:
        """Take out the row of `key`; it must be there and hold `wanted`."""
        if self.unread:
            return
        found = self._rows.pop(key, None)
        place = f"{self.table} {name}"
        if found is None:
            self._findings.note("missing", seq, place, expected=worded(wanted))
        elif found != wanted:
            self._findings.note("differs", seq, place, expected=worded(wanted), found=worded(found))

    def find(self, column: int, value: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]] | None:
        """Key and columns of the row, not yet taken out, whose `column` holds `value`."""
        for key, columns in self._rows.items():
            if columns[column] == value:
                return key, columns
        return None

    def left(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        """The rows no entry has explained."""
        return iter(self._rows.items())


def worded(values: tuple[Any, ...]) -> str:
    """Columns as one text for a finding.

    Examples
    --------
    >>> worded((0, None, True))
    '0, -, 1'
    """
    return ", ".join(
        "-" if value is None else str(int(value) if isinstance(value, bool) else value)
        for value in values
    )
