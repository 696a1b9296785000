"""From a request to a promise: what a driver is asked, and whether the seats are still there.

All of it runs inside one writing transaction, so that of two agents who book the last seat at once
one gets it and the other is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import lives, trips
from msap_mobility.desk.lives import Deed, ride_id
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.desk.two_cars import clash
from msap_mobility.model import Ride

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.desk.store import Run
    from msap_mobility.model import Request

__all__ = ["Choice", "NotDone", "Said", "book", "promise", "propose", "rides_of"]


class Choice(Protocol):
    """What an agent chooses for a passenger: a way out, and a way back if one is wanted."""

    @property
    def out(self) -> Ride:
        """The ride there, or there and back."""

    @property
    def back(self) -> Ride | None:
        """The ride back, if it is one of its own."""


class NotDone(Exception):  # noqa: N818 - no error: it carries an answer out of a transaction
    """Ends a transaction that is refused."""

    def __init__(self, answer: DeskRefused | EventRefused) -> None:
        self.answer = answer
        super().__init__(answer.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When something was said, by whom, and in which zone the desk's days are counted."""

    at: datetime
    by: str
    zone: str


def rides_of(choice: Choice | Ride) -> tuple[Ride, ...]:
    """The one or two rides of a choice."""
    if isinstance(choice, Ride):
        return (choice,)
    return (choice.out,) if choice.back is None else (choice.out, choice.back)


def book(
    run: Run, rides: Sequence[Ride], said: Said, only: str | None = None
) -> dict[str, RideState]:
    """Propose and promise rides to all of their passengers who are not aboard yet.

    Parameters
    ----------
    run
        Of a writing transaction.
    rides
        Each with everybody who will be aboard.
    said
        When, by whom.
    only
        Id of the one request this is about; None: any.

    Returns
    -------
    dict
        The new state by id of life.

    Raises
    ------
    NotDone
        If a rule stands in the way of one of them.
    """
    states: dict[str, RideState] = {}
    changed: list[Ride] = []
    for ride in rides:
        newcomers = _newcomers(run, ride, said.zone, only)
        for request in newcomers:
            key = _proposed(run, ride, request, said, {})
            states[key] = _taken(run, Deed(ride=key, kind="promised", **_signed(said)))
        if newcomers:
            changed.append(ride)
    _check_two_cars(run, _present(run, changed), said.zone)
    if only is not None and not states:
        states = _already(run, rides, only)
    _check_returns(run, {request for ride in rides for request in ride.requests})
    return states


def propose(
    run: Run, rides: Sequence[Ride], said: Said, only: str, until: datetime | None
) -> dict[str, RideState]:
    """Ask drivers; a proposal holds no seat.

    Raises
    ------
    NotDone
        If a rule stands in the way.
    """
    facts = {} if until is None else {"until": until.isoformat()}
    states: dict[str, RideState] = {}
    for ride in rides:
        for request in _newcomers(run, ride, said.zone, only):
            key = _proposed(run, ride, request, said, facts)
            state = lives.state_of(run, key)
            if state is not None:
                states[key] = state
    _check_two_cars(run, rides, said.zone)
    return states


def promise(run: Run, life: str, said: Said) -> RideState:
    """The driver says yes to what was proposed.

    Raises
    ------
    NotDone
        If the seat is taken meanwhile, or another rule stands in the way.
    """
    ride = trips.agreed(run, life)
    row = lives.life(run, life)
    if ride is not None and row is not None and row.stage == "proposed":
        _newcomers(run, ride, said.zone)
    taken = _taken(run, Deed(ride=life, kind="promised", **_signed(said)))
    if ride is not None:
        _check_two_cars(run, _present(run, [ride]), said.zone)
    return taken


def _newcomers(run: Run, ride: Ride, zone: str, only: str | None = None) -> list[str]:
    """The requests of a ride that are not aboard yet; with `only`, none but this one may be.

    Raises
    ------
    NotDone
        If the ride is not what the driver offers, or others are aboard than it says.
    """
    if only is not None and only not in ride.requests:
        raise NotDone(DeskRefused(code="other_request", subject=only))
    offer = trips.offer(run, ride.offer, zone)
    if offer is None or offer.driver != ride.driver:
        raise NotDone(DeskRefused(code="offer_unknown", subject=ride.offer))
    if trips.is_withdrawn(run, ride.offer):
        raise NotDone(DeskRefused(code="offer_withdrawn", subject=ride.offer))
    there = {each.ride: each.party for each in lives.aboard(run, ride.offer)}
    said = {
        ride_id(request, leg): request
        for request, leg in zip(ride.requests, ride.legs, strict=True)
    }
    parties = _parties(run, ride)
    new = {life: request for life, request in said.items() if life not in there}
    unsaid = there.keys() - said.keys()
    seats_needed = sum(there.values()) + sum(parties[request] for request in new.values())
    if unsaid and seats_needed > offer.seats:
        _refuse_seat(ride.offer, offer.seats)
    if unsaid or (only is not None and not {only}.issuperset(new.values())):
        raise NotDone(DeskRefused(code="offer_changed", subject=ride.offer))
    if _most_aboard(ride, parties) > offer.seats:
        _refuse_seat(ride.offer, offer.seats)
    return list(new.values())


