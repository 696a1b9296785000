"""Events from the bytes of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from msap_mobility.calendar import Hours, RecurrenceText, Rhythm
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.ical.event import REASON, REMARKS, CalendarEvent

__all__ = ["read"]


def read(content: bytes, *, file: str = "") -> tuple[CalendarEvent, ...]:
    """The events of a calendar, in order; the intervals of one rhythm are joined again.

    A time is that of the clock on the wall of the event's own zone.

    Parameters
    ----------
    content
        One VCALENDAR.
    file
        Name told in faults.

    Raises
    ------
    InputError
        Every fault, with the line on which the event begins: ``not_ical``, ``event_unread``,
        ``event_all_day``, ``event_once``, ``event_changed``, ``duplicate_uid``, and those of
        `Rhythm.from_rrule`.
    """
    calendar = _parsed(content, file)
    events: dict[str, CalendarEvent] = {}
    with Faults(file=file) as faults:
        for row, component in zip(_rows(content), calendar.walk("VEVENT"), strict=True):
            try:
                event = _event(component)
            except InputError as error:
                faults.found.extend(replace(fault, file=file, row=row) for fault in error.faults)
                continue
            if event.uid in events:
                faults.add("duplicate_uid", row=row, value=event.uid)
            elif (sibling := events.get(_sibling(component))) and _alike(event, sibling):
                events[sibling.uid] = _with_hours(sibling, event.rhythm.hours)
            else:
                events[event.uid] = event
    return tuple(events.values())


def _parsed(content: bytes, file: str) -> Any:
    from icalendar import Calendar  # noqa: PLC0415 - takes a third of a second

    try:
        return Calendar.from_ical(content)
    except ValueError:
        raise InputError([Fault(code="not_ical", file=file)]) from None


def _rows(content: bytes) -> list[int]:
    """The lines on which events begin."""
    lines = enumerate(content.splitlines(), start=1)
    return [row for row, line in lines if line.strip().upper() == b"BEGIN:VEVENT"]


def _event(component: Any) -> CalendarEvent:
    _check(component)
    start = component["DTSTART"].dt
    lat, lon = _position(component)
    with Faults() as faults:
        text = RecurrenceText(
            start=start.date(),
            rrule=_rule_text(component, start),
            hours=(_hours(component, start),),
            except_dates=_dates(component, "EXDATE", start, faults),
            extra_dates=_dates(component, "RDATE", start, faults),
            remarks=str(component.get(REMARKS, "")),
        )
    return CalendarEvent(
        uid=str(component["UID"]),
        summary=str(component.get("SUMMARY", "")),
        rhythm=Rhythm.from_rrule(text),
        location=str(component.get("LOCATION", "")),
        description=str(component.get("DESCRIPTION", "")),
        lon=lon,
        lat=lat,
    )


def _check(component: Any) -> None:
    """Refuse an event that has not what a rhythm needs, or says more."""
    with Faults() as faults:
        for name, _ in component.errors:
            faults.add("event_unread", column=name, value=str(component.get(name, name)))
        for name in ("UID", "DTSTART"):
            if name not in component:
                faults.add("event_lacks", value=name)
        if "DTEND" not in component and "DURATION" not in component:
            faults.add("event_lacks", value="DTEND")
        if "RRULE" not in component:
            faults.add("event_once", value=str(component.get("SUMMARY", "")))
        if "RECURRENCE-ID" in component or component.get("STATUS") == "CANCELLED":
            faults.add("event_changed", value=str(component.get("SUMMARY", "")))
    if not isinstance(component["DTSTART"].dt, datetime):
        raise InputError([Fault(code="event_all_day", value=component["DTSTART"].dt)])


def _hours(component: Any, start: datetime) -> Hours:
    told = component.get("DTEND") or component["DURATION"]
    length = told.dt - start if isinstance(told.dt, datetime) else told.dt
    start_s = start.hour * 3600 + start.minute * 60 + start.second
    return Hours(start_s, start_s + int(length.total_seconds()))


def _rule_text(component: Any, start: datetime) -> str:
    """The RRULE, with UNTIL as the last local date on which the event still begins."""
    rule = dict(component["RRULE"])
    until = rule.pop("UNTIL", None)
    text = str(type(component["RRULE"])(rule).to_ical().decode())
    if until is None:
        return text
    end = until[0]
    if isinstance(end, datetime):
        local = end.astimezone(start.tzinfo) if end.tzinfo else end
        end = local.date() - timedelta(days=local.time() < start.time())
    return f"{text};UNTIL={end:%Y%m%d}"


def _dates(component: Any, name: str, start: datetime, faults: Faults) -> tuple[date, ...]:
    """The dates taken out or put in, those of our policies left aside."""
    found: set[date] = set()
    for several in _each(component.get(name, [])):
        if REASON in several.params:
            continue
        for moment in (item.dt for item in several.dts):
            if isinstance(moment, datetime) and moment.time() == start.time():
                found.add(moment.date())
            else:
                faults.add("event_unread", column=name, value=str(moment))
    return tuple(sorted(found))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _position(component: Any) -> tuple[float | None, float | None]:
    """Latitude and longitude, if told."""
    geo = component.get("GEO")
    return (None, None) if geo is None else (geo.latitude, geo.longitude)


def _sibling(component: Any) -> str:
    related = component.get("RELATED-TO")
    is_sibling = related is not None and getattr(related, "params", {}).get("RELTYPE") == "SIBLING"
    return str(related) if is_sibling else ""


def _alike(event: CalendarEvent, sibling: CalendarEvent) -> bool:
    """Whether the two differ in nothing but the interval of the day."""
    return _with_hours(replace(event, uid=sibling.uid), sibling.rhythm.hours) == _with_hours(
        sibling, event.rhythm.hours
    )


def _with_hours(event: CalendarEvent, hours: tuple[Hours, ...]) -> CalendarEvent:
    """The event with these intervals besides its own."""
    every = tuple(sorted({*event.rhythm.hours, *hours}))
    return replace(event, rhythm=replace(event.rhythm, hours=every))
