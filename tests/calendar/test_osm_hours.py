"""OpenStreetMap's opening hours, in and out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import EveryWeek, Rhythm, Span, opening_hours_text, weekly_hours
from msap_mobility.errors import InputError
from tests.calendar.strategies import hours_of_day, iso_weeks, monthly, weekdays

YEARS = Span(first=date(2026, 1, 1), last=date(2027, 12, 31))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Th[2] 13:30-16:30", ["2nd Th 13:30-16:30"]),
        ("Th[1,-1] 13:30-16:30; PH off", ["1st,last Th 13:30-16:30 not on public holidays"]),
        ("Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00",
         ["Mo-Fr 09:00-12:00,14:00-17:00", "Sa 09:00-12:00"]),
        ("Mo 9:00-12:00, Mo 14:00-17:00", ["Mo 09:00-12:00,14:00-17:00"]),
        ("Mo-Fr 08:00-18:00; We off", ["Mo-Tu,Th-Fr 08:00-18:00"]),
        ("Mo-Fr 08:00-18:00; We 10:00-12:00", ["Mo-Tu,Th-Fr 08:00-18:00", "We 10:00-12:00"]),
        ("week 1-53/2 Th 13:30-16:30; week 2-52/2 Mo 10:00-12:00",
         ["odd weeks Th 13:30-16:30", "even weeks Mo 10:00-12:00"]),
        ("Tu 14:00-16:30; PH,SH off", ["Tu 14:00-16:30 not on public holidays school term zone B"]),
        ("Tu 14:00-16:30; SH off; PH off",
         ["Tu 14:00-16:30 not on public holidays school term zone B"]),
        ("24/7", ["Mo-Su 00:00-24:00"]),
        ("09:00-18:00", ["Mo-Su 09:00-18:00"]),
        ("Mo 20:00-24:00", ["Mo 20:00-24:00"]),
        ("off", []),
    ],
)  # fmt: skip
def test_weekly_habits_are_read(text: str, written: list[str]) -> None:
    found = sorted(rhythm.text() for rhythm in weekly_hours(text, zone="B"))
    assert found == sorted(Rhythm.of(line).text() for line in written)


@pytest.mark.parametrize("text", ["", "lundi 9h-12h", "Mo 25:00-26:00", "Mo[2 9:00-10:00"])
def test_text_in_no_language_is_a_fault(text: str) -> None:
    with pytest.raises(InputError) as caught:
        weekly_hours(text)
    assert [fault.code for fault in caught.value.faults] == ["opening_hours_unread"]


@pytest.mark.parametrize(
    "text",
    [
        "Mo 22:00-02:00",
        "Jun-Aug Mo 10:00-12:00",
        "2027 Mo 10:00-12:00",
        "Mo sunrise-sunset",
        "Mo 09:00-12:00+",
        "Mo 09:00-12:00 unknown",
        'Mo 09:00-12:00 "sur rendez-vous"',
        "Mo 09:00-12:00 || Tu 09:00-12:00",
        "PH 10:00-12:00",
        "PH off; Mo 09:00-12:00",
        "Mo 09:00-12:00; Mo[2] off",
        "Th 09:00-12:00; Th[2] 13:30-16:30",
        "week 1,3,5 Mo 10:00-12:00",
        "easter off",
        "Th[2] +1 day 10:00-12:00",
    ],
)
def test_text_that_says_more_than_rhythms_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        weekly_hours(text)
    assert [fault.code for fault in caught.value.faults] == ["opening_hours_beyond"]


def test_school_holidays_need_a_zone() -> None:
    with pytest.raises(InputError) as caught:
        weekly_hours("Mo 09:00-12:00; SH off")
    assert [fault.code for fault in caught.value.faults] == ["zone_needed"]


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        ([], "off"),
        (["Mo-Fr 09:00-12:00", "Sa 10:00-12:00"], "Mo-Fr 09:00-12:00; Sa 10:00-12:00"),
        (["Th 09:00-12:00", "2nd Th 13:30-16:30"], "Th 09:00-12:00, Th[2] 13:30-16:30"),
        (
            ["odd weeks Tu 09:00-12:00 not on public holidays school term zone A"],
            "week 01-53/2 Tu 09:00-12:00; PH,SH off",
        ),
    ],
)
def test_rhythms_are_written(texts: list[str], written: str) -> None:
    assert opening_hours_text([Rhythm.of(text) for text in texts]) == written


def test_what_the_language_cannot_say_is_named() -> None:
    beyond = [
        "last day 09:00-12:00",
        "every 2 weeks from 2027-01-04 Th 09:00-12:00",
        "every week from 2027-01-04 Th 09:00-12:00",
        "Th 09:00-12:00 from 2027-01-04",
        "Th 09:00-12:00 also 2027-01-05",
        "Th 09:00-12:00:30",
        "Th 09:00-12:00 school holidays zone A",
        "Th 09:00-12:00 not on public holidays",
    ]
    rhythms = [Rhythm.of(text) for text in ["Mo 09:00-12:00", *beyond]]
    with pytest.raises(InputError) as caught:
        opening_hours_text(rhythms)
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("not_in_opening_hours", text) for text in beyond
    ]


rules = iso_weeks | monthly | st.builds(EveryWeek, weekdays=weekdays)


@settings(deadline=None)
@given(st.lists(st.tuples(rules, hours_of_day(step_s=900)), max_size=3), st.booleans(),
       st.sampled_from([None, "A", "C"]))  # fmt: skip
def test_openings_survive_the_way_out_and_in(parts, skip: bool, zone: str | None) -> None:
    rhythms = [
        Rhythm(
            rule=rule,
            hours=hours,
            public_holidays="skip" if skip else "open",
            school="term" if zone else "always",
            zone=zone,
        )
        for rule, hours in parts
    ]
    again = weekly_hours(opening_hours_text(rhythms), zone=zone)
    assert covered(again) == covered(rhythms)


def covered(rhythms) -> list[tuple[int, int]]:
    """Seconds open, intervals that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pair for one in rhythms for pair in one.intervals(YEARS)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def test_school_zones_are_not_mixed() -> None:
    north = Rhythm.of("Mo 09:00-12:00 school term zone B")
    with pytest.raises(InputError):
        opening_hours_text([north, replace(north, zone="A")])
