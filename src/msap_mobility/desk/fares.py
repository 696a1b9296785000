"""What a ride is to the ledger: how long, whose, at what price, on which slip of paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.checks import check_text
from msap_mobility.ledger.scheme.serials import read_serials
from msap_mobility.model import Fare

if TYPE_CHECKING:
    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.carpool.ride_event import RideEvent
    from msap_mobility.desk.lives import Deed
    from msap_mobility.errors import Faults
    from msap_mobility.ledger import SchemeRules

__all__ = ["charged_km", "check_slip", "fare", "price_cents", "slip", "slip_data"]


def charged_km(rules: SchemeRules, metres: int) -> Decimal:
    """What a ride of so many metres counts in the ledger.

    Where a scheme takes only rides of a whole number of coupons, the nearest one, at least one
    coupon (our assumption: no source tells how halves are counted); else the very metres, at least
    one.

    Examples
    --------
    >>> from msap_mobility.ledger import SchemeRules
    >>> charged_km(SchemeRules.ayen(), 12_345), charged_km(SchemeRules.ayen(), 200)
    (Decimal('12'), Decimal('1'))
    """
    if rules.rounding != "exact":
        return Decimal(max(metres, 1)).scaleb(-3)
    each = 1000 * rules.km_per_coupon
    whole, rest = divmod(metres, each)
    return Decimal(max(whole + (2 * rest >= each), 1) * rules.km_per_coupon)


def price_cents(rules: SchemeRules, metres: int) -> int:
    """What a passenger pays for a ride, euro cents' worth of coupons.

    Examples
    --------
    >>> from msap_mobility.ledger import SchemeRules
    >>> price_cents(SchemeRules.ayen(), 12_345), price_cents(SchemeRules.ayen(), 200)
    (72, 6)
    """
    each = 1000 * rules.km_per_coupon
    coupons, rest = divmod(int(1000 * charged_km(rules, metres)), each)
    up = rest > 0 if rules.rounding == "up" else 2 * rest >= each
    return rules.cents(max(coupons + up, 1), rules.coupon)


def fare(rules: SchemeRules, state: RideState) -> Fare:
    """What a ride is to the ledger: as long as was driven, or else promised."""
    asked, proposal = state.history[0], state.proposal
    facts = {} if proposal is None else dict(proposal.data)
    for event in state.history:
        if event.kind == "driven" and event.data.get("metres") is not None:
            facts["metres"] = event.data["metres"]
    return Fare(
        id=state.ride,
        rider=str(asked.data["rider"]),
        driver=str(facts["driver"]),
        km=charged_km(rules, int(str(facts["metres"]))),
        ways=2 if facts.get("leg") == "round" else 1,
    )


def check_slip(faults: Faults, serials: str, ref: str, effective: date | None) -> None:
    """Note what is wrong unless a ledger can read what comes with a settlement."""
    with faults.also():
        read_serials(serials or ())
    check_text(faults, "ref", ref)
    if effective is not None and type(effective) is not date:
        faults.add("not_a_date", column="effective", value=effective)


def slip_data(serials: str, ref: str, effective: date | None) -> dict[str, str]:
    """What comes with a settlement, as its event keeps it: every coupon by its number.

    Examples
    --------
    >>> slip_data("A008..A010", "slip 7", None)
    {'serials': 'A008,A009,A010', 'ref': 'slip 7', 'effective': ''}
    """
    day = "" if effective is None else effective.isoformat()
    return {"serials": ",".join(read_serials(serials or ())), "ref": ref, "effective": day}


def slip(deed: Deed | RideEvent) -> dict[str, Any]:
    """What comes with a settlement, as the ledger takes it."""
    day = str(deed.data.get("effective") or "")
    return {
        "serials": str(deed.data.get("serials") or "") or (),
        "ref": str(deed.data.get("ref") or ""),
        "effective": date.fromisoformat(day) if day else None,
        "actor": deed.by,
    }
