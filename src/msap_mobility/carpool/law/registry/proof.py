"""How well a ride is proven, and under which id it is known (API v3.3)."""

from __future__ import annotations

import hashlib
import re
from typing import Literal

from msap_mobility.carpool.law.checks import check_id
from msap_mobility.errors import Faults

__all__ = ["HEX_ID", "ProofClass", "proof_class", "registry_id"]

ProofClass = Literal["A", "B", "C"]
"""How well a ride is proven: see `proof_class`."""

HEX_ID = re.compile(r"[0-9a-f]{32}")
"""Ids as `registry_id` makes them: the registry takes [a-z0-9] only, though its own example of an
id has dashes."""


def registry_id(name: str) -> str:
    """A journey's id as the registry's pattern takes it: 32 lower-case hexadecimal digits.

    The same name always gives the same id: a UUID loses its dashes, any other text becomes the
    first half of its SHA-256.

    Parameters
    ----------
    name
        The maison's own id: of a ride (with its passenger) or of a driver's trip.

    Raises
    ------
    InputError
        If it can name nothing.

    Examples
    --------
    >>> registry_id("CB82956E-3833-4925-9891-47D9B2BA0186")
    'cb82956e38334925989147d9b2ba0186'
    >>> registry_id("2026-12-01/jeanne/paul")
    '29ab0496db1fc9514b434a28f855d041'
    """
    with Faults() as faults:
        check_id(faults, "id", name)
    compact = name.replace("-", "").lower()
    return compact if HEX_ID.fullmatch(compact) else hashlib.sha256(name.encode()).hexdigest()[:32]


def proof_class(
    *, driver_proven: bool, passenger_proven: bool, identities_told_apart: bool
) -> ProofClass:
    """The class of a proof: A, the match; B, one occupant's trip too; C, both, two identities.

    Classes of the registry (class A, B and C). A ride arranged by telephone is A; with a stamped
    slip or a message of one of the two it is B.

    Parameters
    ----------
    driver_proven, passenger_proven
        Whether the trip of each is proven.
    identities_told_apart
        Whether it is proven that they are two persons.

    Examples
    --------
    >>> proof_class(driver_proven=False, passenger_proven=False, identities_told_apart=True)
    'A'
    >>> proof_class(driver_proven=True, passenger_proven=True, identities_told_apart=True)
    'C'
    """
    if driver_proven and passenger_proven and identities_told_apart:
        return "C"
    return "B" if driver_proven or passenger_proven else "A"
