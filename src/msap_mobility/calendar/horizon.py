"""The stretch of time a calendar is laid on: a cycle of whole weeks, or a span of dates.

Instants become integer seconds here, and only here:

- on a `Cycle` they count from Monday 00:00 of its first week, local wall-clock time (a cycle knows
  no daylight saving);
- on a `Span` they are UTC seconds since 1970-01-01 (POSIX), so that daylight saving is exact.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msap_mobility.errors import Faults
from msap_mobility.units import DAY_S, WEEK_S

__all__ = ["Cycle", "Horizon", "Span"]

PARIS = "Europe/Paris"
_DAY = timedelta(days=1)
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)  # clocks on the wall are known, or guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """`weeks` weeks that repeat for ever; day 0 is the Monday of the first week.

    A four-week cycle is also the `month` of a planner: week k is the k-th such weekday of the
    month, and fifth weekdays are idle.

    Parameters
    ----------
    weeks
        At least 1.
    start
        The Monday on which a first week begins, for publishing dates; 1900 to 2999.
    tz
        IANA zone of the clock on the wall.

    Examples
    --------
    >>> Cycle(weeks=2).period_s
    1209600
    """

    weeks: int
    start: date = date(2027, 1, 4)
    tz: str = PARIS

    def __post_init__(self) -> None:
        with Faults() as faults:
            if not 1 <= self.weeks <= 53:
                faults.add("out_of_range", column="weeks", value=self.weeks, least=1, most=53)
            if self.start.weekday() != 0:
                faults.add("not_a_monday", column="start", value=self.start.isoformat())
            _check_date(faults, "start", self.start)
            _check_tz(faults, self.tz)

    @property
    def period_s(self) -> int:
        """Length of the cycle in seconds."""
        return self.weeks * WEEK_S

    @property
    def start_s(self) -> int:
        """First second of the cycle: 0."""
        return 0

    @property
    def end_s(self) -> int:
        """First second after the cycle."""
        return self.period_s

    @property
    def length_s(self) -> int:
        """Length in seconds: the period."""
        return self.period_s

    @property
    def days(self) -> int:
        """Number of days in the cycle."""
        return 7 * self.weeks

    def second(self, day: int, clock_s: int) -> int:
        """Seconds from the cycle's start to `clock_s` on day `day` of the cycle."""
        return day * DAY_S + clock_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The dates from `first` to `last`, both included.

    Parameters
    ----------
    first, last
        Local dates, 1900 to 2999.
    tz
        IANA zone of the clock on the wall.

    Examples
    --------
    >>> year = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
    >>> year.days, year.length_s == 365 * 86400
    (365, True)
    """

    first: date
    last: date
    tz: str = PARIS

    def __post_init__(self) -> None:
        with Faults() as faults:
            if self.last < self.first:
                faults.add(
                    "ends_before_start",
                    column="last",
                    value=self.last.isoformat(),
                    start=self.first.isoformat(),
                )
            _check_date(faults, "first", self.first)
            _check_date(faults, "last", self.last)
            _check_tz(faults, self.tz)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.tz)

    @property
    def days(self) -> int:
        """Number of dates."""
        return (self.last - self.first).days + 1

    @property
    def start_s(self) -> int:
        """First second of the span (POSIX)."""
        return self.second(self.first, 0)

    @property
    def end_s(self) -> int:
        """First second after the span (POSIX)."""
        return self.second(self.last, DAY_S)

    @property
    def length_s(self) -> int:
        """Length in real seconds: a year has as many hours with daylight saving as without."""
        return self.end_s - self.start_s

    def second(self, day: date, clock_s: int) -> int:
        """POSIX second at which the wall clock shows `clock_s` on `day` (24:00 = next midnight).

        A time that the clock shows twice (end of summer time) is the first one. A time that it
        skips (start of summer time) is the moment of the jump, so that a later time of the wall
        clock is never an earlier second.

        Examples
        --------
        >>> spring = Span(first=date(2026, 3, 29), last=date(2026, 3, 29))
        >>> spring.length_s // 3600
        23
        >>> spring.second(spring.first, 9000) == spring.second(spring.first, 10800)
        True
        """
        days, rest_s = divmod(clock_s, DAY_S)
        day += timedelta(days=days)
        midnight = _midnight_of_24_hours(self.tz, day)
        if midnight is not None:
            return midnight + rest_s
        local = datetime.combine(day, time(), tzinfo=self.zone) + timedelta(seconds=rest_s)
        first, second = (_posix(local.replace(fold=fold)) for fold in (0, 1))
        return first if first <= second else self._jump(second, first)

    def instant(self, second: int) -> datetime:
        """The aware datetime of a POSIX second, in this span's zone."""
        return datetime.fromtimestamp(second, tz=UTC).astimezone(self.zone)

    def _jump(self, before: int, after: int) -> int:
        """The second between the two from which the clock is no longer as at `before`."""
        old = self.instant(before).utcoffset()
        moments = range(before, after + 1)
        return moments[bisect(moments, 0, key=lambda at: self.instant(at).utcoffset() != old)]


Horizon = Cycle | Span


def _check_tz(faults: Faults, tz: str) -> None:
    try:
        ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        faults.add("unknown_tz", column="tz", value=tz)


def _check_date(faults: Faults, column: str, day: date) -> None:
    if not _FIRST <= day <= _LAST:
        faults.add(
            "out_of_range",
            column=column,
            value=day.isoformat(),
            least=_FIRST.isoformat(),
            most=_LAST.isoformat(),
        )


@lru_cache(maxsize=4096)
def _midnight_of_24_hours(tz: str, day: date) -> int | None:
    """POSIX second of midnight, if the clock on the wall runs evenly through the day."""
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(tz))
    bounds = {
        _posix(at.replace(fold=fold)) for at in (midnight, midnight + _DAY) for fold in (0, 1)
    }
    return min(bounds) if max(bounds) - min(bounds) == DAY_S and len(bounds) == 2 else None


def _posix(moment: datetime) -> int:
    return int(moment.timestamp())
