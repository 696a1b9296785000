"""Calendars out and in, read by `icalendar` and `dateutil` as a telephone would."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import tz
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Rhythm, Span
from msap_mobility.errors import InputError
from msap_mobility.formats import ical
from msap_mobility.formats.ical import CalendarEvent
from msap_mobility.formats.ical.vtimezone import timezone_component
from tests import itinerant_tours
from tests.calendar.strategies import rhythms

YEARS = Span(first=date(2026, 1, 1), last=date(2027, 12, 31))
STAMP_S = 1_800_000_000
PARIS = ZoneInfo("Europe/Paris")


def event(text: str, **fields) -> CalendarEvent:
    return CalendarEvent(uid="t1/76392", summary="Épicerie", rhythm=Rhythm.of(text), **fields)


def published(rhythm: Rhythm, span: Span) -> bool:
    """Whether the rule, and not single dates alone, has a day in the span."""
    begin, end = (
        max(span.first, rhythm.first or span.first),
        min(span.last, rhythm.last or span.last),
    )
    return (
        any(True for _ in rhythm.dates(span.first, span.last))
        and begin <= end
        and any(True for _ in rhythm.rule.days(begin, end))
    )  # fmt: skip


def shown(content: bytes, span: Span) -> list[tuple[datetime, datetime]]:
    """What a telephone shows between the dates of the span, as wall-clock times."""
    found = []
    for one in icalendar.Calendar.from_ical(content).walk("VEVENT"):
        start = one["DTSTART"].dt.replace(tzinfo=None)
        length = one["DTEND"].dt.replace(tzinfo=None) - start
        rule = dict(one["RRULE"])
        until = rule.pop("UNTIL")[0].astimezone(PARIS).replace(tzinfo=None)
        lines = [f"DTSTART:{start:%Y%m%dT%H%M%S}"]
        lines += [f"RRULE:{icalendar.vRecur(rule).to_ical().decode()};UNTIL={until:%Y%m%dT%H%M%S}"]
        for name in ("EXDATE", "RDATE"):
            several = one.get(name, [])
            for dates in several if isinstance(several, list) else [several]:
                lines += [f"{name}:{item.dt:%Y%m%dT%H%M%S}" for item in dates.dts]
        bounds = (datetime.combine(span.first, time()), datetime.combine(span.last, time.max))
        occurrences = rrulestr("\n".join(lines), forceset=True).between(*bounds, inc=True)
        found += [(moment, moment + length) for moment in occurrences]
    return sorted(found)


@settings(deadline=None, max_examples=60)
@given(st.lists(rhythms(), min_size=1, max_size=3))
def test_events_survive_and_a_telephone_shows_their_dates(found: list[Rhythm]) -> None:
    kept = [rhythm for rhythm in found if published(rhythm, YEARS)]
    events = [
        CalendarEvent(uid=f"t{number}", summary=f"Tour {number}; un, deux", rhythm=rhythm)
        for number, rhythm in enumerate(kept)
    ]
    content = ical.write(events, span=YEARS, stamp_s=STAMP_S)
    assert ical.read(content) == tuple(events)
    midnights = [
        (datetime.combine(day, time()), hours)
        for rhythm in kept
        for day in rhythm.dates(YEARS.first, YEARS.last)
        for hours in rhythm.hours
    ]
    assert shown(content, YEARS) == sorted(
        (day + timedelta(seconds=hours.start_s), day + timedelta(seconds=hours.end_s))
        for day, hours in midnights
    )


def test_every_property_of_an_event() -> None:
    spring = Span(first=date(2027, 3, 1), last=date(2027, 6, 30))
    content = ical.write(
        [
            event(
                "Mo 13:30-16:30 not on public holidays except 2027-04-05 also 2027-04-06",
                location="Salle des fêtes, Longueville-sur-Scie",
                description="Épicerie solidaire\nPapiers",
                lon=1.10694,
                lat=49.79806,
            )
        ],
        span=spring,
        stamp_s=STAMP_S,
        name="Tournée de Bellencombre",
    )
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines.pop() == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    start = lines.index("BEGIN:VEVENT")
    assert {
        "PRODID:-//msap_mobility//iCalendar//EN",
        "VERSION:2.0",
        "X-WR-CALNAME:Tournée de Bellencombre",
    } <= set(lines[:start])
    assert set(lines[start:]) == {
        "BEGIN:VEVENT",
        "SUMMARY:Épicerie",
        "DTSTART;TZID=Europe/Paris:20270301T133000",
        "DTEND;TZID=Europe/Paris:20270301T163000",
        "DTSTAMP:20270115T080000Z",
        "UID:t1/76392",
        "RRULE:FREQ=WEEKLY;UNTIL=20270630T215959Z;BYDAY=MO;WKST=MO",
        "RDATE;TZID=Europe/Paris:20270406T133000",
        "EXDATE;TZID=Europe/Paris:20270405T133000",
        # Easter Monday and Whit Monday.
        "EXDATE;TZID=Europe/Paris;X-MSAP-REASON=POLICY:20270329T133000,20270517T133000",
        "DESCRIPTION:Épicerie solidaire\\nPapiers",
        "GEO:49.79806;1.10694",
        "LOCATION:Salle des fêtes\\, Longueville-sur-Scie",
        "X-MSAP-RHYTHM:first=none last=none public-holidays=skip",
        "END:VEVENT",
        "END:VCALENDAR",
    }


def test_equal_events_give_equal_bytes() -> None:
    first, second = (
        ical.write([event("2nd Th 9h-12h,14h-17h")], span=YEARS, stamp_s=STAMP_S) for _ in range(2)
    )
    assert first == second
    assert first != ical.write([event("2nd Th 9h-12h,14h-17h")], span=YEARS, stamp_s=STAMP_S + 1)


def test_intervals_of_a_day_are_siblings_with_uids_of_their_own() -> None:
    content = ical.write([event("Th 9:00-12:00,14:00-17:00")], span=YEARS, stamp_s=STAMP_S)
    calendar = icalendar.Calendar.from_ical(content)
    assert [str(one["UID"]) for one in calendar.walk("VEVENT")] == ["t1/76392", "t1/76392#2"]
    assert ical.read(content)[0].rhythm == Rhythm.of("Th 9:00-12:00,14:00-17:00")


def test_an_event_with_no_date_in_the_span_is_left_out() -> None:
    content = ical.write([event("Th 9h-12h until 2020-12-31")], span=YEARS, stamp_s=STAMP_S)
    assert ical.read(content) == ()


def test_an_evening_until_midnight() -> None:
    evening = event("Sa 20:00-24:00")
    content = ical.write([evening], span=YEARS, stamp_s=STAMP_S)
    assert b"DTEND;TZID=Europe/Paris:20260104T000000" in content
    assert ical.read(content) == (evening,)


def test_faults_of_several_events_are_told_at_once() -> None:
    school = event("We 9h-12h school term zone A")
    with pytest.raises(InputError) as caught:
        ical.write(
            [event("every 2 weeks Th 9h-12h"), school],
            span=Span(first=date(2027, 1, 1), last=date(2029, 1, 1)),
            stamp_s=0,
        )
    assert [fault.code for fault in caught.value.faults] == [
        "anchor_needed",
        "beyond_school_data",
    ]


def test_one_uid_is_not_published_twice() -> None:
    with pytest.raises(InputError) as caught:
        ical.write([event("Th 9h-12h"), event("Fr 9h-12h")], span=YEARS, stamp_s=0)
    assert [(fault.code, fault.value) for fault in caught.value.faults] == [
        ("duplicate_uid", "t1/76392")
    ]


def test_the_onsets_of_summer_time_are_in_the_time_that_ends() -> None:
    """RFC 5545, 3.6.5: 02:00 in the old time is 01:00 UTC, when the clocks of Paris change."""
    component = timezone_component("Europe/Paris", date(2026, 1, 1), date(2027, 12, 31))
    onsets = [
        (
            (part["DTSTART"].dt - part["TZOFFSETFROM"].td).replace(tzinfo=UTC),
            part["TZOFFSETTO"].td // timedelta(hours=1),
        )
        for part in component.subcomponents
    ]
    assert onsets == [
        (datetime(2025, 12, 31, 23, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 1),
        (datetime(2027, 3, 28, 1, tzinfo=UTC), 2),
        (datetime(2027, 10, 31, 1, tzinfo=UTC), 1),
    ]


@pytest.mark.parametrize(
    "name", ["Europe/Paris", "America/New_York", "Australia/Sydney", "Indian/Reunion", "UTC"]
)
def test_another_reader_of_vtimezone_agrees_at_every_hour(name: str) -> None:
    calendar = icalendar.Calendar()
    calendar.add_component(timezone_component(name, date(2026, 1, 1), date(2026, 12, 31)))
    read = tz.tzical(io.StringIO(calendar.to_ical().decode())).get()
    hours = [datetime(2026, 1, 1, 0, 30) + timedelta(hours=n) for n in range(8760)]  # noqa: DTZ001
    zone = ZoneInfo(name)
    differing = [
        hour
        for hour in hours
        if hour.replace(tzinfo=read).utcoffset() != hour.replace(tzinfo=zone).utcoffset()
        and hour.replace(tzinfo=zone).utcoffset() == hour.replace(tzinfo=zone, fold=1).utcoffset()
    ]
    assert differing == []


def test_the_six_real_tours_through_a_calendar() -> None:
    table = itinerant_tours.rows()
    events = tuple(
        CalendarEvent(
            uid=f"{row['tour']}/{number}",
            summary=row["tour_name"],
            location=row["commune"],
            rhythm=itinerant_tours.presence(row).rhythm,
            lon=float(row["lon"]),
            lat=float(row["lat"]),
        )
        for number, row in enumerate(table)
    )
    content = ical.write(events, span=YEARS, stamp_s=STAMP_S)
    assert ical.read(content) == events


FOREIGN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//else//EN
BEGIN:VEVENT
UID:a
DTSTAMP:20270101T000000Z
SUMMARY:Bus
{lines}
END:VEVENT
END:VCALENDAR
"""


