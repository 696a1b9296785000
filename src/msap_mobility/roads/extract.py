"""From the ways of an OpenStreetMap extract to a road graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.formats import osm
from msap_mobility.provenance import Source
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.joining import chains_of, joints
from msap_mobility.roads.restricted_ways import banned_ways
from msap_mobility.roads.restrictions import binding, by_hours, turning_points
from msap_mobility.roads.road_points import RoadPoints, points_of
from msap_mobility.roads.sections import Sections
from msap_mobility.roads.slopes import hills_of
from msap_mobility.roads.stretches import Stretches
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.formats.osm import OsmWays
    from msap_mobility.roads.joining import Chains
    from msap_mobility.roads.profile import Profile
    from msap_mobility.roads.restricted_ways import Kept
    from msap_mobility.roads.slopes import Hills

__all__ = ["graph_of_extract"]

Ids = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def graph_of_extract(path: Path | str, profile: Profile) -> RoadGraph:
    """The roads of the extract at `path` that `profile` can use."""
    judge = _Judge(profile)
    network = osm.read_network(Path(path), judge.admits, _keys(profile))
    ways, points = network.ways, points_of(network, profile)
    stretches = Stretches.of(ways, points.closed)
    if not len(stretches):
        name = Path(path).name
        raise InputError([Fault(code="osm_without_roads", file=str(path), value=name)])
    roads = _Roads.of(ways, judge)
    hills = hills_of(network, stretches, roads.slope, profile.climbing)
    along_s, against_s = _seconds(stretches, roads, points, profile, hills)
    own_ways = set(ways.way_id.tolist())
    relations = binding(network.relations, profile, own_ways)
    delay = np.where(points.closed, 0.0, points.delay_s)[stretches.node]
    kept = (delay > 0) | np.isin(ways.node_id[stretches.node], turning_points(relations, ways))
    open_ways = (np.isfinite(along_s), np.isfinite(against_s))
    alike = roads.alike[stretches.way]
    chains = chains_of(joints(stretches.tail, stretches.head, alike, open_ways, kept))
    sections, nodes = _sections(ways, stretches, roads, chains, (along_s, against_s))
    node_id = _node_ids(ways, stretches)[nodes]
    banned, restrictions = banned_ways(
        relations, node_id, _directions(sections), _end_ways(ways, stretches, chains)
    )
    some_hours = by_hours(network.relations, profile, own_ways)
    return RoadGraph.of_sections(
        node_id=node_id,
        lon=ways.lon[stretches.node[nodes]],
        lat=ways.lat[stretches.node[nodes]],
        sections=sections,
        delay_s=delay[nodes],
        banned=banned,
        slope_known=hills.known,
        profile=profile,
        sources=(_source(path, restrictions._replace(by_hours=some_hours)),),
    )


class _Facts(NamedTuple):
    """What a profile makes of a way."""

    along: float
    against: float
    ferry_s: float
    slope: float


def _keys(profile: Profile) -> osm.NetworkKeys:
    heights = () if profile.climbing is None else ("ele",)
    return osm.NetworkKeys(
        ways=("highway", "route"),
        marks=("highway", "barrier", *heights),
        relations={"type": "restriction"},
    )


class _Judge:
    """A profile that thinks once about ways that are alike to it."""

    def __init__(self, profile: Profile) -> None:
        self._profile, self._keys = profile, tuple(sorted(profile.way_keys))
        self._known: dict[Any, _Facts] = {}

    def admits(self, tags: Mapping[str, str]) -> bool:
        return max(self.facts(tags)[:2]) > 0

    def facts(self, tags: Mapping[str, str]) -> _Facts:
        seen = tuple(map(tags.get, self._keys))
        facts = self._known.get(seen)
        if facts is None:
            ferry_s = self._profile.ferry_s(tags)
            speeds = self._profile.speeds_km_per_h(tags)
            slope = self._profile.slope(tags)
            facts = _Facts(*speeds, np.nan if ferry_s is None else ferry_s, slope)
            self._known[seen] = facts
        return facts


class _Roads(NamedTuple):
    """Per way: speeds along and against, seconds a ferry tells, slope, kind and name."""

    km_per_h: Floats
    ferry_s: Floats
    slope: Floats
    kind: Ids
    kinds: tuple[str, ...]
    name: Ids
    names: tuple[str, ...]

    @classmethod
    def of(cls, ways: OsmWays, judge: _Judge) -> _Roads:
        facts = np.array([judge.facts(tags) for tags in ways.tags]).reshape(-1, 4)
        kind, kinds = _numbered(tags.get("highway") or tags.get("route", "") for tags in ways.tags)
        name, names = _numbered(
            (tags.get("name") or tags.get("ref", "") for tags in ways.tags), first=""
        )
        return cls(facts[:, :2], facts[:, 2], facts[:, 3], kind, kinds, name, names)

    @property
    def alike(self) -> Ids:
        """Equal where ways are of one kind and name."""
        return self.name * len(self.kinds) + self.kind

    @property
    def is_ferry(self) -> Any:
        return self.kind == (self.kinds.index("ferry") if "ferry" in self.kinds else -1)


def _numbered(texts: Iterable[str], **first: str) -> tuple[Ids, tuple[str, ...]]:
    """Per text its number among the different ones."""
    known = {text: number for number, text in enumerate(first.values())}
    numbers = [known.setdefault(text, len(known)) for text in texts]
    return np.array(numbers, np.int64), tuple(known)


def _seconds(
    stretches: Stretches, roads: _Roads, points: RoadPoints, profile: Profile, hills: Hills
) -> tuple[Floats, Floats]:
    """Time along and against each stretch, infinite where that is closed."""
    way, metres = stretches.way, stretches.metres
    of_way = np.bincount(way, metres, minlength=len(roads.kind))[way]
    told_s = roads.ferry_s[way] * metres / np.where(of_way > 0, of_way, 1.0)
    extra = points.seconds_between(stretches)
    boarding = _boarding(stretches, roads, profile)
    found = []
    for side in (0, 1):
        speed = roads.km_per_h[way, side] / 3.6
        pace = np.where(roads.is_ferry[way], 1.0, hills[side])
        driven = pace * metres / np.where(speed > 0, speed, 1.0)
        seconds = np.where(np.isfinite(told_s), told_s, driven) + extra[side] + boarding
        found.append(np.where(speed > 0, seconds, np.inf))
    return found[0], found[1]


def _boarding(stretches: Stretches, roads: _Roads, profile: Profile) -> Floats:
    """Per stretch the seconds to get on or off its ferry, at ends where there is a road."""
    by_ferry = roads.is_ferry[stretches.way]
    if not by_ferry.any():
        return np.zeros(len(stretches))
    on_road = np.zeros(len(stretches.node), np.bool_)
    on_road[stretches.tail[~by_ferry]] = True
    on_road[stretches.head[~by_ferry]] = True
    ends = on_road[stretches.tail].astype(float) + on_road[stretches.head]
    return np.where(by_ferry, ends * profile.boarding_s / 2, 0.0)


def _sections(
    ways: OsmWays,
    stretches: Stretches,
    roads: _Roads,
    chains: Chains,
    seconds: tuple[Floats, Floats],
) -> tuple[Sections, Ids]:
    """Chains as sections between nodes renumbered, and which of the old nodes these are."""
    along_s, against_s = chains.sums(*seconds)
    metres, _ = chains.sums(stretches.metres, stretches.metres)
    begin = chains.piece[chains.first]
    ends = np.concatenate((_entry(stretches, chains, chains.first), _exit(stretches, chains)))
    nodes, number = np.unique(ends, return_inverse=True)
    start, position = _drawn(stretches, chains)
    _, row = ways.node_rows()
    way = stretches.way[begin]
    sections = Sections(
        tail=number[: len(chains)].astype(np.int32),
        head=number[len(chains) :].astype(np.int32),
        along_s=along_s,
        against_s=against_s,
        along_m=metres,
        against_m=metres,
        way_id=ways.way_id[way],
        kind=roads.kind[way].astype(np.int16),
        kinds=roads.kinds,
        name=roads.name[way].astype(np.int32),
        names=roads.names,
        start=start,
        lon=ways.lon[row[position]],
        lat=ways.lat[row[position]],
    )
    return sections, nodes


def _entry(stretches: Stretches, chains: Chains, at: Ids) -> Ids:
    """Node at which one enters some pieces of chains."""
    piece, turned = chains.piece[at], chains.turned[at]
    return np.where(turned, stretches.head[piece], stretches.tail[piece])


def _exit(stretches: Stretches, chains: Chains) -> Ids:
    piece, turned = chains.piece[chains.last], chains.turned[chains.last]
    return np.where(turned, stretches.tail[piece], stretches.head[piece])


def _drawn(stretches: Stretches, chains: Chains) -> tuple[Any, Ids]:
    """Positions in the ways' refs that each chain runs through, and where each begins."""
    piece, turned = chains.piece, chains.turned
    begin = np.where(turned, stretches.last[piece], stretches.first[piece])
    pace = np.where(turned, -1, 1)
    count = (stretches.last - stretches.first)[piece] + 1
    goes_on = np.ones(len(piece), np.bool_)
    goes_on[chains.first] = False
    begin, count = begin + pace * goes_on, count - goes_on  # its first point is there already
    before = np.zeros(len(piece) + 1, np.int64)
    np.cumsum(count, out=before[1:])
    nth = np.arange(before[-1]) - np.repeat(before[:-1], count)
    position = np.repeat(begin, count) + np.repeat(pace, count) * nth
    return before[chains.start].astype(np.int32), position


