"""The binary format, through osmium."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.errors import MissingExtra
from msap_mobility.formats.osm.extract import Gathering, OsmRelation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from msap_mobility.formats.osm.extract import (
        NetworkKeys,
        OsmNetwork,
        OsmWays,
        TaggedPoint,
        Wanted,
    )

__all__ = ["network", "tagged_nodes", "ways"]

_WKB_HEAD = 18
"""Digits before the coordinates: byte order, kind, count."""


def ways(path: Path, wanted: Wanted) -> OsmWays:
    """Ways first, then only the nodes they use: an extract holds far more nodes than roads do."""
    osmium = _osmium()
    gathering = Gathering()
    for way in osmium.FileProcessor(_file(osmium, path), osmium.osm.WAY):
        tags = dict(way.tags)
        if wanted(tags):
            gathering.add_way(way.id, [node.ref for node in way.nodes], tags)
    _add_nodes(osmium, path, gathering, set(gathering.refs))
    return gathering.ways()


def network(path: Path, wanted: Wanted, keys: NetworkKeys) -> OsmNetwork:
    """All in one pass, in which osmium itself puts the ways' nodes in their places.

    Those of ways that are not whole at the border, or come before their nodes, are read after it.
    """
    osmium = _osmium()
    gathering, drawing = Gathering(), _Drawing(osmium)
    told = osmium.filter.KeyFilter(*keys.ways, *keys.marks, *keys.relations)
    for element in osmium.FileProcessor(_file(osmium, path)).with_locations().with_filter(told):
        tags = dict(element.tags)
        if element.is_way():
            if wanted(tags):
                refs = [node.ref for node in element.nodes]
                gathering.add_way(element.id, refs, tags)
                drawing.add(element, refs)
        elif element.is_node():
            if not tags.keys().isdisjoint(keys.marks):
                gathering.marks[element.id] = tags
        elif keys.tells(tags):
            members = tuple((one.type, one.ref, one.role) for one in element.members)
            gathering.relations.append(OsmRelation(id=element.id, members=members, tags=tags))
    drawing.place(gathering)
    if drawing.torn:
        _add_nodes(osmium, path, gathering, drawing.torn)
    return gathering.network()


class _Drawing:
    """Ways as osmium draws them: far faster than asking it for each node."""

    def __init__(self, osmium: Any) -> None:
        self._line = osmium.geom.WKBFactory().create_linestring
        self._all = osmium.geom.use_nodes.ALL
        self._undrawable = (osmium.InvalidLocationError, RuntimeError)
        self._lines: list[str] = []
        self._refs: list[int] = []
        self.torn: set[int] = set()

    def add(self, way: Any, refs: list[int]) -> None:
        """Draw a way, or note its nodes if it cannot be drawn."""
        try:
            line = self._line(way, use_nodes=self._all)
        except self._undrawable:  # a node is missing, or there is but one
            self.torn.update(refs)
            return
        self._lines.append(line[_WKB_HEAD:])
        self._refs.extend(refs)

    def place(self, gathering: Gathering) -> None:
        """Tell where the nodes of what was drawn lie."""
        place = np.frombuffer(bytes.fromhex("".join(self._lines)), np.float64)
        gathering.node_id.extend(self._refs)
        gathering.lon.frombytes(place[::2].tobytes())
        gathering.lat.frombytes(place[1::2].tobytes())


def tagged_nodes(path: Path) -> Iterator[TaggedPoint]:
    """Every node that has tags."""
    osmium = _osmium()
    tagged = osmium.filter.EmptyTagFilter()
    for node in osmium.FileProcessor(_file(osmium, path), osmium.osm.NODE).with_filter(tagged):
        yield f"n{node.id}", node.lon, node.lat, dict(node.tags)


def _add_nodes(osmium: Any, path: Path, gathering: Gathering, ids: set[int]) -> None:
    used = osmium.filter.IdFilter(ids)
    for node in osmium.FileProcessor(_file(osmium, path), osmium.osm.NODE).with_filter(used):
        gathering.add_node(node.id, node.lon, node.lat)


def _file(osmium: Any, path: Path) -> Any:
    """The file, whatever the case of its ending: osmium by itself knows small letters only."""
    return osmium.io.File(str(path), "pbf")


def _osmium() -> Any:
    try:
        return import_module("osmium")
    except ImportError as error:
        raise MissingExtra("osmium", "osm") from error