def foreign(*lines: str) -> bytes:
    return FOREIGN.format(lines="\n".join(lines)).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20270107T133000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY"),
         "Th 13:30-16:30 from 2027-01-07"),
        # 22:59:59 UTC is 23:59:59 in Paris: the last Thursday counts.
        (("DTSTART;TZID=Europe/Paris:20270107T133000", "DTEND;TZID=Europe/Paris:20270107T163000",
          "RRULE:FREQ=WEEKLY;UNTIL=20270128T225959Z"),
         "Th 13:30-16:30 from 2027-01-07 until 2027-01-28"),
        # 12:29 UTC is 13:29 in Paris, a minute before it would begin.
        (("DTSTART;TZID=Europe/Paris:20270107T133000", "DTEND;TZID=Europe/Paris:20270107T163000",
          "RRULE:FREQ=WEEKLY;UNTIL=20270128T122900Z"),
         "Th 13:30-16:30 from 2027-01-07 until 2027-01-27"),
        (("DTSTART:20270107T133000", "DTEND:20270107T163000", "RRULE:FREQ=WEEKLY;UNTIL=20270128",
          "EXDATE:20270114T133000"),
         "Th 13:30-16:30 from 2027-01-07 until 2027-01-28 except 2027-01-14"),
        # Some write every moment but the first in UTC.
        (("DTSTART;TZID=Europe/Paris:20270107T133000", "DTEND:20270107T153000Z",
          "RRULE:FREQ=WEEKLY", "EXDATE:20270114T123000Z"),
         "Th 13:30-16:30 from 2027-01-07 except 2027-01-14"),
    ],
)  # fmt: skip
def test_calendars_of_others_are_read(lines: tuple[str, ...], expected: str) -> None:
    (found,) = ical.read(foreign(*lines))
    assert found.rhythm.text() == expected