def _directions(sections: Sections) -> tuple[Any, Any, Any]:
    """Per direction the nodes it leads from and to, and whether it is open."""
    pairs = np.column_stack((sections.tail, sections.head))
    seconds = np.column_stack((sections.along_s, sections.against_s))
    return pairs.ravel(), pairs[:, ::-1].ravel(), np.isfinite(seconds).ravel()


def _end_ways(ways: OsmWays, stretches: Stretches, chains: Chains) -> tuple[Any, Any]:
    """Per direction the ways it begins and ends on."""
    of = ways.way_id[stretches.way[chains.piece]]
    pairs = np.column_stack((of[chains.first], of[chains.last]))
    return pairs.ravel(), pairs[:, ::-1].ravel()


def _node_ids(ways: OsmWays, stretches: Stretches) -> Ids:
    """Ids of nodes; where a barrier cuts a node in several, the others get negative ones."""
    found = ways.node_id[stretches.node]
    order = np.argsort(stretches.node, kind="stable")
    rows = stretches.node[order]
    first = np.maximum.accumulate(
        np.where(np.append(True, np.diff(rows) != 0), np.arange(len(rows)), 0)
    )
    nth = np.empty(len(rows), np.int64)
    nth[order] = np.arange(len(rows)) - first
    return np.where(nth > 0, -(found * 64 + nth), found)


def _source(path: Path | str, restrictions: Kept) -> Source:
    publisher, licence = osm.ATTRIBUTION.split(", ")
    note: Words | str = ""
    if any(restrictions[1:]):
        note = Words.saying("roads.source.extract.note", **restrictions._asdict())
    return Source.of(
        name=Path(path).name,
        standing="observed",
        origin=publisher,
        licence=licence,
        note=note,
    )
