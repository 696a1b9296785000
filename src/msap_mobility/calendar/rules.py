"""On which days something happens.

Each rule can list its dates, and its days of a cycle of weeks where it has any. Weekdays are
numbered from Monday, 0, to Sunday, 6, as Python does.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from msap_mobility.calendar.checks import check_choice, check_ordered
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.calendar.horizon import Cycle

__all__ = ["DayRule", "EveryWeek", "IsoWeeks", "LastDay", "MonthlyWeekday"]

LAST = -1
MOST_WEEKS = 53  # between two occurrences; also the longest cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryWeek:
    """Given weekdays (0 = Monday) of every `interval`-th week, from the week of `anchor` on.

    Parameters
    ----------
    weekdays
        In order, each once.
    interval
        1 to 53.
    anchor
        Any day of a week in which it happens, and before which it does not. Without it a longer
        `interval` can be laid on a cycle (week 0 is the first) but not on dates.

    Raises
    ------
    InputError
        ``not_in_order``, ``out_of_range``, ``nothing_given``.

    Examples
    --------
    >>> rule = EveryWeek(weekdays=(3,), interval=2, anchor=date(2027, 1, 4))
    >>> [day.isoformat() for day in rule.days(date(2026, 12, 1), date(2027, 1, 31))]
    ['2027-01-07', '2027-01-21']
    """

    weekdays: tuple[int, ...]
    interval: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_ordered(faults, "weekdays", self.weekdays, range(7))
            if not 1 <= self.interval <= MOST_WEEKS:
                faults.add(
                    "out_of_range",
                    column="interval",
                    value=self.interval,
                    least=1,
                    most=MOST_WEEKS,
                )

    def days(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, in order.

        Raises
        ------
        InputError
            ``anchor_needed``, if `interval` is above 1 and no week is named to count from.
        """
        if self.anchor is None and self.interval > 1:
            raise InputError([Fault(code="anchor_needed", column="anchor", value=self.interval)])
        anchor = monday(self.anchor or first).toordinal()
        weeks = max(0, (monday(first).toordinal() - anchor) // 7)
        start = anchor + 7 * self.interval * -(-weeks // self.interval)
        return _weekdays_from(start, self.weekdays, 7 * self.interval, first, last)

    def cycle_days(self, cycle: Cycle) -> tuple[int, ...] | None:
        """Days of the cycle; None unless `interval` divides it. `anchor` gives the phase only."""
        if cycle.weeks % self.interval:
            return None
        weeks = (monday(self.anchor) - cycle.start).days // 7 if self.anchor else 0
        return _cycle_days(range(weeks % self.interval, cycle.weeks, self.interval), self.weekdays)


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoWeeks:
    """Given weekdays of the odd or of the even ISO weeks: not every second week (53-week years).

    Parameters
    ----------
    weekdays
        0 = Monday, in order, each once.
    parity
        ``"odd"`` or ``"even"``, of the ISO 8601 week number.

    Raises
    ------
    InputError
        ``not_in_order``, ``out_of_range``, ``nothing_given``, ``unknown_choice``.

    Examples
    --------
    Week 53 of 2026 and week 1 of 2027 are both odd:

    >>> rule = IsoWeeks(weekdays=(1,), parity="odd")
    >>> [day.isoformat() for day in rule.days(date(2026, 12, 20), date(2027, 1, 20))]
    ['2026-12-29', '2027-01-05', '2027-01-19']
    """

    weekdays: tuple[int, ...]
    parity: Literal["odd", "even"]

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_ordered(faults, "weekdays", self.weekdays, range(7))
            check_choice(faults, "parity", self.parity, ("odd", "even"))

    def days(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, in order."""
        for day in _weekdays_from(monday(first).toordinal(), self.weekdays, 7, first, last):
            if self._holds(day.isocalendar().week):
                yield day

    def cycle_days(self, cycle: Cycle) -> tuple[int, ...] | None:
        """Days of the cycle; None if it has an odd number of weeks.

        The parity of week 0 is that of `cycle.start`, then odd and even alternate: an
        approximation, since two odd weeks meet after a year of 53 weeks.
        """
        if cycle.weeks % 2:
            return None
        week = cycle.start.isocalendar().week
        return _cycle_days(
            (number for number in range(cycle.weeks) if self._holds(week + number)), self.weekdays
        )

    def _holds(self, week: int) -> bool:
        return week % 2 == (self.parity == "odd")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyWeekday:
    """The `nth` such weekdays of each month: 1 to 5, or −1 for the last.

    Parameters
    ----------
    weekday
        0 = Monday.
    nth
        In order, −1 at the end. A month without a fifth such weekday is passed over.

    Raises
    ------
    InputError
        ``not_in_order``, ``out_of_range``, ``nothing_given``.

    Examples
    --------
    >>> rule = MonthlyWeekday(weekday=3, nth=(2,))
    >>> [day.isoformat() for day in rule.days(date(2026, 12, 1), date(2027, 1, 31))]
    ['2026-12-10', '2027-01-14']
    """

    weekday: int
    nth: tuple[int, ...]

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_ordered(faults, "weekday", (self.weekday,), range(7))
            check_ordered(faults, "nth", self.nth, (1, 2, 3, 4, 5, LAST))

    def days(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, in order."""
        for month_first in _months(first, last):
            ahead = (self.weekday - month_first.weekday()) % 7
            length = month_length(month_first)
            numbers = range(ahead + 1, length + 1, 7)
            chosen = {numbers[n - 1 if n > 0 else n] for n in self.nth if n <= len(numbers)}
            yield from _within((month_first.replace(day=n) for n in sorted(chosen)), first, last)

    def cycle_days(self, cycle: Cycle) -> tuple[int, ...] | None:
        """Days of a four-week cycle, a planner's month; None on another, or if `nth` has −1.

        Week k stands for the k-th such weekday; a fifth never comes.
        """
        if cycle.weeks != 4 or LAST in self.nth:
            return None
        return _cycle_days((n - 1 for n in self.nth if n <= 4), (self.weekday,))


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The last day of each month.

    Examples
    --------
    >>> [day.isoformat() for day in LastDay().days(date(2024, 2, 1), date(2024, 3, 31))]
    ['2024-02-29', '2024-03-31']
    """

    def days(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, in order."""
        ends = (month.replace(day=month_length(month)) for month in _months(first, last))
        return _within(ends, first, last)

    def cycle_days(self, cycle: Cycle) -> None:  # noqa: ARG002 - the rules share one face
        """None: a cycle of weeks has no month."""
        return


DayRule = EveryWeek | IsoWeeks | MonthlyWeekday | LastDay
"""Which days: one of the four rules."""


def monday(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def month_length(day: date) -> int:
    """Number of days in the month of `day`."""
    return monthrange(day.year, day.month)[1]


def _weekdays_from(
    week: int, weekdays: Sequence[int], step: int, first: date, last: date
) -> Iterator[date]:
    """The weekdays of the week of Monday `week` and of each `step` days later, within limits.

    `week` is an ordinal: near the end of the calendar it may name no date.
    """
    begin, end = first.toordinal(), last.toordinal()
    days = (start + weekday for start in range(week, end + 1, step) for weekday in weekdays)
    return (date.fromordinal(day) for day in days if begin <= day <= end)


def _within(days: Iterable[date], first: date, last: date) -> Iterator[date]:
    return (day for day in days if first <= day <= last)


def _months(first: date, last: date) -> Iterator[date]:
    """The first day of each month from that of `first` to that of `last`."""
    for number in range(12 * first.year + first.month - 1, 12 * last.year + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _cycle_days(weeks: Iterable[int], weekdays: Sequence[int]) -> tuple[int, ...]:
    return tuple(7 * week + weekday for week in weeks for weekday in weekdays)
