"""The ruler: who reaches what, how long they wait, and who gains. Knows no roads and no tours."""

from msap_mobility.coverage.cells import Cell, Cells, coarsen
from msap_mobility.coverage.change import ChangeRow, Changes, Signs, Transition
from msap_mobility.coverage.comparison import Comparison, compare
from msap_mobility.coverage.figures import Figures
from msap_mobility.coverage.indicators import Indicators
from msap_mobility.coverage.reach import Reach, reachable
from msap_mobility.coverage.rounding import median_is_never
from msap_mobility.coverage.ruler import Coverage, measure
from msap_mobility.coverage.table import CoverageRow, CoverageTable
from msap_mobility.coverage.telling import group_names

__all__ = [
    "Cell",
    "Cells",
    "ChangeRow",
    "Changes",
    "Comparison",
    "Coverage",
    "CoverageRow",
    "CoverageTable",
    "Figures",
    "Indicators",
    "Reach",
    "Signs",
    "Transition",
    "coarsen",
    "compare",
    "group_names",
    "measure",
    "median_is_never",
    "reachable",
]
