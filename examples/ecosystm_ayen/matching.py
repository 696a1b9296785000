"""Who rides with whom on a day: matched, checked, asked by telephone, booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msap_mobility.carpool.check import check_rides
from msap_mobility.carpool.match import match
from msap_mobility.errors import BrokenInvariant
from msap_mobility.model.window import PARIS, Window

from .maison import AGENT, taken
from .wishes import LONGEST_KM, TIMES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from msap_mobility.carpool.matching import Match
    from msap_mobility.desk.call import Outcome
    from msap_mobility.model import Offer, Request, Ride

    from .maison import Maison

__all__ = ["LENGTHS", "arrange"]

NOTICE = timedelta(hours=1)
"""What a driver needs between the telephone and the steering wheel: assumed."""

LENGTHS = ("driven_wrong", "detour_wrong", "detour_way_wrong", "shared_wrong")
"""What the checker says of a promised ride that somebody has left: the desk keeps its lengths as
they were promised, as the most it takes. It was looked at when it was promised."""

BUDGET = "2000 it"
"""Of the search for joint trips: iterations, so that a day is matched alike on every machine."""


def arrange(maison: Maison, day: date, declines: Collection[str]) -> None:
    """Match a day, phone the drivers, book. Promises stay; whoever is left is matched again later.

    Made again after a kill it changes nothing: the promises are frozen, and a best match leaves
    nobody for whom there was room.
    """
    too_long: set[str] = set()
    while wanted := _open_requests(maison, day, too_long):
        found = _matched(maison, day, wanted)
        longer = _too_long(found.rides)
        if longer:
            too_long |= longer
        elif not _phoned(maison, day, found.rides, declines):
            taken(maison.desk.book_rides(found.rides, by=AGENT))
            return


def _matched(maison: Maison, day: date, wanted: Sequence[Request]) -> Match:
    """The best match of what is open, checked by code the matcher never saw."""
    desk, soon = maison.desk, _soon(maison)
    promised = desk.rides(day)
    aboard = {name for ride in promised for name in ride.requests}
    driving = {ride.offer for ride in promised}
    requests = [*wanted, *(each for each in desk.requests(day) if each.id in aboard)]
    offers = [
        each for each in desk.offers(day) if each.id in driving or _leaves(each).latest >= soon
    ]
    found = match(
        offers,
        requests,
        TIMES,
        promised=promised,
        loads=desk.loads(day.replace(day=1), day),
        fairness="some",
        budget=BUDGET,
    )
    before = [(each.id, each.stops) for each in promised]
    as_promised = {each.id for each in found.rides if (each.id, each.stops) in before}
    for broken in check_rides(found.rides, offers, requests, TIMES):
        if broken.ride not in as_promised or broken.code not in LENGTHS:
            raise BrokenInvariant("every ride passes the checker", **broken.to_dict())
    return found


def _open_requests(maison: Maison, day: date, without: Collection[str]) -> list[Request]:
    """Requests of a day that have no ride, and for which there is time enough to find one."""
    soon = _soon(maison)
    waiting = {each.request for each in maison.desk.lives_on(day) if each.stage == "asked"}
    return [
        each
        for each in maison.desk.requests(day)
        if each.id in waiting - set(without) and _begins(each) >= soon
    ]


def _soon(maison: Maison) -> datetime:
    """The earliest instant for which something can still be arranged."""
    return Window.of(f"{maison.clock.at + NOTICE}", PARIS).earliest


def _begins(request: Request) -> datetime:
    """When a passenger wants to be there at the earliest; every request of this year says so."""
    if request.arrive is None:
        raise BrokenInvariant("every request tells when to be there", request=request.id)
    return request.arrive.earliest


def _leaves(offer: Offer) -> Window:
    """When a car sets out; every offer of this year says so."""
    if offer.depart is None:
        raise BrokenInvariant("every offer tells when the car leaves", offer=offer.id)
    return offer.depart


def _too_long(rides: Sequence[Ride]) -> set[str]:
    """Requests whose ride would be longer than the scheme allows, coupons to the nearest."""
    return {
        request
        for ride in rides
        for request, metres in zip(ride.requests, ride.shared_m, strict=True)
        if metres >= 1000 * LONGEST_KM + 500
    }


def _phoned(maison: Maison, day: date, rides: Sequence[Ride], declines: Collection[str]) -> bool:
    """Phone the drivers who are asked to take somebody more; whether one of them says no.

    Whoever drives somebody already takes one more: assumed.
    """
    there = {(each.offer, each.request) for each in maison.promised_on(day)}
    driving = {offer for offer, _ in there}
    no = False
    for ride in rides:
        new = [each for each in ride.requests if (ride.offer, each) not in there]
        says_no = ride.offer not in driving and ride.driver in declines
        for request in new:
            _note(maison, request, ride.driver, "declined" if says_no else "agreed")
        if new and says_no:
            taken(maison.desk.withdraw_offer(ride.offer, by=AGENT))
            no = True
    return no


def _note(maison: Maison, request: str, driver: str, outcome: Outcome) -> None:
    """Note a call, unless it is noted: the desk counts calls, and two are two."""
    noted = ((each.member, each.outcome) for each in maison.desk.calls(request))
    if (driver, outcome) not in noted:
        taken(maison.desk.log_call(request, driver, outcome, by=AGENT))
