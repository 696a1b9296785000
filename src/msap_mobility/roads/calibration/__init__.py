"""Models of travel times fitted to times that somebody has observed, with their error stated."""

from typing import TYPE_CHECKING

from msap_mobility.roads.calibration.power_law import FRENCH_ROADS, PowerLaw, fit_power_law
from msap_mobility.roads.calibration.trips import Trips

if TYPE_CHECKING:
    from msap_mobility.roads.calibration.speeds import SpeedFit, fit_speeds
else:

    def __getattr__(name: str) -> object:
        """Import what takes roads apart on first use and keep it."""
        if name not in ("SpeedFit", "fit_speeds"):
            raise AttributeError(name)
        from msap_mobility.roads.calibration import speeds  # noqa: PLC0415 - heavy

        globals()[name] = getattr(speeds, name)
        return globals()[name]


__all__ = ["FRENCH_ROADS", "PowerLaw", "SpeedFit", "Trips", "fit_power_law", "fit_speeds"]
