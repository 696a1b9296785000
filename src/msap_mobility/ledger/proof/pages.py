"""Reads a scheme page by page, and around what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.proof.chain import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.ledger.proof.accounts import Account
    from msap_mobility.ledger.proof.chain import Row
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.reading import Reader

__all__ = ["PAGE", "Pages"]

PAGE = 20_000
"""Entries read and examined together."""

_MOST_FAILED = 50_000
"""Queries that may fail before the rest is given up: a damaged number may be as great as any."""

_DAMAGE = ("damaged", "disk_error", "database_error", "not_a_ledger")
"""Codes of `Unusable` that tell of the rows themselves; others are the caller's to know."""

# "+ 0" keeps SQLite from going by the index of keys: entries are read as they lie.
_LAST = """SELECT id - {first} FROM {p}entry
           WHERE scheme + 0 = ? AND id > {first} AND id < {first} + 1099511627776
           ORDER BY id DESC LIMIT 1"""

_ENTRIES = f"""SELECT {COLUMNS} FROM {{p}}entry
               WHERE scheme + 0 = ? AND id > {{first}} + ? AND id <= {{first}} + ?
               AND id = {{first}} + seq ORDER BY id LIMIT ?"""

# The accounts lead, so that each one's legs are found by their key and nothing is sorted.
_LEGS = """SELECT l.account, l.seq, l.amount, l.posted, l.outgoing, l.incoming
           FROM {p}account a CROSS JOIN {p}leg l
           WHERE a.scheme = ? AND l.scheme = a.scheme AND l.account = a.account
           AND l.seq > ? AND l.seq <= ? ORDER BY a.account, l.seq"""

_LEGS_OF = """SELECT account, seq, amount, posted, outgoing, incoming FROM {p}leg
              WHERE scheme = ? AND account = ? AND seq > ? AND seq <= ? ORDER BY seq"""


class Pages:
    """The rows of a scheme, as far as they can be read; what cannot is a finding.

    Parameters
    ----------
    reader
        Of the scheme.
    findings
        Where unreadable ranges are noted.
    """

    def __init__(self, reader: Reader, findings: Findings) -> None:
        self._reader = reader
        self._findings = findings
        self._said = ""
        self._failed = 0

    def ask(self, query: str, *values: Any) -> list[Row] | None:
        """Rows of a query; None if the database cannot give them."""
        try:
            return self._reader.rows(query, *values)
        except Unusable as error:
            if error.code not in _DAMAGE:
                raise
            self._said = str(error.values.get("said", error.code))
        except (MemoryError, UnicodeDecodeError) as error:  # of a damaged row, or its message
            self._said = str(error) or type(error).__name__
        self._failed += 1
        return None

    def table(self, query: str, place: str) -> list[Row] | None:
        """All rows of a small table; if it cannot be read, that is noted and None is given."""
        rows = self.ask(query)
        if rows is None:
            self._findings.note("unreadable", None, place, said=self._said)
        return rows

    def last(self) -> int:
        """Number of the last entry; by the legs, if the table of entries cannot tell."""
        rows = self.table(_LAST, "entry")
        if rows is None:
            query = "SELECT coalesce(max(seq), 0) FROM {p}leg WHERE scheme = ?"
            rows = self.table(query, "leg")
        last = rows[0][0] if rows else 0
        return last if isinstance(last, int) else 0

    def entries(self, last: int) -> Iterator[list[Row]]:
        """The entries up to number `last`, in order, many at a time.

        Those whose number is not that of their id are left out: they are strays.
        """
        after = 0
        while after < last and self._failed < _MOST_FAILED:
            rows = self.ask(_ENTRIES, after, last, PAGE)
            if rows is None:
                until = min(after + PAGE, last)
                yield from self._around(after, until)
                after = until
            elif rows:
                yield rows
                after = rows[-1][0]
            else:
                return

    def _around(self, after: int, until: int) -> Iterator[list[Row]]:
        """Halve what cannot be read until the unreadable stands alone."""
        rows = self.ask(_ENTRIES, after, until, until - after)
        if rows is not None:
            if rows:
                yield rows
        elif until - after == 1 or self._failed >= _MOST_FAILED:
            self._findings.note("unreadable", after + 1, "entry", said=self._said)
        else:
            middle = (after + until) // 2
            yield from self._around(after, middle)
            yield from self._around(middle, until)

    def legs(
        self, after: int, until: int, accounts: Sequence[Account]
    ) -> tuple[list[Row], set[tuple[int, int]]]:
        """The legs of the entries after `after` up to `until`, by account and number.

        Parameters
        ----------
        after, until
            Numbers of entries.
        accounts
            With the legs they must have: those are looked for one by one where the legs cannot be
            read together.

        Returns
        -------
        rows, unread
            The legs, and account and entry of those wanted that cannot be read.
        """
        rows = self.ask(_LEGS, after, until)
        if rows is not None:
            return rows, set()
        rows, unread = [], set()
        for account in accounts:
            some = self.ask(_LEGS_OF, account.no, after, until)
            if some is not None:
                rows += some
                continue
            for _, seq, *_ in account.rows:
                one = self.ask(_LEGS_OF, account.no, seq - 1, seq)
                if one is None:
                    self._findings.note("unreadable", seq, f"leg {account.id}", said=self._said)
                    unread.add((account.no, seq))
                else:
                    rows += one
        return rows, unread
