"""Dates of every rule, beside dateutil's own reading of RFC 5545."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle, EveryWeek, IsoWeeks, LastDay, MonthlyWeekday
from msap_mobility.calendar.rules import DayRule
from msap_mobility.errors import InputError
from tests.calendar.strategies import dates, rules

YEARS = [(date(2024, 1, 1), date(2024, 12, 31)), (date(2026, 1, 1), date(2027, 12, 31))]
DAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def by_dateutil(rule: DayRule, first: date, last: date) -> list[date]:
    """The same rule, said to dateutil by keyword and not by any text of ours."""
    match rule:
        case EveryWeek():
            anchor = rule.anchor or first
            start = max(anchor - timedelta(days=anchor.weekday()), date(2000, 1, 3))
            told = rrule.rrule(
                rrule.WEEKLY, datetime.combine(start, time()), interval=rule.interval,
                byweekday=[DAYS[n] for n in rule.weekdays], wkst=rrule.MO,
            )  # fmt: skip
        case IsoWeeks():
            weeks = range(1 if rule.parity == "odd" else 2, 54, 2)
            told = rrule.rrule(
                rrule.YEARLY, datetime(2000, 1, 1), byweekno=list(weeks),  # noqa: DTZ001
                byweekday=[DAYS[n] for n in rule.weekdays], wkst=rrule.MO,
            )  # fmt: skip
        case MonthlyWeekday():
            byday = [DAYS[rule.weekday](n) for n in rule.nth]
            told = rrule.rrule(rrule.MONTHLY, datetime(2000, 1, 1), byweekday=byday)  # noqa: DTZ001
        case LastDay():
            told = rrule.rrule(rrule.MONTHLY, datetime(2000, 1, 1), bymonthday=-1)  # noqa: DTZ001
    bounds = (datetime.combine(first, time()), datetime.combine(last, time()))
    return [moment.date() for moment in told.between(*bounds, inc=True)]


@pytest.mark.parametrize(("first", "last"), YEARS)
@pytest.mark.parametrize(
    "rule",
    [
        EveryWeek(weekdays=(0,)),
        EveryWeek(weekdays=(0, 3, 6)),
        EveryWeek(weekdays=(1, 4), interval=2, anchor=date(2023, 6, 15)),
        EveryWeek(weekdays=(6,), interval=3, anchor=date(2023, 12, 31)),
        *(IsoWeeks(weekdays=(n,), parity=parity) for n in range(7) for parity in ("odd", "even")),
        *(MonthlyWeekday(weekday=n, nth=(nth,)) for n in range(7) for nth in (1, 2, 3, 4, 5, -1)),
        MonthlyWeekday(weekday=2, nth=(1, 3, -1)),
        LastDay(),
    ],
    ids=str,
)
def test_dates_as_dateutil_gives_them(rule: DayRule, first: date, last: date) -> None:
    found = list(rule.days(first, last))
    assert found
    assert found == by_dateutil(rule, first, last)


@settings(deadline=None)
@given(rules, dates, st.integers(0, 800))
def test_any_rule_as_dateutil_gives_it(rule: DayRule, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert list(rule.days(first, last)) == by_dateutil(rule, first, last)


def test_week_53_and_the_next_week_1_are_both_odd() -> None:
    odd = IsoWeeks(weekdays=(0, 4), parity="odd")
    found = list(odd.days(date(2026, 12, 28), date(2027, 1, 10)))
    assert found == [date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 8)]
    assert not list(
        IsoWeeks(weekdays=tuple(range(7)), parity="even").days(found[0], date(2027, 1, 10))
    )


def test_leap_day_and_fifth_weekdays() -> None:
    assert date(2024, 2, 29) in set(LastDay().days(date(2024, 1, 1), date(2024, 12, 31)))
    fifth = list(MonthlyWeekday(weekday=3, nth=(5,)).days(date(2024, 1, 1), date(2024, 12, 31)))
    assert fifth == [date(2024, 2, 29), date(2024, 5, 30), date(2024, 8, 29), date(2024, 10, 31)]


def test_nothing_before_the_week_of_the_anchor() -> None:
    """The whole week of the anchor counts, also its days before the anchor."""
    rule = EveryWeek(weekdays=(0,), interval=2, anchor=date(2027, 1, 7))
    assert list(rule.days(date(2026, 1, 1), date(2027, 1, 20))) == [
        date(2027, 1, 4),
        date(2027, 1, 18),
    ]


def test_every_second_week_counted_from_none_is_refused_on_dates() -> None:
    with pytest.raises(InputError) as caught:
        EveryWeek(weekdays=(0,), interval=2).days(date(2027, 1, 1), date(2027, 2, 1))
    assert [fault.code for fault in caught.value.faults] == ["anchor_needed"]


@pytest.mark.parametrize(
    ("rule", "weeks", "days"),
    [
        (EveryWeek(weekdays=(0, 6)), 2, (0, 6, 7, 13)),
        (EveryWeek(weekdays=(3,), interval=2), 4, (3, 17)),
        (EveryWeek(weekdays=(3,), interval=2), 3, None),
        (EveryWeek(weekdays=(3,), interval=2, anchor=date(2027, 1, 14)), 2, (10,)),
        (EveryWeek(weekdays=(3,), interval=3, anchor=date(2026, 12, 31)), 3, (17,)),
        (IsoWeeks(weekdays=(1,), parity="odd"), 2, (1,)),
        (IsoWeeks(weekdays=(1,), parity="even"), 4, (8, 22)),
        (IsoWeeks(weekdays=(1,), parity="even"), 1, None),
        (MonthlyWeekday(weekday=3, nth=(2, 4)), 4, (10, 24)),
        (MonthlyWeekday(weekday=3, nth=(5,)), 4, ()),
        (MonthlyWeekday(weekday=3, nth=(1, -1)), 4, None),
        (MonthlyWeekday(weekday=3, nth=(2,)), 2, None),
        (LastDay(), 4, None),
    ],
    ids=str,
)
def test_days_of_a_cycle(rule: DayRule, weeks: int, days: tuple[int, ...] | None) -> None:
    """The default cycle begins on Monday 2027-01-04, in ISO week 1."""
    assert rule.cycle_days(Cycle(weeks=weeks)) == days


def test_a_cycle_that_begins_in_an_even_week() -> None:
    cycle = Cycle(weeks=2, start=date(2027, 1, 11))
    assert IsoWeeks(weekdays=(1,), parity="odd").cycle_days(cycle) == (8,)


@settings(deadline=None)
@given(rules, st.integers(1, 6))
def test_a_cycle_is_what_dates_say_within_a_year(rule: DayRule, weeks: int) -> None:
    """Where a rule of weeks fits a cycle, the cycle laid on dates gives the rule's own dates."""
    cycle = Cycle(weeks=weeks)
    days = rule.cycle_days(cycle)
    if days is None or isinstance(rule, MonthlyWeekday):
        return
    if isinstance(rule, EveryWeek) and rule.anchor and rule.anchor >= cycle.start:
        return  # a cycle has no beginning
    last = cycle.start + timedelta(days=7 * weeks - 1)
    assert [cycle.start + timedelta(days=day) for day in days] == list(rule.days(cycle.start, last))


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: EveryWeek(weekdays=()), ["nothing_given"]),
        (lambda: EveryWeek(weekdays=(3, 1), interval=0), ["not_in_order", "out_of_range"]),
        (lambda: EveryWeek(weekdays=(1, 1)), ["not_in_order"]),
        (lambda: EveryWeek(weekdays=(7, -1)), ["out_of_range", "out_of_range"]),
        (lambda: IsoWeeks(weekdays=(), parity="both"), ["nothing_given", "unknown_choice"]),
        (lambda: MonthlyWeekday(weekday=7, nth=(0, 6)), ["out_of_range"] * 3),
        (lambda: MonthlyWeekday(weekday=0, nth=(-1, 1)), ["not_in_order"]),
    ],
)
def test_every_fault_of_a_rule_is_told(make, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert [fault.code for fault in caught.value.faults] == codes
    assert caught.value.text("fr") != caught.value.text("en")
