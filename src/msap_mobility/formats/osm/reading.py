"""Read one extract, whatever its format."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from msap_mobility.errors import Fault, InputError
from msap_mobility.formats.osm import pbf, xml
from msap_mobility.formats.osm.extract import OsmPoints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from msap_mobility.formats.osm.extract import (
        Degrees,
        NetworkKeys,
        OsmNetwork,
        OsmWays,
        TaggedPoint,
        Tags,
        Wanted,
    )

__all__ = ["ATTRIBUTION", "buildings", "read_network", "read_points", "read_ways"]

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

_FORMAT_OF_ENDING = {".pbf": pbf, ".osm": xml, ".osm.gz": xml}
_DAMAGE = (
    *(ParseError, EOFError, OSError, zlib.error),
    *(RuntimeError, OverflowError, ValueError, KeyError),
)
"""What the libraries below raise on a file cut short or of another kind."""


def read_ways(path: Path, wanted: Wanted) -> OsmWays:
    """The ways whose tags are `wanted`, and their nodes.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` or ``.osm.gz``.
    wanted
        Decides on a way's tags.

    Raises
    ------
    InputError
        If the file is missing, damaged, empty or of another kind.
    MissingExtra
        If osmium is needed and not installed.
    """
    with _reading(path) as reader:
        ways: OsmWays = reader.ways(path, wanted)
        return ways


def read_network(path: Path, wanted: Wanted, keys: NetworkKeys) -> OsmNetwork:
    """The ways whose tags are `wanted`, with what is marked on and between them.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` or ``.osm.gz``.
    wanted
        Decides on the tags of a way that has one of the keys.
    keys
        Of ways, marked nodes and relations.

    Raises
    ------
    InputError
        If the file is missing, damaged, empty or of another kind.
    MissingExtra
        If osmium is needed and not installed.
    """
    with _reading(path) as reader:
        network: OsmNetwork = reader.network(path, wanted, keys)
        return network


def read_points(path: Path, wanted: Wanted) -> OsmPoints:
    """The nodes whose tags are `wanted`, told as `read_ways` tells ways.

    Raises
    ------
    InputError
        If the file is missing, damaged, empty or of another kind.
    MissingExtra
        If osmium is needed and not installed.
    """
    with _reading(path) as reader:
        return OsmPoints.of(point for point in reader.tagged_nodes(path) if wanted(point[3]))


def buildings(path: Path) -> OsmPoints:
    """Every building as the centroid of its outline, with its tags.

    Buildings drawn as relations (round a courtyard) are left out: 26 of 15,847 in Liechtenstein,
    12 of 5,042 in Andorra, 3 of 798 around Montiers-sur-Saulx.

    Raises
    ------
    InputError
        If the file is missing, damaged, empty or of another kind.
    MissingExtra
        If osmium is needed and not installed.
    """
    nodes = read_points(path, _is_building)
    at_nodes = zip(nodes.id, nodes.lon.tolist(), nodes.lat.tolist(), nodes.tags, strict=True)
    return OsmPoints.of([*at_nodes, *_outlined(read_ways(path, _is_building))])


def _is_building(tags: Tags) -> bool:
    return tags.get("building", "no") != "no"


def _outlined(ways: OsmWays) -> Iterator[TaggedPoint]:
    known, row = ways.node_rows()
    for i, tags in enumerate(ways.tags):
        outline = slice(ways.starts[i], ways.starts[i + 1])
        corners = row[outline][known[outline]]
        if len(corners):
            yield (f"w{ways.way_id[i]}", *_centroid(ways.lon[corners], ways.lat[corners]), tags)


def _centroid(lon: Degrees, lat: Degrees) -> tuple[float, float]:
    """Centre of area of a small outline, closed or not; the mean of its corners if it has none."""
    x, y = lon - lon[0], lat - lat[0]
    next_x, next_y = [*x[1:], x[0]], [*y[1:], y[0]]
    cross = x * next_y - next_x * y
    twice_area = cross.sum()
    if abs(twice_area) < 1e-14:
        return float(lon.mean()), float(lat.mean())
    centre_x = ((x + next_x) * cross).sum() / (3 * twice_area)
    centre_y = ((y + next_y) * cross).sum() / (3 * twice_area)
    return float(lon[0] + centre_x), float(lat[0] + centre_y)


@contextmanager
def _reading(path: Path) -> Iterator[ModuleType]:
    """The reader of the file's format; what it raises on a bad file becomes one fault of ours."""
    name = path.name.lower()
    readers = [reader for ending, reader in _FORMAT_OF_ENDING.items() if name.endswith(ending)]
    if not readers:
        raise _error("osm_unknown_ending", path)
    if not path.is_file():
        raise _error("osm_file_missing", path)
    if path.stat().st_size == 0:
        raise _error("osm_file_empty", path)
    try:
        yield readers[0]
    except _DAMAGE as error:
        raise _error("osm_file_damaged", path, cause=error) from error


def _error(code: str, path: Path, **details: Any) -> InputError:
    return InputError([Fault(code=code, file=str(path), value=path.name, details=details)])
