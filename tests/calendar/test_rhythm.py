"""Rhythms on dates, on spans with daylight saving, and on cycles."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle, EveryWeek, Hours, LastDay, Rhythm, Span
from msap_mobility.errors import InputError
from tests.calendar.strategies import dates, rhythms

SPRING = date(2026, 3, 29)
AUTUMN = date(2026, 10, 25)


def codes_of(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [fault.code for fault in caught.value.faults]


def utc_hours(text: str, day: date, tz: str = "Europe/Paris") -> list[tuple[str, str]]:
    intervals = Rhythm.of(text).intervals(Span(first=day, last=day, tz=tz))
    return [
        tuple(f"{datetime.fromtimestamp(second, UTC):%dT%H:%M}" for second in pair)
        for pair in intervals
    ]


def test_every_fault_of_a_rhythm_is_told() -> None:
    with pytest.raises(InputError) as caught:
        Rhythm(
            rule=LastDay(),
            hours=(Hours(36000, 43200), Hours(39600, 46800), Hours(0, 3600)),
            school="term",
            public_holidays="closed",
            first=date(2027, 2, 1),
            last=date(2027, 1, 1),
            except_dates=(date(2027, 3, 2), date(2027, 3, 1)),
            extra_dates=(date(2027, 3, 1), date(2027, 3, 1)),
        )
    assert codes_of(caught) == [
        "hours_overlap",
        "not_in_order",
        "unknown_choice",
        "zone_needed",
        "ends_before_start",
        "not_in_order",
        "not_in_order",
        "both_in_and_out",
    ]
    assert len(caught.value.text("fr").splitlines()) == 8


def test_no_hours_and_a_zone_for_nothing() -> None:
    with pytest.raises(InputError) as caught:
        Rhythm(rule=LastDay(), hours=(), zone="B")
    assert codes_of(caught) == ["nothing_given", "zone_not_used"]


@pytest.mark.parametrize(
    ("start_s", "end_s", "codes"),
    [
        (3600, 3600, ["ends_before_start"]),
        (79_200, 93_600, ["out_of_range"]),
        (-1, -2, ["out_of_range", "out_of_range", "ends_before_start"]),
    ],
)
def test_hours_stay_within_their_day(start_s: int, end_s: int, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Hours(start_s, end_s)
    assert codes_of(caught) == codes


@pytest.mark.parametrize("text", ["13:60-14:00", "9-12", "13:30", "13:30:75-14:00", ""])
def test_hours_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Hours.of(text)
    assert codes_of(caught) == ["not_hours"]


def test_limits_exceptions_and_extra_dates() -> None:
    rhythm = Rhythm.of(
        "Th 9:00-12:00 from 2027-01-07 until 2027-01-28 except 2027-01-14 also 2027-02-06"
    )
    assert list(rhythm.dates(date(2026, 1, 1), date(2027, 12, 31))) == [
        date(2027, 1, 7),
        date(2027, 1, 21),
        date(2027, 1, 28),
        date(2027, 2, 6),
    ]
    assert list(rhythm.dates(date(2027, 1, 8), date(2027, 1, 20))) == []


def test_an_extra_date_beats_a_holiday() -> None:
    rhythm = Rhythm.of("Mo 9:00-12:00 not on public holidays also 2026-04-06")
    assert date(2026, 4, 6) in set(rhythm.dates(date(2026, 4, 1), date(2026, 4, 30)))


def test_a_monday_tour_skips_easter_monday_and_whit_monday() -> None:
    every = Rhythm.of("Mo 9:00-12:00")
    skipping = Rhythm.of("Mo 9:00-12:00 not on public holidays")
    year = (date(2026, 1, 1), date(2026, 12, 31))
    missing = set(every.dates(*year)) - set(skipping.dates(*year))
    assert missing == {date(2026, 4, 6), date(2026, 5, 25)}


def test_school_term_and_school_holidays_share_the_days() -> None:
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    term, holidays, every = (
        set(Rhythm.of(f"We 9:00-12:00 {limit}").dates(first, last))
        for limit in ("school term zone B", "school holidays zone B", "")
    )
    assert term | holidays == every
    assert not term & holidays
    assert date(2026, 2, 18) in holidays  # winter holidays of zone B: 14 February to 1 March 2026
    assert date(2026, 3, 4) in term


def test_dates_beyond_the_known_school_calendars_are_refused() -> None:
    rhythm = Rhythm.of("We 9:00-12:00 school term zone A")
    assert list(rhythm.dates(date(2028, 6, 1), date(2028, 8, 31)))
    with pytest.raises(InputError) as caught:
        rhythm.dates(date(2028, 6, 1), date(2028, 9, 1))
    assert codes_of(caught) == ["beyond_school_data"]
    assert "2028-09-01" in caught.value.text("fr")
    limited = Rhythm.of("We 9:00-12:00 school term zone A until 2027-06-30")
    assert list(limited.dates(date(2027, 6, 1), date(2035, 1, 1)))


def test_a_day_of_23_hours_and_one_of_25() -> None:
    lengths = {
        day: sum(
            end - start
            for start, end in Rhythm.of("Mo-Su 00:00-24:00").intervals(Span(first=day, last=day))
        )
        for day in (SPRING, AUTUMN, date(2026, 6, 1))
    }
    assert [length // 3600 for length in lengths.values()] == [23, 25, 24]


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        # Clocks go from 02:00 to 03:00 at 01:00 UTC.
        ("Su 01:00-04:00", SPRING, [("29T00:00", "29T02:00")]),
        ("Su 02:15-02:45", SPRING, []),
        ("Su 01:00-02:15,02:45-04:00", SPRING,
         [("29T00:00", "29T01:00"), ("29T01:00", "29T02:00")]),
        ("Su 02:00-02:30,03:00-05:00", SPRING, [("29T01:00", "29T03:00")]),
        ("Su 03:00-04:00", SPRING, [("29T01:00", "29T02:00")]),
        # Clocks go from 03:00 back to 02:00 at 01:00 UTC; a time shown twice is the first.
        ("Su 01:00-04:00", AUTUMN, [("24T23:00", "25T03:00")]),
        ("Su 02:00-03:00", AUTUMN, [("25T00:00", "25T02:00")]),
        ("Su 01:30-02:30", AUTUMN, [("24T23:30", "25T00:30")]),
        ("Su 13:30-16:30", AUTUMN, [("25T12:30", "25T15:30")]),
        ("Sa 13:30-16:30", date(2026, 10, 24), [("24T11:30", "24T14:30")]),
    ],
)  # fmt: skip
def test_openings_across_the_change_of_clocks(
    text: str, day: date, expected: list[tuple[str, str]]
) -> None:
    assert utc_hours(text, day) == expected


def test_other_zones() -> None:
    """São Miguel's clocks go from 00:00 to 01:00: the day itself begins at the jump."""
    assert utc_hours("Su 00:00-02:00", SPRING, "Atlantic/Azores") == [("29T01:00", "29T02:00")]
    assert utc_hours("Mo 09:00-10:00", date(2026, 6, 1), "Indian/Reunion") == [
        ("01T05:00", "01T06:00")
    ]


