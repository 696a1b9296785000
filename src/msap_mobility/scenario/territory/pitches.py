"""Where a van might stop: the places every village has, the most useful first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.model import StopKind
    from msap_mobility.scenario.territory.neighbourhoods import Neighbourhoods
    from msap_mobility.scenario.territory.survey import Feature

__all__ = ["FOOD_SHOPS", "MOST_PITCHES", "Pitch", "pitches"]

MOST_PITCHES = 60
"""Candidate stops written at most: a planner can still look at each."""

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
}
"""What a place is to the van, in the order in which one is preferred to its neighbours."""

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
        ``village_hall``, ``town_hall``, ``square``, ``church``, ``school``, ``car_park``, ``shop``
        or ``centre`` (of a village or hamlet).
    """

    feature: Feature
    sort: str

    @property
    def kind(self) -> StopKind:
        """The kind of stop."""
        return _SORTS[self.sort]


def pitches(features: Iterable[Feature], homes: Neighbourhoods) -> tuple[list[Pitch], int]:
    """The places chosen, and how many there were to choose from, neighbours told as one.

    The next chosen is always the one that has most households near it that none so far has; with
    none left to gain, rooms come before pitches.
    """
    found = [Pitch(feature=one, sort=sort) for one in features if (sort := _sort(one)) is not None]
    found.sort(key=lambda pitch: (list(_SORTS).index(pitch.sort), pitch.feature.id))
    apart: list[Pitch] = []
    for pitch in found:
        if not any(_metres(pitch.feature, other.feature) < MERGED_M for other in apart):
            apart.append(pitch)
    served = np.array([_served(pitch.feature, homes) for pitch in apart], np.bool_)
    useful = [number for number, row in enumerate(served) if row.any()]
    return [apart[number] for number in _chosen(served, useful, homes)], len(useful)


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
    return float(np.hypot(a.east_m - b.east_m, a.north_m - b.north_m))


def _served(feature: Feature, homes: Neighbourhoods) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    apart = np.hypot(homes.east_m - feature.east_m, homes.north_m - feature.north_m)
    near: np.ndarray[tuple[int], np.dtype[np.bool_]] = apart <= SERVED_M
    return near


def _chosen(
    served: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    useful: Sequence[int],
    homes: Neighbourhoods,
) -> list[int]:
    """Numbers of the places chosen, in the order of the places."""
    chosen: list[int] = []
    left, open_homes = list(useful), homes.households.astype(np.float64)
    while left and len(chosen) < MOST_PITCHES:
        gains = served[left] @ open_homes
        best = left.pop(int(gains.argmax()))
        chosen.append(best)
        open_homes[served[best]] = 0
    return sorted(chosen)
