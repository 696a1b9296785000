"""Who paid for a journey besides the passenger, or how the passenger paid (API v3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from msap_mobility.carpool.law.checks import check_id, check_pattern, check_whole
from msap_mobility.errors import Faults

__all__ = ["MOST_CENTS", "Incentive", "Payment"]

MOST_CENTS = 1_000_000
"""Largest amount of the registry's schema, euro cents."""

_MOST_INCENTIVE_CENTS = 100_000
_SIRET = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incentive:
    """What somebody adds to a journey.

    Parameters
    ----------
    siret
        Of who pays: 14 digits.
    amount_cents
        Euro cents, at most 1 000 euros.

    Raises
    ------
    InputError
        With every fault.
    """

    siret: str
    amount_cents: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_pattern(faults, "law_not_a_siret", "siret", self.siret, _SIRET)
            check_whole(faults, "amount_cents", self.amount_cents, 0, _MOST_INCENTIVE_CENTS)

    def to_payload(self, index: int) -> dict[str, Any]:
        """An item of the registry's ``incentives``, the `index`-th to be applied."""
        return {"index": index, "siret": self.siret, "amount": self.amount_cents}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A means by which the passenger paid: an employer's card, a voucher.

    Parameters
    ----------
    siret
        Of who pays: 14 digits.
    amount_cents
        Euro cents.
    means
        Its name (``type``).

    Raises
    ------
    InputError
        With every fault.
    """

    siret: str
    amount_cents: int
    means: str

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_pattern(faults, "law_not_a_siret", "siret", self.siret, _SIRET)
            check_whole(faults, "amount_cents", self.amount_cents, 0, MOST_CENTS)
            check_id(faults, "means", self.means)

    def to_payload(self, index: int) -> dict[str, Any]:
        """An item of the registry's ``payments``."""
        item = {"index": index, "siret": self.siret, "type": self.means}
        return {**item, "amount": self.amount_cents}
