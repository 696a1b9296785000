"""Which entries the FEC of a fiscal year takes, and the day each is booked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.books.movements import happened, late_entries, moved
from msap_mobility.ledger.books.period import day_of
from msap_mobility.ledger.journal import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from msap_mobility.errors import Faults
    from msap_mobility.ledger.books.period import Period
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Written

__all__ = ["FecYear", "check_year"]

_FAR = 2**62


def check_year(
    period: Period, closed: datetime | None, earlier_closed: datetime | None, faults: Faults
) -> None:
    """Note what is wrong with a fiscal year: its days, or the order of its closings."""
    for column, instant in (("closed", closed), ("earlier_closed", earlier_closed)):
        if instant is not None and instant.tzinfo is None:
            faults.add("instant_without_zone", column=column, value=instant.isoformat())
            return
    if not period.whole_days:
        faults.add("fec_period", column="period", value=period.told("en"))
        return
    for column, instant, end in (
        ("closed", closed, period.until),
        ("earlier_closed", earlier_closed, period.since),
    ):
        if instant is not None and end is not None and instant < end:
            faults.add("closed_too_soon", column=column, value=instant, end=end)
    if closed is not None and earlier_closed is not None and closed < earlier_closed:
        faults.add("closed_too_soon", column="closed", value=closed, end=earlier_closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FecYear:
    """The entries of a fiscal year.

    Parameters
    ----------
    since, until
        Microseconds since 1970 UTC, the second not included.
    first_day, last_day
        Civil days of France.
    reopened
        Late paper of earlier years that is written from then on is taken in; microseconds.
    top
        Number of the last entry that counts: none is written into a closed year.
    carried
        Number of the last entry the opening balances know of.
    """

    since: int
    until: int
    first_day: date
    last_day: date
    reopened: int
    top: int
    carried: int

    @classmethod
    def of(
        cls,
        reader: Reader,
        period: Period,
        closed: datetime | None,
        earlier_closed: datetime | None,
    ) -> FecYear:
        """The year of a period that `check_year` has passed."""
        head = reader.head().seq
        top = head if closed is None else reader.seq_at(microseconds(closed) - 1)
        reopened = _FAR if earlier_closed is None else microseconds(earlier_closed)
        since, until, first, last = period.since, period.until, period.first_day, period.last_day
        if since is None or until is None or first is None or last is None:
            raise BrokenInvariant("a fiscal year has whole days", period=period)
        return cls(
            since=microseconds(since),
            until=microseconds(until),
            first_day=first,
            last_day=last,
            reopened=reopened,
            top=top,
            carried=min(top, reader.seq_at(reopened - 1)),
        )

    def entries(self, reader: Reader) -> Iterator[Written]:
        """Its entries that moved something, in the order written."""
        last = min(reader.seq_at(self.until - 1), self.top)
        for written in reader.entries(reader.seq_at(self.since - 1)):
            if written.seq > last:
                break
            if moved(written) and self._takes(written):
                yield written
        for written in late_entries(reader, -_FAR, self.until, last, self.top):
            if moved(written) and self._takes(written):
                yield written

    def booked(self, written: Written) -> date:
        """The day an entry is booked on, always of this year."""
        if happened(written) >= self.since:
            return day_of(happened(written))
        return min(day_of(written.recorded), self.last_day)

    def _takes(self, written: Written) -> bool:
        return happened(written) >= self.since or written.recorded >= self.reopened
