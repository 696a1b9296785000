"""Event 2: a ride. Coupons are promised, then go from the rider to the driver; or are let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.checks import check_id, check_name
from msap_mobility.ledger.journal import microseconds
from msap_mobility.ledger.scheme.amounts import Exact, metres_of
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import (
    BACKED,
    BANK,
    FUND,
    SUBSIDY,
    account_of,
    check_owner,
    issue_account,
)
from msap_mobility.ledger.scheme.dues import require_dues
from msap_mobility.ledger.scheme.persons import require_persons
from msap_mobility.ledger.scheme.serials import Serials, found, handed, marks, read_serials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip
    from msap_mobility.ledger.sight import Written

__all__ = ["DrivenRide", "Ride", "cancel_ride", "coupons_for", "promise_ride", "settle"]


class Ride(Protocol):
    """Anything that can be settled: who rode with whom, and how far.

    A ride there and back, whose driver waited, has besides ``ways`` of 2: its `km` are of both, and
    each may be as long as the rules let a ride be.
    """

    @property
    def id(self) -> str:
        """Unique in the scheme; it makes the keys ``id/promised``, ``id/settled``."""

    @property
    def rider(self) -> str:
        """Member id of the passenger."""

    @property
    def driver(self) -> str:
        """Member id of the driver."""

    @property
    def km(self) -> Exact:
        """Length, kilometres: an int, a Decimal or a text; a float is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenRide:
    """A ride as a slip of paper tells it.

    Parameters
    ----------
    id
        Unique in the scheme.
    rider, driver
        Member ids.
    km
        Kilometres, exact.
    ways
        2 if the kilometres are those there and back, the driver having waited.

    Examples
    --------
    >>> DrivenRide(id="r1", rider="paul", driver="jeanne", km=25).km
    25
    """

    id: str
    rider: str
    driver: str
    km: Exact
    ways: int = 1


def promise_ride(book: Book, ride: Ride, expires: datetime | None, slip: Slip) -> Posted:
    """Hold the coupons of a booked ride back, so that they cannot be spent twice.

    Parameters
    ----------
    book
        The scheme.
    ride
        The ride that is booked. One that was cancelled is booked again under another id.
    expires
        When the hold lets go by itself; None: when the ride is settled or cancelled.
    slip
        Key (by default ``ride-id/promised``), slip and actor.

    Raises
    ------
    Refused
        If the rider has too few coupons, or a rule of the scheme stands in the way.
    InputError
        If the ride cannot be read.
    """
    metres = _checked(ride)
    with Faults() as faults, faults.also(column="expires"):
        until = None if expires is None else microseconds(expires)
    facts = _facts(ride, metres)
    asked = book.asked(slip, "promise", facts, identity=f"{ride.id}/promised", expires=until)
    return book.post(asked, lambda: [_promise(book, ride, metres, asked)])


def cancel_ride(book: Book, ride_id: str, slip: Slip) -> Posted:
    """Let the coupons of a booked ride go.

    Raises
    ------
    Refused
        If nothing was promised for it, or it was settled, cancelled or ended by time.
    """
    with Faults() as faults:
        check_name(faults, "ride", ride_id)
    promised = f"{ride_id}/promised"
    asked = book.asked(slip, "cancel", {"ride": ride_id}, identity=f"{ride_id}/cancelled")
    return book.post(asked, lambda: [asked.entry({}, phase="void", target=promised)])


def settle(book: Book, ride: Ride, serials: Serials, slip: Slip) -> Posted:
    """Pay the driver of a ride that took place; the price is in the rules.

    What was promised for it is captured. If more was driven than promised, or by somebody else, the
    hold is let go and the ride written afresh, together. Where the payout is above the passenger's
    price, the maison tops it up in currency, in an entry beside it.

    Parameters
    ----------
    book
        The scheme.
    ride
        The ride.
    serials
        Numbers of the paper coupons the rider handed over; empty: coupons of the rider's account.
    slip
        Key (by default ``ride-id/settled``: a ride is paid once), day, slip and actor.

    Raises
    ------
    Refused
        If the rider has too few coupons, the ride is no whole number of coupons (where the rules
        say so), is too long, or was cancelled; if a paper coupon was used before.
    InputError
        If the ride cannot be read.
    """
    metres, numbers = _checked(ride), read_serials(serials)
    facts = _facts(ride, metres)
    identity = f"{ride.id}/settled"
    asked = book.asked(slip, "ride", facts, identity=identity, serials=numbers)
    return book.post(asked, lambda: _settlement(book, ride, metres, asked))


