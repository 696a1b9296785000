"""The best rides for everyone: who rides with whom on a day, with a proof or a bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.calendar.checks import check_zone
from msap_mobility.carpool.left_out import left_out
from msap_mobility.carpool.matching import Match, Prices, Promise
from msap_mobility.carpool.passages import BACK, LEGS, OUT
from msap_mobility.carpool.problem import CarpoolProblem, check_kind
from msap_mobility.carpool.promises import read_promises
from msap_mobility.carpool.rows import FAR
from msap_mobility.carpool.solving import Task
from msap_mobility.carpool.steady import steady_trips
from msap_mobility.carpool.terms import Terms
from msap_mobility.errors import BrokenInvariant, Fault, Faults, InputError
from msap_mobility.files import content_hash
from msap_mobility.model import Offer, Place, Request, Ride
from msap_mobility.model.sharing import check_count, check_past
from msap_mobility.model.window import PARIS
from msap_mobility.optimise.assignment.trips import MOST_RIDERS
from msap_mobility.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.carpool.solving import Found
    from msap_mobility.carpool.terms import Fairness, Objective
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.model import TravelTimes

__all__ = ["match"]


def match(
    offers: Sequence[Offer],
    requests: Sequence[Request],
    times: TravelTimes,
    *,
    objective: Objective = "riders",
    together: int = 3,
    promised: Sequence[Ride] = (),
    break_penalty: int | None = None,
    loads: Mapping[str, int] | None = None,
    fairness: Fairness = "none",
    stable: bool = False,
    meeting_points: Sequence[Place] = (),
    walk_times: TravelTimes | None = None,
    budget: Budget | str = "10 s",
    now: datetime | None = None,
    zone: str = PARIS,
    should_stop: Callable[[], bool] = lambda: False,
) -> Match:
    """Find the best rides.

    Each offer is one trip, each request is served once. Who wants to be brought back is served both
    ways or not at all. A trip is driven in as little time as the hours of those aboard allow; of
    trips that, so timed, would put somebody into two cars at once, one is driven: a member may
    offer a seat and ask for one. One person in a wheelchair fits a car that takes wheelchairs.

    Parameters
    ----------
    offers, requests
        Laid on days; their order does not matter.
    times
        Of the car.
    objective
        ``"riders"``: as many requests as can be, and of such matches the one with the least detour
        (a request is worth a day of driving). ``"saving"``: the most driving saved; a volunteer,
        who drives for the rider alone, saves none.
    together
        Most riders in one trip, 1 to 4, those promised included. With 1 and no returns the best
        match is found and proven at once, whatever the size.
    promised
        Rides promised before, of these offers and requests. They stay; others may join, for which
        the hours may move within the windows of those aboard.
    break_penalty
        If given, promises may be broken, and each costs as many seconds.
    loads, fairness
        Rides each driver gave this month, by member id, and how much they count: with ``"some"``
        each costs 60 s when the driver is asked again, with ``"strong"`` 300 s, those of this match
        included.
    stable
        No driver and rider would rather have each other: one rider in a trip, riders arrive early
        and walk little, drivers gain much. `bound` still is that of the best match.
    meeting_points, walk_times
        Where riders who walk may be met; times on foot.
    budget
        Of the search for joint trips: "10 s" or "2000 it".
    now
        If given, what is past is refused.
    zone
        IANA zone in which the stops are told.
    should_stop
        Asked several times a second in a long search within seconds: once it says so, the best so
        far is given, with its bound.

    Returns
    -------
    Match
        Every ride was looked at as a whole, with the times of its stops.

    Raises
    ------
    InputError
        With every fault; see also `CarpoolProblem.build`.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place, Request
    >>> from msap_mobility.roads import CalibratedTimes
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> brive = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
    >>> perpezac = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
    >>> jeanne = Offer.of(id="o1", driver="jeanne", start=ayen, end=brive,
    ...                   depart="2026-12-01 08:10", max_detour="12 min")
    >>> paul = Request.of(id="r1", rider="paul", start=perpezac, end=brive,
    ...                   depart=("2026-12-01 07:50", "2026-12-01 08:40"))
    >>> monday = match([jeanne], [paul], CalibratedTimes(mode="car"))
    >>> monday.rides[0].riders, monday.value, monday.proven
    (('paul',), 85909, True)

    A rolling horizon: what was promised on Monday stays, who calls on Tuesday joins if there is
    room.

    >>> lucie = Request.of(id="r2", rider="lucie", start=perpezac, end=brive,
    ...                    depart=("2026-12-01 08:00", "2026-12-01 08:30"))
    >>> tuesday = match([jeanne], [paul, lucie], CalibratedTimes(mode="car"),
    ...                 promised=monday.rides)
    >>> sorted(tuesday.rides[0].riders), len(tuesday.kept), tuesday.broken
    (['lucie', 'paul'], 1, ())
    """
    with Faults() as faults:
        check_count(faults, "together", together, 1, MOST_RIDERS)
        check_zone(faults, "zone", zone)
        check_kind(faults, "promised", promised, Ride)
        check_kind(faults, "meeting_points", meeting_points, Place)
        if check_kind(faults, "offers", offers, Offer):
            _check_past(faults, offers, now)
        if check_kind(faults, "requests", requests, Request):
            _check_past(faults, requests, now)
        with faults.also(column="budget"):
            limit = _limit(budget)
        with faults.also():
            terms = Terms(objective=objective, fairness=fairness, loads=dict(loads or {}))
    problem = CarpoolProblem.build(
        sorted(offers, key=lambda offer: offer.id),
        sorted(requests, key=lambda request: request.id),
        times,
        meeting_points=meeting_points,
        walk_times=walk_times,
    )
    task = Task(
        problem=problem,
        terms=terms,
        promised=read_promises(problem, promised, break_penalty),
        penalty=break_penalty,
        together=1 if stable else together,
        budget=limit,
        should_stop=should_stop,
    )
    found = task.solve()
    if stable:
        trips, value = steady_trips(task)
        found = replace(found, trips=trips, value=value, engine="deferred-acceptance/1")
    return _match(task, found, zone)


def _check_past(faults: Faults, records: Sequence[Offer | Request], now: datetime | None) -> None:
    for record in records:
        for column in ("depart", "arrive"):
            check_past(faults, column, getattr(record, column), now)


def _limit(budget: Budget | str) -> Budget:
    """The budget, read if it is a text.

    Raises
    ------
    InputError
        ``not_a_budget``.
    """
    if isinstance(budget, str):
        return Budget.of(budget)
    if not isinstance(budget, Budget):
        raise InputError([Fault(code="not_a_budget", value=budget)])
    return budget


def _match(task: Task, found: Found, zone: str) -> Match:
    rides = _linked(_rides(task, found.trips, zone))
    _check_returns(task.problem, rides)
    kept, broken = _promises(task, rides)
    return Match(
        rides=rides,
        unserved=left_out(task.problem, _missing(task.problem, rides), _best(task)),
        value=found.value,
        bound=found.bound,
        greedy=found.greedy,
        kept=kept,
        broken=broken,
        prices=_prices(task.problem, found),
        provenance=Provenance(
            verb="match",
            inputs_hash=_hash(task),
            engine=found.engine,
            objective=float(found.value),
            bound=float(found.bound),
            gap=round((found.bound - found.value) / max(1, abs(found.bound)), 9),
        ),
    )


def _rides(task: Task, trips: Trips, zone: str) -> list[Ride]:
    """The trips as rides; a promised ride whose riders stay the same stays as it was."""
    made = trips.itineraries(task.problem).rides(zone)
    by_offer = {ride.offer: ride for ride in made}
    for each in task.promised:
        new = by_offer.get(each.ride.offer)
        if (new is None and task.penalty is None) or (new is not None and _same(new, each.ride)):
            by_offer[each.ride.offer] = each.ride
    return [by_offer[offer] for offer in sorted(by_offer)]


def _same(one: Ride, other: Ride) -> bool:
    who = [set(zip(ride.requests, ride.legs, strict=True)) for ride in (one, other)]
    lengths = [(ride.detour_s, ride.driven_m, ride.detour_m) for ride in (one, other)]
    return who[0] == who[1] and lengths[0] == lengths[1]


def _served(rides: Sequence[Ride]) -> Iterator[tuple[str, int, int]]:
    """Requests, `OUT` or `BACK`, and the number of the ride."""
    for number, ride in enumerate(rides):
        for name, kind in zip(ride.requests, ride.legs, strict=True):
            for way in (OUT, BACK) if kind == "round" else (LEGS.index(kind),):
                yield name, way, number


def _linked(rides: list[Ride]) -> tuple[Ride, ...]:
    """The rides, each with the one other ride that takes all its riders the other way."""
    where = {(name, way): number for name, way, number in _served(rides)}
    others: list[set[int]] = [set() for _ in rides]
    for (name, way), number in where.items():
        other = where.get((name, BACK - way))
        others[number].add(-1 if other is None else other)
    linked = []
    for number, ride in enumerate(rides):
        one = min(others[number], default=-1)
        pair = rides[one].id if len(others[number]) == 1 and one not in (-1, number) else ""
        linked.append(ride if ride.pair == pair else replace(ride, pair=pair))
    return tuple(linked)


def _check_returns(problem: CarpoolProblem, rides: Sequence[Ride]) -> None:
    """Raise if somebody is fetched before they can be free, walks not counted.

    Raises
    ------
    BrokenInvariant
        Then.
    """
    stay = {each.id: each.stay_s or 0 for each in problem.requests if each.wants_return}
    over: dict[str, int] = {}
    for ride in rides:
        for stop in ride.stops:
            for name in stop.sets_down:
                over[name] = min(over.get(name, FAR), int(stop.at.timestamp()))
    for ride in rides:
        back = {n for n, kind in zip(ride.requests, ride.legs, strict=True) if kind == "back"}
        for stop in ride.stops:
            for name in back & set(stop.picks_up):
                ready = over[name] + stay[name]
                alone = any(name in stop.sets_down for stop in ride.stops) and over[name] > int(
                    stop.at.timestamp()
                )
                if ready > int(stop.at.timestamp()) and not alone:
                    raise BrokenInvariant("nobody is fetched before they are free", request=name)


def _promises(task: Task, rides: Sequence[Ride]) -> tuple[tuple[Promise, ...], tuple[Promise, ...]]:
    """What was promised: kept, and broken."""
    now = {(name, way): rides[number].offer for name, way, number in _served(rides)}
    kept: list[Promise] = []
    broken: list[Promise] = []
    for each in task.promised:
        ride = each.ride
        for name, kind in zip(ride.requests, ride.legs, strict=True):
            ways = (OUT, BACK) if kind == "round" else (LEGS.index(kind),)
            held = all(now.get((name, way)) == ride.offer for way in ways)
            promise = Promise(ride=ride.id, offer=ride.offer, request=name, leg=kind)
            (kept if held else broken).append(promise)
    return tuple(sorted(kept)), tuple(sorted(broken))


def _missing(problem: CarpoolProblem, rides: Sequence[Ride]) -> dict[int, tuple[int, ...]]:
    served = {(name, way) for name, way, _ in _served(rides)}
    missing = {}
    for number, request in enumerate(problem.requests):
        ways = (OUT, BACK) if request.wants_return else (OUT,)
        lacking = tuple(way for way in ways if (request.id, way) not in served)
        if lacking:
            missing[number] = lacking
    return missing


def _best(task: Task) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Per leg, the most that a ride of it alone gains."""
    pairs = task.problem.pairs
    best = np.full(len(task.problem.passages.leg_kind), -FAR, dtype=np.int64)
    gain = task.worth[pairs.leg] - pairs.detour_s - task.cost[pairs.offer]
    np.maximum.at(best, pairs.leg, gain)
    return best


def _prices(problem: CarpoolProblem, found: Found) -> Prices:
    request = problem.passages.leg_request
    of_request = np.bincount(request, found.leg_price, minlength=len(problem.requests))
    return Prices(
        offers={
            each.id: round(price)
            for each, price in zip(problem.offers, found.offer_price.tolist(), strict=True)
        },
        requests={
            each.id: round(price)
            for each, price in zip(problem.requests, of_request.tolist(), strict=True)
        },
    )


def _hash(task: Task) -> str:
    """The inputs as they were understood: ids, windows, ways, what counts."""
    problem, terms = task.problem, task.terms
    arrays = [
        *(getattr(problem.rows, name) for name in problem.rows.__slots__),
        *(getattr(problem.passages, name) for name in problem.passages.__slots__),
        *(getattr(problem.pairs, name) for name in problem.pairs.__slots__),
    ]
    said = (terms.objective, terms.fairness, sorted(terms.loads.items()))
    promised = [each.ride.to_dict() for each in task.promised]
    return content_hash(
        repr([offer.id for offer in problem.offers]),
        repr([request.id for request in problem.requests]),
        repr((said, task.penalty, task.together, promised)),
        *(np.ascontiguousarray(array).tobytes() for array in arrays),
    )
