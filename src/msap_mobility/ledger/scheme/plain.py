"""What the journal refuses, in the words of those who stand at the desk.

The journal knows accounts, floors and holds; people know coupons, kilometres and booked rides. The
code and the values stay those of the journal, so that a program sees no difference.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.chart import is_own, owner_of

if TYPE_CHECKING:
    from msap_mobility.ledger.outcome import Refusal
    from msap_mobility.ledger.scheme.rules import SchemeRules
    from msap_mobility.ledger.scheme.slip import Asked

__all__ = ["spoken"]

_OF_A_BOOKING = {"unknown_target": "not_booked", "already_closed": "booking_over"}
"""Words for the cancelling of a ride."""


def spoken(refusal: Refusal, asked: Asked, rules: SchemeRules) -> Refusal:
    """The same refusal in plain words, where there are any.

    Parameters
    ----------
    refusal
        What the journal says.
    asked
        The request that was refused.
    rules
        Those in force.

    Examples
    --------
    >>> from msap_mobility.ledger.outcome import Amount, Refusal
    >>> from msap_mobility.ledger.scheme.rules import SchemeRules
    >>> from msap_mobility.ledger.scheme.slip import Asked
    >>> asked = Asked(key="k", kind="ride", facts={}, effective=None, ref="", actor="")
    >>> values = {"account": "paul/KM", "available": Amount(4, "KM", 0)}
    >>> no = Refusal(
    ...     code="below_floor", key="k", values={**values, "needed": Amount(25, "KM", 0)}
    ... )
    >>> spoken(no, asked, SchemeRules.argences()).what()
    "'paul' has too few coupons: 4 left (20 km), 25 needed (125 km)."
    """
    if asked.kind == "cancel" and refusal.code in _OF_A_BOOKING:
        values = {**refusal.values, "ride": asked.facts.get("ride")}
        return replace(refusal, values=values, words=_OF_A_BOOKING[refusal.code])
    account = str(refusal.values.get("account", ""))
    if refusal.code != "below_floor" or is_own(owner_of(account)):
        return refusal
    values = {**refusal.values, "member": owner_of(account)}
    left, needed = values["available"], values["needed"]
    if asked.kind == "reverse":
        return replace(refusal, values=values, words="moved_on")
    if left.asset != rules.coupon:
        return replace(refusal, values=values, words="too_little")
    each = rules.km_per_coupon
    values |= {"coupons": left.units, "km": each * left.units}
    values |= {"needed_coupons": needed.units, "needed_km": each * needed.units}
    return replace(refusal, values=values, words="too_few_coupons")
