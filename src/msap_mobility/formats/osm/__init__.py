"""Read raw OpenStreetMap extracts: nodes, ways, buildings and relations, nothing interpreted.

``.osm.pbf`` needs osmium (``pip install "msap-mobility[osm]"``); ``.osm`` and ``.osm.gz`` are read
with the standard library, streaming, in any order of their elements (Overpass does not sort).
Data © OpenStreetMap contributors, ODbL 1.0: keep the attribution beside what is made of it.
"""

from msap_mobility.formats.osm.extract import (
    NetworkKeys,
    OsmNetwork,
    OsmPoints,
    OsmRelation,
    OsmWays,
)
from msap_mobility.formats.osm.reading import (
    ATTRIBUTION,
    buildings,
    read_network,
    read_points,
    read_ways,
)

__all__ = [
    "ATTRIBUTION",
    "NetworkKeys",
    "OsmNetwork",
    "OsmPoints",
    "OsmRelation",
    "OsmWays",
    "buildings",
    "read_network",
    "read_points",
    "read_ways",
]
