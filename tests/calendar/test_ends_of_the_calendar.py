"""The first and the last dates there are: answers, or faults; never an overflow."""

from __future__ import annotations

from datetime import date

import pytest

from msap_mobility.calendar import Rhythm
from msap_mobility.errors import InputError

RHYTHMS = (
    "Mo 9:00-12:00",
    "Mo,Sa,Su 9:00-12:00",
    "odd weeks We,Su 9:00-12:00",
    "even weeks Sa 9:00-12:00",
    "2nd,5th Th 9:00-12:00",
    "last Fr 9:00-12:00",
    "last day 9:00-12:00",
)


@pytest.mark.parametrize("text", RHYTHMS)
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(9999, 1, 1), date.max),
        (date(9999, 12, 27), date.max),
        (date.max, date.max),
        (date.min, date(1, 12, 31)),
        (date.min, date.min),
    ],
)
def test_the_ends_are_as_four_hundred_years_nearer(text: str, first: date, last: date) -> None:
    """The calendar repeats itself after 400 years, weekdays and ISO weeks included."""
    rhythm = Rhythm.of(text)
    shift = -8000 if first.year == 9999 else 2000
    near = rhythm.dates(*(day.replace(year=day.year + shift) for day in (first, last)))
    assert list(rhythm.dates(first, last)) == [day.replace(year=day.year - shift) for day in near]


def test_an_anchor_near_the_end() -> None:
    rhythm = Rhythm.of("every 53 weeks from 9998-06-01 Mo,Su 9:00-12:00")
    near = Rhythm.of("every 53 weeks from 1998-06-01 Mo,Su 9:00-12:00")
    for first in (date(9998, 1, 1), date(9999, 12, 31)):
        alike = near.dates(first.replace(year=first.year - 8000), date(1999, 12, 31))
        expected = [day.replace(year=day.year + 8000) for day in alike]
        assert list(rhythm.dates(first, date.max)) == expected


@pytest.mark.parametrize("start", ["9999-06-01", "9999-12-20", "0001-01-01", "0999-12-01"])
@pytest.mark.parametrize("text", RHYTHMS)
def test_a_rhythm_at_the_end_is_published(text: str, start: str) -> None:
    rhythm = Rhythm.of(f"{text} from {start} until {start[:4]}-12-31")
    if list(rhythm.dates(date.min, date.max)):
        assert Rhythm.from_rrule(rhythm.to_rrule()) == rhythm
    else:
        with pytest.raises(InputError) as caught:
            rhythm.to_rrule()
        assert [fault.code for fault in caught.value.faults] == ["never_happens"]


def test_a_rhythm_that_begins_after_its_last_day_never_happens() -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of("Mo 9:00-12:00 from 9999-12-31").to_rrule()
    assert [fault.code for fault in caught.value.faults] == ["never_happens"]
