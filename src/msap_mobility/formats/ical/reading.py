"""Events from the bytes of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from msap_mobility.calendar import Hours, RecurrenceText, Rhythm
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.ical.event import REASON, REMARKS, CalendarEvent

__all__ = ["read"]

_ONCE = ("UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "LOCATION", "DESCRIPTION",
         "GEO", REMARKS)  # fmt: skip


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
    events: dict[str, CalendarEvent] = {}
    with Faults(file=file) as faults:
        for row, component in _components(content, file):
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


def _components(content: bytes, file: str) -> list[tuple[int, Any]]:
    """Each VEVENT with the line on which it begins."""
    from icalendar import Calendar  # noqa: PLC0415 - takes a third of a second

    lines = enumerate(content.splitlines(), start=1)
    rows = [row for row, line in lines if line.strip().upper() == b"BEGIN:VEVENT"]
    try:
        return list(zip(rows, Calendar.from_ical(content).walk("VEVENT"), strict=True))
    except Exception:  # noqa: BLE001 - a damaged file makes icalendar raise anything
        raise InputError([Fault(code="not_ical", file=file)]) from None


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
        for name, problem in component.errors:
            value = str(component.get(name, name)) if name else problem
            faults.add("event_unread", column=name or "", value=value)
        for name in _ONCE:
            if isinstance(component.get(name), list):
                faults.add("event_unread", column=name, value=name)
        _check_presence(component, faults)
    with Faults() as faults:
        if not isinstance(component["DTSTART"].dt, datetime):
            faults.add("event_all_day", value=component["DTSTART"].dt)
        elif not isinstance(_end(component), (datetime, timedelta)):
            faults.add("event_unread", column="DTEND", value=str(_end(component)))


def _check_presence(component: Any, faults: Faults) -> None:
    for name in ("UID", "DTSTART"):
        if not str(component.get(name, "")):
            faults.add("event_lacks", value=name)
    if "DTEND" not in component and "DURATION" not in component:
        faults.add("event_lacks", value="DTEND")
    if "RRULE" not in component:
        faults.add("event_once", value=str(component.get("SUMMARY", "")))
    if "RECURRENCE-ID" in component or component.get("STATUS") == "CANCELLED":
        faults.add("event_changed", value=str(component.get("SUMMARY", "")))


def _end(component: Any) -> Any:
    """The moment of DTEND, or the length of DURATION."""
    return component["DTEND" if "DTEND" in component else "DURATION"].dt


def _hours(component: Any, start: datetime) -> Hours:
    end = _end(component)
    length = end if isinstance(end, timedelta) else _wall(end, start) - _wall(start, start)
    start_s = start.hour * 3600 + start.minute * 60 + start.second
    return Hours(start_s, start_s + int(length.total_seconds()))


def _wall(moment: datetime, start: datetime) -> datetime:
    """What the clock on the wall shows where the event begins."""
    local = moment.astimezone(start.tzinfo) if moment.tzinfo and start.tzinfo else moment
    return local.replace(tzinfo=None)


def _rule_text(component: Any, start: datetime) -> str:
    """The RRULE, with UNTIL as the last local date on which the event still begins."""
    rule = dict(component["RRULE"])
    until = rule.pop("UNTIL", None)
    text = str(type(component["RRULE"])(rule).to_ical().decode())
    if until is None:
        return text
    end = until[0]
    if isinstance(end, datetime):
        local = _wall(end, start)
        end = local.date() - timedelta(days=local.time() < start.time())
    return f"{text};UNTIL={end:%Y%m%d}"


def _dates(component: Any, name: str, start: datetime, faults: Faults) -> tuple[date, ...]:
    """The dates taken out or put in, those of our policies left aside."""
    found: set[date] = set()
    for several in _each(component.get(name, [])):
        if REASON in several.params:
            continue
        for moment in (item.dt for item in several.dts):
            local = _wall(moment, start) if isinstance(moment, datetime) else None
            if local and local.time() == start.time():
                found.add(local.date())
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
