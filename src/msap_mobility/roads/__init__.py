"""Who is how far from what: travel times with a road network or, for want of one, without.

What searches roads is imported when it is first used: it loads compiled kernels.
"""

from typing import TYPE_CHECKING

from msap_mobility.roads.calibrated import CalibratedTimes
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.profile import BICYCLE, CAR, VAN, WALK, Profile

if TYPE_CHECKING:
    from msap_mobility.roads.road_times import RoadTimes
else:

    def __getattr__(name: str) -> object:
        """Import `RoadTimes` on first use and keep it."""
        if name != "RoadTimes":
            raise AttributeError(name)
        from msap_mobility.roads.road_times import RoadTimes  # noqa: PLC0415 - heavy

        globals()[name] = RoadTimes
        return RoadTimes


__all__ = ["BICYCLE", "CAR", "VAN", "WALK", "CalibratedTimes", "Profile", "RoadGraph", "RoadTimes"]
