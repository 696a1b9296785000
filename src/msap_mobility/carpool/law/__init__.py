"""The law and the proof of carpooling, on the standard library alone.

`classify_ride`: under which law a ride stands, with every condition that is not met and its
article. `shareable_ceiling`: what it may cost. `registry`: what the registry of carpool proofs
takes, and what it would refuse, told at booking. `prefect_report`: the yearly report of transport
of social utility. Rules that change are tables by date (`TUS`, `SCALES`, `registry.TERMS`).

None of this is legal advice: the articles are named so that they can be read.
"""

from msap_mobility.carpool.law.condition import Condition
from msap_mobility.carpool.law.cost_sharing import DETOUR_PERCENT, failing_of_carpool
from msap_mobility.carpool.law.costs import (
    CostSharing,
    allowance_ceiling,
    over_ceiling,
    shareable_ceiling,
)
from msap_mobility.carpool.law.facts import RideFacts, Territory
from msap_mobility.carpool.law.prefect import (
    TusDriver,
    TusPassenger,
    TusRide,
    TusVehicle,
    prefect_report,
)
from msap_mobility.carpool.law.prefect_report import PrefectReport
from msap_mobility.carpool.law.regime import Regime, classify_ride
from msap_mobility.carpool.law.scale import SCALES, MileageScale
from msap_mobility.carpool.law.timeline import Timeline
from msap_mobility.carpool.law.tus import TUS, TusRules, failing_of_tus

__all__ = [
    "DETOUR_PERCENT",
    "SCALES",
    "TUS",
    "Condition",
    "CostSharing",
    "MileageScale",
    "PrefectReport",
    "Regime",
    "RideFacts",
    "Territory",
    "Timeline",
    "TusDriver",
    "TusPassenger",
    "TusRide",
    "TusRules",
    "TusVehicle",
    "allowance_ceiling",
    "classify_ride",
    "failing_of_carpool",
    "failing_of_tus",
    "over_ceiling",
    "prefect_report",
    "shareable_ceiling",
]
