"""Reads a scheme from its first entry to its last and holds every row to what the entries say.

It is the independent reader of the journal: it shares no rule and no text with what writes it. The
balances it checks are its own sums; the tables are only compared with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.proof.accounts import Account, Accounts
from msap_mobility.ledger.proof.chain import BEFORE_FIRST, link
from msap_mobility.ledger.proof.legs import LegCheck
from msap_mobility.ledger.proof.pages import Pages
from msap_mobility.ledger.proof.phases import Phases
from msap_mobility.ledger.proof.stored import Stored
from msap_mobility.ledger.proof.strays import strays

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.proof.chain import Row
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.reading import Reader

__all__ = ["Audit"]

_WRONG_TYPE = (TypeError, ValueError, AttributeError, OverflowError)
"""What a column raises that does not hold what it must."""

_PLAIN = ("post", None, None, None)

_STOOD = """SELECT l.account, l.posted, l.outgoing, l.incoming
            FROM {p}account a CROSS JOIN {p}leg l
            WHERE a.scheme = ? AND l.scheme = a.scheme AND l.account = a.account AND l.seq = (
                SELECT max(seq) FROM {p}leg
                WHERE scheme = a.scheme AND account = a.account AND seq < ?)"""


class Audit:
    """One reading of a scheme.

    Parameters
    ----------
    reader, name
        Of the scheme.
    findings
        Where what is wrong is noted.
    progress
        Called with the number of entries read and of all.
    """

    def __init__(
        self,
        reader: Reader,
        name: str,
        findings: Findings,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.entries = self.legs = 0
        self.head = BEFORE_FIRST
        self._name = name
        self._findings = findings
        self._progress = progress
        self._pages = pages = Pages(reader, findings)
        # What is added while we read is left for the next time: the end first, then the tables.
        self.end = pages.last()
        account = Stored(pages, "account", "account", "id, asset, holder, weight", findings)
        terms = Stored(pages, "terms", "account, seq", "floor, ceiling, closed", findings)
        coupon = Stored(pages, "coupon", "serial, seq", "state", findings)
        self._tables = account, terms, coupon
        self._accounts = Accounts(account, terms, findings)
        self._phases = Phases(self._accounts, coupon, pages, findings)
        self._legs = LegCheck(findings)
        self._recorded = -1 << 63
        self._previous = BEFORE_FIRST  # empty: the entry before is lost
        self._instead: str | None = None

    def run(self) -> None:
        """Read it all."""
        for rows in self._pages.entries(self.end):
            after = self._accounts.seq
            self._page(rows)
            self._compare(after)
            self.entries += len(rows)
            if self._progress is not None:
                self._progress(self.entries, self.end)
        self.head = self._previous or BEFORE_FIRST
        if self._accounts.seq < max(self.end, 1):
            self._findings.note("gap", self._accounts.seq + 1, "entry", last=max(self.end, 1))
        read = self._accounts.values(), self.entries, self.legs
        strays(self._pages, self.end, *read, self._tables, self._findings)

    def _page(self, rows: list[Row]) -> None:  # noqa: C901 - each call would cost a tenth
        """Follow entries one by one. This is the loop the speed of a verification lives in."""
        accounts, phases, lanes, name = (
            self._accounts,
            self._phases,
            self._accounts.lanes,
            self._name,
        )
        for row in rows:
            seq, _, _, phase, when, at, _, _, data, target, until, opened, marks, legs, stored = row
            if seq != accounts.seq + 1:
                self._gap(seq)
            accounts.seq = seq
            try:
                if at < self._recorded:
                    self._findings.note("time_back", seq, "entry")
                self._recorded = at
                if at >= phases.next_end and phase != "expire":
                    phases.overdue(at)
                if link(self._previous, name, row) != stored:
                    self._unlinked(row)
                self._previous = stored.hex()
                if data or opened or marks or (phase, when, target, until) != _PLAIN:
                    legs = phases.take(row)
                for line in legs.split("\n") if legs else ():
                    account, _, units = line.partition("\t")
                    amount = int(units)
                    held = accounts[account]
                    posted = held.posted = held.posted + amount
                    if not held.low <= posted <= held.high:
                        accounts.outside(held)
                    lanes[held.lane] += amount
                    held.note((held.no, seq, amount, posted, held.outgoing, held.incoming))
                if any(lanes):
                    accounts.settle()
            except _WRONG_TYPE as error:
                self._findings.note("not_readable", seq, "entry", said=repr(error))
                lanes[:] = [0] * len(lanes)

    def _gap(self, number: int) -> None:
        """Note that entries are missing before `number`, and go on from what is stored."""
        self._findings.note("gap", self._accounts.seq + 1, "entry", last=number - 1)
        self._previous = ""
        self._accounts.resume(self._pages.ask(_STOOD, number) or ())

    def _unlinked(self, row: Row) -> None:
        """Note a link that does not fit, unless it is the link before that was changed."""
        instead, self._instead = self._instead, None
        if not self._previous:
            return
        if instead is not None and link(instead, self._name, row) == row[14]:
            return
        self._findings.note("link_broken", row[0], "entry")
        self._instead = link(self._previous, self._name, row).hex()

    def _compare(self, after: int) -> None:
        """Hold the table of legs to the legs of the entries since number `after`."""
        accounts = sorted((each for each in self._accounts.values() if each.no), key=_number)
        expected: list[Row] = []
        for account in accounts:
            expected += account.rows
        found, unread = self._pages.legs(after, self._accounts.seq, accounts)
        names = {account.no: account.id for account in accounts}
        self._legs.compare(expected, found, names, unread)
        self.legs += len(found)
        for account in accounts:
            account.rows.clear()


def _number(account: Account) -> int:
    return account.no
