"""When something happens, again and again: the rule of days and the hours on those days.

`Rhythm` is what a villager calls "every second Thursday from 13:30 to 16:30, not on holidays".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

__all__ = ["DayRule", "EveryWeek", "Hours", "IsoWeeks", "LastDay", "MonthlyWeekday", "Rhythm"]


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One interval of a day, in seconds since local midnight; the end is not included."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryWeek:
    """Given weekdays (0 = Monday) of every `interval`-th week, from the week of `anchor` on."""

    weekdays: tuple[int, ...]
    interval: int = 1
    anchor: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsoWeeks:
    """Given weekdays of the odd or of the even ISO weeks: not every second week (53-week years)."""

    weekdays: tuple[int, ...]
    parity: Literal["odd", "even"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyWeekday:
    """The `nth` such weekdays of each month: 1 to 5, or −1 for the last."""

    weekday: int
    nth: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """The last day of each month."""


DayRule = EveryWeek | IsoWeeks | MonthlyWeekday | LastDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A rule of days, the hours on those days, and the exceptions.

    Parameters
    ----------
    rule
        Which days.
    hours
        One or more intervals a day, sorted, not overlapping.
    public_holidays
        ``"open"`` or ``"skip"`` (French public holidays).
    school
        ``"always"``, ``"term"`` (school days only) or ``"holidays"``, for `zone`.
    zone
        School zone ``"A"``, ``"B"`` or ``"C"``; needed unless `school` is ``"always"``.
    first, last
        Dates between which the rhythm is valid; None = no limit.
    except_dates, extra_dates
        Dates taken out, and put in.
    """

    rule: DayRule
    hours: tuple[Hours, ...]
    public_holidays: Literal["open", "skip"] = "open"
    school: Literal["always", "term", "holidays"] = "always"
    zone: Literal["A", "B", "C"] | None = None
    first: date | None = None
    last: date | None = None
    except_dates: tuple[date, ...] = field(default=())
    extra_dates: tuple[date, ...] = field(default=())
