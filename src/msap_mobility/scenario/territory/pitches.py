"""Where a van might stop: the places every village has, the most useful first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.model import Stop
from msap_mobility.scenario.schema import read_rhythms
from msap_mobility.scenario.territory.neighbourhoods import FEWEST
from msap_mobility.scenario.territory.survey import Feature
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.model import StopKind
    from msap_mobility.scenario.territory.naming import Naming
    from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
    from msap_mobility.wording import Lang

__all__ = ["FOOD_SHOPS", "MOST_PITCHES", "Choice", "Pitch", "pitches", "stops_of"]

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

ROOM_HOURS = "Mo-Fr 09:00-17:00"
"""When a village hall is lent: our assumption, the one of the bundled example too."""

MOST_PITCHES = 60
"""Candidate stops written at most: a planner can still look at each."""

MOST_ROOMS = 30
"""Of them, rooms that come first whomever they serve."""

MERGED_M = 250.0
"""Of places nearer to one another the first in the order of `_SORTS` stands for all."""

SERVED_M = 800.0
"""As the crow flies; a place with no home that near is left out."""

FOOD_SHOPS = frozenset(
    {
        "bakery",
        "butcher",
        "convenience",
        "deli",
        "dairy",
        "farm",
        "general",
        "greengrocer",
        "supermarket",
    }
)

_SORTS: Mapping[str, StopKind] = {
    "village_hall": "room",
    "town_hall": "room",
    "square": "parked",
    "church": "parked",
    "school": "parked",
    "car_park": "parked",
    "shop": "parked",
    "centre": "parked",
    "roadside": "parked",
}
"""What a place is to the van, in the order in which one is preferred to its neighbours."""

_ORDER = {sort: number for number, sort in enumerate(_SORTS)}

_AMENITIES = {
    "community_centre": "village_hall",
    "social_centre": "village_hall",
    "townhall": "town_hall",
    "marketplace": "square",
    "place_of_worship": "church",
    "school": "school",
}
_CENTRES = ("city", "town", "village", "hamlet")
_CLOSED = ("private", "no", "customers", "permit", "employees")
_ROOFED = ("underground", "multi-storey", "rooftop", "sheds", "garage_boxes", "carports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pitch:
    """A place where a van might stop.

    Parameters
    ----------
    feature
        What stands there.
    sort
        ``village_hall``, ``town_hall``, ``square``, ``church``, ``school``, ``car_park``, ``shop``,
        ``centre`` (of a village or hamlet), or ``roadside`` where people live and nothing is drawn.
    """

    feature: Feature
    sort: str

    @property
    def kind(self) -> StopKind:
        """The kind of stop."""
        return _SORTS[self.sort]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The places chosen among those found.

    Parameters
    ----------
    chosen
        At most `MOST_PITCHES`.
    found
        How many there were to choose from, neighbours told as one.
    """

    chosen: tuple[Pitch, ...]
    found: int


def pitches(features: Iterable[Feature], homes: Neighbourhoods, on_road: Mask) -> Choice:
    """Places where a van might stop.

    Rooms come first. The next chosen is always the one that has most households near it that none
    so far has; with none left to gain, the order is that of their sorts. Where eleven households
    live together and no place is near, they are one themselves.

    Parameters
    ----------
    features
        Those a van can come to.
    homes
        Who is to be served.
    on_road
        Which of the neighbourhoods a van can come to.
    """
    found = [Pitch(feature=one, sort=sort) for one in features if (sort := _sort(one)) is not None]
    found.sort(key=lambda pitch: (_ORDER[pitch.sort], pitch.feature.id))
    apart = _apart(found)
    lonely = on_road & (homes.households >= FEWEST)
    for pitch in apart:
        lonely &= ~_served(pitch.feature, homes)
    apart += _apart([_roadside(homes, number) for number in np.flatnonzero(lonely).tolist()])
    useful = [pitch for pitch in apart if _served(pitch.feature, homes).any()]
    served = np.array([_served(pitch.feature, homes) for pitch in useful], np.bool_)
    rooms = [number for number, pitch in enumerate(useful) if pitch.kind == "room"]
    chosen = _chosen(served, rooms[:MOST_ROOMS], homes)
    return Choice(chosen=tuple(useful[number] for number in chosen), found=len(useful))


def stops_of(chosen: Iterable[Pitch], names: Naming, lang: Lang) -> tuple[Stop, ...]:
    """The places chosen as candidate stops; what has no name is called by its sort and village."""
    listed = list(chosen)
    called = _told_apart([_name(pitch, names, lang) for pitch in listed])
    return tuple(
        Stop(
            place=names.place(pitch.feature, name),
            kind=pitch.kind,
            hours=read_rhythms(ROOM_HOURS) if pitch.kind == "room" else None,
        )
        for pitch, name in zip(listed, called, strict=True)
    )


def _name(pitch: Pitch, names: Naming, lang: Lang) -> str:
    name = pitch.feature.tags.get("name") or say(f"territory.stop.{pitch.sort}", lang)
    village = names.name_at(pitch.feature.east_m, pitch.feature.north_m)
    return f"{name}, {village}" if village and village not in name else name


def _told_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind each that stands there already."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def _apart(found: Iterable[Pitch]) -> list[Pitch]:
    """The first of those near to one another."""
    kept: list[Pitch] = []
    for pitch in found:
        if all(_metres(pitch.feature, other.feature) >= MERGED_M for other in kept):
            kept.append(pitch)
    return kept


def _roadside(homes: Neighbourhoods, number: int) -> Pitch:
    feature = Feature(
        id=f"roadside_{number}",
        lon=float(homes.lon[number]),
        lat=float(homes.lat[number]),
        east_m=float(homes.east_m[number]),
        north_m=float(homes.north_m[number]),
        tags={},
    )
    return Pitch(feature=feature, sort="roadside")


def _sort(feature: Feature) -> str | None:
    tags = feature.tags
    if tags.get("place") == "square":
        return "square"
    if tags.get("place") in _CENTRES:
        return "centre" if "name" in tags and feature.outline is None else None
    if tags.get("shop") in FOOD_SHOPS:
        return "shop"
    if tags.get("amenity") == "parking":
        is_open = tags.get("access") not in _CLOSED and tags.get("parking") not in _ROOFED
        return "car_park" if is_open else None
    return _AMENITIES.get(tags.get("amenity", ""))


def _metres(a: Feature, b: Feature) -> float:
    return math.hypot(a.east_m - b.east_m, a.north_m - b.north_m)


def _served(feature: Feature, homes: Neighbourhoods) -> Mask:
    apart = np.hypot(homes.east_m - feature.east_m, homes.north_m - feature.north_m)
    near: Mask = apart <= SERVED_M
    return near


def _chosen(
    served: np.ndarray[Any, np.dtype[np.bool_]], first: Sequence[int], homes: Neighbourhoods
) -> list[int]:
    """Numbers of the places chosen, those that come first among them, in their order."""
    chosen = list(first)
    without = homes.households.astype(np.float64)
    for number in chosen:
        without[served[number]] = 0
    left = [number for number in range(len(served)) if number not in first]
    while left and len(chosen) < MOST_PITCHES:
        best = left.pop(int((served[left] @ without).argmax()))
        chosen.append(best)
        without[served[best]] = 0
    return sorted(chosen)
