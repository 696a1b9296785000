"""A contraction hierarchy over flat arrays: built once, asked for tables, sweeps and paths.

Geisberger, Sanders, Schultes & Vetter (2012), doi 10.1287/trsc.1110.0401. It knows nodes and
weights only: whether a node is a junction or, where turns are forbidden, an arc, is its caller's.
"""

from msap_mobility.roads.hierarchy.hierarchy import Hierarchy
from msap_mobility.roads.hierarchy.seeds import Seeds

__all__ = ["Hierarchy", "Seeds"]
