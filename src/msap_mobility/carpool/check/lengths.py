"""How far it is from one place to another, in whole seconds and metres: the checker's own copy."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.model import Points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.model import Place, TravelTimes

__all__ = ["Length", "Lengths"]

_ORIGINS_AT_ONCE = 256

Spot = tuple[float, float]


class Length(NamedTuple):
    """Whole seconds and metres, both rounded up."""

    seconds: int
    metres: int


class Lengths:
    """The ways between some pairs of places; a place is where it lies, whatever its id.

    Parameters
    ----------
    pairs
        From where to where.
    times
        Asked once for each block of origins; None = nobody can go anywhere.
    """

    def __init__(self, pairs: Iterable[tuple[Place, Place]], times: TravelTimes | None) -> None:
        wanted: dict[Spot, dict[Spot, Place]] = defaultdict(dict)
        origins: dict[Spot, Place] = {}
        for here, there in pairs:
            if _spot(here) != _spot(there):
                origins.setdefault(_spot(here), here)
                wanted[_spot(here)][_spot(there)] = there
        self._found: dict[tuple[Spot, Spot], Length] = {}
        if times is None:
            return
        order = sorted(origins)
        for start in range(0, len(order), _ORIGINS_AT_ONCE):
            block = order[start : start + _ORIGINS_AT_ONCE]
            self._ask([origins[spot] for spot in block], wanted, times)

    def between(self, here: Place, there: Place) -> Length | None:
        """The way from one place to another; None if there is none."""
        if _spot(here) == _spot(there):
            return Length(0, 0)
        return self._found.get((_spot(here), _spot(there)))

    def _ask(
        self,
        origins: Sequence[Place],
        wanted: Mapping[Spot, Mapping[Spot, Place]],
        times: TravelTimes,
    ) -> None:
        ends: dict[Spot, Place] = {}
        for origin in origins:
            ends.update(wanted[_spot(origin)])
        column = {spot: number for number, spot in enumerate(ends)}
        table = times.table(Points.of(origins), Points.of(ends.values()))
        for row, origin in enumerate(origins):
            here = _spot(origin)
            for spot in wanted[here]:
                seconds = float(table.seconds[row, column[spot]])
                metres = float(table.metres[row, column[spot]])
                if math.isfinite(seconds) and math.isfinite(metres):
                    self._found[here, spot] = Length(math.ceil(seconds), math.ceil(metres))


def _spot(place: Place) -> Spot:
    return place.lon, place.lat