def coupons_for(book: Book, ride: Ride, metres: int, asked: Asked) -> int:
    """How many coupons a ride costs, by the rounding of the rules.

    Raises
    ------
    Refused
        If the ride is too long, or no whole number of coupons where that is asked for.
    """
    rules = book.rules_for(asked)
    longest = rules.longest_ride_km
    if longest is not None and metres > 1000 * longest * _ways(ride):
        raise refuse("ride_too_long", asked, metres=metres, longest=longest * _ways(ride))
    each = 1000 * book.rules.km_per_coupon
    coupons, rest = divmod(metres, each)
    if rest and rules.rounding == "exact":
        raise refuse("part_of_coupon", asked, metres=metres, each=each // 1000)
    if rest and (rules.rounding == "up" or 2 * rest >= each):
        coupons += 1
    return max(coupons, 1)


def _checked(ride: Ride) -> int:
    """Metres of a ride that can be read."""
    if not all(hasattr(ride, name) for name in ("id", "rider", "driver", "km")):
        raise InputError([Fault(code="not_a_ride", column="ride", value=ride)])
    with Faults() as faults:
        metres = 0
        check_id(faults, "ride", ride.id)
        for column, member in (("rider", ride.rider), ("driver", ride.driver)):
            with faults.also():
                check_owner(member, column)
        if ride.rider == ride.driver:
            faults.add("own_passenger", column="driver", value=ride.driver)
        with faults.also():
            metres = metres_of(ride.km)
        if _ways(ride) not in (1, 2):
            faults.add("out_of_range", column="ways", value=_ways(ride), least=1, most=2)
    return metres


def _ways(ride: Ride) -> int:
    return int(getattr(ride, "ways", 1))


def _facts(ride: Ride, metres: int) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"ride": ride.id, "rider": ride.rider, "driver": ride.driver}
    facts["metres"] = metres
    if _ways(ride) > 1:
        facts["ways"] = _ways(ride)
    return facts


def _promise(book: Book, ride: Ride, metres: int, asked: Asked) -> Entry:
    coupons, asset = coupons_for(book, ride, metres, asked), book.rules.coupon
    require_persons(book, asked, ride.rider, ride.driver)
    require_dues(book, asked, ride.rider, ride.driver)
    rider, driver = account_of(ride.rider, asset), account_of(ride.driver, asset)
    return asked.entry(
        {rider: -coupons, driver: coupons},
        phase="reserve",
        accounts=(*book.opened(ride.rider, asset), *book.opened(ride.driver, asset)),
    )


def _settlement(book: Book, ride: Ride, metres: int, asked: Asked) -> Sequence[Entry]:
    coupons = coupons_for(book, ride, metres, asked)
    require_persons(book, asked, ride.rider, ride.driver)
    require_dues(book, asked, ride.rider, ride.driver)
    hold = _open_hold(book, ride, asked)
    paid = _paid(book, ride, coupons, asked)
    if hold is None:
        entries = [asked.entry(**paid)]
    elif not asked.serials and _within(paid["legs"], hold.entry):
        entries = [asked.entry(**paid, phase="capture", target=hold.entry.key)]
    else:
        void = {"phase": "void", "target": hold.entry.key}
        entries = [asked.beside("/released", "release", {}, **void), asked.entry(**paid)]
    return [*entries, *_top_up(book, ride, metres, coupons, asked)]


def _paid(book: Book, ride: Ride, coupons: int, asked: Asked) -> dict[str, Any]:
    """Legs, accounts and coupons of the ride itself."""
    asset = book.rules.coupon
    driver = account_of(ride.driver, asset)
    opened = book.opened(ride.driver, asset)
    if not asked.serials:
        legs = {account_of(ride.rider, asset): -coupons, driver: coupons}
        return {"legs": legs, "accounts": (*book.opened(ride.rider, asset), *opened)}
    if len(asked.serials) != coupons:
        raise refuse("serials_count", asked, given=len(asked.serials), needed=coupons)
    paper = found(book, asked, ("sold",))
    return {"legs": handed(paper, driver), "accounts": opened, "marks": marks(paper, "used")}


def _open_hold(book: Book, ride: Ride, asked: Asked) -> Written | None:
    """What is held back for a ride; refused if it was cancelled."""
    key = f"{ride.id}/promised"
    hold = book.journal.entry(key)
    if hold is None or (closer := book.reader.closer(key)) is None:
        return hold
    if closer == f"{ride.id}/cancelled":
        raise refuse("ride_cancelled", asked, ride=ride.id)
    return None


def _within(legs: Mapping[str, int], hold: Entry) -> bool:
    """Whether a hold covers these legs."""
    return (
        hold.phase == "reserve"
        and legs.keys() == hold.legs.keys()
        and all(
            (amount > 0) == (hold.legs[name] > 0) and abs(amount) <= abs(hold.legs[name])
            for name, amount in legs.items()
        )
    )


def _top_up(book: Book, ride: Ride, metres: int, coupons: int, asked: Asked) -> Sequence[Entry]:
    """What the maison adds for the driver: the payout, to the nearest cent, less the price."""
    rules = book.rules_for(asked)
    if rules.payout_cents_per_km is None or rules.currency is None:
        return ()
    payout = (rules.payout_cents_per_km * metres + 500) // 1000
    cents = payout - book.rules.cents(coupons, rules.coupon)
    if cents <= 0:
        return ()
    driver = account_of(ride.driver, rules.currency)
    legs = {BANK: -cents, SUBSIDY: cents, FUND: cents, BACKED: -cents}
    legs |= {issue_account(rules.currency): -cents, driver: cents}
    opened = book.opened(ride.driver, rules.currency)
    return (asked.beside("/topped-up", "subsidy", legs, accounts=opened),)
