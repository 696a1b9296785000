"""The best trips of a day: one flow where riders travel alone, else a packing of joint trips."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.packed import Packed
from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.presence import certain, planned, promised_spans
from msap_mobility.carpool.returns import clashes, departures
from msap_mobility.carpool.trips import Held, Search, Trips
from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.flow import assign
from msap_mobility.optimise.assignment.greedy import best_first
from msap_mobility.optimise.assignment.trips import MOST_RIDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from msap_mobility.budget import Budget
    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.promises import Promised
    from msap_mobility.carpool.terms import Terms
    from msap_mobility.carpool.ways import Int64

__all__ = ["Found", "Task"]

_GROUPS_A_SECOND = 200_000
_GROUPS = 4_000_000
"""Joint trips looked at: within a second of budget, and where only iterations limit the search."""

_MOST_EACH, _LEAST_EACH = 100_000, 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Trips chosen, and how good they are.

    Parameters
    ----------
    trips
        The trips.
    value, bound, greedy
        What they are worth with what was promised; what none are worth more than; what best gain
        first is worth.
    offer_price, leg_price
        Per offer, and per leg.
    engine
        What found them.
    """

    trips: Trips
    value: int
    bound: int
    greedy: int
    offer_price: NDArray[np.float64]
    leg_price: NDArray[np.float64]
    engine: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What is to be solved.

    Parameters
    ----------
    problem, terms
        The day, and what counts.
    promised
        Rides promised before.
    penalty
        Seconds lost with every promise broken; None if none may be.
    together
        Most riders in one trip.
    budget, should_stop
        Of the packing.
    """

    problem: CarpoolProblem
    terms: Terms
    promised: tuple[Promised, ...]
    penalty: int | None
    together: int
    budget: Budget
    should_stop: Callable[[], bool] = lambda: False

    @cached_property
    def worth(self) -> Int64:
        """Per leg, see `Terms.worth`."""
        return self.terms.worth(self.problem)

    @cached_property
    def frozen(self) -> Mapping[int, Promised]:
        """Promises that may not be broken, by offer."""
        return {} if self.penalty is not None else {each.offer: each for each in self.promised}

    @cached_property
    def given(self) -> Mapping[str, int]:
        """How many of the frozen rides each driver gives."""
        drivers = [each.ride.driver for each in self.frozen.values()]
        return {driver: drivers.count(driver) for driver in drivers}

    @cached_property
    def cost(self) -> Int64:
        """Per offer, what it costs to ask its driver for one more ride."""
        terms, given = self.terms, self.given
        drivers = [offer.driver for offer in self.problem.offers]
        costs = [terms.load_s(driver, given.get(driver, 0)) for driver in drivers]
        return np.array(costs, dtype=np.int64)

    @cached_property
    def held(self) -> Mapping[int, Held]:
        """Who stays aboard, by offer."""
        return {
            offer: Held(
                legs=frozenset(each.legs),
                passages=None
                if len(each.requests) >= self.together or len(each.legs) >= MOST_RIDERS
                else each.passages(self.problem),
            )
            for offer, each in self.frozen.items()
        }

    @cached_property
    def base(self) -> Mapping[int, int]:
        """What each frozen ride is worth as it was promised, before the cost of asking."""
        return {
            offer: int(self.worth[list(each.legs)].sum()) - each.ride.detour_s
            for offer, each in self.frozen.items()
        }

    @cached_property
    def constant(self) -> int:
        """What is gained with the frozen rides, or lost if every promise is broken."""
        if self.penalty is not None:
            return -self.penalty * sum(len(each.requests) for each in self.promised)
        asked = sum(
            self.terms.load_s(driver, number)
            for driver, rides in self.given.items()
            for number in range(rides)
        )
        return sum(self.base.values()) - asked

    @cached_property
    def several(self) -> frozenset[str]:
        """Drivers with more than one offer, where it counts how many rides they give."""
        if self.terms.each_s == 0:
            return frozenset()
        free = [o.driver for n, o in enumerate(self.problem.offers) if n not in self.held]
        return frozenset(driver for driver in free if free.count(driver) > 1)

    @cached_property
    def returns(self) -> NDArray[np.bool_]:
        """Which requests want to be brought back."""
        return np.array([each.wants_return for each in self.problem.requests], dtype=np.bool_)

    def solve(self) -> Found:
        """The best trips."""
        pairs, passages = self.problem.pairs, self.problem.passages
        simple = not self.returns[passages.leg_request[pairs.leg]].any() and not self.several
        if self.together == 1 and simple:
            trips = self.pair_trips(self.free_pairs())
            busy, sets = self.apart(trips)
            if not (busy.any() or sets):
                return self._by_flow(trips)
        return self._by_packing()

    def free_pairs(self) -> Int64:
        """Pairs that no frozen promise closes."""
        pairs = self.problem.pairs
        taken = np.zeros(len(self.problem.passages.leg_kind) + ROUND, dtype=np.bool_)
        for each in self.frozen.values():
            taken[list(each.legs)] = True
        kind = self.problem.passages.leg_kind[pairs.leg]
        first = np.where(kind == ROUND, pairs.leg - ROUND, pairs.leg)
        second = np.where(kind == ROUND, pairs.leg - ROUND + BACK, pairs.leg)
        closed = np.isin(pairs.offer, list(self.frozen))
        return np.flatnonzero(~closed & ~taken[first] & ~taken[second])

    def pair_trips(self, rows: Int64) -> Trips:
        """Pairs of the problem as trips of one rider each."""
        pairs, passages = self.problem.pairs, self.problem.passages
        leg, passage = pairs.leg[rows], pairs.passage[rows]
        whole = passages.leg_kind[leg] == ROUND
        legs = np.full((len(rows), MOST_RIDERS), -1, dtype=np.int64)
        legs[:, -1] = np.where(whole, leg - ROUND + BACK, leg)
        legs[whole, -2] = leg[whole] - ROUND
        stop = np.full((len(rows), 2 * MOST_RIDERS), -1, dtype=np.int64)
        stop[:, 0], stop[:, 1] = 2 * passage, 2 * passage + 1
        stop[whole, 2:4] = stop[whole, :2]
        offer = pairs.offer[rows]
        trips = Trips(
            offer=offer,
            leg=legs,
            stop=stop,
            depart=departures(self.problem, rows),
            gain=self.worth[leg] - pairs.detour_s[rows] - self.cost[offer],
            walk_m=passages.walk_m[passage],
            sound=np.ones(len(rows), dtype=np.bool_),
        )
        trips.gain[:] += self._kept(trips)
        return trips

    def _kept(self, trips: Trips) -> Int64:
        """What promises that each trip keeps are worth, where they may be broken."""
        bonus = np.zeros(len(trips), dtype=np.int64)
        if self.penalty is None:
            return bonus
        for each in self.promised:
            mine = np.flatnonzero(trips.offer == each.offer)
            for _, legs in each.requests:
                aboard = np.isin(trips.leg[mine], legs).sum(axis=1) == len(legs)
                bonus[mine] += self.penalty * aboard
        return bonus

    def apart(self, trips: Trips) -> tuple[NDArray[np.bool_], list[Int64]]:
        """Trips with somebody who sits in a promised ride then, and sets with somebody in common.

        Of each set one trip at most can be made, as these are timed.
        """
        kept = () if self.penalty is None else self.promised
        spans = planned(self.problem, trips, kept)
        promised = promised_spans(self.problem, self.frozen.values())
        busy = np.zeros(len(trips), dtype=np.bool_)
        busy[spans.trip[spans.meeting(promised)]] = True
        return busy, [np.unique(spans.trip[rows]) for rows in spans.at_once()]

    def _ever_apart(self, trips: Trips) -> tuple[NDArray[np.bool_], list[Int64]]:
        """As `_apart`, whatever the times of the trips are."""
        spans = certain(self.problem, trips.offer, trips.leg)
        frozen = list(self.frozen.values())
        legs = np.full((len(frozen), max((len(each.legs) for each in frozen), default=0)), -1)
        for row, each in enumerate(frozen):
            legs[row, : len(each.legs)] = each.legs
        promised = certain(self.problem, np.array(list(self.frozen), dtype=np.int64), legs)
        busy = np.zeros(len(trips), dtype=np.bool_)
        busy[spans.trip[spans.meeting(promised)]] = True
        return busy, [np.unique(spans.trip[rows]) for rows in spans.at_once()]

    def _by_flow(self, trips: Trips) -> Found:
        counts = {
            "drivers": len(self.problem.offers),
            "riders": len(self.problem.passages.leg_kind),
        }
        edges = Edges(driver=trips.offer, rider=trips.leg[:, -1].copy(), gain=trips.gain)
        found = assign(edges, **counts)
        _, greedy = best_first(edges, **counts)
        return Found(
            trips=trips.some(found.edge),
            value=found.value + self.constant,
            bound=found.bound + self.constant,
            greedy=greedy + self.constant,
            offer_price=found.driver_price.astype(np.float64),
            leg_price=found.rider_price.astype(np.float64),
            engine="min-cost-flow/1",
        )

    def _by_packing(self) -> Found:
        trips, complete = self._search().run()
        trips.gain[:] += self._kept(trips)
        late, sets = clashes(self.problem, trips, self.instants(OUT), self.instants(BACK))
        busy, apart = self.apart(trips)
        sets += apart
        possible = np.flatnonzero(trips.sound & ~late & ~busy)
        columns = Packed.of(self, trips, possible)
        found = columns.pack(self, sets)
        bound = found.bound
        if not complete:
            bound = self._loose_bound()
        elif sets or len(possible) < len(trips):
            busy, apart = self._ever_apart(trips)
            bound = Packed.of(self, trips, np.flatnonzero(~busy)).pack(self, apart).bound
        offers, legs = len(self.problem.offers), len(self.problem.passages.leg_kind)
        return Found(
            trips=trips.some(np.sort(columns.trip[found.chosen])),
            value=found.value + self.constant,
            bound=max(bound, found.value) + self.constant,
            greedy=found.greedy + self.constant,
            offer_price=found.driver_price[:offers],
            leg_price=found.rider_price[:legs],
            engine="set-packing/1",
        )

    def _search(self) -> Search:
        passages = self.problem.passages
        kept = set(np.flatnonzero(self.returns[passages.leg_request]).tolist())
        kept |= {leg for each in self.promised for leg in each.legs}
        return Search(
            problem=self.problem,
            worth=self.worth,
            cost=self.cost,
            together=self.together,
            held=self.held,
            kept=frozenset(kept),
            cap=self._cap(),
            workers=self.budget.workers,
        )

    def _cap(self) -> int:
        """Most groups of a driver, so that all of them are looked at within the budget."""
        count = np.diff(self.problem.pairs.start).astype(np.float64)
        many = sum(count**size / max(1, size) for size in range(1, self.together + 1))
        seconds = self.budget.seconds
        total = _GROUPS if seconds is None else _GROUPS_A_SECOND * seconds
        cap = _MOST_EACH
        while cap > _LEAST_EACH and float(np.minimum(many, cap).sum()) > total:
            cap //= 2
        return cap

    def instants(self, kind: int) -> dict[int, int]:
        """When the riders of frozen rides are free after the way there, or fetched for that back.

        The walk is not known from the ride; it is that of the door.
        """
        found: dict[int, int] = {}
        first = np.searchsorted(
            self.problem.passages.leg_request, np.arange(len(self.problem.requests))
        )
        for each in self.frozen.values():
            for number, legs in each.requests:
                request = self.problem.requests[number]
                if len(legs) == 1 and request.wants_return and legs[0] == int(first[number]) + kind:
                    at = each.drop_s(request.id) if kind == OUT else each.pick_s(request.id)
                    found[number] = at + ((request.stay_s or 0) if kind == OUT else 0)
        return found

    def _loose_bound(self) -> int:
        """A bound that needs no groups: every rider bears a share of their own detour only.

        A trip of n riders takes no less detour than the longest of those with one of them, and so
        no less than an n-th of the sum.
        """
        pairs, passages = self.problem.pairs, self.problem.passages
        most = MOST_RIDERS if (~self.problem.rows.trip).any() else self.together
        owner = np.full(len(passages.leg_kind) + ROUND, -1, dtype=np.int64)
        for offer, held in self.held.items():
            owner[list(held.legs)] = offer
        shared = np.maximum(pairs.detour_s, 0) // most
        shared[np.isin(pairs.offer, list(self.held))] = 0
        gain = self.worth[pairs.leg] - shared
        for each in self.promised if self.penalty is not None else ():
            for _, legs in each.requests:
                mine = (pairs.offer == each.offer) & np.isin(pairs.leg, [*legs, legs[0] + ROUND])
                gain[mine] += self.penalty or 0
        free = np.flatnonzero(owner[pairs.leg] < 0)
        edges = Edges(driver=pairs.offer[free], rider=pairs.leg[free], gain=gain[free])
        drivers, riders = len(self.problem.offers), len(passages.leg_kind)
        seats = np.full(drivers, most, dtype=np.int64)
        return assign(edges, drivers=drivers, riders=riders, seats=seats).bound
