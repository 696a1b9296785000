"""Civil days, months and years of France, and the stretch of time a book is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.journal import instant_of
from msap_mobility.wording import day, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["Period", "civil_day", "day_of", "midnight", "paris"]


@cache
def paris() -> ZoneInfo:
    """The legal time of mainland France (decree 2017-292 of 6 March 2017)."""
    return ZoneInfo("Europe/Paris")


def day_of(microseconds: int) -> date:
    """The civil day, in France, of an instant in microseconds since 1970 UTC.

    Examples
    --------
    >>> day_of(23 * 3600 * 1_000_000).isoformat()  # 23:00 UTC is past midnight in Paris
    '1970-01-02'
    """
    return civil_day(instant_of(microseconds))


def civil_day(instant: datetime) -> date:
    """The civil day of an instant in France."""
    return instant.astimezone(paris()).date()


def midnight(of: date) -> datetime:
    """When a civil day begins in France.

    Examples
    --------
    >>> midnight(date(2026, 7, 1)).isoformat()
    '2026-07-01T00:00:00+02:00'
    """
    return datetime(of.year, of.month, of.day, tzinfo=paris())


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From an instant to another, the second not included.

    Parameters
    ----------
    since, until
        With a timezone; None is without end on that side.

    Raises
    ------
    InputError
        If an instant has no timezone, or the end is not after the beginning.

    Examples
    --------
    >>> period = Period.month(2026, 12)
    >>> period.first_day.isoformat(), period.last_day.isoformat(), period.told("en")
    ('2026-12-01', '2026-12-31', 'from 1 December 2026 to 31 December 2026')
    """

    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column, instant in (("since", self.since), ("until", self.until)):
                if instant is not None and instant.tzinfo is None:
                    faults.add("instant_without_zone", column=column, value=instant.isoformat())
            if not faults.found and self.since and self.until and self.until <= self.since:
                faults.add("period_reversed", value=str(self.until), since=str(self.since))

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """A civil month of France.

        Raises
        ------
        InputError
            If there is no such month.
        """
        try:
            first = date(year, month, 1)
            following = (first + timedelta(days=31)).replace(day=1)
        except (ValueError, OverflowError):
            raise InputError([Fault(code="no_such_month", value=f"{year}-{month}")]) from None
        return cls(since=midnight(first), until=midnight(following))

    @classmethod
    def year(cls, year: int) -> Self:
        """A civil year of France.

        Raises
        ------
        InputError
            If there is no such year.
        """
        first = cls.month(year, 1)
        return cls(since=first.since, until=cls.month(year, 12).until)

    @property
    def first_day(self) -> date | None:
        """The first civil day."""
        return None if self.since is None else civil_day(self.since)

    @property
    def last_day(self) -> date | None:
        """The last civil day that is at least begun."""
        if self.until is None:
            return None
        return civil_day(self.until - timedelta(microseconds=1))

    @property
    def whole_days(self) -> bool:
        """Whether both ends are there and stand at midnight in France."""
        ends = (self.since, self.until)
        return all(end is not None and midnight(civil_day(end)) == end for end in ends)

    def told(self, lang: Lang) -> str:
        """In words."""
        first, last = self.first_day, self.last_day
        since = say("books.period.beginning", lang) if first is None else day(first, lang)
        until = say("books.period.today", lang) if last is None else day(last, lang)
        return say("books.period.told", lang, since=since, until=until)

    def to_dict(self) -> dict[str, Any]:
        """JSON data: ISO instants, or null."""
        return {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        since, until = data["since"], data["until"]
        return cls(
            since=since and datetime.fromisoformat(since),
            until=until and datetime.fromisoformat(until),
        )
