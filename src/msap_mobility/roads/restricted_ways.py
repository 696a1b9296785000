"""Turn restrictions as directions of sections that may not follow one another."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from msap_mobility.formats.osm import OsmRelation

__all__ = ["Kept", "banned_ways"]

Way = tuple[int, ...]
_Ends = dict[int, dict[int, list[int]]]


class Kept(NamedTuple):
    """How many restrictions that bind a profile are kept to where turns are, and how many not."""

    kept: int = 0

    through_roads: int = 0
    """Of these, how many lead through whole roads."""

    unclear: int = 0
    """They leave open which turn they mean, or a part of them is closed or not in the extract."""

    by_hours: int = 0
    """They hold at some hours or for some vehicles only (``restriction:conditional``)."""


def banned_ways(
    relations: Iterable[tuple[OsmRelation, str]],
    node_id: Any,
    directions: tuple[Any, Any, Any],
    end_ways: tuple[Any, Any],
) -> tuple[list[Way], Kept]:
    """Directions that may not all follow one another; a turn is a way of two.

    Parameters
    ----------
    relations
        As `restrictions.binding` gives them.
    node_id
        Per node.
    directions
        Per direction (twice the number of the section, and one more against it) the nodes it
        leads from and to, and whether it is open.
    end_ways
        Per direction, the id of the way that it begins on, and of the one that it ends on.

    Returns
    -------
    tuple
        The ways, and how many restrictions they are of, but for those that hold at some hours.

    Notes
    -----
    An ``only_`` restriction binds those who come from its first road along all it leads through.
    """
    relations = list(relations)
    members = {one for relation, _ in relations for kind, one, _ in relation.members if kind == "w"}
    roads = _Roads.of(members, node_id, directions, end_ways)
    ways: set[Way] = set()
    counts = dict.fromkeys(Kept._fields, 0)
    for relation, what in relations:
        meant = list(roads.meant_by(relation))
        ways.update(_all_others(meant, roads) if what.startswith("only_") else meant)
        counts["kept" if meant else "unclear"] += 1
        counts["through_roads"] += bool(meant and relation.ids("via", "w"))
    return sorted(ways), Kept(**counts)


def _all_others(meant: Sequence[Way], roads: _Roads) -> Iterator[Way]:
    """Whatever else one might turn into after the same beginning."""
    for way in meant:
        for other in roads.onward[roads.end[way[-2]]]:
            if (*way[:-1], other) not in meant:
                yield (*way[:-1], other)


class _Roads(NamedTuple):
    """Open directions that begin or end on the roads of restrictions.

    Those that arrive and leave are by the id of their way, then of the node; `onward` are all that
    leave from such a node; and `end` is the node each leads to.
    """

    arriving: _Ends
    leaving: _Ends
    onward: dict[int, list[int]]
    end: dict[int, int]

    @classmethod
    def of(
        cls,
        ways: AbstractSet[int],
        node_id: Any,
        directions: tuple[Any, Any, Any],
        end_ways: tuple[Any, Any],
    ) -> _Roads:
        begin, end, is_open = directions
        leave, arrive = (np.flatnonzero(is_open & np.isin(of, list(ways))) for of in end_ways)
        both = np.union1d(leave, arrive)
        go_on = np.flatnonzero(is_open & np.isin(begin, end[both]))
        onward: dict[int, list[int]] = defaultdict(list)
        for node, one in zip(node_id[begin[go_on]].tolist(), go_on.tolist(), strict=True):
            onward[node].append(one)
        return cls(
            arriving=_by_way(end_ways[1][arrive], node_id[end[arrive]], arrive),
            leaving=_by_way(end_ways[0][leave], node_id[begin[leave]], leave),
            onward=onward,
            end=dict(zip(both.tolist(), node_id[end[both]].tolist(), strict=True)),
        )

    def meant_by(self, relation: OsmRelation) -> Iterator[Way]:
        """The ways a restriction is about; none if it leaves open which, or is not all there."""
        through, nodes = frozenset(relation.ids("via", "w")), relation.ids("via", "n")
        if len(nodes) + bool(through) != 1:
            return
        for come, go in product(relation.ids("from", "w"), relation.ids("to", "w")):
            arriving = self.arriving[come]
            starts = {node: arriving[node] for node in nodes or arriving}
            found = [
                (one, *gone, other)
                for node, ones in starts.items()
                for gone in self._along(through, node)
                for one in ones
                for other in self.leaving[go][self.end[gone[-1]] if gone else node]
            ]
            if len(found) == 1:
                yield found[0]

    def _along(
        self,
        through: AbstractSet[int],
        node: int,
        gone: Way = (),
        over: AbstractSet[int] = frozenset(),
    ) -> Iterator[Way]:
        """All ways from a node over each of some roads and over no other, no node twice."""
        if over == through:
            yield gone
        back = gone[-1] ^ 1 if gone else None
        met = {self.end[one] for one in gone}
        for way in through:
            for one in self.leaving[way][node]:
                if one != back and self.end[one] not in met:
                    yield from self._along(through, self.end[one], (*gone, one), over | {way})


def _by_way(way: Any, node: Any, direction: Any) -> _Ends:
    ends: _Ends = defaultdict(lambda: defaultdict(list))
    columns = (each.tolist() for each in (way, node, direction))
    for one_way, one_node, one in zip(*columns, strict=True):
        ends[one_way][one_node].append(one)
    return ends
