"""What each car can do for one caller: take them there, bring them back, or wait and do both."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.in_cars import InCar
from msap_mobility.carpool.itineraries import Itineraries
from msap_mobility.carpool.passages import ROUND
from msap_mobility.carpool.returns import departures, free_and_ready
from msap_mobility.carpool.rows import FAR

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from msap_mobility.carpool.board import Board
    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Ride

__all__ = ["Lifts", "empty_lifts", "is_free", "rides_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifts:
    """One row per car and leg; instants are POSIX seconds.

    Parameters
    ----------
    offer
        Number of the offer on the board.
    kind
        `passages.OUT`, `BACK` or `ROUND`.
    detour_s, detour_m
        More than is driven without the caller.
    walk_m, ride_m
        Of the caller, on foot and in the car.
    since, until
        When the driver is on the way.
    free, ready
        When the caller, taken there, can go back, stay and walk included; when a caller who goes
        back leaves the door. `-FAR` and `FAR` where there is no such leg.
    moved
        Passengers promised before whose pick-up moves.
    source, row
        Where the trip is: which of the itineraries, and its row there.
    """

    offer: Int64
    kind: Int64
    detour_s: Int64
    detour_m: Int64
    walk_m: Int64
    ride_m: Int64
    since: Int64
    until: Int64
    free: Int64
    ready: Int64
    moved: Int64
    source: Int64
    row: Int64

    def __len__(self) -> int:
        return len(self.offer)

    def some(self, rows: NDArray[np.bool_] | Int64) -> Lifts:
        """These rows only."""
        return Lifts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def joined(self, others: Sequence[Lifts]) -> Lifts:
        """These rows and others."""
        names = [field.name for field in fields(self)]
        parts = (self, *others)
        return Lifts(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )

    @classmethod
    def of(cls, trips: Itineraries, kind: Int64, source: int) -> Lifts:
        """What some trips do for the first request of their problem, promises not counted."""
        problem, times = trips.problem, trips.times()
        passages, rows = problem.passages, problem.rows
        free, ready = free_and_ready(trips)
        mine = (passages.request[trips.passage] == 0) & trips.there
        _, metres = trips.ways()
        driven = metres.sum(axis=1)
        walk = np.where(mine & trips.down, passages.walk_m[trips.passage], 0)
        return cls(
            offer=trips.offer,
            kind=kind,
            detour_s=times[:, -1] - trips.depart - rows.solo_s[trips.offer],
            detour_m=driven - rows.solo_m[trips.offer],
            walk_m=np.where(kind == ROUND, walk.max(axis=1, initial=0), walk.sum(axis=1)),
            ride_m=_ridden(trips, mine, metres),
            since=trips.depart,
            until=times[:, -1],
            free=np.where(mine, free, -FAR).max(axis=1, initial=-FAR),
            ready=np.where(mine, ready, FAR).min(axis=1, initial=FAR),
            moved=np.zeros(len(trips), dtype=np.int64),
            source=np.full(len(trips), source, dtype=np.int64),
            row=np.arange(len(trips)),
        )


def _ridden(trips: Itineraries, mine: NDArray[np.bool_], metres: Int64) -> Int64:
    """Metres that a rider is in the car for."""
    path = np.cumsum(metres, axis=1)[:, :-1]
    way = np.where(trips.down, path, -path)
    ridden: Int64 = np.where(mine, way, 0).sum(axis=1)
    return ridden


def empty_lifts(
    board: Board, problem: CarpoolProblem, closed: Collection[int], now_s: int
) -> tuple[Lifts, Itineraries]:
    """What cars with nobody aboard can do for the only request of a problem.

    They are driven as `match` times them, see `returns.departures`.

    Parameters
    ----------
    board
        The offers.
    problem
        They and the request.
    closed
        Numbers of offers that are not asked.
    now_s
        No car leaves before; POSIX seconds.
    """
    pairs, passages = problem.pairs, problem.passages
    wanted = pairs.leave_to >= now_s
    if closed:
        wanted &= ~np.isin(pairs.offer, list(closed))
    rows = np.flatnonzero(wanted)
    passage, kind = pairs.passage[rows], passages.leg_kind[pairs.leg[rows]].astype(np.int64)
    stop = np.column_stack([2 * passage, 2 * passage + 1])
    whole = (kind == ROUND)[:, np.newaxis]
    if whole.any():
        stop = np.column_stack([stop, np.where(whole, stop, -1)])
    depart = np.maximum(departures(problem, rows), now_s)
    trips = Itineraries(problem=problem, offer=pairs.offer[rows], stop=stop, depart=depart)
    return _unclashed(board, Lifts.of(trips, kind, 0), trips), trips


def _unclashed(board: Board, lifts: Lifts, trips: Itineraries) -> Lifts:
    """Without those that would put the driver or the caller into two cars at once."""
    if not board.busy:
        return lifts
    times = trips.times()
    rider = trips.problem.requests[0].rider
    last = trips.there.sum(axis=1) - 1
    boarded, out = times[:, 0], times[np.arange(len(times)), last]
    kept = [
        is_free(board, board.offers[offer].driver, InCar(offer="", since=since, until=until))
        and is_free(board, rider, InCar(offer="", since=up, until=down))
        for offer, since, until, up, down in zip(
            *(part.tolist() for part in (lifts.offer, lifts.since, lifts.until, boarded, out)),
            strict=True,
        )
    ]
    return lifts.some(np.array(kept, dtype=np.bool_))


def is_free(board: Board, person: str, span: InCar) -> bool:
    """Whether a person sits in no car of another promised offer meanwhile."""
    return all(
        each.offer == span.offer or each.until <= span.since or span.until <= each.since
        for each in board.busy.get(person, ())
    )


def rides_of(
    lifts: Lifts, numbers: Sequence[int], sources: Sequence[Itineraries], zone: str
) -> list[Ride]:
    """The rides of some rows, in their order."""
    found: dict[int, Ride] = {}
    for source in dict.fromkeys(lifts.source[list(numbers)].tolist()):
        mine = [number for number in numbers if lifts.source[number] == source]
        trips, rows = sources[source], lifts.row[mine]
        some = Itineraries(
            problem=trips.problem,
            offer=trips.offer[rows],
            stop=trips.stop[rows],
            depart=trips.depart[rows],
        )
        found |= dict(zip(mine, some.rides(zone), strict=True))
    return [found[number] for number in numbers]
