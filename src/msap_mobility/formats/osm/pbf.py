"""The binary format, through osmium."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import MissingExtra
from msap_mobility.formats.osm.extract import Gathering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from msap_mobility.formats.osm.extract import OsmWays, TaggedPoint, Wanted

__all__ = ["tagged_nodes", "ways"]


def ways(path: Path, wanted: Wanted) -> OsmWays:
    """Ways first, then only the nodes they use: an extract holds far more nodes than roads do."""
    osmium = _osmium()
    gathering = Gathering()
    for way in osmium.FileProcessor(path, osmium.osm.WAY):
        tags = dict(way.tags)
        if wanted(tags):
            gathering.add_way(way.id, [node.ref for node in way.nodes], tags)
    used = osmium.filter.IdFilter(set(gathering.refs))
    for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(used):
        gathering.add_node(node.id, node.lon, node.lat)
    return gathering.ways()


def tagged_nodes(path: Path) -> Iterator[TaggedPoint]:
    """Every node that has tags."""
    osmium = _osmium()
    tagged = osmium.filter.EmptyTagFilter()
    for node in osmium.FileProcessor(path, osmium.osm.NODE).with_filter(tagged):
        yield f"n{node.id}", node.lon, node.lat, dict(node.tags)


def _osmium() -> Any:
    try:
        return import_module("osmium")
    except ImportError as error:
        raise MissingExtra("osmium", "osm") from error
