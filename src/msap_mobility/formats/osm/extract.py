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

__all__ = [
    "Gathering",
    "NetworkKeys",
    "OsmNetwork",
    "OsmPoints",
    "OsmRelation",
    "OsmWays",
    "TaggedPoint",
    "Tags",
    "Wanted",
]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmRelation:
    """What some elements are to one another.

    Parameters
    ----------
    id
        Its number.
    members
        Kind (``"n"``, ``"w"``, ``"r"``), id and role of each.
    tags
        Its tags.

    Examples
    --------
    >>> OsmRelation(id=1, members=(("w", 5, "from"), ("n", 7, "via")), tags={}).ids("from", "w")
    (5,)
    """

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Tags

    def ids(self, role: str, kind: str) -> tuple[int, ...]:
        """Ids of the members of one role and kind."""
        return tuple(one for what, one, plays in self.members if (what, plays) == (kind, role))


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkKeys:
    """Keys of the elements of a network; whatever has none of them is not looked at.

    Parameters
    ----------
    ways, marks
        Of ways, and of nodes worth knowing.
    relations
        Of relations, with the beginning of their value.
    """

    ways: tuple[str, ...]
    marks: tuple[str, ...]
    relations: Mapping[str, str]

    def tells(self, relation: Tags) -> bool:
        """Whether a relation with these tags is wanted."""
        return any(relation.get(key, "").startswith(value) for key, value in self.relations.items())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OsmNetwork:
    """Ways, and what is marked on and between them.

    Parameters
    ----------
    ways
        The ways.
    marks
        Tags of those of their nodes that are marked, by the node's id.
    relations
        Between them.
    """

    ways: OsmWays
    marks: Mapping[int, Tags]
    relations: tuple[OsmRelation, ...]


class Gathering:
    """Nodes, ways and relations as they come, in whatever order."""

    def __init__(self) -> None:
        self.node_id, self.lon, self.lat = array("q"), array("d"), array("d")
        self.way_id, self.refs, self.lengths = array("q"), array("q"), [0]
        self.tags: list[Tags] = []
        self.marks: dict[int, Tags] = {}
        self.relations: list[OsmRelation] = []

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
        ids = np.array(self.node_id, dtype=np.int64)
        rows = np.arange(len(ids))
        if (np.diff(ids) <= 0).any():
            ids, rows = np.unique(ids, return_index=True)
        used = np.zeros(len(ids) + 1, np.bool_)
        at = np.searchsorted(ids, refs)
        used[at[np.append(ids, -1)[at] == refs]] = True
        used = used[:-1]
        lon = np.array(self.lon, dtype=np.float64)[rows[used]]
        lat = np.array(self.lat, dtype=np.float64)[rows[used]]
        _check_degrees(ids[used], lon, lat)
        return OsmWays(
            node_id=ids[used],
            lon=lon,
            lat=lat,
            way_id=np.array(self.way_id, dtype=np.int64),
            refs=refs,
            starts=np.fromiter(accumulate(self.lengths), np.int64, len(self.lengths)),
            tags=tuple(self.tags),
        )

    def network(self) -> OsmNetwork:
        """All there is, but no marks of nodes without a way."""
        ways = self.ways()
        row = np.searchsorted(ways.node_id, list(self.marks))
        marks = {
            one: tags
            for at, (one, tags) in zip(row.tolist(), self.marks.items(), strict=True)
            if at < len(ways.node_id) and ways.node_id[at] == one
        }
        return OsmNetwork(ways=ways, marks=marks, relations=tuple(self.relations))


def _check_degrees(ids: Ids, lon: Degrees, lat: Degrees) -> None:
    """Whether all nodes lie on Earth; the reading tells it as damage of its file."""
    wrong = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    if len(wrong):
        first = wrong[0]
        raise ValueError(f"node {ids[first]}: longitude {lon[first]}, latitude {lat[first]}")
