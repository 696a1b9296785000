"""Who is how far from what: travel times with a road network or, for want of one, without.

What searches roads, reads tables or asks servers is imported when it is first used: the first loads
compiled kernels.
"""

from typing import TYPE_CHECKING

from msap_mobility.roads.calibrated import CalibratedTimes
from msap_mobility.roads.calibration.trips import Trips
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.profile import BICYCLE, CAR, VAN, WALK, Profile

if TYPE_CHECKING:
    from msap_mobility.roads.http import OsrmTimes, ValhallaTimes
    from msap_mobility.roads.matrix_times import MatrixTimes
    from msap_mobility.roads.road_times import RoadTimes
else:
    _WHERE = {
        "MatrixTimes": "matrix_times",
        "OsrmTimes": "http",
        "RoadTimes": "road_times",
        "ValhallaTimes": "http",
    }

    def __getattr__(name: str) -> object:
        """Import an engine on first use and keep it."""
        if name not in _WHERE:
            raise AttributeError(name)
        from importlib import import_module  # noqa: PLC0415 - only then

        globals()[name] = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
        return globals()[name]


__all__ = [
    "BICYCLE",
    "CAR",
    "VAN",
    "WALK",
    "CalibratedTimes",
    "MatrixTimes",
    "OsrmTimes",
    "Profile",
    "RoadGraph",
    "RoadTimes",
    "Trips",
    "ValhallaTimes",
]
