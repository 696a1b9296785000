"""Names for the neighbourhoods: villages and towns; where there are none, smaller places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.scenario.territory.plane import Floats
    from msap_mobility.scenario.territory.survey import Feature

__all__ = ["ELSEWHERE", "Settlement", "code_at", "settlements"]

ELSEWHERE = "elsewhere"
"""Code of what lies near no settlement that has a name."""

_VILLAGES = ("city", "town", "village")
VILLAGE_REACH_M = 6000.0
SMALLER_REACH_M = 1500.0
_SAME_NAME_M = 3000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A place people know by its name.

    Parameters
    ----------
    code
        Its INSEE code if it tells it, else that of the feature.
    name
        As people write it.
    lon, lat
        WGS84 degrees.
    east_m, north_m
        From the maison.
    reach_m
        What lies further away does not bear its name.
    people
        Its population as OpenStreetMap tells it, or None.
    """

    code: str
    name: str
    lon: float
    lat: float
    east_m: float
    north_m: float
    reach_m: float
    people: int | None = None


def settlements(features: Iterable[Feature]) -> tuple[Settlement, ...]:
    """Villages and towns; where there are none, hamlets, quarters and residential areas.

    Of several of one name near one another the first stands for all.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.survey import Feature
    >>> def at(x, **tags):
    ...     return Feature(id=f"n{x}", lon=0, lat=0, east_m=x, north_m=0, tags=tags)
    >>> found = settlements([at(0, place="village", name="Ayen", population="700"),
    ...                      at(300, place="town", name="Ayen"), at(900, place="farm", name="Bas")])
    >>> [(one.code, one.name, one.people) for one in found]
    [('n0', 'Ayen', 700)]
    """
    named = list(features)
    villages = [one for one in named if one.tags.get("place") in _VILLAGES]
    if villages:
        return _each_once(_settlement(one, VILLAGE_REACH_M) for one in villages)
    return _each_once(_settlement(one, SMALLER_REACH_M) for one in _smaller(named))


def _smaller(features: Sequence[Feature]) -> Iterator[Feature]:
    for kind in ("hamlet", "suburb", "quarter", "neighbourhood"):
        yield from (one for one in features if one.tags.get("place") == kind)
    yield from (one for one in features if one.tags.get("landuse") == "residential")


def _settlement(feature: Feature, reach_m: float) -> Settlement:
    people = feature.tags.get("population", "").replace(" ", "")
    lon, lat = round(feature.lon, 5), round(feature.lat, 5)
    return Settlement(
        code=feature.tags.get("ref:INSEE", feature.id),
        name=feature.tags["name"],
        lon=lon,
        lat=lat,
        east_m=feature.east_m,
        north_m=feature.north_m,
        reach_m=reach_m,
        people=int(people) if people.isascii() and people.isdigit() else None,
    )


def _each_once(found: Iterable[Settlement]) -> tuple[Settlement, ...]:
    kept: list[Settlement] = []
    for one in found:
        if not any(one.code == other.code or _are_one(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def _are_one(one: Settlement, other: Settlement) -> bool:
    apart = float(np.hypot(one.east_m - other.east_m, one.north_m - other.north_m))
    return one.name == other.name and apart <= _SAME_NAME_M


def code_at(east_m: Floats, north_m: Floats, named: Sequence[Settlement]) -> list[str]:
    """Code of the settlement nearest to each point, `ELSEWHERE` out of its reach."""
    codes = [ELSEWHERE] * len(east_m)
    if named:
        east = np.array([one.east_m for one in named])
        north = np.array([one.north_m for one in named])
        for row, (x, y) in enumerate(zip(east_m.tolist(), north_m.tolist(), strict=True)):
            apart = np.hypot(east - x, north - y)
            nearest = named[int(apart.argmin())]
            if apart.min() <= nearest.reach_m:
                codes[row] = nearest.code
    return codes
