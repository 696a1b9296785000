"""Which of OpenStreetMap's turn restrictions bind a profile, and where they turn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from msap_mobility.formats.osm import OsmRelation, OsmWays
    from msap_mobility.roads.profile import Profile

__all__ = ["binding", "by_hours", "turning_points"]


def binding(
    relations: Iterable[OsmRelation], profile: Profile, ways: AbstractSet[int]
) -> list[tuple[OsmRelation, str]]:
    """The restrictions that bind a profile on its ways, and what each says (``no_left_turn``).

    Those that lead through a way of others bind nobody. ``restriction:hgv`` comes before
    ``restriction`` for who goes by that name, and ``except`` lets go those it names. Those that
    hold at some hours only are counted by `by_hours`.
    """
    said = ((relation, _what(relation.tags, profile.bound_by)) for relation in relations)
    return [
        (relation, what)
        for relation, what in said
        if what.startswith(("no_", "only_"))
        and all(not ways.isdisjoint(relation.ids(role, "w")) for role in ("from", "to"))
        and set(relation.ids("via", "w")) <= ways
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


def turning_points(relations: Iterable[tuple[OsmRelation, str]], ways: OsmWays) -> list[int]:
    """Ids of the nodes they turn at: their own, and the ends of the roads they lead through."""
    listed = [relation for relation, _ in relations]
    through = [way for relation in listed for way in relation.ids("via", "w")]
    rows = np.flatnonzero(np.isin(ways.way_id, through))
    ends = ways.refs[np.concatenate((ways.starts[rows], ways.starts[rows + 1] - 1))]
    return [*(node for one in listed for node in one.ids("via", "n")), *ends.tolist()]
