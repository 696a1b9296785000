"""Who is how far from what: travel times with a road network or, for want of one, without."""

from msap_mobility.roads.calibrated import CalibratedTimes
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.roads.profile import BICYCLE, CAR, VAN, WALK, Profile
from msap_mobility.roads.road_times import RoadTimes

__all__ = ["BICYCLE", "CAR", "VAN", "WALK", "CalibratedTimes", "Profile", "RoadGraph", "RoadTimes"]
