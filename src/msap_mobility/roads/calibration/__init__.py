"""Models of travel times fitted to times that somebody has observed, with their error stated."""

from msap_mobility.roads.calibration.power_law import FRENCH_ROADS, PowerLaw, fit_power_law
from msap_mobility.roads.calibration.speed_fit import SpeedFit
from msap_mobility.roads.calibration.speeds import fit_speeds
from msap_mobility.roads.calibration.trips import Trips

__all__ = ["FRENCH_ROADS", "PowerLaw", "SpeedFit", "Trips", "fit_power_law", "fit_speeds"]
