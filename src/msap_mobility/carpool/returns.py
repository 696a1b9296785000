"""There and back by two cars: the one must be over, stay included, before the other comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.rows import FAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from msap_mobility.carpool.itineraries import Itineraries
    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.carpool.ways import Int64

__all__ = ["clashes", "departures", "free_and_ready", "loose_requests", "turns_in_time"]


def loose_requests(problem: CarpoolProblem) -> NDArray[np.bool_]:
    """Which requests have windows that alone do not keep the way there before the way back."""
    passages, count = problem.passages, len(problem.requests)
    over = np.full(count, -FAR, dtype=np.int64)
    ready = np.full(count, FAR, dtype=np.int64)
    out, back = passages.kind == OUT, passages.kind == BACK
    walk = passages.end_walk_s
    np.maximum.at(over, passages.request[out], (passages.drop_to + walk)[out])
    np.minimum.at(ready, passages.request[back], (passages.pick_from - walk)[back])
    returns = np.array([request.wants_return for request in problem.requests], dtype=np.bool_)
    loose: NDArray[np.bool_] = returns & (over + _stays(problem) > ready)
    return loose


def departures(problem: CarpoolProblem, pair: Int64) -> Int64:
    """When the cars of some pairs leave, if they take nobody else: each is as short as can be.

    The way there is late, so that nobody leaves home too soon; it is early where the way back may
    depend on it. The way back is early, so that nobody waits, and late where it may depend on the
    way there. A car that waits is late.

    Parameters
    ----------
    problem
        The problem.
    pair
        Rows of its pairs.
    """
    passages, leg = problem.passages, problem.pairs.leg[pair]
    loose = loose_requests(problem)[passages.leg_request[leg]]
    early = passages.leg_kind[leg] == np.where(loose, OUT, BACK)
    departs: Int64 = np.where(early, _first_departures(problem, pair), problem.pairs.leave_to[pair])
    return departs


def _first_departures(problem: CarpoolProblem, pair: Int64) -> Int64:
    """Earliest departure with which the trip of a pair takes no longer than it must."""
    pairs, passages, rows = problem.pairs, problem.passages, problem.rows
    offer, passage = pairs.offer[pair], pairs.passage[pair]
    to_s, _ = problem.ways.between(rows.origin[offer], passages.pick[passage])
    from_s, _ = problem.ways.between(passages.drop[passage], rows.destination[offer])
    lasts = passages.lasts_s[passage]
    over = np.maximum(passages.drop_from[passage], passages.pick_from[passage] + lasts) + from_s
    over = np.maximum(over, rows.arrive_from[offer])
    first = np.maximum(over - (to_s + lasts + from_s), rows.depart_from[offer])
    departs: Int64 = np.minimum(first, pairs.leave_to[pair])
    return departs


def free_and_ready(itineraries: Itineraries) -> tuple[Int64, Int64]:
    """Per stop: when a rider taken there is free to go back; when one who goes back is fetched.

    The walk between the car and the door is counted, and the stay; `FAR` and −`FAR` elsewhere.
    """
    problem = itineraries.problem
    passages, row = problem.passages, itineraries.passage
    times, kind, walk = itineraries.times()[:, :-1], passages.kind[row], passages.end_walk_s[row]
    out = itineraries.down & ((kind == OUT) | ((kind == ROUND) & ~itineraries.again))
    back = itineraries.there & ~itineraries.down
    back &= (kind == BACK) | ((kind == ROUND) & itineraries.again)
    stay = _stays(problem)[passages.request[row]]
    return np.where(out, times + walk + stay, -FAR), np.where(back, times - walk, FAR)


def turns_in_time(itineraries: Itineraries) -> NDArray[np.bool_]:
    """Whether everybody fetched by the car that took them had the time they asked for."""
    free, ready = free_and_ready(itineraries)
    request = itineraries.problem.passages.request[itineraries.passage]
    fits = np.ones(len(itineraries), dtype=np.bool_)
    for one in range(free.shape[1]):
        for other in range(free.shape[1]):
            same = request[:, one] == request[:, other]
            fits &= ~same | (free[:, one] <= ready[:, other])
    return fits


def clashes(
    problem: CarpoolProblem,
    trips: Trips,
    free_at: Mapping[int, int],
    fetched_at: Mapping[int, int],
) -> tuple[NDArray[np.bool_], list[Int64]]:
    """What cannot be put together because a rider would be fetched before they are free.

    Parameters
    ----------
    problem, trips
        The trips to choose from.
    free_at, fetched_at
        Per request that has been promised one way: when its rider is free, and when fetched.

    Returns
    -------
    late
        Trips that do not go with what has been promised.
    sets
        Sets of trips of which one at most can be made.
    """
    late = np.zeros(len(trips), dtype=np.bool_)
    passages = problem.passages
    loose = loose_requests(problem)
    legs = np.maximum(trips.leg, 0)
    rows = np.flatnonzero(((trips.leg >= 0) & loose[passages.leg_request[legs]]).any(axis=1))
    itineraries = trips.some(rows).itineraries(problem)
    free, ready = free_and_ready(itineraries)
    request = passages.request[itineraries.passage]
    of, column = np.nonzero((free > -FAR) & loose[request])
    out = request[of, column], free[of, column], rows[of]
    of, column = np.nonzero((ready < FAR) & loose[request])
    back = request[of, column], ready[of, column], rows[of]
    sets: list[Int64] = []
    for number in np.flatnonzero(loose).tolist():
        there, home = out[0] == number, back[0] == number
        over, leave, by, later = out[1][there], out[2][there], back[1][home], back[2][home]
        late[leave[over > fetched_at.get(number, FAR)]] = True
        late[later[by < free_at.get(number, -FAR)]] = True
        alone = ~np.isin(leave, later), ~np.isin(later, leave)
        sets += _staircase(over[alone[0]], leave[alone[0]], by[alone[1]], later[alone[1]])
    return late, sets


def _staircase(over: Int64, leave: Int64, by: Int64, later: Int64) -> list[Int64]:
    """Sets that forbid each trip there and trip back of which the second comes too early."""
    sets: list[Int64] = []
    if not len(over) or not len(by) or over.max() <= by.min():
        return sets
    sets += [
        np.concatenate([leave[over >= instant], later[by < instant]])
        for instant in np.unique(over[over > by.min()]).tolist()
    ]
    return sets


def _stays(problem: CarpoolProblem) -> Int64:
    return np.array([request.stay_s or 0 for request in problem.requests], dtype=np.int64)
