"""Turn restrictions, from OpenStreetMap's relations to pairs of directions."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from msap_mobility.formats.osm import OsmRelation
    from msap_mobility.roads.profile import Profile

__all__ = ["PassedOver", "banned_turns", "binding", "by_hours", "vias"]

Turns = np.ndarray[Any, np.dtype[np.int32]]
_Ends = dict[tuple[int, int], list[int]]


class PassedOver(NamedTuple):
    """How many restrictions that bind a profile are not kept to, by why."""

    via_ways: int = 0
    """They lead through whole roads: one would have to remember where one has come from."""

    unclear: int = 0
    """They leave open which turn they mean, or a part of them is not in the extract."""

    by_hours: int = 0
    """They hold at some hours or for some vehicles only (``restriction:conditional``)."""


def binding(
    relations: Iterable[OsmRelation], profile: Profile, ways: AbstractSet[int]
) -> list[tuple[OsmRelation, str]]:
    """The restrictions that bind a profile on its ways, and what each says (``no_left_turn``).

    ``restriction:hgv`` comes before ``restriction`` for who goes by that name, and ``except``
    lets go those it names. Those that hold at some hours only are counted by `by_hours`.
    """
    said = ((relation, _what(relation.tags, profile.bound_by)) for relation in relations)
    return [
        (relation, what)
        for relation, what in said
        if what.startswith(("no_", "only_"))
        and all(not ways.isdisjoint(relation.ids(role, "w")) for role in ("from", "to"))
    ]


def _what(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    excepted = re.split(r"\s*;\s*", tags.get("except", ""))
    if any(name in excepted for name in names):
        return ""
    own = (tags[f"restriction:{name}"] for name in names if f"restriction:{name}" in tags)
    return next(own, tags.get("restriction", "") if names else "")


def by_hours(relations: Iterable[OsmRelation], profile: Profile, ways: AbstractSet[int]) -> int:
    """How many restrictions bind a profile on its ways at some hours only, or in some cases."""
    return sum(
        not _what(relation.tags, profile.bound_by).startswith(("no_", "only_"))
        and any(f"restriction{own}:conditional" in relation.tags for own in _named(profile))
        and all(not ways.isdisjoint(relation.ids(role, "w")) for role in ("from", "to"))
        for relation in relations
    )


def _named(profile: Profile) -> tuple[str, ...]:
    """What stands between ``restriction`` and ``:conditional`` where it is about the profile."""
    return ("", *(f":{name}" for name in profile.bound_by)) if profile.bound_by else ()


def vias(relations: Iterable[tuple[OsmRelation, str]]) -> list[int]:
    """Ids of the nodes they turn at."""
    return [node for relation, _ in relations for node in relation.ids("via", "n")]


def banned_turns(
    relations: Iterable[tuple[OsmRelation, str]],
    node_id: Any,
    directions: tuple[Any, Any, Any],
    end_ways: tuple[Any, Any],
) -> tuple[Turns, PassedOver]:
    """Pairs of directions that may not follow one another.

    Parameters
    ----------
    relations
        As `binding` gives them.
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
        The turns, int32 (turns, 2), and how many restrictions were passed over, but for those that
        hold at some hours.
    """
    relations = list(relations)
    arriving, leaving = _around(vias(relations), node_id, directions, end_ways)
    at_node = defaultdict(list)
    for (node, _), found in leaving.items():
        at_node[node].extend(found)
    turns: set[tuple[int, int]] = set()
    via_ways = unclear = 0
    for relation, what in relations:
        read = _turns(relation, what, (arriving, leaving, at_node))
        via_ways += read is None and bool(relation.ids("via", "w"))
        unclear += read is None and not relation.ids("via", "w")
        turns.update(read or ())
    banned = np.array(sorted(turns), np.int32).reshape(-1, 2)
    return banned, PassedOver(via_ways=via_ways, unclear=unclear)


def _around(
    via: list[int], node_id: Any, directions: tuple[Any, Any, Any], end_ways: tuple[Any, Any]
) -> tuple[_Ends, _Ends]:
    """Open directions into and out of some nodes, by the node's id and the way's."""
    begin, end, is_open = directions
    is_via = np.isin(node_id, via)
    arriving: _Ends = defaultdict(list)
    leaving: _Ends = defaultdict(list)
    for found, node, way in ((arriving, end, end_ways[1]), (leaving, begin, end_ways[0])):
        for one in np.flatnonzero(is_via[node] & is_open).tolist():
            found[int(node_id[node[one]]), int(way[one])].append(one)
    return arriving, leaving


def _turns(
    relation: OsmRelation, what: str, ends: tuple[_Ends, _Ends, Mapping[int, list[int]]]
) -> list[tuple[int, int]] | None:
    """Those it forbids; None if it cannot be read."""
    arriving, leaving, at_node = ends
    via = relation.ids("via", "n")
    if len(via) != 1:
        return None
    come = list(_one_each(relation.ids("from", "w"), via[0], arriving))
    go = list(_one_each(relation.ids("to", "w"), via[0], leaving))
    if not come or not go:
        return None
    if what.startswith("only_"):
        go = [one for one in at_node[via[0]] if one not in go]
    return [(one, other) for one in come for other in go]


def _one_each(ways: Iterable[int], node: int, ends: _Ends) -> Iterator[int]:
    """The end of each way at the node, if it has but one there."""
    for way in ways:
        found = ends.get((node, way), [])
        if len(found) == 1:
            yield found[0]