@st.composite
def damaged(draw, content: bytes) -> bytes:
    """A calendar with lines lost, doubled, exchanged, or cut short."""
    lines = content.split(b"\r\n")
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["lose", "double", "move", "cut"])):
            case "lose":
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
            case "cut":
                lines[place] = lines[place][: draw(st.integers(0, len(lines[place])))]
    return b"\r\n".join(lines)


WHOLE = ical.write(
    [
        event("Mo 9:00-12:00,14:00-17:00 not on public holidays except 2027-04-12"),
        CalendarEvent(uid="u2", summary="Bus", rhythm=Rhythm.of("2nd Th 9h-12h also 2027-04-12")),
    ],
    span=YEARS,
    stamp_s=STAMP_S,
)


@settings(deadline=None, max_examples=200)
@given(damaged(WHOLE))
def test_a_damaged_calendar_is_read_or_refused(content: bytes) -> None:
    try:
        found = ical.read(content, file="bus.ics")
    except InputError:
        return
    assert all(one.uid for one in found)


HOURS = ("DTSTART:20270107T133000", "DTEND:20270107T163000")


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (("DTSTART;VALUE=DATE:20270107", "DTEND;VALUE=DATE:20270108", "RRULE:FREQ=WEEKLY"),
         ["event_all_day"]),
        (("DTSTART:20270107T133000",), ["event_lacks", "event_once"]),
        (HOURS, ["event_once"]),
        ((*HOURS, "RRULE:FREQ=WEEKLY;COUNT=3"), ["rrule_part"]),
        ((*HOURS, "RRULE:FREQ=WEEKLY", "STATUS:CANCELLED"), ["event_changed"]),
        ((*HOURS, "RRULE:FREQ=WEEKLY", "RECURRENCE-ID:20270114T133000"), ["event_changed"]),
        ((*HOURS, "RRULE:FREQ=WEEKLY", "EXDATE:20270114T140000"), ["event_unread"]),
        ((*HOURS, "RRULE:FREQ=WEEKLY", "RDATE;VALUE=DATE:20270115"), ["event_unread"]),
        ((*HOURS, "RRULE:FREQ=SOMETIMES"), ["event_unread"]),
        (("DTSTART:20270107T133000", "DTEND;VALUE=DATE:20270108", "RRULE:FREQ=WEEKLY"),
         ["event_unread"]),
        (("DTSTART:20270107T133000", "DTEND:20270108T013000", "RRULE:FREQ=WEEKLY"),
         ["out_of_range"]),
    ],
)  # fmt: skip
def test_events_that_are_no_rhythm_are_told_with_their_line(
    lines: tuple[str, ...], codes: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        ical.read(foreign(*lines), file="bus.ics")
    assert [fault.code for fault in caught.value.faults] == codes
    assert {(fault.file, fault.row) for fault in caught.value.faults} == {("bus.ics", 4)}


def test_two_events_with_one_uid() -> None:
    once = foreign(*HOURS, "RRULE:FREQ=WEEKLY")
    part = once[once.index(b"BEGIN:VEVENT") : once.index(b"END:VCALENDAR")]
    with pytest.raises(InputError) as caught:
        ical.read(once.replace(part, part + part))
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [("duplicate_uid", 12)]


@pytest.mark.parametrize(
    "content", [b"", b"homes.csv", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n", foreign() + foreign()]
)
def test_what_is_no_calendar(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        ical.read(content, file="bus.ics")
    assert [fault.code for fault in caught.value.faults] == ["not_ical"]
