"""Speed limits as OpenStreetMap writes them."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FRANCE_80", "FRANCE_90", "max_speed_km_h"]

KM_H_PER_MPH = 1.609344

WALKING_PACE_KM_H = 6.0
"""``walk`` in Germany, Austria and here: the pace of a person on foot."""

HIGHEST_LIMIT_KM_H = 150.0
"""The highest limit of a road in Europe is 140 km/h (Poland, Bulgaria); a tag that says more than
this is a slip of the hand, or of the unit, and tells nothing."""

FRANCE_80: Mapping[str, float] = MappingProxyType(
    {
        "FR:urban": 50.0,  # Code de la route R413-3
        "FR:rural": 80.0,  # R413-2: two-way roads without a median, since decree 2018-487
        "FR:trunk": 110.0,  # R413-2: two carriageways with a median
        "FR:motorway": 130.0,  # R413-2
        "FR:living_street": 20.0,  # zone de rencontre, R110-2
        "FR:walk": WALKING_PACE_KM_H,
    }
)
"""Limits that words stand for in France, km/h."""

FRANCE_90: Mapping[str, float] = MappingProxyType({**FRANCE_80, "FR:rural": 90.0})
"""The same where the département has taken its roads back to 90 km/h (CGCT L3221-4-1)."""

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?\s*")
_ZONE_NUMBER = re.compile(r"[A-Z]{2}:(?:zone:?)?(\d+)")


def max_speed_km_h(tag: str, limits: Mapping[str, float] = FRANCE_80) -> float | None:
    """The limit a ``maxspeed`` tag tells; None if it tells none we understand.

    Of several limits (``50;30``, ``80; 50``) the lowest counts. A number above
    `HIGHEST_LIMIT_KM_H` is passed over.

    Parameters
    ----------
    tag
        Its value.
    limits
        What words stand for, km/h.

    Examples
    --------
    >>> [max_speed_km_h(tag) for tag in ("70", "FR:rural", "FR:zone30", "walk", "none")]
    [70.0, 80.0, 30.0, 6.0, None]
    >>> round(max_speed_km_h("30 mph"), 1)
    48.3
    """
    found = [_one_limit(part.strip(), limits) for part in re.split(r"[;|,]", tag)]
    believed = [limit for limit in found if limit is not None and limit <= HIGHEST_LIMIT_KM_H]
    return min(believed, default=None)


def _one_limit(text: str, limits: Mapping[str, float]) -> float | None:
    if number := _NUMBER.fullmatch(text):
        return float(number[1]) * (KM_H_PER_MPH if number[2] == "mph" else 1)
    if zone := _ZONE_NUMBER.fullmatch(text):
        return float(zone[1])
    if text == "walk":
        return WALKING_PACE_KM_H
    return limits.get(text)
