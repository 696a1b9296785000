"""A calendar as bytes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Faults
from msap_mobility.formats.ical.event import REASON, REMARKS
from msap_mobility.formats.ical.vtimezone import timezone_component
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from msap_mobility.calendar import Hours, RecurrenceText, Span
    from msap_mobility.formats.ical.event import CalendarEvent

__all__ = ["write"]

PRODUCT = "-//msap_mobility//iCalendar//EN"
POLICY = {REASON: "POLICY"}


def write(events: Iterable[CalendarEvent], *, span: Span, stamp_s: int, name: str = "") -> bytes:
    """The calendar of a span of dates; an event with no date in it is left out.

    Parameters
    ----------
    events
        In the order wanted, each with a `uid` of its own.
    span
        The dates published, and the zone of the clock on the wall. Regular dates end with it.
    stamp_s
        DTSTAMP, POSIX seconds: when the events were decided, not when the file is written.
    name
        Name of the calendar that applications show.

    Raises
    ------
    InputError
        ``duplicate_uid``, and the faults of `Rhythm.dates` and `Rhythm.to_rrule`.

    Examples
    --------
    >>> from datetime import date
    >>> from msap_mobility.calendar import Rhythm, Span
    >>> from msap_mobility.formats.ical import CalendarEvent
    >>> spring = Span(first=date(2027, 3, 1), last=date(2027, 6, 30))
    >>> event = CalendarEvent(uid="t1/a", summary="Bus", rhythm=Rhythm.of("2nd Th 13:30-16:30"))
    >>> lines = write([event], span=spring, stamp_s=0).decode().splitlines()
    >>> [line for line in lines if line.startswith(("DTSTART;", "RRULE"))]
    ['DTSTART;TZID=Europe/Paris:20270311T133000',
     'RRULE:FREQ=MONTHLY;UNTIL=20270630T215959Z;BYDAY=2TH']
    """
    from icalendar import Calendar  # noqa: PLC0415 - takes a third of a second

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("x-wr-calname", name)
    parts: dict[str, Any] = {}
    dates = {span.first, span.last}
    with Faults() as faults:
        for event in events:
            with faults.also():
                for part in _components(event, span, datetime.fromtimestamp(stamp_s, UTC)):
                    uid = str(part["UID"])
                    if uid in parts:
                        faults.add("duplicate_uid", value=uid)
                    parts[uid] = part
            dates = {*dates, *event.rhythm.except_dates, *event.rhythm.extra_dates}
    calendar.add_component(timezone_component(span.tz, min(dates), max(dates)))
    for part in parts.values():
        calendar.add_component(part)
    return bytes(calendar.to_ical())


def _components(event: CalendarEvent, span: Span, stamp: datetime) -> Iterator[Any]:
    """One VEVENT for each interval of the day; none if no date falls into the span."""
    rhythm = event.rhythm
    if not any(True for _ in rhythm.dates(span.first, span.last)):
        return
    text = rhythm.to_rrule(since=span.first, until=span.last)
    closed = [
        day
        for day in rhythm.rule.days(text.start, min(span.last, rhythm.last or span.last))
        if not rhythm.admits(day) and day not in {*rhythm.except_dates, *rhythm.extra_dates}
    ]
    for number, hours in enumerate(text.hours):
        part = _component(event, text, hours, span)
        part.add("dtstamp", stamp)
        part.add("uid", f"{event.uid}#{number + 1}" if number else event.uid)
        if number:
            part.add("related-to", event.uid, parameters={"RELTYPE": "SIBLING"})
        if closed:
            part.add("exdate", _moments(closed, hours, span), parameters=POLICY)
        yield part


def _component(event: CalendarEvent, text: RecurrenceText, hours: Hours, span: Span) -> Any:
    from icalendar import Event, vRecur  # noqa: PLC0415 - takes a third of a second

    part = Event()
    part.add("dtstart", _wall(text.start, hours.start_s, span))
    part.add("dtend", _wall(text.start, hours.end_s, span))
    rule = vRecur.from_ical(text.rrule)
    day_end = min(span.last, event.rhythm.last or span.last)
    rule["UNTIL"] = _wall(day_end, DAY_S - 1, span).astimezone(UTC)
    part.add("rrule", rule)
    for property_name, dates in (("exdate", text.except_dates), ("rdate", text.extra_dates)):
        if dates:
            part.add(property_name, _moments(dates, hours, span))
    if text.remarks:
        part.add(REMARKS, text.remarks)
    for property_name in ("summary", "location", "description"):
        if words := getattr(event, property_name):
            part.add(property_name, words)
    if event.lon is not None and event.lat is not None:
        part.add("geo", (event.lat, event.lon))
    return part


def _wall(day: date, clock_s: int, span: Span) -> datetime:
    """What the clock on the wall shows; iCalendar leaves its hour in UTC to VTIMEZONE."""
    midnight = datetime.combine(day, time(), tzinfo=span.zone)
    return midnight + timedelta(seconds=clock_s)


def _moments(dates: Sequence[date], hours: Hours, span: Span) -> list[datetime]:
    return [_wall(day, hours.start_s, span) for day in dates]
