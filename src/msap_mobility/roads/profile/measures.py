"""Durations, and how much room there is, as OpenStreetMap writes them."""

from __future__ import annotations

import re

__all__ = ["duration_s", "measure"]

_CLOCK = re.compile(r"(?:(\d+):)?(\d+)(?::(\d\d))?")
_ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|t)?")


def duration_s(tag: str) -> float | None:
    """Seconds of a ``duration``: minutes, ``h:mm``, ``h:mm:ss`` or ISO 8601; None for others.

    Examples
    --------
    >>> [duration_s(tag) for tag in ("15", "1:05", "0:10:30", "PT1H30M", "20 min", "")]
    [900.0, 3900.0, 630.0, 5400.0, None, None]
    """
    if found := _CLOCK.fullmatch(tag.strip()):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return 3600.0 * hours + 60 * minutes + seconds
    if (found := _ISO.fullmatch(tag.strip())) and any(found.groups()):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return 86400.0 * days + 3600 * hours + 60 * minutes + seconds
    return None


def measure(tag: str) -> float | None:
    """Metres or tonnes of a ``maxheight``, ``maxweight`` and the like; None if they tell neither.

    Examples
    --------
    >>> [measure(tag) for tag in ("3.5", "3,5 t", "2.2 m", "default")]
    [3.5, 3.5, 2.2, None]
    """
    found = _NUMBER.fullmatch(tag.strip())
    return float(found[1].replace(",", ".")) if found else None
