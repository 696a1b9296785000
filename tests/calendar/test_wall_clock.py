"""The one door from the clock on the wall to seconds, in zones with every kind of change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from msap_mobility.calendar import Span

QUARTERS = range(0, 1440, 15)


@pytest.mark.parametrize(
    ("tz", "skipped"),
    [
        ("Europe/Paris", 4),
        ("America/New_York", 4),
        ("Australia/Lord_Howe", 2),  # half an hour
        ("Atlantic/Azores", 4),  # at midnight
        ("Asia/Beirut", 4),  # at midnight
        ("America/Santiago", 4),  # at 24:00 of the day before
        ("Indian/Reunion", 0),
    ],
)
def test_a_later_time_of_the_wall_is_never_an_earlier_second(tz: str, skipped: int) -> None:
    """Every quarter of an hour of 2026 is shown by the wall, but for those the clocks skip."""
    span = Span(first=date(2026, 1, 1), last=date(2026, 12, 31), tz=tz)
    walls = [
        datetime.combine(span.first + timedelta(days=number), time(minute // 60, minute % 60))
        for number in range(span.days)
        for minute in QUARTERS
    ]
    seconds = [span.second(wall.date(), wall.hour * 3600 + wall.minute * 60) for wall in walls]
    assert all(earlier <= later for earlier, later in pairwise(seconds))
    shown = [datetime.fromtimestamp(second, ZoneInfo(tz)) for second in seconds]
    wrong = [
        wall
        for wall, instant in zip(walls, shown, strict=True)
        if instant.replace(tzinfo=None) != wall
    ]
    assert len(wrong) == skipped
    assert not any(instant.fold for instant in shown)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_the_end_of_a_day_is_the_next_midnight(day: tuple[int, int, int], hours: int) -> None:
    span = Span(first=date(*day), last=date(*day))
    assert span.second(span.last, 86_400) == span.end_s
    assert span.length_s == hours * 3600
