"""What is taken out of an extract, and how it is gathered."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Gathering", "OsmPoints", "OsmWays", "TaggedPoint", "Tags", "Wanted"]

Tags = Mapping[str, str]
Wanted = Callable[[Tags], bool]
TaggedPoint = tuple[str, float, float, Tags]
"""Id, lon, lat, tags."""

Ids = np.ndarray[tuple[int], np.dtype[np.int64]]
Degrees = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmWays:
    """Ways and the nodes they run through.

    Parameters
    ----------
    node_id, lon, lat
        The nodes the ways use and the file holds, by ascending id; WGS84 degrees.
    way_id
        One per way, in the order of the file.
    refs, starts
        Way `i` runs through the node ids ``refs[starts[i]:starts[i + 1]]``. Some of them may be
        missing in `node_id`: extracts cut ways at their border.
    tags
        One mapping per way.
    """

    node_id: Ids
    lon: Degrees
    lat: Degrees
    way_id: Ids
    refs: Ids
    starts: Ids
    tags: tuple[Tags, ...]

    def __len__(self) -> int:
        return len(self.way_id)

    def node_rows(self) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Ids]:
        """Per entry of `refs`: whether the node is known, and its row (meaningless if not)."""
        row = np.searchsorted(self.node_id, self.refs)
        known = row < len(self.node_id)
        known[known] = self.node_id[row[known]] == self.refs[known]
        return known, row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmPoints:
    """Points with their tags.

    Parameters
    ----------
    id
        ``"n123"`` for a node, ``"w123"`` for the centroid of a way.
    lon, lat
        WGS84 degrees.
    tags
        One mapping per point.
    """

    id: tuple[str, ...]
    lon: Degrees
    lat: Degrees
    tags: tuple[Tags, ...]

    @classmethod
    def of(cls, points: Iterable[TaggedPoint]) -> OsmPoints:
        """The table of some points, in their order."""
        listed = list(points)
        return cls(
            id=tuple(point[0] for point in listed),
            lon=np.array([point[1] for point in listed], dtype=np.float64),
            lat=np.array([point[2] for point in listed], dtype=np.float64),
            tags=tuple(point[3] for point in listed),
        )

    def __len__(self) -> int:
        return len(self.id)


class Gathering:
    """Nodes and ways as they come, in whatever order."""

    def __init__(self) -> None:
        self.node_id, self.lon, self.lat = array("q"), array("d"), array("d")
        self.way_id, self.refs, self.lengths = array("q"), array("q"), [0]
        self.tags: list[Tags] = []

    def add_node(self, node_id: int, lon: float, lat: float) -> None:
        """Note a node."""
        self.node_id.append(node_id)
        self.lon.append(lon)
        self.lat.append(lat)

    def add_way(self, way_id: int, refs: Sequence[int], tags: Tags) -> None:
        """Note a way and the ids of its nodes."""
        self.way_id.append(way_id)
        self.refs.extend(refs)
        self.lengths.append(len(refs))
        self.tags.append(tags)

    def ways(self) -> OsmWays:
        """All ways, and of the nodes those that a way uses, each once."""
        refs = np.array(self.refs, dtype=np.int64)
        ids, first = np.unique(np.array(self.node_id, dtype=np.int64), return_index=True)
        used = np.isin(ids, refs)
        return OsmWays(
            node_id=ids[used],
            lon=np.array(self.lon, dtype=np.float64)[first[used]],
            lat=np.array(self.lat, dtype=np.float64)[first[used]],
            way_id=np.array(self.way_id, dtype=np.int64),
            refs=refs,
            starts=np.fromiter(accumulate(self.lengths), np.int64, len(self.lengths)),
            tags=tuple(self.tags),
        )
