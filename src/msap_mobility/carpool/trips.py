"""Every trip worth a thought: who rides together in whose car, in what order, and what it is worth.

A trip serves legs of requests. Whoever is taken there and fetched again by one car that waits has
both legs in the trip, and counts as one rider.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.itineraries import Itineraries
from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.returns import loose_requests, turns_in_time
from msap_mobility.carpool.ways import NEVER
from msap_mobility.optimise.assignment.groups import groups
from msap_mobility.optimise.assignment.trips import MOST_RIDERS, TripsProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.ways import Int64
    from msap_mobility.optimise.assignment.groups import Groups

__all__ = ["Held", "Search", "Trips"]

_STOPS = 2 * MOST_RIDERS
_BLOCK = 400  # places of a block where the ways are not all at hand


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trips:
    """Some trips, a row each.

    Parameters
    ----------
    offer
        Number of the offer.
    leg
        int64 (trips, 4): the legs served, rising, −1 before them.
    stop, depart
        See `Itineraries`.
    gain
        Worth of the legs less the detour in seconds and what it costs to ask the driver.
    walk_m
        Metres on foot, of all riders.
    sound
        False where only the times between two legs of one rider are wrong: no such trip is made,
        but none that is made is worth more than with it.
    """

    offer: Int64
    leg: Int64
    stop: Int64
    depart: Int64
    gain: Int64
    walk_m: Int64
    sound: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.offer)

    def some(self, rows: NDArray[np.bool_] | Int64) -> Trips:
        """These trips only."""
        return Trips(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def itineraries(self, problem: CarpoolProblem) -> Itineraries:
        """The trips with their times."""
        return Itineraries(problem=problem, offer=self.offer, stop=self.stop, depart=self.depart)

    @classmethod
    def joined(cls, parts: list[Trips]) -> Trips:
        """All of them, the best for each offer and its legs."""
        nothing = cls(
            leg=np.zeros((0, MOST_RIDERS), dtype=np.int64),
            stop=np.zeros((0, _STOPS), dtype=np.int64),
            sound=np.zeros(0, dtype=np.bool_),
            **dict.fromkeys(("offer", "depart", "gain", "walk_m"), np.zeros(0, dtype=np.int64)),
        )
        names = [field.name for field in fields(cls)]
        every = cls(
            **{
                name: np.concatenate([getattr(part, name) for part in (nothing, *parts)])
                for name in names
            }
        )
        order = np.lexsort(
            (every.walk_m, -every.gain, ~every.sound, *every.leg.T[::-1], every.offer)
        )
        key = np.column_stack([every.offer, every.leg, every.sound])[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (key[1:] != key[:-1]).any(axis=1)
        return every.some(order[first])


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who is aboard of an offer for good.

    Parameters
    ----------
    legs
        Their legs; no other offer takes these.
    passages
        Where they are met; None if nobody can join them.
    """

    legs: frozenset[int]
    passages: frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """What trips are looked for.

    Parameters
    ----------
    problem
        The problem.
    worth, cost
        Of each leg, and of a ride of each offer, in seconds.
    together
        Most riders in one trip.
    held
        Per offer, who stays aboard.
    kept
        Legs that are never left out for the sake of a better gain alone.
    cap, workers
        See `groups`.
    """

    problem: CarpoolProblem
    worth: Int64
    cost: Int64
    together: int
    held: Mapping[int, Held]
    kept: frozenset[int]
    cap: int
    workers: int = 1

    def run(self) -> tuple[Trips, bool]:
        """The trips, and whether they are all: False if the cap cut some off."""
        parts, complete = [self._waiting()], True
        trip = self.problem.rows.trip
        offer, passage = self._candidates()
        for own in (True, False):
            mine = trip[offer] == own
            twice = 1 if own or self.together == 1 else 2
            most = min(MOST_RIDERS, twice * self.together)
            for block in self._blocks(offer[mine]):
                by, some = offer[mine][block], passage[mine][block]
                found, riders = self._groups(by, some, most)
                complete &= found.complete
                parts.append(self._read(found, np.unique(by), riders))
        return Trips.joined(parts), complete

    def _open(self, offer: Int64, leg: Int64) -> NDArray[np.bool_]:
        """Pairs of which neither side is held elsewhere."""
        owner = np.full(len(self.problem.passages.leg_kind), -1, dtype=np.int64)
        closed = np.zeros(len(self.problem.offers), dtype=np.bool_)
        for number, held in self.held.items():
            owner[list(held.legs)] = number
            closed[number] = held.passages is None
        fits: NDArray[np.bool_] = ~closed[offer] & ((owner[leg] < 0) | (owner[leg] == offer))
        return fits

    def _candidates(self) -> tuple[Int64, Int64]:
        """Offers and the passages they may serve, in order."""
        pairs, passages = self.problem.pairs, self.problem.passages
        single = passages.leg_kind[pairs.leg] != ROUND
        single &= self._open(pairs.offer, pairs.leg)
        offer, leg = pairs.offer[single], pairs.leg[single]
        first = np.searchsorted(passages.leg, leg)
        count = np.searchsorted(passages.leg, leg, side="right") - first
        begins = np.cumsum(count) - count
        by = np.repeat(offer, count)
        passage = np.arange(len(by)) - np.repeat(begins - first, count)
        alive = (passages.own_miss_s[passage] <= 0) & (passages.over_s[passage] <= 0)
        for number, held in self.held.items():
            mine = by == number
            there = set(passage[mine & alive].tolist()) & (held.passages or frozenset())
            if {int(passages.leg[one]) for one in there} != held.legs:
                alive &= ~mine
                continue
            theirs = mine & np.isin(passages.leg[passage], list(held.legs))
            alive &= ~theirs | np.isin(passage, list(there))
        return by[alive], passage[alive]

    def _blocks(self, offer: Int64) -> Iterator[slice]:
        """Stretches of candidates of whole offers, few enough where their ways must be asked."""
        if not len(offer):
            return
        starts = np.flatnonzero(np.diff(offer, prepend=-1))
        ends = np.append(starts[1:], len(offer))
        if self.problem.ways.dense:
            yield slice(0, len(offer))
            return
        start = 0
        for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if end - start > _BLOCK // 2 and begin > start:
                yield slice(start, begin)
                start = begin
        yield slice(start, len(offer))

    def _groups(self, offer: Int64, passage: Int64, most: int) -> tuple[Groups, Int64]:
        """The groups of a block, and the passages that their riders are."""
        problem, passages, rows = self.problem, self.problem.passages, self.problem.rows
        by, driver = np.unique(offer, return_inverse=True)
        some, rider = np.unique(passage, return_inverse=True)
        ends = (rows.origin[by], rows.destination[by], passages.pick[some], passages.drop[some])
        place = np.unique(np.concatenate(ends))
        start, end, pick, drop = (np.searchsorted(place, each) for each in ends)
        seconds, metres = problem.ways.among(place)
        way_s, way_m = seconds[start, end].astype(np.int64), metres[start, end].astype(np.int64)
        seats = np.array([problem.offers[number].seats for number in by.tolist()], dtype=np.int64)
        asked = [problem.requests[number] for number in passages.request[some].tolist()]
        ride_s = np.array([each.max_ride_s or NEVER for each in asked], dtype=np.int64)
        party, none = np.array([each.party for each in asked], dtype=np.int64), 0 * ride_s
        found = groups(
            TripsProblem(
                seconds=seconds,
                metres=metres,
                driver=np.column_stack(
                    [
                        start,
                        end,
                        rows.depart_from[by],
                        rows.depart_to[by],
                        rows.arrive_to[by],
                        seats,
                        np.clip(rows.most_s[by] - way_s, 0, NEVER // 4),
                        rows.most_m[by] - way_m,
                        rows.arrive_from[by],
                    ]
                ),
                rider=np.column_stack(
                    [
                        pick,
                        drop,
                        passages.pick_from[some],
                        passages.drop_from[some],
                        passages.pick_to[some],
                        passages.drop_to[some],
                        none,
                        none,
                        party,
                        ride_s,
                    ]
                ),
                candidate_start=np.searchsorted(driver, np.arange(len(by) + 1)),
                candidate=rider,
                worth=self.worth[passages.leg[passage]],
                price=np.array([0, 1]),
                kept=np.isin(passages.leg[some], list(self.kept)),
            ),
            most=most,
            cap=self.cap,
            workers=self.workers,
        )
        return found, some

    def _read(self, found: Groups, by: Int64, riders: Int64) -> Trips:
        """Groups as trips; those that company or promises forbid are left out."""
        problem, passages, rows = self.problem, self.problem.passages, self.problem.rows
        offer, size = by[found.driver], np.diff(found.start)
        member = _padded(riders[found.rider], size, MOST_RIDERS)
        stop = _padded(2 * riders[found.stop >> 1] + (found.stop & 1), 2 * size, _STOPS)
        leg = np.where(member >= 0, passages.leg[member], -1)
        way_s, _ = problem.ways.between(rows.origin[offer], rows.destination[offer])
        trips = Trips(
            offer=offer,
            leg=np.sort(leg, axis=1),
            stop=stop,
            depart=self._departures(leg, found.depart_first, found.depart_last),
            gain=found.gain - (way_s - rows.solo_s[offer]) - self.cost[offer],
            walk_m=np.where(member >= 0, passages.walk_m[member], 0).sum(axis=1),
            sound=np.ones(len(offer), dtype=np.bool_),
        )
        trips = trips.some(self._allowed(trips))
        turning: NDArray[np.bool_] = np.asarray(self._turns(trips).any(axis=1))
        sound = np.ones(len(trips), dtype=np.bool_)
        sound[turning] = turns_in_time(trips.some(turning).itineraries(problem))
        return replace(trips, sound=sound)

    def _departures(self, leg: Int64, first: Int64, last: Int64) -> Int64:
        """As `returns.departures`; late where riders differ, unless a way back depends on it."""
        passages = self.problem.passages
        loose = loose_requests(self.problem)[passages.leg_request[leg]]
        out, back = (passages.leg_kind[leg] == kind for kind in (OUT, BACK))
        there, home = ((leg >= 0) & loose & some for some in (out, back))
        early = there.any(axis=1) | ((leg < 0) | back).all(axis=1)
        return np.where(early & ~home.any(axis=1), first, last)

    def _turns(self, trips: Trips) -> NDArray[np.bool_]:
        """Where a leg is the way back of the one before it."""
        request = np.where(trips.leg >= 0, self.problem.passages.leg_request[trips.leg], -1)
        twice: NDArray[np.bool_] = (request[:, 1:] == request[:, :-1]) & (request[:, 1:] >= 0)
        turns: NDArray[np.bool_] = twice & (trips.leg[:, 1:] != trips.leg[:, :-1])
        return turns

    def _allowed(self, trips: Trips) -> NDArray[np.bool_]:
        """Trips that nobody objects to."""
        problem, leg = self.problem, trips.leg
        again = (leg[:, 1:] == leg[:, :-1]) & (leg[:, 1:] >= 0)
        turns = self._turns(trips)
        own = problem.rows.trip[trips.offer]
        fits: NDArray[np.bool_] = np.asarray(~again.any(axis=1) & ~(own & turns.any(axis=1)))
        request = np.where(leg >= 0, problem.passages.leg_request[leg], -1)
        distinct = request >= 0
        distinct[:, 1:] &= ~turns
        fits &= distinct.sum(axis=1) <= self.together
        chairs = np.array([each.wheelchair for each in problem.requests], dtype=np.bool_)
        fits &= (distinct & chairs[request]).sum(axis=1) <= 1
        quarrels = _quarrels(problem)
        for one in range(1, MOST_RIDERS):
            for other in range(one):
                code = request[:, other] * len(problem.requests) + request[:, one]
                fits &= (request[:, other] < 0) | ~np.isin(code, quarrels)
        for number, held in self.held.items():
            mine = np.flatnonzero(trips.offer == number)
            aboard = np.isin(leg[mine], list(held.legs)).sum(axis=1)
            fits[mine[aboard < len(held.legs)]] = False
        return fits

    def _waiting(self) -> Trips:
        """Volunteers and minibuses that take one rider there and back."""
        pairs, passages = self.problem.pairs, self.problem.passages
        rows = np.flatnonzero(passages.leg_kind[pairs.leg] == ROUND)
        leg, offer = pairs.leg[rows], pairs.offer[rows]
        free = self._open(offer, leg - ROUND) & self._open(offer, leg - ROUND + BACK)
        free &= ~np.isin(offer, list(self.held))
        rows, leg, offer = rows[free], leg[free] - ROUND, offer[free]
        passage = pairs.passage[rows]
        stop = np.full((len(rows), _STOPS), -1, dtype=np.int64)
        stop[:, :4] = 2 * passage[:, np.newaxis] + [0, 1, 0, 1]
        legs = np.full((len(rows), MOST_RIDERS), -1, dtype=np.int64)
        legs[:, -2], legs[:, -1] = leg, leg + BACK
        worth = self.worth[leg] + self.worth[leg + BACK]
        return Trips(
            offer=offer,
            leg=legs,
            stop=stop,
            depart=pairs.leave_to[rows],
            gain=worth - pairs.detour_s[rows] - self.cost[offer],
            walk_m=passages.walk_m[passage],
            sound=np.ones(len(rows), dtype=np.bool_),
        )


def _padded(values: Int64, size: Int64, width: int) -> Int64:
    """Rows of unequal length, one after the other, as a table; −1 behind each."""
    table = np.full((len(size), width), -1, dtype=np.int64)
    table[np.arange(width) < size[:, np.newaxis]] = values
    return table


def _quarrels(problem: CarpoolProblem) -> Int64:
    """Pairs of requests that cannot share a car, as ``lower × requests + higher``."""
    by_rider: dict[str, list[int]] = {}
    for number, request in enumerate(problem.requests):
        by_rider.setdefault(request.rider, []).append(number)
    codes = {
        min(number, other) * len(problem.requests) + max(number, other)
        for number, request in enumerate(problem.requests)
        for name in (request.rider, *request.not_with)
        for other in by_rider.get(name, ())
        if other != number
    }
    return np.array(sorted(codes), dtype=np.int64)
