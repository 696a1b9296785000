"""Read raw OpenStreetMap extracts: nodes, ways and buildings, nothing interpreted.

``.osm.pbf`` needs osmium (``pip install "msap-mobility[osm]"``); ``.osm`` and ``.osm.gz`` are read
with the standard library, streaming, in any order of their elements (Overpass does not sort).
Data © OpenStreetMap contributors, ODbL 1.0: keep the attribution beside what is made of it.
"""

from msap_mobility.formats.osm.extract import OsmPoints, OsmWays
from msap_mobility.formats.osm.reading import ATTRIBUTION, buildings, read_points, read_ways

__all__ = ["ATTRIBUTION", "OsmPoints", "OsmWays", "buildings", "read_points", "read_ways"]
