"""Other people's road graphs, edges and travel-time tables, in and out."""

from msap_mobility.roads.exchange.listed_places import ListedPlaces
from msap_mobility.roads.exchange.networkx_graph import graph_of_networkx, networkx_of_graph
from msap_mobility.roads.exchange.od_table import (
    R5,
    OdColumns,
    OdTable,
    read_od_table,
)

__all__ = [
    "R5",
    "ListedPlaces",
    "OdColumns",
    "OdTable",
    "graph_of_networkx",
    "networkx_of_graph",
    "read_od_table",
]
