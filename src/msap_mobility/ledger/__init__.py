"""The accounts of a scheme: coupons, local currency, euros, to the cent and for ever."""

from msap_mobility.ledger.ledger import Ledger
from msap_mobility.ledger.outcome import Balance, Posted, Refusal, Refused
from msap_mobility.ledger.scheme.ride import DrivenRide, Ride
from msap_mobility.ledger.scheme.rules import SchemeRules
from msap_mobility.ledger.scheme.slip import new_key

__all__ = [
    "Balance",
    "DrivenRide",
    "Ledger",
    "Posted",
    "Refusal",
    "Refused",
    "Ride",
    "SchemeRules",
    "new_key",
]
