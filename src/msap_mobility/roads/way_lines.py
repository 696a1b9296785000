"""A way as the runs along sections it is made of, and the line it draws."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import cos, hypot, radians
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.roads.network import part_of
from msap_mobility.roads.turn_network import TurnNetwork
from msap_mobility.roads.turn_ways import Run, runs_between
from msap_mobility.roads.weights import NEVER, packed

if TYPE_CHECKING:
    from msap_mobility.roads.network import Network
    from msap_mobility.roads.sections import Sections
    from msap_mobility.roads.snap import Snapped

__all__ = ["Line", "legs_between", "run_line", "without_repeats"]

Line = tuple[tuple[float, float], ...]


def legs_between(network: Network, start: Snapped, end: Snapped) -> list[tuple[Run, int]]:
    """The fastest way on the network between two places on it, one each; empty if there is none.

    Returns
    -------
    list
        Each run with its weight, the turn or the delay at its end included: they add up to that of
        the way.
    """
    whole = int(network.ways_to(end, origins=1)(start)[0, 0])
    if whole >= NEVER:
        return []
    if isinstance(network, TurnNetwork):
        runs = runs_between(network, start, end)
        joins = [network.turn_between(a.direction, b.direction) for a, b in pairwise(runs)]
    else:
        runs = _runs(network, start, end, whole)
        joins = [_delay(network, run) for run in runs[:-1]]
    weights = [_weight_of(network, run) for run in runs]
    for number, join in enumerate(joins):
        weights[number] += join
    if weights:  # parts were rounded each by itself
        weights[-1] += whole - sum(weights)
    return list(zip(runs, weights, strict=True))


def run_line(sections: Sections, run: Run) -> Line:
    """The points of a run, in its order."""
    line = sections.line(run.direction >> 1)
    if run.first > run.last:
        return _cut(line, run.last, run.first)[::-1]
    return _cut(line, run.first, run.last)


def without_repeats(line: Line) -> Line:
    """The line without points that repeat the one before, except that it keeps two points."""
    kept = [line[0]]
    kept.extend(point for point in line[1:] if point != kept[-1])
    return tuple(kept) if len(kept) > 1 else (line[0], line[-1])


def _runs(network: Network, start: Snapped, end: Snapped, whole: int) -> list[Run]:
    from msap_mobility.roads.hierarchy.paths import path  # noqa: PLC0415 - kernels

    weight, nodes = path(network.hierarchy, network.leaving(start), network.arriving(end))
    first, last = float(start.share[0]), float(end.share[0])
    if whole < weight:  # without meeting a node
        section = int(start.section[0])
        directions = [2 * section + int(last < first)] if first != last else [2 * section]
        return [Run(direction, first, last) for direction in directions]
    runs = [_piece(network, start, nodes[0], leaving=True)]
    runs += [_arc_run(network, tail, head) for tail, head in pairwise(nodes)]
    runs.append(_piece(network, end, nodes[-1], leaving=False))
    return [run for run in runs if run.first != run.last]


def _arc_run(network: Network, tail: int, head: int) -> Run:
    graph = network.graph
    first, last = graph.indptr[tail], graph.indptr[tail + 1]
    arc = first + int(graph.heads[first:last].searchsorted(head))
    way = int(graph.arc_way[arc])
    return Run(way, *((1.0, 0.0) if way & 1 else (0.0, 1.0)))


def _piece(network: Network, place: Snapped, node: int, *, leaving: bool) -> Run:
    """Between a place on a section and the node at one of its ends, by the better end."""
    sections, number = network.graph.sections, int(place.section[0])
    share = float(place.share[0])
    runs = []
    for end, its_node in ((1.0, int(sections.head[number])), (0.0, int(sections.tail[number]))):
        if its_node == node:
            first, last = (share, end) if leaving else (end, share)
            runs.append(Run(2 * number + int(last < first), first, last))
    return min(runs, key=lambda run: _weight_of(network, run))


def _weight_of(network: Network, run: Run) -> int:
    sections, number = network.graph.sections, run.direction >> 1
    against = run.direction & 1
    seconds = (sections.against_s if against else sections.along_s)[number]
    metres = (sections.against_m if against else sections.along_m)[number]
    return int(part_of(seconds, metres, abs(run.last - run.first)))


def _delay(network: Network, run: Run) -> int:
    """Lost at the node at the end of a run."""
    sections, number = network.graph.sections, run.direction >> 1
    node = (sections.tail if run.direction & 1 else sections.head)[number]
    return int(packed(network.graph.delay_s[node], np.float64(0)))


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
