"""Models of travel times fitted to times that somebody has observed, with their error stated."""

from msap_mobility.roads.calibration.power_law import PowerLaw, fit_power_law
from msap_mobility.roads.calibration.trips import Trips

__all__ = ["PowerLaw", "Trips", "fit_power_law"]
