"""Random rhythms, every kind of rule, policy and exception."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from msap_mobility.calendar import (
    EveryWeek,
    Hours,
    IsoWeeks,
    LastDay,
    MonthlyWeekday,
    Rhythm,
)
from msap_mobility.errors import InputError

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from msap_mobility.calendar import DayRule

dates: SearchStrategy[date] = st.dates(date(2024, 1, 1), date(2028, 8, 31))
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
nths = st.sets(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1).map(
    lambda found: tuple(sorted(found, key=lambda n: (n < 0, n)))
)

weekly: SearchStrategy[DayRule] = st.builds(
    EveryWeek, weekdays=weekdays, anchor=st.none() | dates
) | st.builds(EveryWeek, weekdays=weekdays, interval=st.integers(2, 9), anchor=dates)
iso_weeks: SearchStrategy[DayRule] = st.builds(
    IsoWeeks, weekdays=weekdays, parity=st.sampled_from(["odd", "even"])
)
monthly: SearchStrategy[DayRule] = st.builds(MonthlyWeekday, weekday=st.integers(0, 6), nth=nths)
rules: SearchStrategy[DayRule] = st.one_of(weekly, iso_weeks, monthly, st.just(LastDay()))


@st.composite
def hours_of_day(draw: DrawFn, step_s: int = 1) -> tuple[Hours, ...]:
    """One to three intervals of one day, which may touch and may end at midnight."""
    marks = draw(st.sets(st.integers(0, 86_400 // step_s), min_size=2, max_size=6))
    bounds = [mark * step_s for mark in sorted(marks)]
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    return tuple(Hours(start, end) for start, end in pairs)


@st.composite
def rhythms(draw: DrawFn, *, rule: SearchStrategy[DayRule] = rules) -> Rhythm:
    """Any rhythm that can be dated."""
    limits = sorted(draw(st.lists(dates, min_size=2, max_size=2)))
    first = draw(st.sampled_from([None, limits[0]]))
    last = draw(st.sampled_from([None, limits[1]]))
    singles = sorted(draw(st.sets(dates, max_size=4)))
    school = draw(st.sampled_from(["always", "term", "holidays"]))
    return Rhythm(
        rule=draw(rule),
        hours=draw(hours_of_day()),
        public_holidays=draw(st.sampled_from(["open", "skip"])),
        school=school,
        zone=None if school == "always" else draw(st.sampled_from(["A", "B", "C"])),
        first=first,
        last=last,
        except_dates=tuple(singles[::2]),
        extra_dates=tuple(singles[1::2]),
    )


def happens(rhythm: Rhythm) -> bool:
    """Whether the rule names a day within the limits, so that a calendar can begin."""
    try:
        rhythm.to_rrule()
    except InputError:
        return False
    return True
