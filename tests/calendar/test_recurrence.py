"""RRULE both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Hours, RecurrenceText, Rhythm
from msap_mobility.errors import InputError
from tests.calendar.strategies import dates, happens, rhythms

MORNING = (Hours(32_400, 43_200),)


def by_dateutil(text: RecurrenceText, first: date, last: date) -> set[date]:
    """The dates of a RRULE with its RDATE and EXDATE, as dateutil reads them."""
    lines = [f"DTSTART:{text.start:%Y%m%d}T000000", f"RRULE:{text.rrule}"]
    lines += [f"EXDATE:{day:%Y%m%d}T000000" for day in text.except_dates]
    lines += [f"RDATE:{day:%Y%m%d}T000000" for day in text.extra_dates]
    rule = rrulestr("\n".join(lines), forceset=True)
    bounds = (datetime.combine(first, time()), datetime.combine(last, time()))
    return {moment.date() for moment in rule.between(*bounds, inc=True)}


@settings(deadline=None)
@given(rhythms().filter(happens))
def test_every_rhythm_survives(rhythm: Rhythm) -> None:
    assert Rhythm.from_rrule(rhythm.to_rrule()) == rhythm


@settings(deadline=None)
@given(rhythms(), dates, st.integers(0, 600))
def test_every_rhythm_survives_the_limits_of_publication(
    rhythm: Rhythm, since: date, length: int
) -> None:
    until = since + timedelta(days=length)
    if not publishable(rhythm, since, until):
        return
    text = rhythm.to_rrule(since=since, until=until)
    assert since <= text.start <= until
    assert Rhythm.from_rrule(text) == rhythm


def publishable(rhythm: Rhythm, since: date, until: date) -> bool:
    """Whether the rule names a day both within its limits and in the stretch."""
    begin, end = max(since, rhythm.first or since), min(until, rhythm.last or until)
    return begin <= end and any(True for _ in rhythm.rule.days(begin, end))


@settings(deadline=None)
@given(rhythms().filter(happens), dates, st.integers(0, 600))
def test_dateutil_finds_the_same_dates(rhythm: Rhythm, first: date, length: int) -> None:
    """Policies apart, which stand in no RRULE."""
    bare = replace(rhythm, public_holidays="open", school="always", zone=None)
    text = bare.to_rrule()
    begin = max(first, text.start)
    last = begin + timedelta(days=length)
    assert set(bare.dates(begin, last)) == by_dateutil(text, begin, last)


@pytest.mark.parametrize(
    ("text", "start", "rrule", "remarks"),
    [
        ("Th 9:00-12:00", date(2000, 1, 6), "FREQ=WEEKLY;BYDAY=TH;WKST=MO", "first=none"),
        ("every 2 weeks from 2027-01-04 Mo,Th 9:00-12:00", date(2027, 1, 4),
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO", "first=none"),
        ("every 2 weeks from 2027-01-04 Th 9:00-12:00", date(2027, 1, 7),
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;WKST=MO", "first=none anchor=2027-01-04"),
        ("odd weeks Tu 9:00-12:00 from 2027-01-05", date(2027, 1, 5),
         f"FREQ=YEARLY;BYWEEKNO={','.join(str(n) for n in range(1, 54, 2))};BYDAY=TU;WKST=MO", ""),
        ("2nd Th 9:00-12:00 from 2027-01-01 until 2027-12-31", date(2027, 1, 14),
         "FREQ=MONTHLY;BYDAY=2TH;UNTIL=20271231", "first=2027-01-01"),
        ("1st,last Fr 9:00-12:00 from 2027-01-01", date(2027, 1, 1),
         "FREQ=MONTHLY;BYDAY=1FR,-1FR", ""),
        ("last day 9:00-12:00 school term zone B not on public holidays from 2027-01-31",
         date(2027, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=-1",
         "public-holidays=skip school=term zone=B"),
    ],
)  # fmt: skip
def test_what_is_written(text: str, start: date, rrule: str, remarks: str) -> None:
    written = Rhythm.of(text).to_rrule()
    assert (written.start, written.rrule, written.remarks) == (start, rrule, remarks)


def test_publication_cuts_the_rule_and_keeps_the_limits_beside() -> None:
    rhythm = Rhythm.of("Th 9:00-12:00 from 2020-01-01 until 2030-12-31")
    text = rhythm.to_rrule(since=date(2027, 3, 1), until=date(2027, 6, 30))
    assert (text.start, text.rrule) == (
        date(2027, 3, 4),
        "FREQ=WEEKLY;BYDAY=TH;WKST=MO;UNTIL=20270630",
    )
    assert text.remarks == "first=2020-01-01 last=2030-12-31"


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [
        ("FREQ=WEEKLY", "Th 09:00-12:00 from 2027-01-07"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=TH,MO", "Mo,Th 09:00-12:00 from 2027-01-07"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20271231",
         "every 2 weeks from 2027-01-07 Th 09:00-12:00 from 2027-01-07 until 2027-12-31"),
        ("FREQ=MONTHLY;INTERVAL=1;BYDAY=+1TH", "1st Th 09:00-12:00 from 2027-01-07"),
        ("BYDAY=-1TH,2TH;FREQ=MONTHLY", "2nd,last Th 09:00-12:00 from 2027-01-07"),
    ],
)  # fmt: skip
def test_a_foreign_rule_begins_on_its_first_day(rrule: str, expected: str) -> None:
    foreign = RecurrenceText(start=date(2027, 1, 7), rrule=rrule, hours=MORNING)
    assert Rhythm.from_rrule(foreign).text() == expected


@pytest.mark.parametrize(
    ("rrule", "parts"),
    [
        ("FREQ=DAILY", ["FREQ=DAILY"]),
        ("", ["FREQ="]),
        ("FREQ=WEEKLY;COUNT=4;BYHOUR=9;BYDAY=TH", ["COUNT=4", "BYHOUR=9"]),
        ("FREQ=WEEKLY;BYDAY=2TH", ["BYDAY=2TH"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TH", ["WKST=SU"]),
        ("FREQ=WEEKLY;INTERVAL=x;BYDAY=TH", ["INTERVAL=x"]),
        ("FREQ=WEEKLY;BYDAY=TH;UNTIL=20270230", ["UNTIL=20270230"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=2TH", ["INTERVAL=2"]),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=2", ["BYSETPOS=2"]),
        ("FREQ=MONTHLY;BYDAY=1TH,1FR", ["BYDAY=1TH,1FR"]),
        ("FREQ=MONTHLY;BYDAY=-2TH", ["BYDAY=-2TH"]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", ["BYMONTHDAY=15"]),
        ("FREQ=MONTHLY", ["BYDAY="]),
        ("FREQ=YEARLY;BYWEEKNO=1,2;BYDAY=TH", ["BYWEEKNO=1,2"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", ["BYMONTH=3"]),
    ],
)
def test_parts_a_rhythm_cannot_hold_are_named(rrule: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.from_rrule(RecurrenceText(start=date(2027, 1, 7), rrule=rrule, hours=MORNING))
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("rrule_part", part) for part in parts
    ]


def test_a_part_without_a_value_and_an_unknown_remark_are_named() -> None:
    text = RecurrenceText(
        start=date(2027, 1, 7),
        rrule="FREQ=WEEKLY;BYDAY",
        hours=MORNING,
        remarks="zone= moved=2027-01-08",
    )
    with pytest.raises(InputError) as caught:
        Rhythm.from_rrule(text)
    assert [fault.value for fault in caught.value.faults] == [
        "BYDAY",
        "zone",
        "moved=2027-01-08",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("every 2 weeks Th 9:00-12:00", "anchor_needed"),
        ("Th 9:00-12:00 from 2027-01-08 until 2027-01-12", "never_happens"),
        ("5th Th 9:00-12:00 from 2027-02-01 until 2027-02-28 also 2027-02-02", "never_happens"),
    ],
)
def test_what_no_calendar_can_begin_with(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of(text).to_rrule()
    assert [fault.code for fault in caught.value.faults] == [code]
