"""Speed limits as OpenStreetMap writes them."""

from __future__ import annotations

import re

__all__ = ["max_speed_km_h"]

KM_H_PER_MPH = 1.609344

WALKING_PACE_KM_H = 6.0
"""``walk`` in Germany, Austria and here: the pace of a person on foot."""

HIGHEST_LIMIT_KM_H = 150.0
"""The highest limit of a road in Europe is 140 km/h (Poland, Bulgaria); a tag that says more than
this is a slip of the hand, or of the unit, and tells nothing."""

FRENCH_LIMITS_KM_H = {
    "urban": 50.0,  # Code de la route R413-3
    "rural": 80.0,  # R413-2: two-way roads without a median, since decree 2018-487
    "trunk": 110.0,  # R413-2: two carriageways with a median
    "motorway": 130.0,  # R413-2
    "living_street": 20.0,  # zone de rencontre, R110-2
    "walk": WALKING_PACE_KM_H,
}
"""Limits that ``FR:rural`` and its like stand for. A département may allow 90 km/h on some roads
(CGCT L3221-4-1); those carry the number in their tag."""

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?\s*")
_ZONE_NUMBER = re.compile(r"[A-Z]{2}:(?:zone:?)?(\d+)")


def max_speed_km_h(tag: str) -> float | None:
    """The limit a ``maxspeed`` tag tells; None if it tells none we understand.

    Of several limits (``50;30``, ``80; 50``) the lowest counts. A number above
    `HIGHEST_LIMIT_KM_H` is passed over.

    Examples
    --------
    >>> [max_speed_km_h(tag) for tag in ("70", "FR:rural", "FR:zone30", "walk", "none")]
    [70.0, 80.0, 30.0, 6.0, None]
    >>> round(max_speed_km_h("30 mph"), 1)
    48.3
    """
    limits = [_one_limit(part.strip()) for part in re.split(r"[;|,]", tag)]
    believed = [limit for limit in limits if limit is not None and limit <= HIGHEST_LIMIT_KM_H]
    return min(believed, default=None)


def _one_limit(text: str) -> float | None:
    if number := _NUMBER.fullmatch(text):
        return float(number[1]) * (KM_H_PER_MPH if number[2] == "mph" else 1)
    if zone := _ZONE_NUMBER.fullmatch(text):
        return float(zone[1])
    if text == "walk":
        return WALKING_PACE_KM_H
    country, _, zone_name = text.partition(":")
    return FRENCH_LIMITS_KM_H.get(zone_name) if country == "FR" else None
