"""What is known of a request when somebody is sought who can take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msap_mobility.desk import asking, calling, lives, report, trips
from msap_mobility.desk.refused import DeskRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.desk.store import Run
    from msap_mobility.model import Offer, Request, Ride

__all__ = ["Question", "question"]


_LONGEST = timedelta(hours=12)
"""Nobody who says when they leave is on the road for longer: assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What `carpool.who.who_can_take` is asked.

    Parameters
    ----------
    request
        Who has to be taken.
    offers
        That may be under way on its days; and all of the days beside them that are promised.
    rides, requests
        The cars of these offers that somebody is promised a seat in, and the requests of those.
    loads
        Rides of each driver in the month of the request.
    declined
        Ids of drivers who said no to it, did not answer in time, or let it down.
    """

    request: Request
    offers: tuple[Offer, ...]
    rides: tuple[Ride, ...]
    requests: tuple[Request, ...]
    loads: Mapping[str, int]
    declined: frozenset[str]


def question(run: Run, request_id: str, zone: str) -> Question | DeskRefused:
    """All that is known of a request; refused if nobody need be sought for it."""
    request = trips.request(run, request_id)
    if request is None:
        return DeskRefused(code="request_unknown", subject=request_id)
    for life in lives.lives_of(run, request_id):
        if life.stage not in ("asked", "proposed"):
            values = {"stage": life.stage}
            return DeskRefused(code="not_sought", subject=life.ride, values=values)
    days = _days(request, zone)
    near = sorted({day + timedelta(days=n) for day in days for n in (-1, 0, 1)})
    found = {offer.id: offer for day in near for offer in trips.offers(run, day, zone)}
    cars = asking.rides(run, near[0], near[-1])
    rides = tuple(ride for ride in cars if ride.offer in found)
    promised = {ride.offer for ride in rides}
    offers = {
        id_: offer
        for id_, offer in found.items()
        if id_ in promised or not set(days).isdisjoint(_under_way(offer, zone))
    }
    aboard = (trips.request(run, each) for ride in rides for each in ride.requests)
    first = days[0].replace(day=1)
    return Question(
        request=request,
        offers=tuple(offers.values()),
        rides=rides,
        requests=tuple({each.id: each for each in aboard if each is not None}.values()),
        loads=report.loads(run, first, _last_of_month(first)),
        declined=_declined(run, request_id),
    )


def _days(request: Request, zone: str) -> list[date]:
    """The days on which the passenger may leave, arrive, or come back."""
    windows = (request.depart, request.arrive, request.returns)
    days: set[date] = set()
    for window in windows:
        if window is not None:
            first, last = (
                at.astimezone(ZoneInfo(zone)).date() for at in (window.earliest, window.latest)
            )
            days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return sorted(days)


def _under_way(offer: Offer, zone: str) -> set[date]:
    """The first and the last day on which the car of an offer may be on its way."""
    first, last = offer.depart or offer.arrive, offer.arrive or offer.depart
    if first is None or last is None:
        return set()
    ends = last.latest if offer.arrive else last.latest + _LONGEST
    return {at.astimezone(ZoneInfo(zone)).date() for at in (first.earliest, ends)}


def _last_of_month(first: date) -> date:
    """The last day of the month of which `first` is the first."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _declined(run: Run, request_id: str) -> frozenset[str]:
    """Who said no: to a proposal or on the telephone, and who let the passenger down before."""
    found: set[str] = set()
    for asked in asking.asked_before(run, request_id):
        states = [lives.state_of(run, life.ride) for life in lives.lives_of(run, asked)]
        found |= _turned_down([state for state in states if state is not None])
        last = {call.member: call.outcome for call in calling.calls(run, asked)}
        found |= {member for member, outcome in last.items() if outcome == "declined"}
    return frozenset(found)


def _turned_down(states: Sequence[RideState]) -> set[str]:
    """The drivers who declined a ride, did not answer in time, or could not come after all.

    Of two drivers, for the way there and the way back, nobody wrote down which one could not come:
    then neither counts.
    """
    said_no, missing = set[str](), set[str]()
    for state in states:
        driver = ""
        for event in state.history:
            if event.kind == "proposed":
                driver = str(event.data["driver"])
            elif event.kind in ("declined", "expired"):
                said_no.add(driver)
            elif driver and "driver" in (event.data.get("why"), event.data.get("absent")):
                missing.add(driver)
    return said_no | missing if len(missing) == 1 else said_no
