"""The registry of carpool proofs (registre de preuve de covoiturage, RPC), API v3.3.

What it will refuse is told when a ride is booked, not when it was driven (`check_booking`); what it
takes is made here (`Journey.to_payload`, `Cancellation.to_payload`); who rode goes to it as a
digest (`identity_key`). Sources: betagouv/preuve-covoiturage, api/specs/api-v3.3.yaml and the
acceptance service; covoiturage-gouv-fr/mono. Nothing here calls anybody.
"""

from msap_mobility.carpool.law.registry.anomalies import Route, anomalies
from msap_mobility.carpool.law.registry.cancellation import Cancellation
from msap_mobility.carpool.law.registry.eligibility import Eligibility, check_booking
from msap_mobility.carpool.law.registry.identity import (
    Identity,
    identity_key,
    international_phone,
    normalised_name,
    truncated_phone,
)
from msap_mobility.carpool.law.registry.journey import Journey, PointInTime
from msap_mobility.carpool.law.registry.payments import Incentive, Payment
from msap_mobility.carpool.law.registry.proof import ProofClass, proof_class, registry_id
from msap_mobility.carpool.law.registry.terms import TERMS, RegistryTerms, refusals
from msap_mobility.carpool.law.registry.trip import Trip

__all__ = [
    "TERMS",
    "Cancellation",
    "Eligibility",
    "Identity",
    "Incentive",
    "Journey",
    "Payment",
    "PointInTime",
    "ProofClass",
    "RegistryTerms",
    "Route",
    "Trip",
    "anomalies",
    "check_booking",
    "identity_key",
    "international_phone",
    "normalised_name",
    "proof_class",
    "refusals",
    "registry_id",
    "truncated_phone",
]
