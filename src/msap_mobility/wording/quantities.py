"""Numbers, times and distances as people write them in French and in English."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

_NARROW_SPACE = "\u202f"  # groups thousands and stands before units and % in French typography

_WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
        *("août", "septembre", "octobre", "novembre", "décembre"),
    ),
}


def number(value: float, lang: str, digits: int = 0) -> str:
    """`value` with `digits` decimals, thousands grouped.

    Examples
    --------
    >>> number(24737, "en"), number(3.25, "fr", 2)
    ('24,737', '3,25')
    """
    return _grouped(f"{value:,.{digits}f}", lang)


def _grouped(text: str, lang: str) -> str:
    return text.replace(",", _NARROW_SPACE).replace(".", ",") if lang == "fr" else text


def count(value: float, lang: str) -> str:
    """A whole number of people, stops or days.

    Examples
    --------
    >>> count(1234.4, "en")
    '1,234'
    """
    return number(value, lang)


def decimal(value: float, lang: str) -> str:
    """A number with one decimal: days a week, visits a month.

    Examples
    --------
    >>> decimal(2.5, "fr")
    '2,5'
    """
    return number(value, lang, 1)


def share(value: float, lang: str) -> str:
    """A share between 0 and 1 as a percentage with one decimal.

    Examples
    --------
    >>> share(0.139, "en")
    '13.9%'
    """
    unit = f"{_NARROW_SPACE}%" if lang == "fr" else "%"
    return number(100 * value, lang, 1) + unit


def percent(value: float, lang: str) -> str:
    """A share between 0 and 1 as a whole percentage: for values that are rounded anyway.

    Examples
    --------
    >>> percent(0.35, "en")
    '35%'
    """
    unit = f"{_NARROW_SPACE}%" if lang == "fr" else "%"
    return number(100 * value, lang) + unit


def distance(metres: float, lang: str) -> str:
    """Metres below one kilometre, else kilometres with one decimal.

    Examples
    --------
    >>> distance(800, "en"), distance(12700, "en")
    ('800 m', '12.7 km')
    """
    if metres < 1000:
        return f"{number(metres, lang)} m"
    return f"{number(metres / 1000, lang, 1)} km"


def duration(seconds: float, lang: str) -> str:
    """A length of time: minutes under two hours, hours under two days, else days.

    Examples
    --------
    >>> duration(720, "en"), duration(3 * 3600 + 300, "fr"), duration(6.5 * 86400, "en")
    ('12 min', '3 h 05', '6.5 days')
    """
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 2 * 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    days = number(seconds / 86400, lang, 1)
    return f"{days} jours" if lang == "fr" else f"{days} days"


def clock(seconds: float, lang: str) -> str:
    """Seconds since midnight as a time of day.

    Examples
    --------
    >>> clock(50400, "fr"), clock(50400, "en")
    ('14 h 00', '2:00 pm')
    """
    minutes = round(seconds / 60) % (24 * 60)
    hour, minute = divmod(minutes, 60)
    if lang == "fr":
        return f"{hour} h {minute:02d}"
    return f"{(hour - 1) % 12 + 1}:{minute:02d} {'am' if hour < 12 else 'pm'}"


def weekday(index: int, lang: str) -> str:
    """The name of a weekday, 0 being Monday.

    Examples
    --------
    >>> weekday(3, "fr")
    'jeudi'
    """
    return _WEEKDAYS[lang][index % 7]


def day(value: date, lang: str) -> str:
    """A date in full.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2026, 12, 1), "fr"), day(date(2026, 12, 3), "en")
    ('1er décembre 2026', '3 December 2026')
    """
    number_of_day = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{number_of_day} {_MONTHS[lang][value.month - 1]} {value.year}"


def moment(value: int, lang: str) -> str:
    """An instant given as microseconds since 1970, in UTC; beyond the year 9999, its number.

    Examples
    --------
    >>> moment(1_796_112_600_000_000, "en")
    '1 December 2026, 08:10 UTC'
    """
    try:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    except OverflowError:
        return str(value)
    return f"{day(instant, lang)}, {instant:%H:%M} UTC"


def money(value: Any, lang: str) -> str:
    """Minor units of an asset: anything with `units`, `asset` and `decimals`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> three = SimpleNamespace(units=350, asset="EUR", decimals=2)
    >>> money(three, "en"), money(three, "fr") == "3,50\u202f€"
    ('3.50 €', True)
    """
    whole, part = divmod(abs(value.units), 10**value.decimals)  # no float: not a cent is rounded
    sign = "-" if value.units < 0 else ""
    point = f".{part:0{value.decimals}}" if value.decimals else ""
    text = _grouped(f"{sign}{whole:,}{point}", lang)
    symbol = "€" if value.asset == "EUR" else value.asset
    return f"{text}{_NARROW_SPACE if lang == 'fr' else ' '}{symbol}"


FORMATS: Mapping[str, Callable[[Any, str], str]] = {
    "clock": clock,
    "count": count,
    "date": day,
    "decimal": decimal,
    "distance": distance,
    "duration": duration,
    "moment": moment,
    "money": money,
    "percent": percent,
    "share": share,
    "weekday": weekday,
}
