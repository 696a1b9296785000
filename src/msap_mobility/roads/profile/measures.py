"""Durations, how much room there is, and how steep it is, as OpenStreetMap writes them."""

from __future__ import annotations

import re
from math import nan, radians, tan

__all__ = ["duration_s", "elevation_m", "measure", "slope"]

_CLOCK = re.compile(r"(?:(\d+):)?(\d+)(?::(\d\d))?")
_ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(m|t)?")
_HEIGHT = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*m?")
_SLOPE = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([%°])")

_STEEPEST = 1.0
"""Nobody wheels or walks up a road steeper than this: the number stands for something else."""


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


def elevation_m(tag: str) -> float:
    """Metres of an ``ele``; NaN for what is none.

    Examples
    --------
    >>> [elevation_m(tag) for tag in ("1250", "-3,5 m", "high")]
    [1250.0, -3.5, nan]
    """
    found = _HEIGHT.fullmatch(tag.strip())
    return float(found[1].replace(",", ".")) if found else nan


def slope(tag: str) -> float:
    """Rise over run of an ``incline``; NaN where it tells no number (``up``) or not its unit.

    Examples
    --------
    >>> [round(slope(tag), 3) for tag in ("10%", "-5 °", "up", "10", "90°")]
    [0.1, -0.087, nan, nan, nan]
    """
    found = _SLOPE.fullmatch(tag.strip())
    if not found:
        return nan
    amount = float(found[1].replace(",", "."))
    rise = amount / 100 if found[2] == "%" else tan(radians(amount))
    return nan if abs(rise) > _STEEPEST else rise
