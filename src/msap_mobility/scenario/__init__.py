"""A folder of files as one typed scenario, and the verbs that need nothing else."""

from pathlib import Path

from msap_mobility.scenario.commune import Commune
from msap_mobility.scenario.folder import bundled_names
from msap_mobility.scenario.scenario import Scenario
from msap_mobility.scenario.synthetic import Share, SyntheticRule, synthetic_homes
from msap_mobility.scenario.tour_files import (
    SavedPlan,
    read_saved_plan,
    read_tour,
    write_timetable,
)

__all__ = [
    "Commune",
    "SavedPlan",
    "Scenario",
    "Share",
    "SyntheticRule",
    "bundled_names",
    "load",
    "read_saved_plan",
    "read_tour",
    "synthetic_homes",
    "write_timetable",
]


def load(name: str | Path) -> Scenario:
    """Read a scenario folder, or a bundled example; see `Scenario.load`.

    Examples
    --------
    >>> load("rurali_indre").title["fr"]
    "La Rur@linette, vingt villages de l'Indre"
    """
    return Scenario.load(name)
