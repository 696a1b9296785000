"""How fast, and whether, one travels on a road: profiles as data.

`CAR`, `VAN`, `BICYCLE` and `WALK` are starting points: ``dataclasses.replace(CAR, ...)`` makes
yours. Traffic and hours are in none of them; hills are in those of `BICYCLE` and `WALK`.
"""

from msap_mobility.roads.profile.climbing import Climbing, Hiking, Pedalling
from msap_mobility.roads.profile.motor import CAR, VAN
from msap_mobility.roads.profile.rules import Profile
from msap_mobility.roads.profile.soft import BICYCLE, WALK
from msap_mobility.roads.profile.turning import Turning

__all__ = ["BICYCLE", "CAR", "VAN", "WALK", "Climbing", "Hiking", "Pedalling", "Profile", "Turning"]
