"""Public and school holidays, beside dates taken from the decrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from msap_mobility.calendar.french_days import (
    check_school_dates,
    is_public_holiday,
    is_school_holiday,
)
from msap_mobility.errors import InputError


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", range(2023, 2032))
def test_the_eleven_days_of_the_labour_code(year: int) -> None:
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    expected = {date(year, month, day) for month, day in fixed}
    expected |= {easter(year) + timedelta(days=days) for days in (1, 39, 50)}
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    days.append(date(year, 12, 31))
    assert {day for day in days if is_public_holiday(day)} == expected


# Calendars 2023-2024 and 2025-2026 (Journal officiel of 8 December 2022): first full day off and
# last one, winter and spring.
@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("A", date(2024, 2, 17), date(2024, 3, 3)),
        ("B", date(2024, 2, 24), date(2024, 3, 10)),
        ("C", date(2024, 2, 10), date(2024, 2, 25)),
        ("A", date(2026, 2, 7), date(2026, 2, 22)),
        ("B", date(2026, 2, 14), date(2026, 3, 1)),
        ("C", date(2026, 2, 21), date(2026, 3, 8)),
        ("A", date(2026, 4, 4), date(2026, 4, 19)),
        ("B", date(2026, 4, 11), date(2026, 4, 26)),
        ("C", date(2026, 4, 18), date(2026, 5, 3)),
    ],
)
def test_school_holidays_by_zone(zone: str, first: date, last: date) -> None:
    assert not is_school_holiday(first - timedelta(days=1), zone)
    assert is_school_holiday(first, zone)
    assert is_school_holiday(last, zone)
    assert not is_school_holiday(last + timedelta(days=1), zone)


def test_all_saints_is_for_all_zones() -> None:
    assert all(is_school_holiday(date(2026, 10, 20), zone) for zone in "ABC")


@pytest.mark.parametrize("day", [date(1980, 1, 1), date(2028, 9, 1), date(2035, 3, 1)])
def test_a_date_without_a_decree_is_refused(day: date) -> None:
    with pytest.raises(InputError) as caught:
        is_school_holiday(day, "A")
    fault = caught.value.faults[0]
    assert (fault.code, fault.value) == ("beyond_school_data", day.isoformat())
    assert "août 2028" in fault.what("fr")


def test_known_dates_pass() -> None:
    check_school_dates(date(2024, 1, 1), date(2028, 8, 31))
