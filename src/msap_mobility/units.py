"""Read text with a unit: lengths of time, distances, times of day, dates, instants.

Inside the library every quantity is a plain number whose name ends in its unit (`dwell_s`,
`limit_m`); this module is the one door through which text becomes such a number. A text that
cannot be read raises an `InputError` with one fault.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msap_mobility.errors import Fault, InputError

__all__ = [
    "DAY_S",
    "WEEK_S",
    "clock_s",
    "clock_text",
    "day",
    "instant",
    "iso_text",
    "metres",
    "seconds",
]

DAY_S = 86_400
WEEK_S = 7 * DAY_S

_NAMES = {
    1: "s second seconds seconde secondes",
    60: "min minute minutes",
    3600: "h hour hours heure heures",
    DAY_S: "d day days j jour jours",
}
_SECONDS_PER = {name: each for each, names in _NAMES.items() for name in names.split()}
_METRES_PER = {"m": 1, "km": 1000}
_NUMBER_AND_UNIT = re.compile(r"\s*(\d{1,12}(?:[.,]\d+)?)\s*([a-z]+)\s*")
_HOURS_AND_MINUTES = re.compile(r"\s*(\d{1,12})\s*h\s*([0-5]?\d)\s*(?:min|minutes?)?\s*")
_CLOCK = re.compile(r"\s*(\d{1,2})(?::|\s*h\s*)(\d{2})\s*")
_INSTANT = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:T|\s+)(\d.*?)\s*")
_INSTANT_OF_EXCEL = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d.*?)\s*")
_CLOCK_TO_THE_SECOND = re.compile(
    r"\d{2}:\d{2}:\d{2}|(?:\d{2}:\d{2}(?::\d{2})?)(?:Z|[+-]\d{2}:\d{2})"
)


def seconds(text: str) -> int:
    """A length of time in seconds.

    Parameters
    ----------
    text
        A number and a unit (s, min, h, d or j for days, or their names in full in English or
        French), or hours and minutes below 60.

    Raises
    ------
    InputError
        With the fault ``not_a_duration``.

    Examples
    --------
    >>> seconds("12 min"), seconds("1 h 30"), seconds("90 s"), seconds("10 minutes")
    (720, 5400, 90, 600)
    """
    if match := _HOURS_AND_MINUTES.fullmatch(text):
        return int(match[1]) * 3600 + int(match[2]) * 60
    return _quantity(text, _SECONDS_PER, "not_a_duration")


def metres(text: str) -> int:
    """A distance in metres.

    Raises
    ------
    InputError
        With the fault ``not_a_distance``.

    Examples
    --------
    >>> metres("800 m"), metres("2 km"), metres("1,5 km")
    (800, 2000, 1500)
    """
    return _quantity(text, _METRES_PER, "not_a_distance")


def clock_s(text: str) -> int:
    """A time of day in seconds since midnight; 24:00 is the end of the day.

    Raises
    ------
    InputError
        With the fault ``not_a_clock``.

    Examples
    --------
    >>> clock_s("13:30"), clock_s("8 h 05")
    (48600, 29100)
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise InputError([Fault(code="not_a_clock", value=text)])
    total = int(match[1]) * 3600 + int(match[2]) * 60
    if int(match[2]) > 59 or total > DAY_S:
        raise InputError([Fault(code="not_a_clock", value=text)])
    return total


def clock_text(time_s: int) -> str:
    """Seconds since midnight as ``HH:MM``, what `clock_s` reads back.

    Examples
    --------
    >>> clock_text(48600)
    '13:30'
    """
    minutes = time_s // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day(text: str) -> date:
    """A calendar date written year-month-day.

    Raises
    ------
    InputError
        With the fault ``not_a_date``.

    Examples
    --------
    >>> day("2026-12-01")
    datetime.date(2026, 12, 1)
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InputError([Fault(code="not_a_date", value=text)]) from None


def instant(text: str, zone: str = "Europe/Paris") -> datetime:
    """A date and a time of day, as an instant with its offset from UTC.

    Parameters
    ----------
    text
        Year-month-day and a time of day; with an offset (``+01:00``, ``Z``) where it has one. Or
        day/month/year and a time of day, as a French Excel writes them.
    zone
        IANA zone of the clock on the wall, where the text has no offset.

    Raises
    ------
    InputError
        ``not_an_instant``; ``clock_skips_instant`` and ``clock_shows_instant_twice`` on the
        nights when the clocks change; ``unknown_tz``.

    Examples
    --------
    >>> instant("2026-12-01 08:10").isoformat(), instant("2026-07-01 8 h 10").isoformat()
    ('2026-12-01T08:10:00+01:00', '2026-07-01T08:10:00+02:00')
    >>> instant("2026-10-25 02:30")
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: The clocks show '2026-10-25 02:30' twice: ...
    """
    match = _INSTANT.fullmatch(iso_text(text))
    if match is None:
        raise InputError([Fault(code="not_an_instant", value=text)])
    try:
        if _CLOCK_TO_THE_SECOND.fullmatch(match[2]):
            local = datetime.fromisoformat(f"{match[1]}T{match[2]}")
        else:
            midnight = datetime.combine(day(match[1]), datetime.min.time())
            local = midnight + timedelta(seconds=clock_s(match[2]))
    except (ValueError, OverflowError):  # an InputError is a ValueError too
        raise InputError([Fault(code="not_an_instant", value=text)]) from None
    return local if local.tzinfo is not None else _on_the_wall(local, zone, text)


def iso_text(text: str) -> str:
    """What is written as day/month/year and a time, written year-month-day; else the text itself.

    Examples
    --------
    >>> iso_text("09/03/2027 8h10"), iso_text("2027-03-09 08:10")
    ('2027-03-09 8h10', '2027-03-09 08:10')
    """
    match = _INSTANT_OF_EXCEL.fullmatch(text)
    if match is None:
        return text
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d} {match[4]}"


def _on_the_wall(local: datetime, zone: str, text: str) -> datetime:
    """The one instant at which the clock shows `local`."""
    try:
        tz = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise InputError([Fault(code="unknown_tz", value=zone)]) from None
    first, second = (local.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    skipped = first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != local
    code = "clock_skips_instant" if skipped else "clock_shows_instant_twice"
    offsets = {"earlier": first.isoformat(" "), "later": second.isoformat(" ")}
    raise InputError([Fault(code=code, value=text, details=offsets)])


def _quantity(text: str, per_unit: dict[str, int], fault: str) -> int:
    match = _NUMBER_AND_UNIT.fullmatch(text.lower())
    if match is None or match[2] not in per_unit:
        raise InputError([Fault(code=fault, value=text)])
    return round(float(match[1].replace(",", ".")) * per_unit[match[2]])
