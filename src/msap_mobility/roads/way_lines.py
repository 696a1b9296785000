"""A way as the line it runs along: whole sections, and parts of them at both ends."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import cos, hypot, radians
from typing import TYPE_CHECKING

from msap_mobility.roads.hierarchy.paths import path
from msap_mobility.roads.network import part_of
from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.network import Network
    from msap_mobility.roads.snap import Snapped

__all__ = ["way_line", "without_repeats"]

Line = tuple[tuple[float, float], ...]


def way_line(network: Network, start: Snapped, end: Snapped) -> Line:
    """The fastest way on the network between two places on it, one each; empty if there is none."""
    weight, nodes = path(network.hierarchy, network.leaving(start), network.arriving(end))
    direct = int(network.ways_to(end, origins=1)(start)[0, 0])
    if direct < weight:  # without meeting a node
        section = int(start.section[0])
        return _part_line(network, section, float(start.share[0]), float(end.share[0]))
    if weight >= NEVER:
        return ()
    line = list(_piece(network, start, nodes[0], leaving=True))
    for tail, head in pairwise(nodes):
        line += _arc_line(network, tail, head)
    return without_repeats((*line, *_piece(network, end, nodes[-1], leaving=False)))


def without_repeats(line: Line) -> Line:
    """The line without points that repeat the one before, except that it keeps two points."""
    kept = [line[0]]
    kept.extend(point for point in line[1:] if point != kept[-1])
    return tuple(kept) if len(kept) > 1 else (line[0], line[-1])


def _arc_line(network: Network, tail: int, head: int) -> Line:
    graph = network.graph
    first, last = graph.indptr[tail], graph.indptr[tail + 1]
    arc = first + int(graph.heads[first:last].searchsorted(head))
    way = int(graph.arc_way[arc])
    return graph.sections.line(way >> 1, backward=bool(way & 1))


def _piece(network: Network, place: Snapped, node: int, *, leaving: bool) -> Line:
    """Between a place on a section and the node at one of its ends, by the better end."""
    sections, number = network.graph.sections, int(place.section[0])
    share = float(place.share[0])
    ends = {1.0: int(sections.head[number]), 0.0: int(sections.tail[number])}
    costs = {}
    for end, its_node in ends.items():
        along = (end > share) == leaving if end != share else True
        seconds = (sections.along_s if along else sections.against_s)[number]
        metres = (sections.along_m if along else sections.against_m)[number]
        if its_node == node:
            costs[int(part_of(seconds, metres, abs(end - share)))] = end
    end = costs[min(costs)]
    return _part_line(network, number, *((share, end) if leaving else (end, share)))


def _part_line(network: Network, section: int, first: float, last: float) -> Line:
    """Points of a section from one share of its length to another."""
    line = network.graph.sections.line(section)
    if first > last:
        return _cut(line, last, first)[::-1]
    return _cut(line, first, last)


def _cut(line: Line, first: float, last: float) -> Line:
    across = cos(radians(line[0][1]))
    steps = [hypot((b[0] - a[0]) * across, b[1] - a[1]) for a, b in pairwise(line)]
    reached = list(accumulate(steps, initial=0.0))
    whole = reached[-1]
    inner = [
        point for point, at in zip(line, reached, strict=True) if first * whole < at < last * whole
    ]
    return (_point_at(line, reached, first * whole), *inner, _point_at(line, reached, last * whole))


def _point_at(line: Line, reached: list[float], at: float) -> tuple[float, float]:
    for (a, b), (before, after) in zip(pairwise(line), pairwise(reached), strict=True):
        if at <= after:
            share = (at - before) / (after - before) if after > before else 0.0
            if share in (0.0, 1.0):
                return b if share else a
            return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
    return line[-1]