def _present(run: Run, rides: Iterable[Ride]) -> Iterator[Ride]:
    """The cars of some rides as they are now, without those who left them."""
    found = (trips.present(run, ride.offer) for ride in rides)
    return (ride for ride in found if ride is not None)


def _check_two_cars(run: Run, rides: Iterable[Ride], zone: str) -> None:
    for ride in rides:
        refusal = clash(run, ride, zone)
        if refusal is not None:
            raise NotDone(refusal)


def _refuse_seat(offer: str, seats: int) -> None:
    raise NotDone(DeskRefused(code="seat_taken", subject=offer, values={"seats": seats}))


def _parties(run: Run, ride: Ride) -> dict[str, int]:
    parties = {}
    for request, rider in zip(ride.requests, ride.riders, strict=True):
        rows = run("SELECT rider, party FROM {p}request WHERE id = ?", (request,))
        if not rows:
            raise NotDone(DeskRefused(code="request_unknown", subject=request))
        ((asked_by, party),) = rows
        if asked_by != rider:
            raise NotDone(DeskRefused(code="rider_differs", subject=request))
        parties[request] = int(party)
    return parties


def _most_aboard(ride: Ride, parties: Mapping[str, int]) -> int:
    most = now = 0
    for stop in ride.stops:
        now += sum(parties[each] for each in stop.picks_up)
        now -= sum(parties[each] for each in stop.sets_down)
        most = max(most, now)
    return most


def _proposed(run: Run, ride: Ride, request: str, said: Said, facts: Mapping[str, Any]) -> str:
    """Propose one passenger's part of a ride; the id of its life."""
    number = ride.requests.index(request)
    leg = ride.legs[number]
    key = ride_id(request, leg)
    if leg == "back" and lives.life(run, key) is None:
        _begin_back(run, request, said)
    data = {
        "offer": ride.offer,
        "driver": ride.driver,
        "leg": leg,
        "day": trips.day_of_ride(ride, said.zone),
        "metres": ride.shared_m[number],
        **facts,
    }
    state = lives.state_of(run, key)
    standing = state.proposal if state is not None and state.stage == "proposed" else None
    if standing is None or not _agrees(standing.data, data):
        _taken(run, Deed(ride=key, kind="proposed", at=said.at, by=said.by, data=data))
    trips.agree(run, key, ride)
    return key


def _agrees(standing: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether what stands proposed is what is to be proposed; until when does not matter."""
    return all(standing.get(name) == value for name, value in data.items() if name != "until")


def _begin_back(run: Run, request_id: str, said: Said) -> None:
    """Ask for the way back, if it is wanted; else its proposal is refused: nobody asked for it."""
    request = trips.request(run, request_id)
    if request is None:
        raise NotDone(DeskRefused(code="request_unknown", subject=request_id))
    if not request.wants_return:
        return
    data = {"leg": "back", "request": request.id, "rider": request.rider}
    key = ride_id(request.id, "back")
    _taken(run, Deed(ride=key, kind="asked", at=said.at, by=said.by, data=data), request)


def _already(run: Run, rides: Sequence[Ride], request: str) -> dict[str, RideState]:
    """The states of what was promised before: the same choice told twice."""
    found = {}
    for ride in rides:
        if request in ride.requests:
            key = ride_id(request, ride.legs[ride.requests.index(request)])
            state = lives.state_of(run, key)
            if state is not None:
                found[key] = state
    return found


def _check_returns(run: Run, requests: Iterable[str]) -> None:
    """Nobody who wants to come back is promised one way of two."""
    for request_id in sorted(requests):
        request = trips.request(run, request_id)
        if request is None or not request.wants_return:
            continue
        promised = {
            each.leg for each in lives.lives_of(run, request_id) if each.stage in lives.ABOARD
        }
        if promised and "round" not in promised and promised != {"out", "back"}:
            raise NotDone(DeskRefused(code="return_or_nothing", subject=request_id))


def _taken(run: Run, deed: Deed, request: Request | None = None) -> RideState:
    taken = lives.take(run, deed, request)
    if isinstance(taken, EventRefused):
        raise NotDone(taken)
    return taken


def _signed(said: Said) -> dict[str, Any]:
    return {"at": said.at, "by": said.by, "data": {}}
