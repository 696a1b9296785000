"""A way with turns as the directions one runs along, whole or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.roads.weights import NEVER

if TYPE_CHECKING:
    from msap_mobility.roads.snap import Snapped
    from msap_mobility.roads.turn_network import TurnNetwork

__all__ = ["Run", "runs_between"]


class Run(NamedTuple):
    """A part of a direction: twice the number of its section, and one more against it.

    `first` and `last` are shares of the section as `Snapped.share` counts them: along it whichever
    way one runs.
    """

    direction: int
    first: float
    last: float


def runs_between(network: TurnNetwork, start: Snapped, end: Snapped) -> list[Run]:
    """The fastest way between two places on the network, one each; none if there is no way.

    Parameters
    ----------
    network
        The roads and their turns.
    start, end
        One place each. Both at one node: no run either.
    """
    from msap_mobility.roads.hierarchy.paths import path  # noqa: PLC0415 - kernels

    weight, states = path(network.hierarchy, network.leaving(start), network.arriving(end))
    _, _, direct = network.along(start, end)
    if len(direct) and int(direct[0]) <= weight:
        return _direct(network, start, end)
    if weight >= NEVER:
        return []
    direction = network.turns.direction[states].tolist()
    runs = [*_first(network, start, states[0]), *(_whole(one) for one in direction[:-1])]
    return [*runs, *_last(network, end, direction[-1])]


def _whole(direction: int) -> Run:
    return Run(direction, *((1.0, 0.0) if direction & 1 else (0.0, 1.0)))


def _is_within(place: Snapped) -> bool:
    return bool(0 < place.share[0] < 1)


def _direct(network: TurnNetwork, start: Snapped, end: Snapped) -> list[Run]:
    """Along one section, or to a node at its end, by the better direction."""
    section, share = int(start.section[0]), float(start.share[0])
    goals = {float(end.share[0])} if section == int(end.section[0]) else set()
    if not _is_within(end):
        node, roads = network.node_of(end), network.graph.sections
        goals |= {1.0} if int(roads.head[section]) == node else set()
        goals |= {0.0} if int(roads.tail[section]) == node else set()
    if share in goals:
        return []
    runs = [Run(2 * section + (goal < share), share, goal) for goal in sorted(goals)]
    return [min(runs, key=network.weight_of)]


def _first(network: TurnNetwork, start: Snapped, state: int) -> list[Run]:
    """From within a section to its end, by the direction from which one turns best."""
    if not _is_within(start):
        return []
    section, share = int(start.section[0]), float(start.share[0])
    runs = [Run(2 * section, share, 1.0), Run(2 * section + 1, share, 0.0)]
    costs = {
        run: network.weight_of(run) + turn
        for run in runs
        if (turn := network.turn_into(run.direction, state)) < NEVER
    }
    return [min(costs, key=costs.__getitem__)]


def _last(network: TurnNetwork, end: Snapped, direction: int) -> list[Run]:
    """Into the section of a place within, or to the node of another, where one may be already."""
    if _is_within(end):
        return [Run(direction, 1.0 if direction & 1 else 0.0, float(end.share[0]))]
    there = int(network.turns.begin[direction]) == network.node_of(end)
    return [] if there else [_whole(direction)]
