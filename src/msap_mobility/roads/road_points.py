"""Barriers, traffic lights and stops: what points on a road cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.roads.stretches import ranges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.formats.osm import OsmNetwork
    from msap_mobility.roads.profile import Profile
    from msap_mobility.roads.stretches import Stretches

__all__ = ["RoadPoints", "points_of"]

_BOTH, _ALONG, _AGAINST, _TO_NEARER = range(4)
_FACING = {"forward": _ALONG, "backward": _AGAINST}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadPoints:
    """What the nodes of an extract's ways cost.

    Parameters
    ----------
    delay_s
        float64, per node; infinite where nobody gets by.
    facing
        Per node: whom it stops.
    row
        Per entry of the ways' `refs`, its node.
    lon, lat
        Per node, WGS84 degrees.
    """

    delay_s: np.ndarray[Any, np.dtype[np.float64]]
    facing: np.ndarray[Any, np.dtype[np.int8]]
    row: np.ndarray[Any, np.dtype[np.int64]]
    lon: np.ndarray[Any, np.dtype[np.float64]]
    lat: np.ndarray[Any, np.dtype[np.float64]]

    @property
    def closed(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Nodes where nobody gets by."""
        closed: np.ndarray[Any, np.dtype[np.bool_]] = np.isinf(self.delay_s)
        return closed

    def seconds_between(self, stretches: Stretches) -> tuple[Any, Any]:
        """Per stretch, what is lost along and against it between its ends."""
        start, position = ranges(stretches.first + 1, stretches.last - 1)
        delayed = np.flatnonzero(self.delay_s[self.row[position]] > 0)
        at = position[delayed]
        stretch = np.searchsorted(start, delayed, side="right") - 1
        facing, delay = self.facing[self.row[at]], self.delay_s[self.row[at]]
        comes_to_head = self._squared(at, stretches.last[stretch]) < self._squared(
            at, stretches.first[stretch]
        )
        along = np.isin(facing, (_BOTH, _ALONG)) | ((facing == _TO_NEARER) & comes_to_head)
        against = np.isin(facing, (_BOTH, _AGAINST)) | ((facing == _TO_NEARER) & ~comes_to_head)
        count = len(stretches)
        return (
            np.bincount(stretch, delay * along, minlength=count),
            np.bincount(stretch, delay * against, minlength=count),
        )

    def _squared(self, one: Any, other: Any) -> Any:
        """Of the distance between entries of `refs`, as the crow flies; in squared degrees."""
        here, there = self.row[one], self.row[other]
        across = np.cos(np.radians(self.lat[here]))
        east, north = self.lon[there] - self.lon[here], self.lat[there] - self.lat[here]
        return (across * east) ** 2 + north**2


def points_of(network: OsmNetwork, profile: Profile) -> RoadPoints:
    """What a profile makes of the marks of a network."""
    ways = network.ways
    delay_s, facing = np.zeros(len(ways.node_id)), np.zeros(len(ways.node_id), np.int8)
    rows = np.searchsorted(ways.node_id, np.array(list(network.marks), np.int64))
    for row, tags in zip(rows.tolist(), network.marks.values(), strict=True):
        delay_s[row] = profile.point_s(tags)
        facing[row] = _facing(tags)
    known, row = ways.node_rows()
    return RoadPoints(
        delay_s=delay_s, facing=facing, row=np.where(known, row, 0), lon=ways.lon, lat=ways.lat
    )


def _facing(tags: Mapping[str, str]) -> int:
    """Whom it stops: signs without a direction stop those who come to the nearer end."""
    told = tags.get("traffic_signals:direction", tags.get("direction", ""))
    of_sign = tags.get("highway") in ("stop", "give_way")
    return _FACING.get(told, _TO_NEARER if of_sign else _BOTH)
