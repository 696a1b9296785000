"""The XML format, with the standard library."""

from __future__ import annotations

import gzip
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, iterparse

from msap_mobility.formats.osm.extract import Gathering, OsmRelation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from msap_mobility.formats.osm.extract import (
        NetworkKeys,
        OsmNetwork,
        OsmWays,
        TaggedPoint,
        Tags,
        Wanted,
    )

__all__ = ["network", "tagged_nodes", "ways"]


def ways(path: Path, wanted: Wanted) -> OsmWays:
    """Ways and nodes in one pass, for nodes may come after the ways that use them."""
    gathering = Gathering()
    for element in _elements(path):
        attributes = element.attrib
        if element.tag == "node" and "lon" in attributes:  # deleted nodes have none
            lon, lat = float(attributes["lon"]), float(attributes["lat"])
            gathering.add_node(int(attributes["id"]), lon, lat)
        elif element.tag == "way" and wanted(tags := _tags(element)):
            refs = [int(node.attrib["ref"]) for node in element.iter("nd")]
            gathering.add_way(int(attributes["id"]), refs, tags)
    return gathering.ways()


def network(path: Path, wanted: Wanted, keys: NetworkKeys) -> OsmNetwork:
    """All in one pass."""
    gathering = Gathering()
    for element in _elements(path):
        attributes = element.attrib
        if element.tag == "node":
            if "lon" in attributes:
                _add_node(element, keys.marks, gathering)
            continue
        tags = _tags(element)
        if element.tag == "way":
            if not tags.keys().isdisjoint(keys.ways) and wanted(tags):
                refs = [int(node.attrib["ref"]) for node in element.iter("nd")]
                gathering.add_way(int(attributes["id"]), refs, tags)
        elif keys.tells(tags):
            gathering.relations.append(_relation(element, tags))
    return gathering.network()


def tagged_nodes(path: Path) -> Iterator[TaggedPoint]:
    """Every node that has tags."""
    for element in _elements(path):
        if element.tag == "node" and "lon" in element.attrib and (tags := _tags(element)):
            lon, lat = float(element.attrib["lon"]), float(element.attrib["lat"])
            yield f"n{element.attrib['id']}", lon, lat, tags


def _add_node(element: Element, marks: Collection[str], gathering: Gathering) -> None:
    number = int(element.attrib["id"])
    gathering.add_node(number, float(element.attrib["lon"]), float(element.attrib["lat"]))
    if len(element) and not (tags := _tags(element)).keys().isdisjoint(marks):
        gathering.marks[number] = tags


def _relation(element: Element, tags: Tags) -> OsmRelation:
    members = tuple(
        (one.attrib["type"][0], int(one.attrib["ref"]), one.attrib.get("role", ""))
        for one in element.iter("member")
    )
    return OsmRelation(id=int(element.attrib["id"]), members=members, tags=tags)


def _elements(path: Path) -> Iterator[Element]:
    """Nodes, ways and relations as they end, each forgotten once used."""
    with closing(_open(path)) as file:
        events = iterparse(file, events=("start", "end"))  # noqa: S314 - expat ≥ 2.4 stops bombs
        _, root = next(events)
        if root.tag != "osm":
            raise ParseError(root.tag)
        for event, element in events:
            if event == "end" and element.tag in ("node", "way", "relation"):
                yield element
                root.clear()


def _open(path: Path) -> BinaryIO:
    if path.name.lower().endswith(".gz"):
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def _tags(element: Element) -> Tags:
    return {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