def test_an_unknown_zone_is_a_fault() -> None:
    for make in (
        lambda: Span(first=SPRING, last=AUTUMN, tz="Europe/Bellencombre"),
        lambda: Cycle(weeks=1, tz="Europe"),
    ):
        with pytest.raises(InputError) as caught:
            make()
        assert codes_of(caught) == ["unknown_tz"]


@settings(deadline=None)
@given(rhythms(), dates, st.integers(0, 300))
def test_intervals_are_in_order_apart_and_on_the_dates(
    rhythm: Rhythm, first: date, length: int
) -> None:
    last = min(date.fromordinal(first.toordinal() + length), date(2028, 8, 31))
    span = Span(first=first, last=last)
    found = list(rhythm.intervals(span))
    assert all(start < end for start, end in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    days = {span.instant(start).date() for start, _ in found}
    assert days <= set(rhythm.dates(first, last))
    assert all(span.start_s <= start and end <= span.end_s for start, end in found)


@settings(deadline=None)
@given(rhythms(), dates, dates, dates)
def test_a_stretch_is_the_sum_of_its_parts(rhythm: Rhythm, a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))
    after = date.fromordinal(b.toordinal() + 1)
    assume(after <= c)
    assert list(rhythm.dates(a, c)) == [*rhythm.dates(a, b), *rhythm.dates(after, c)]


def test_a_cycle_counts_local_seconds_and_knows_no_dates() -> None:
    bare = Rhythm.of("2nd Th 13:30-16:30")
    dated = Rhythm.of(
        "2nd Th 13:30-16:30 not on public holidays school term zone A until 2020-01-01"
    )
    month = Cycle(weeks=4)
    assert list(bare.intervals(month)) == [(10 * 86_400 + 48_600, 10 * 86_400 + 59_400)]
    assert list(dated.intervals(month)) == list(bare.intervals(month))


def test_several_intervals_a_day_come_in_order() -> None:
    found = list(Rhythm.of("Mo,Tu 9:00-12:00,14:00-17:00").intervals(Cycle(weeks=1)))
    assert found == sorted(found)
    assert len(found) == 4


@pytest.mark.parametrize(
    ("text", "weeks"), [("2nd Th 9:00-12:00", 2), ("odd weeks Tu 9:00-12:00", 3),
                        ("every 2 weeks Tu 9:00-12:00", 1), ("last Fr 9:00-12:00", 4),
                        ("last day 9:00-12:00", 4)],
)  # fmt: skip
def test_what_does_not_fit_the_cycle_is_refused_with_a_remedy(text: str, weeks: int) -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of(text).intervals(Cycle(weeks=weeks))
    assert codes_of(caught) == ["not_on_this_cycle"]
    assert str(weeks) in caught.value.faults[0].what("fr")


def test_every_week_alone_needs_no_holiday_package() -> None:
    rhythm = Rhythm(rule=EveryWeek(weekdays=(0,)), hours=(Hours(0, 3600),))
    assert len(list(rhythm.dates(date(2040, 1, 1), date(2040, 12, 31)))) == 53
