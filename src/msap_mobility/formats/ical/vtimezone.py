"""The VTIMEZONE of a calendar: how far the wall clock is from UTC, and when that changes.

Written from Python's own zone data for the years of the calendar. (`icalendar` can write one too;
its version 7.3.2 gives the onset of summer time an hour late by the rule of RFC 5545, section
3.6.5: DTSTART is in the local time that ends there.)
"""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["timezone_component"]

_HOUR = timedelta(hours=1)
_DAY_H = 24


def timezone_component(tz: str, first: date, last: date) -> Any:
    """The VTIMEZONE component of `tz`, right from `first` to `last`.

    Parameters
    ----------
    tz
        IANA name.
    first, last
        Dates.

    Examples
    --------
    >>> paris = timezone_component("Europe/Paris", date(2026, 1, 1), date(2026, 12, 31))
    >>> [(part.name, part["DTSTART"].to_ical().decode()) for part in paris.subcomponents]
    [('STANDARD', '20260101T000000'), ('DAYLIGHT', '20260329T020000'),
     ('STANDARD', '20261025T030000')]
    """
    from icalendar import Timezone  # noqa: PLC0415 - takes a third of a second

    component = Timezone()
    component.add("tzid", tz)
    begin = datetime.combine(first, datetime.min.time(), tzinfo=ZoneInfo(tz)).astimezone(UTC)
    component.add_component(_observance(begin, begin, tz))
    for onset in _changes(tz, first, last):
        component.add_component(_observance(onset, onset - timedelta(seconds=1), tz))
    return component


def _observance(onset: datetime, before: datetime, tz: str) -> Any:
    """What holds from `onset`, told in the local time that held at `before`."""
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415 - as above

    zone = ZoneInfo(tz)
    local, old = onset.astimezone(zone), before.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (onset + (old.utcoffset() or timedelta())).replace(tzinfo=None))
    part.add("tzoffsetfrom", old.utcoffset())
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname())
    return part


def _changes(tz: str, first: date, last: date) -> Iterator[datetime]:
    """The instants at which the distance from UTC changes; all fall on a full minute."""
    zone = ZoneInfo(tz)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    for number in range((last - first).days + 1):
        day = start + timedelta(days=number)
        old = day.astimezone(zone).utcoffset()
        if (day + _DAY_H * _HOUR).astimezone(zone).utcoffset() != old:
            minutes = [day + timedelta(minutes=minute) for minute in range(_DAY_H * 60 + 1)]
            place = bisect(minutes, 0, key=lambda at: at.astimezone(zone).utcoffset() != old)
            yield minutes[place]
