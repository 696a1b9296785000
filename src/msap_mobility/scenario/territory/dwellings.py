"""Which buildings and addresses are homes, and of how many households.

The rule, in five sentences. A building of a kind people live in is a home; one that only says
``building=yes`` is one if its outline has the size of a house and nothing says what else it is.
An address at a point belongs to the building it stands in or beside (20 m), and makes a home of
its own where there is none. A building holds as many households as it has addresses or flats; a
block of flats that tells neither holds six, a row of houses drawn as one holds four. Where at
least a third of the possible homes of a square of 500 m bear an address, those of unknown kind
that bear none are taken for outbuildings. What has a shop, an office or an amenity for its
purpose is no home, address or not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.scenario.territory.plane import Floats
    from msap_mobility.scenario.territory.survey import Feature

__all__ = ["Dwellings", "dwellings"]

LIVED_IN: Mapping[str, int] = {
    "apartments": 6,
    "bungalow": 1,
    "detached": 1,
    "farm": 1,
    "house": 1,
    "houseboat": 1,
    "residential": 1,
    "semi": 2,
    "semidetached_house": 1,
    "static_caravan": 1,
    "terrace": 4,
    "yes": 1,
}
"""Households of a building by its kind, where neither flats nor addresses are told: our choice."""

HOUSE_M2 = (40.0, 400.0)
"""Outline of a house among buildings of unknown kind; smaller are sheds, larger are halls."""

ADDRESS_TO_BUILDING_M = 20.0
SQUARE_M = 500.0
SHARE_WITH_ADDRESS = 1 / 3

_OTHER_PURPOSE = (
    "aeroway",
    "amenity",
    "craft",
    "healthcare",
    "historic",
    "industrial",
    "leisure",
    "man_made",
    "military",
    "office",
    "power",
    "railway",
    "religion",
    "shop",
    "tourism",
)
_MOST_FLATS = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dwellings:
    """Where households are taken to live: exact, and therefore never written.

    Parameters
    ----------
    east_m, north_m
        From the maison.
    households
        int64, of each.
    buildings
        All buildings within the radius, homes or not.
    with_address, without_address
        How many of the homes bear an address.
    outbuildings
        Buildings of unknown kind left out because their neighbours bear addresses.
    """

    east_m: Floats
    north_m: Floats
    households: np.ndarray[tuple[int], np.dtype[np.int64]]
    buildings: int
    with_address: int
    without_address: int
    outbuildings: int

    def __len__(self) -> int:
        return len(self.households)


def dwellings(features: Iterable[Feature]) -> Dwellings:
    """The homes among some features.

    Examples
    --------
    >>> from msap_mobility.scenario.territory.survey import Feature
    >>> def at(x, **tags):
    ...     return Feature(id=f"n{x}", lon=0, lat=0, east_m=x, north_m=0, tags=tags)
    >>> found = dwellings([at(0, building="house"), at(900, building="garage"),
    ...                    at(50, building="apartments"), at(1900, **{"addr:housenumber": "2"})])
    >>> found.households.tolist(), found.buildings, found.with_address
    ([1, 6, 1], 3, 1)
    """
    listed = list(features)
    buildings = [one for one in listed if one.is_building]
    homes = [one for one in buildings if _may_be_lived_in(one)]
    addresses = [
        one for one in listed if not one.is_building and _has_address(one) and _is_plain(one)
    ]
    beside, alone = _matched(addresses, homes, buildings)
    kept, outbuildings = _without_outbuildings(homes, beside)
    places = [*(homes[row] for row in kept), *alone]
    households = [*(_households(homes[row], beside[row]) for row in kept), *(1 for _ in alone)]
    with_address = sum(_bears(homes[row], beside[row]) for row in kept)
    return Dwellings(
        east_m=np.array([one.east_m for one in places], np.float64),
        north_m=np.array([one.north_m for one in places], np.float64),
        households=np.array(households, np.int64),
        buildings=len(buildings),
        with_address=with_address + len(alone),
        without_address=len(kept) - with_address,
        outbuildings=outbuildings,
    )


def _has_address(feature: Feature) -> bool:
    return "addr:housenumber" in feature.tags


def _is_plain(feature: Feature) -> bool:
    """Whether nothing says that it serves another purpose than living."""
    return not any(key in feature.tags for key in _OTHER_PURPOSE)


def _may_be_lived_in(building: Feature) -> bool:
    kind = building.tags["building"]
    if kind not in LIVED_IN or not _is_plain(building):
        return False
    if kind != "yes" or _has_address(building) or building.area_m2 is None:
        return True
    return HOUSE_M2[0] <= building.area_m2 <= HOUSE_M2[1]


def _matched(
    addresses: Sequence[Feature], homes: Sequence[Feature], buildings: Sequence[Feature]
) -> tuple[Counter[int], list[Feature]]:
    """How many addresses each home has, by its number, and the addresses with no building."""
    dots = [shapely.Point(one.east_m, one.north_m) for one in addresses]
    home = _nearest(dots, homes, ADDRESS_TO_BUILDING_M)
    inside = _nearest(dots, buildings, 0.0)
    alone = [one for row, one in enumerate(addresses) if row not in home and row not in inside]
    return Counter(home.values()), alone


def _nearest(
    dots: Sequence[shapely.Point], features: Sequence[Feature], most_m: float
) -> dict[int, int]:
    """For each dot the number of its nearest feature within `most_m`, of equals the first."""
    shapes = [
        shapely.Point(one.east_m, one.north_m) if one.outline is None else one.outline
        for one in features
    ]
    if not dots or not shapes:
        return {}
    pairs = shapely.STRtree(shapes).query_nearest(dots, max_distance=max(most_m, 1e-9))
    found: dict[int, int] = {}
    for dot, feature in sorted(pairs.T.tolist()):
        found.setdefault(dot, feature)
    return found


def _bears(building: Feature, beside: int) -> bool:
    return beside > 0 or _has_address(building)


def _households(building: Feature, addresses: int) -> int:
    flats = building.tags.get("building:flats", "")
    told = min(int(flats), _MOST_FLATS) if flats.isascii() and flats.isdigit() else 0
    return max(told, addresses, 0) or LIVED_IN[building.tags["building"]]


def _without_outbuildings(homes: Sequence[Feature], beside: Counter[int]) -> tuple[list[int], int]:
    """Numbers of the homes kept, and how many were not."""
    squares = [(one.east_m // SQUARE_M, one.north_m // SQUARE_M) for one in homes]
    possible = Counter(squares)
    addressed = Counter(
        square for row, square in enumerate(squares) if _bears(homes[row], beside[row])
    )
    kept = [
        row
        for row, square in enumerate(squares)
        if homes[row].tags["building"] != "yes"
        or _bears(homes[row], beside[row])
        or addressed[square] < SHARE_WITH_ADDRESS * possible[square]
    ]
    return kept, len(homes) - len(kept)
