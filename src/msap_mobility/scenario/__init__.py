"""A folder of files as one typed scenario, and the verbs that need nothing else."""

from msap_mobility.scenario.commune import Commune
from msap_mobility.scenario.folder import bundled_names
from msap_mobility.scenario.scenario import Scenario
from msap_mobility.scenario.synthetic import Share, SyntheticRule, synthetic_homes

__all__ = ["Commune", "Scenario", "Share", "SyntheticRule", "bundled_names", "synthetic_homes"]
