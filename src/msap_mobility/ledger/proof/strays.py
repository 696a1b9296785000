"""Rows that no entry explains, and what only shows over the whole: keys used twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.proof.stored import worded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.ledger.proof.accounts import Account
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.proof.pages import Pages
    from msap_mobility.ledger.proof.stored import Stored

__all__ = ["strays"]

_COUNTS = "SELECT scheme, scheme = ?, count(*) FROM {p}%s GROUP BY scheme"

_SCHEMES = "SELECT scheme, scheme = ? FROM {p}scheme"

_SPANS = "SELECT account, min(seq), max(seq) FROM {p}leg WHERE scheme = ? GROUP BY account"

_LEGS = """SELECT seq, amount, posted, outgoing, incoming FROM {p}leg
           WHERE scheme = ? AND account = ? AND (seq < ? OR seq > ?) ORDER BY seq"""

_EXISTS = "SELECT 1 FROM {p}entry WHERE scheme = ? AND id = {first} + ?"

_MISNUMBERED = "SELECT id - {first}, seq FROM {p}entry WHERE scheme = ? AND id <> {first} + seq"

_REPEATED = """SELECT %s, max(id) - {first} FROM {p}entry
               WHERE scheme = ? AND %s IS NOT NULL GROUP BY %s HAVING count(*) > 1"""

_TABLES = ("account", "terms", "entry", "leg", "coupon")


class _Strays:
    def __init__(self, pages: Pages, end: int, findings: Findings) -> None:
        self._pages = pages
        self._end = end
        self._findings = findings

    def counts(self) -> dict[str, int]:
        """Number of rows of each table; those of schemes that do not exist are noted."""
        schemes = {row[0] for row in self._pages.table(_SCHEMES, "scheme") or ()}
        own = {}
        for table in _TABLES:
            for scheme, ours, count in self._pages.table(_COUNTS % table, table) or ():
                if ours:
                    own[table] = count
                elif scheme not in schemes:
                    self._findings.note("nobodys", None, table, n=count, scheme=scheme)
        return own

    def legs(self, accounts: Iterable[Account]) -> None:
        """Legs of accounts that do not exist, or of numbers no entry can have."""
        known = {account.no for account in accounts}
        for account, first, last in self._pages.table(_SPANS, "leg") or ():
            low, high = (1, self._end) if account in known else (1 << 62, 1 << 62)
            if type(first) is type(last) is int and low <= first and last <= high:
                continue
            for seq, *row in self._pages.ask(_LEGS, account, low, high) or ():
                if not self._later(seq):
                    place = f"leg {account}"
                    self._findings.note("unexplained", seq, place, found=worded(tuple(row)))

    def entries(self) -> None:
        """Entries whose number is not that of their id."""
        for by_id, seq in self._pages.table(_MISNUMBERED, "entry") or ():
            self._findings.note("misnumbered", by_id, "entry", found=seq)

    def repeated(self) -> None:
        """Keys and targets used twice."""
        for column, code in (("key", "key_repeated"), ("target", "closed_twice")):
            query = _REPEATED % (column, column, column)
            for value, seq in self._pages.table(query, "entry") or ():
                self._findings.note(code, seq, "entry", target=value)

    def left(self, account: Stored, terms: Stored, coupon: Stored) -> None:
        """Rows of the small tables that no entry wrote."""
        new = {key[0] for key, _ in terms.left() if self._later(key[1])}
        for (no,), row in account.left():
            if no not in new:
                place = f"account {row[0]}"
                self._findings.note("unexplained", None, place, found=worded((no, *row)))
        for table in (terms, coupon):
            for (name, seq), row in table.left():
                if not self._later(seq):
                    place = f"{table.table} {name}"
                    self._findings.note("unexplained", seq, place, found=worded(row))

    def _later(self, seq: Any) -> bool:
        """Whether the entry came while we read: its rows are for the next time."""
        later = isinstance(seq, int) and seq > self._end
        return later and bool(self._pages.ask(_EXISTS, seq))


def strays(
    pages: Pages,
    end: int,
    accounts: Iterable[Account],
    entries: int,
    legs: int,
    tables: tuple[Stored, Stored, Stored],
    findings: Findings,
) -> None:
    """Note what no entry up to number `end` explains.

    Parameters
    ----------
    pages
        Where rows are read.
    end
        Number of the last entry that was read.
    accounts
        Those the entries opened.
    entries, legs
        How many were read.
    tables
        Accounts, terms and coupons, less the rows the entries have explained.
    findings
        Where they are noted.
    """
    check = _Strays(pages, end, findings)
    counts = check.counts()
    if counts.get("entry") != entries:
        check.entries()
    if counts.get("leg") != legs:
        check.legs(accounts)
    check.left(*tables)
    check.repeated()
