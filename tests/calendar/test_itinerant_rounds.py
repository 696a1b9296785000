"""The six real tours over 2024 and 2026–27, and back through RRULE without loss."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr

from msap_mobility.calendar import Rhythm, Span
from msap_mobility.model import Presence, Timetable
from tests import itinerant_tours

YEARS = [
    Span(first=date(2024, 1, 1), last=date(2024, 12, 31)),
    Span(first=date(2026, 1, 1), last=date(2027, 12, 31)),
]
BY_WEEK = {
    "all": "FREQ=WEEKLY;BYDAY={day}",
    "odd": "FREQ=YEARLY;BYWEEKNO=" + ",".join(map(str, range(1, 54, 2))) + ";BYDAY={day}",
    "even": "FREQ=YEARLY;BYWEEKNO=" + ",".join(map(str, range(2, 54, 2))) + ";BYDAY={day}",
    "last": "FREQ=MONTHLY;BYMONTHDAY=-1",
    **{f"w{n}": f"FREQ=MONTHLY;BYDAY={n}{{day}}" for n in (1, 2, 3, 4)},
}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    return itinerant_tours.rows()


def told_by_dateutil(row: dict[str, str], span: Span) -> list[tuple[datetime, datetime]]:
    """Local openings of a row, from its codes alone."""
    code = DAYS[int(row["weekday"]) - 1] if row["weekday"] else ""
    rule = rrulestr(
        BY_WEEK[row["week"]].format(day=code), dtstart=datetime.combine(date(2000, 1, 1), time())
    )
    bounds = (datetime.combine(day, time()) for day in (span.first, span.last))
    return [
        tuple(
            (day + timedelta(seconds=clock_s)).replace(tzinfo=span.zone)
            for clock_s in (hours.start_s, hours.end_s)
        )
        for day in rule.between(*bounds, inc=True)
        for hours in itinerant_tours.hours(row)
    ]


@pytest.mark.parametrize("span", YEARS, ids=lambda span: str(span.first.year))
def test_the_six_tours_open_when_dateutil_says(table: list[dict[str, str]], span: Span) -> None:
    for row in table:
        found = list(itinerant_tours.presence(row).openings(span))
        expected = told_by_dateutil(row, span)
        assert found, row
        assert [
            (datetime.fromtimestamp(one.start_s, UTC), datetime.fromtimestamp(one.end_s, UTC))
            for one in found
        ] == expected, row


@pytest.mark.parametrize("span", YEARS, ids=lambda span: str(span.first.year))
def test_the_tours_through_rrule_give_the_same_timetable(
    table: list[dict[str, str]], span: Span
) -> None:
    presences = [itinerant_tours.presence(row) for row in table]
    again = [through_rrule(presence) for presence in presences]
    assert again == presences
    places = itinerant_tours.places(table)
    before, after = (
        Timetable.from_presences(several, places=places, horizon=span)
        for several in (presences, again)
    )
    assert len(before) > 1000
    assert list(before.openings()) == list(after.openings())


def through_rrule(presence: Presence) -> Presence:
    return replace(presence, rhythm=Rhythm.from_rrule(presence.rhythm.to_rrule()))


def test_the_tours_through_compact_text(table: list[dict[str, str]]) -> None:
    for row in table:
        rhythm = itinerant_tours.presence(row).rhythm
        assert Rhythm.of(rhythm.text()) == rhythm


def test_hours_that_nobody_published_are_marked(table: list[dict[str, str]]) -> None:
    presences = [itinerant_tours.presence(row) for row in table]
    assert Counter(one.certain for one in presences) == {False: 42, True: 28}
    assert {one.source for one in presences} == {"2394", "2023", "47", "2134", "3051", "2178"}


def test_week_53_gives_the_ruffecois_bus_two_odd_weeks_running(
    table: list[dict[str, str]],
) -> None:
    """Saint-Fraigne, Mondays of odd weeks: 28 December 2026 (week 53), then 4 January (week 1)."""
    row = next(row for row in table if row["commune"] == "Saint-Fraigne")
    dates = itinerant_tours.presence(row).rhythm.dates(date(2026, 12, 20), date(2027, 1, 20))
    assert list(dates) == [date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 18)]


def test_segry_on_leap_day_and_no_stop_on_fifth_weekdays(table: list[dict[str, str]]) -> None:
    leap_year = (date(2024, 1, 1), date(2024, 12, 31))
    rurali = [row for row in table if row["tour"] == "2394"]
    days = {
        day: row["commune"]
        for row in rurali
        for day in itinerant_tours.presence(row).rhythm.dates(*leap_year)
        if day.day > 28
    }
    assert days[date(2024, 2, 29)] == "Ségry"
    assert set(days.values()) == {"Ségry"}


def test_summer_and_winter_start_at_the_same_hour_on_the_wall(
    table: list[dict[str, str]],
) -> None:
    span = YEARS[1]
    row = next(row for row in table if row["tour"] == "47")
    starts = [one.start_s for one in itinerant_tours.presence(row).openings(span)]
    assert {span.instant(start).strftime("%H:%M") for start in starts} == {"09:00"}
    assert {start % 86_400 for start in starts} == {7 * 3600, 8 * 3600}
