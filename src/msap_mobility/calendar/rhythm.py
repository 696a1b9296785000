"""When something happens, again and again: the rule of days and the hours on those days.

`Rhythm` is what a villager calls "every second Thursday from 13:30 to 16:30, not on holidays".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, Self

from msap_mobility.calendar import french_days, notation, recurrence, sentence
from msap_mobility.calendar.checks import check_ascending, check_choice
from msap_mobility.calendar.horizon import Cycle
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from msap_mobility.calendar.horizon import Horizon, Span
    from msap_mobility.calendar.hours import Hours
    from msap_mobility.calendar.recurrence import RecurrenceText
    from msap_mobility.calendar.rules import DayRule
    from msap_mobility.wording import Lang

__all__ = ["Rhythm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A rule of days, the hours on those days, and the exceptions.

    A date is kept when the rule names it, it lies between `first` and `last`, no policy and no
    exception takes it out, or when it is one of `extra_dates`, whatever the rest says.

    Parameters
    ----------
    rule
        Which days.
    hours
        One or more intervals a day, sorted, not overlapping.
    public_holidays
        ``"open"`` or ``"skip"`` (French public holidays).
    school
        ``"always"``, ``"term"`` (outside the school holidays) or ``"holidays"``, for `zone`.
    zone
        School zone ``"A"``, ``"B"`` or ``"C"``; given if, and only if, `school` is not
        ``"always"``.
    first, last
        Dates between which the rhythm is valid; None = no limit.
    except_dates, extra_dates
        Dates taken out, and put in; ascending, no date in both.

    Raises
    ------
    InputError
        With every fault: ``nothing_given``, ``not_in_order``, ``hours_overlap``,
        ``unknown_choice``, ``zone_needed``, ``zone_not_used``, ``ends_before_start``,
        ``both_in_and_out``.

    Examples
    --------
    >>> from datetime import date
    >>> rhythm = Rhythm.of("2nd Th 13:30-16:30 not on public holidays")
    >>> [day.isoformat() for day in rhythm.dates(date(2026, 4, 1), date(2026, 6, 30))]
    ['2026-04-09', '2026-06-11']
    >>> print(rhythm.describe("en"))
    the second Thursday of the month, from 1:30 pm to 4:30 pm, except on public holidays
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

    def __post_init__(self) -> None:
        with Faults() as faults:
            self._check_hours(faults)
            self._check_policies(faults)
            self._check_dates(faults)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read the compact text of a timetable's `rhythm` column (see `calendar.notation`).

        Raises
        ------
        InputError
            ``not_a_rhythm`` with the part not understood, ``not_a_date``, and as the constructor.

        Examples
        --------
        >>> Rhythm.of("un jeudi sur deux à partir du 04/01/2027, 13h30-16h30").text()
        'every 2 weeks from 2027-01-04 Th 13:30-16:30'
        """
        return cls(**notation.read(text))

    def text(self) -> str:
        """The compact text, which `of` reads back to an equal rhythm."""
        return notation.write(self)

    def describe(self, lang: Lang = "en") -> str:
        """The sentence for a villager.

        Examples
        --------
        >>> Rhythm.of("Mo,We 9:00-12:00,14:00-17:00").describe("fr")
        'chaque lundi et mercredi, de 9 h 00 à 12 h 00 et de 14 h 00 à 17 h 00'
        """
        return sentence.describe(self, lang)

    def to_rrule(self, *, since: date | None = None, until: date | None = None) -> RecurrenceText:
        """The rhythm as iCalendar says it, without loss (see `calendar.recurrence`).

        Parameters
        ----------
        since, until
            Stretch of dates to publish; the rhythm's own limits are kept beside.

        Raises
        ------
        InputError
            ``never_happens`` if the rule names no date of the stretch, ``anchor_needed``.

        Examples
        --------
        >>> Rhythm.of("2nd Th 13:30-16:30").to_rrule().rrule
        'FREQ=MONTHLY;BYDAY=2TH'
        """
        return recurrence.write(self, since=since, until=until)

    @classmethod
    def from_rrule(cls, text: RecurrenceText) -> Self:
        """The rhythm that `to_rrule` wrote, or that a foreign calendar says.

        Raises
        ------
        InputError
            ``rrule_part`` for every part that a rhythm cannot hold, and as the constructor.

        Examples
        --------
        >>> rhythm = Rhythm.of("odd weeks Tu 9:00-12:00 school term zone B")
        >>> Rhythm.from_rrule(rhythm.to_rrule()) == rhythm
        True
        """
        return cls(**recurrence.read(text))

    def dates(self, first: date, last: date) -> Iterator[date]:
        """The dates from `first` to `last`, both included, in order.

        Raises
        ------
        InputError
            ``anchor_needed`` (every n-th week, counted from no week), ``beyond_school_data``
            (`school` is given, and the stretch lies outside the known school calendars).
        """
        chosen = {day for day in self.extra_dates if first <= day <= last}
        begin = max(first, self.first or first)
        end = min(last, self.last or last)
        if begin <= end:
            if self.school != "always":
                french_days.check_school_dates(begin, end)
            out = frozenset(self.except_dates)
            chosen.update(
                day for day in self.rule.days(begin, end) if day not in out and self.admits(day)
            )
        return iter(sorted(chosen))

    def admits(self, day: date) -> bool:
        """Whether the policies for public holidays and school holidays leave `day` in.

        Raises
        ------
        InputError
            ``beyond_school_data``, as `dates`.
        """
        if self.public_holidays == "skip" and french_days.is_public_holiday(day):
            return False
        if self.school == "always" or self.zone is None:
            return True
        return french_days.is_school_holiday(day, self.zone) == (self.school == "holidays")

    def intervals(self, horizon: Horizon) -> Iterator[tuple[int, int]]:
        """Start and end of each opening on a horizon's axis (see `calendar.horizon`), in order.

        On a `Span` the seconds are exact, daylight saving included; an interval that the clocks
        skip whole does not happen. On a `Cycle` only the rule and the hours count: public and
        school holidays, `first`, `last`, exceptions and extra dates belong to dates, which a
        cycle has not.

        Raises
        ------
        InputError
            ``not_on_this_cycle``, and on a span as `dates`.

        Examples
        --------
        >>> list(Rhythm.of("Tu 9:00-12:00").intervals(Cycle(weeks=1)))
        [(118800, 129600)]
        """
        if isinstance(horizon, Cycle):
            return self._on_cycle(horizon)
        return self._on_span(horizon)

    def _on_cycle(self, cycle: Cycle) -> Iterator[tuple[int, int]]:
        days = self.rule.cycle_days(cycle)
        if days is None:
            fault = Fault(code="not_on_this_cycle", value=self.text(), details={"n": cycle.weeks})
            raise InputError([fault])
        return (
            (cycle.second(day, hours.start_s), cycle.second(day, hours.end_s))
            for day in days
            for hours in self.hours
        )

    def _on_span(self, span: Span) -> Iterator[tuple[int, int]]:
        bounds = (
            (span.second(day, hours.start_s), span.second(day, hours.end_s))
            for day in self.dates(span.first, span.last)
            for hours in self.hours
        )
        return ((start_s, end_s) for start_s, end_s in bounds if start_s < end_s)

    def _check_hours(self, faults: Faults) -> None:
        if not self.hours:
            faults.add("nothing_given", column="hours")
        for earlier, later in pairwise(self.hours):
            if later < earlier:
                faults.add("not_in_order", column="hours", value=later.text())
            elif later.start_s < earlier.end_s:
                faults.add(
                    "hours_overlap", column="hours", value=later.text(), other=earlier.text()
                )

    def _check_policies(self, faults: Faults) -> None:
        check_choice(faults, "public_holidays", self.public_holidays, ("open", "skip"))
        check_choice(faults, "school", self.school, ("always", "term", "holidays"))
        if self.zone is not None:
            check_choice(faults, "zone", self.zone, ("A", "B", "C"))
        if self.school != "always" and self.zone is None:
            faults.add("zone_needed", column="zone", value=self.school)
        if self.school == "always" and self.zone is not None:
            faults.add("zone_not_used", column="zone", value=self.zone)

    def _check_dates(self, faults: Faults) -> None:
        if self.first and self.last and self.last < self.first:
            faults.add("ends_before_start", column="last", value=self.last, start=self.first)
        check_ascending(faults, "except_dates", self.except_dates)
        check_ascending(faults, "extra_dates", self.extra_dates)
        for day in sorted(set(self.except_dates) & set(self.extra_dates)):
            faults.add("both_in_and_out", column="extra_dates", value=day.isoformat())
