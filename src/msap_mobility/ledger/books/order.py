"""The two orders of an account's lines: as they were written, and as they happened.

As written, everything lies under the primary key of the legs (scheme, account, number): the lines
of a page stand together, and the balance before them in the leg that precedes.

As happened, an entry stands at its `effective` instant, or at its `recorded` one if it has none.
Two facts spare us an index on that. Nothing happens after it is recorded, so whatever was recorded
before an instant happened before it too; and all but late paper happens when it is recorded, so
all but late paper is in the order of the numbers already. Hence:

- the balance at an instant = the balance as it was written then (one leg, O(log n)) + what was
  written later and had happened by then: late entries only, found by the partial index on
  `effective`;
- the lines of a stretch = the legs between two numbers, less late entries, merged with the late
  entries of that stretch.

Cost: O(log n + page + late entries).
"""

from __future__ import annotations

from heapq import merge
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any, Literal, Protocol

from msap_mobility.ledger.journal import Line, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.ledger.reading import Reader

__all__ = ["BEGINNING", "By", "Effective", "Mark", "Order", "Recorded", "order_of"]

By = Literal["effective", "recorded"]

Mark = tuple[int, int]
"""A place in an order: after everything up to this (instant, number). As written the instant is
of no account."""

BEGINNING: Mark = (-(2**62), 0)
"""Before everything, in either order."""

_BEYOND = 2**62
"""Past every instant, and past every count of lines."""

_LAST = 2**40 - 1
"""The greatest number an entry can have."""

_LINE = "l.seq, e.key, e.kind, e.ref, e.recorded, e.effective, l.amount, l.posted"

_JOIN = "{p}leg l CROSS JOIN {p}entry e WHERE e.id = {first} + l.seq AND"

# CROSS JOIN tells SQLite to take the tables in this order: the late entries first, then their legs.
# Numbers are told by id, which stands in the index: entries out of question are not looked at.
_LATE_JOIN = (
    "{p}entry e CROSS JOIN {p}leg l WHERE l.scheme = e.scheme AND l.seq = e.id - {first} AND"
    " e.effective IS NOT NULL AND"
)

_WRITTEN = f"""
    SELECT {_LINE} FROM {_JOIN} l.scheme = ? AND l.account = ? AND l.seq > ? AND l.seq <= ?
    AND l.amount <> 0 ORDER BY l.seq LIMIT ?"""

_TIMELY = f"""
    SELECT {_LINE} FROM {_JOIN} l.scheme = ? AND l.account = ? AND l.seq > ? AND l.seq <= ?
    AND l.amount <> 0 AND e.effective IS NULL ORDER BY l.seq LIMIT ?"""

_LATE = f"""
    SELECT {_LINE} FROM {_LATE_JOIN} e.scheme = ? AND l.account = ? AND l.amount <> 0
    AND (e.effective, e.id) > (?, {{first}} + ?) AND (e.effective, e.id) <= (?, {{first}} + ?)
    AND e.id <= {{first}} + ? ORDER BY e.effective, e.id LIMIT ?"""

_LATE_SUM = f"""
    SELECT coalesce(sum(l.amount), 0) FROM {_LATE_JOIN} e.scheme = ? AND l.account = ?
    AND (e.effective, e.id) <= (?, {{first}} + ?)
    AND e.id > {{first}} + ? AND e.id <= {{first}} + ?"""


class Order(Protocol):
    """An order of the lines of any account of a scheme; a mark is a place in it."""

    def before(self, instant: int | None) -> Mark:
        """The place before all that is at this instant or later."""

    def behind(self, seq: int) -> Mark:
        """The place just behind entry number `seq`."""

    def balance(self, account: int, mark: Mark) -> int:
        """What the account number `account` holds at a place."""

    def lines(self, account: int, first: Mark, last: Mark, limit: int | None) -> list[Line]:
        """The lines between two places, no more than `limit`."""


