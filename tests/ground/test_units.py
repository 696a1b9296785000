"""Text with a unit becomes a number, or one clear fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.units import clock_s, clock_text, day, metres, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 min", 720),
        ("1 h 30", 5400),
        ("1h30 min", 5400),
        ("90 s", 90),
        ("2 h", 7200),
        ("1,5 h", 5400),
        ("1.5 H", 5400),
        ("2 d", 172_800),
        ("2 j", 172_800),
        ("0 min", 0),
        ("10 minutes", 600),
        ("1 heure", 3600),
        ("1 h 59 minutes", 7140),
    ],
)
def test_lengths_of_time(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text", ["", "12", "min", "-5 min", "5 minutes ago", "NaN s", "1e3 s", "1 h 90", "1 h 60 min"]
)
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(InputError) as caught:
        seconds(text)
    assert caught.value.faults[0].code == "not_a_duration"
    assert caught.value.faults[0].value == text


@pytest.mark.parametrize(("text", "expected"), [("800 m", 800), ("2 km", 2000), ("1,5km", 1500)])
def test_distances(text: str, expected: int) -> None:
    assert metres(text) == expected


@pytest.mark.parametrize("text", ["800", "2 miles", "-3 m", "2 km 300"])
def test_what_is_no_distance(text: str) -> None:
    with pytest.raises(InputError) as caught:
        metres(text)
    assert caught.value.faults[0].code == "not_a_distance"


@pytest.mark.parametrize("text", ["24:01", "12:60", "noon", "12", "-1:00", "1:2"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(InputError) as caught:
        clock_s(text)
    assert caught.value.faults[0].code == "not_a_clock"


@given(st.integers(0, 24 * 60))
def test_times_of_day_survive_the_round_trip(minutes: int) -> None:
    assert clock_s(clock_text(60 * minutes)) == 60 * minutes


@given(st.dates())
def test_dates_survive_the_round_trip(value: date) -> None:
    assert day(value.isoformat()) == value


@pytest.mark.parametrize("text", ["2027-02-29", "29/02/2028", "2027-13-01", ""])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(InputError) as caught:
        day(text)
    assert caught.value.faults[0].code == "not_a_date"
