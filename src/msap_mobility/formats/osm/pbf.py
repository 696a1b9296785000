"""The binary format, through osmium."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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


def ways(path: Path, wanted: Wanted) -> OsmWays:
    """Ways first, then only the nodes they use: an extract holds far more nodes than roads do."""
    osmium = _osmium()
    gathering = Gathering()
    for way in osmium.FileProcessor(path, osmium.osm.WAY):
        tags = dict(way.tags)
        if wanted(tags):
            gathering.add_way(way.id, [node.ref for node in way.nodes], tags)
    _add_nodes(osmium, path, gathering)
    return gathering.ways()


def network(path: Path, wanted: Wanted, keys: NetworkKeys) -> OsmNetwork:
    """Ways, marks and relations first, then the nodes that ways use."""
    osmium = _osmium()
    gathering = Gathering()
    told = osmium.filter.KeyFilter(*keys.ways, *keys.marks, *keys.relations)
    for element in osmium.FileProcessor(path).with_filter(told):
        tags = dict(element.tags)
        if element.is_way():
            if wanted(tags):
                gathering.add_way(element.id, [node.ref for node in element.nodes], tags)
        elif element.is_node():
            if not tags.keys().isdisjoint(keys.marks):
                gathering.marks[element.id] = tags
        elif keys.tells(tags):
            members = tuple((one.type, one.ref, one.role) for one in element.members)
            gathering.relations.append(OsmRelation(id=element.id, members=members, tags=tags))
    _add_nodes(osmium, path, gathering)
    return gathering.network()


def tagged_nodes(path: Path) -> Iterator[TaggedPoint]:
    """Every node that has tags."""
    osmium = _osmium()
    tagged = osmium.filter.EmptyTagFilter()
    for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(tagged):
        yield f"n{node.id}", node.lon, node.lat, dict(node.tags)


def _add_nodes(osmium: Any, path: Path, gathering: Gathering) -> None:
    """Those that the ways use."""
    used = osmium.filter.IdFilter(set(gathering.refs))
    for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(used):
        gathering.add_node(node.id, node.lon, node.lat)


def _osmium() -> Any:
    try:
        return import_module("osmium")
    except ImportError as error:
        raise MissingExtra("osmium", "osm") from error