class Recorded:
    """Lines in the order they were written.

    Parameters
    ----------
    reader
        Reads the scheme.
    top
        Number of the last entry that counts; what is written meanwhile changes nothing.
    """

    def __init__(self, reader: Reader, top: int) -> None:
        self._reader = reader
        self._top = top

    def before(self, instant: int | None) -> Mark:
        """The place before all that was written at this instant or later; None is the end."""
        if instant is None:
            return 0, self._top
        return 0, min(self._reader.seq_at(instant - 1), self._top)

    def behind(self, seq: int) -> Mark:
        """The place just behind entry number `seq`."""
        return 0, min(seq, self._top)

    def balance(self, account: int, mark: Mark) -> int:
        """What the account held once everything up to there was written."""
        return int(self._reader.balance_in(account, mark[1])[0])

    def lines(self, account: int, first: Mark, last: Mark, limit: int | None) -> list[Line]:
        """The lines between two places, in O(log n + page)."""
        most = _BEYOND if limit is None else limit
        return [_line(row) for row in self._reader.rows(_WRITTEN, account, first[1], last[1], most)]


class Effective:
    """Lines in the order things happened; late paper stands where it belongs.

    Parameters
    ----------
    reader, top
        As for `Recorded`.
    """

    def __init__(self, reader: Reader, top: int) -> None:
        self._reader = reader
        self._top = top

    def before(self, instant: int | None) -> Mark:
        """The place before all that happened at this instant or later; None is the end."""
        return (_BEYOND, self._top) if instant is None else (instant - 1, _LAST)

    def behind(self, seq: int) -> Mark:
        """The place just behind entry number `seq`."""
        written = self._reader.numbered(seq)
        if written is None:
            return _BEYOND, self._top
        effective = written.entry.effective
        return (written.recorded if effective is None else effective), seq

    def balance(self, account: int, mark: Mark) -> int:
        """What the account held once everything up to there had happened."""
        timely = self._timely(mark)
        late = self._reader.rows(_LATE_SUM, account, *mark, timely, self._top)[0][0]
        return int(self._reader.balance_in(account, timely)[0]) + int(late)

    def lines(self, account: int, first: Mark, last: Mark, limit: int | None) -> list[Line]:
        """The lines between two places, each with the balance this order gives it."""
        most = _BEYOND if limit is None else limit
        read = self._reader.rows
        timely = read(_TIMELY, account, self._timely(first), self._timely(last), most)
        late = read(_LATE, account, *first, *last, self._top, most)
        rows = islice(merge(timely, late, key=_happened), limit)
        return _balanced(rows, self.balance(account, first))

    def _timely(self, mark: Mark) -> int:
        """Number of the last entry written up to there: none before it happened any later.

        Numbers grow with the instant written, and entries of one commit share theirs: of those at
        the very instant of the mark, only those up to its number count.
        """
        instant, seq = mark
        found = self._reader.seq_at(instant)
        if found > seq:
            found = max(seq, self._reader.seq_at(instant - 1))
        return min(found, self._top)


def order_of(by: By, reader: Reader, top: int | None = None) -> Order:
    """The order of lines asked for, of what the journal holds now, or up to number `top`."""
    last = reader.head().seq
    top = last if top is None else min(top, last)
    return Effective(reader, top) if by == "effective" else Recorded(reader, top)


def _happened(row: tuple[Any, ...]) -> tuple[int, int]:
    seq, recorded, effective = row[0], row[4], row[5]
    return (recorded if effective is None else effective), seq


def _balanced(rows: Iterable[tuple[Any, ...]], opening: int) -> list[Line]:
    kept = list(rows)
    balances = islice(accumulate((row[6] for row in kept), initial=opening), 1, None)
    return [_line((*row[:7], held)) for row, held in zip(kept, balances, strict=True)]


def _line(row: tuple[Any, ...]) -> Line:
    seq, key, kind, ref, recorded, effective, amount, balance = row
    written = instant_of(recorded)
    return Line(
        seq=seq,
        key=key,
        kind=kind,
        ref=ref,
        recorded=written,
        effective=written if effective is None else instant_of(effective),
        amount=amount,
        balance=balance,
    )
