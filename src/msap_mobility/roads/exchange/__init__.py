"""Other people's road graphs, edges and travel-time tables, in and out.

`RoadGraph.from_networkx` and `to_networkx` are of `networkx_graph`, which alone loads networkx.
"""

from msap_mobility.roads.exchange.edge_rules import EdgeColumns, EdgeCost, EdgeRule, OsmTags
from msap_mobility.roads.exchange.edges import graph_of_edges
from msap_mobility.roads.exchange.listed_places import ListedPlaces
from msap_mobility.roads.exchange.od_table import R5, OdColumns, OdTable, read_od_table
from msap_mobility.roads.exchange.route500 import Route500

__all__ = [
    "R5",
    "EdgeColumns",
    "EdgeCost",
    "EdgeRule",
    "ListedPlaces",
    "OdColumns",
    "OdTable",
    "OsmTags",
    "Route500",
    "graph_of_edges",
    "read_od_table",
]
