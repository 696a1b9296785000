"""The agent's question, phone in hand: who can take this caller and bring them back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msap_mobility.calendar.checks import check_zone
from msap_mobility.carpool.answer import Answer, Choice, Moved
from msap_mobility.carpool.board import Board
from msap_mobility.carpool.calls import call_order
from msap_mobility.carpool.enquiry import Enquiry
from msap_mobility.carpool.joining import moves
from msap_mobility.carpool.passages import ROUND
from msap_mobility.carpool.problem import check_kind, tell_faults
from msap_mobility.carpool.rest import Sought
from msap_mobility.carpool.rows import FAR
from msap_mobility.carpool.terms import Terms
from msap_mobility.errors import Faults
from msap_mobility.files import content_hash
from msap_mobility.model import Request, Ride
from msap_mobility.model.sharing import check_count, check_past
from msap_mobility.model.window import PARIS, check_instant
from msap_mobility.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.carpool.answer import ChoiceKind
    from msap_mobility.model import Offer, Place, TravelTimes

__all__ = ["who_can_take"]

_MOST_CHOICES = 100


def who_can_take(
    request: Request,
    offers: Sequence[Offer] | Board,
    times: TravelTimes,
    *,
    k: int = 5,
    rides: Sequence[Ride] = (),
    requests: Sequence[Request] = (),
    loads: Mapping[str, int] | None = None,
    declined: Collection[str] = (),
    meeting_points: Sequence[Place] = (),
    walk_times: TravelTimes | None = None,
    price: Callable[[int], int] | None = None,
    now: datetime | None = None,
    zone: str = PARIS,
) -> Answer:
    """Who can take a caller.

    Whoever wants to be brought back is told of both ways together only: there and back with the
    stay in between. Nobody's promise is broken: those aboard keep their seats, their windows and
    their drivers' limits. Choices are ranked by the least detour of both ways in whole, a minute
    added for each ride that a driver gave this month, or gives by the other way of the choice; at
    equal cost one driver comes before two, then fewest moved pick-ups, then ids.

    Parameters
    ----------
    request
        Laid on a day.
    offers
        Laid on days, or a `Board` of them, which answers many callers.
    times
        Of the car; a board has its own.
    k
        Most choices, 1 to 100.
    rides, requests
        Rides of these offers that are promised, and the requests of those aboard. Of a board: its
        own, and so are meeting points.
    loads
        Rides each driver gave this month, by member id.
    declined
        Ids of drivers or of offers who said no already: they are not asked again. A text is one id.
    meeting_points, walk_times
        Where riders who walk may be met; times on foot.
    price
        Euro cents for so many metres ridden in one car, each ride by itself: the tariff is not
        known here.
    now
        If given, a request of the past is refused, and no car leaves before.
    zone
        IANA zone in which the stops are told.

    Raises
    ------
    InputError
        With every fault; see also `Board.of`.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place, Request
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> luc = Offer.of(id="o2", driver="luc", start=brive, end=ayen,
    ...                depart="2026-12-01 12:00", max_detour="12 min")
    >>> doctor = Request.of(id="r1", rider="paul", start=perpezac, end=brive,
    ...                     depart="2026-12-01 07:50-08:40", back="2026-12-01 11:30-12:30")
    >>> answer = who_can_take(doctor, [jeanne, luc], CalibratedTimes(mode="car"))
    >>> [(choice.kind, choice.drivers) for choice in answer.choices]
    [('two_drivers', ('jeanne', 'luc'))]
    """
    with Faults() as faults:
        check_count(faults, "k", k, 1, _MOST_CHOICES)
        check_zone(faults, "zone", zone)
        if not isinstance(declined, str):
            check_kind(faults, "declined", declined, str)
        sound = check_kind(faults, "request", (request,), Request)
        sound &= check_kind(faults, "rides", rides, Ride)
        if sound:
            _check_now(faults, request, now)
            held = offers.rides.values() if isinstance(offers, Board) else rides
            sound = _check_unpromised(faults, request, held)
        with faults.also():
            terms = Terms(fairness="some", loads=dict(loads or {}))
        with faults.also():
            board = (
                offers
                if isinstance(offers, Board)
                else Board.of(
                    offers,
                    times,
                    rides=rides if sound else (),
                    requests=requests if sound else (),
                    meeting_points=meeting_points,
                    walk_times=walk_times,
                )
            )
            known = (*board.requests.values(), request)
            tell_faults((), known if sound else (), board.meeting_points, board.walk_times)
    ways = board.ways.and_places((request.start, request.end))
    if request.wants_return:  # one search each way, not one for each passage
        ways.among(ways.numbers((request.start, request.end)))
    enquiry = Enquiry(
        board=board,
        request=request,
        ways=ways,
        most=k,
        terms=terms,
        declined=frozenset([declined] if isinstance(declined, str) else declined),
        now_s=-FAR if now is None else int(now.timestamp()),
        zone=zone,
    )
    return _answer(enquiry, price)


def _check_unpromised(faults: Faults, request: Request, held: Iterable[Ride]) -> bool:
    """Note ``request_promised`` if the request has a ride; say whether it has none."""
    rides = [ride.id for ride in held if request.id in ride.requests]
    if rides:
        told = ", ".join(rides)
        faults.add("request_promised", column="request", value=request.id, rides=told)
    return not rides


def _check_now(faults: Faults, request: Request, now: datetime | None) -> None:
    if now is None:
        return
    noted = len(faults.found)
    check_instant(faults, "now", now)
    if len(faults.found) == noted:
        for column in ("depart", "arrive"):
            check_past(faults, column, getattr(request, column), now)


def _answer(enquiry: Enquiry, price: Callable[[int], int] | None) -> Answer:
    options = enquiry.options
    pairs = list(zip(options.out.tolist(), options.back.tolist(), strict=True))
    rows = [row for pair in pairs for row in pair if row >= 0]
    rides = dict(zip(rows, enquiry.rides(rows), strict=True))
    choices = tuple(
        _choice(enquiry, [row for row in pair if row >= 0], rides, price) for pair in pairs
    )
    said = (sorted(enquiry.terms.loads.items()), sorted(enquiry.declined))
    limits = (enquiry.most, enquiry.now_s, enquiry.zone)
    return Answer(
        request=enquiry.request,
        choices=choices,
        offers=len(enquiry.board),
        calls=call_order([choice.drivers for choice in choices], options.drivers),
        provenance=Provenance(
            verb="who_can_take",
            inputs_hash=content_hash(
                enquiry.board.fingerprint, repr(enquiry.request.to_dict()), repr((said, limits))
            ),
            engine="all-offers/1",
        ),
        rest=Sought(enquiry),
    )


def _choice(
    enquiry: Enquiry,
    rows: list[int],
    made: Mapping[int, Ride],
    price: Callable[[int], int] | None,
) -> Choice:
    lifts = enquiry.found[0]
    rides = _paired([made[row] for row in rows])
    ridden = lifts.ride_m[rows].tolist()
    drivers = dict.fromkeys(ride.driver for ride in rides)
    kind: ChoiceKind = "one_way"
    if len(rows) == 2:
        kind = "same_driver" if len(drivers) == 1 else "two_drivers"
    elif int(lifts.kind[rows[0]]) == ROUND:
        kind = "waits"
    return Choice(
        out=rides[0],
        back=rides[1] if len(rows) == 2 else None,
        kind=kind,
        detour_s=int(lifts.detour_s[rows].sum()),
        detour_m=int(lifts.detour_m[rows].sum()),
        walk_m=int(lifts.walk_m[rows].sum()),
        shared_m=sum(ridden),
        price_cents=None if price is None else sum(map(price, ridden)),
        loads={driver: enquiry.terms.loads.get(driver, 0) for driver in drivers},
        moved=tuple(each for ride in rides for each in _moved(enquiry.board, ride)),
    )


def _paired(rides: list[Ride]) -> list[Ride]:
    """The rides, each with the other one where that takes all its riders the other way."""
    if len(rides) == 1:
        return rides
    one, other = rides
    return [
        replace(ride, pair=mate.id) if set(ride.requests) <= set(mate.requests) else ride
        for ride, mate in ((one, other), (other, one))
    ]


def _moved(board: Board, ride: Ride) -> list[Moved]:
    old = board.rides.get(ride.offer)
    if old is None:
        return []
    return [
        Moved(
            ride=old.id,
            request=name,
            person=board.requests[name].rider if name else ride.driver,
            seconds=seconds,
        )
        for name, seconds in moves(old, ride)
    ]
