"""Matches in which no driver and rider would rather have each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.returns import free_and_ready
from msap_mobility.carpool.rows import FAR
from msap_mobility.optimise.assignment.edges import Edges
from msap_mobility.optimise.assignment.stable import stable

if TYPE_CHECKING:
    from msap_mobility.carpool.solving import Task
    from msap_mobility.carpool.trips import Trips
    from msap_mobility.carpool.ways import Int64

__all__ = ["steady_trips"]


def steady_trips(task: Task) -> tuple[Trips, int]:
    """Trips nobody can quarrel with, and what they are worth.

    Drivers rather take whom they gain most with, riders go where they arrive earliest and walk
    least. Who would get only one way of two is left out, who would sit in two cars at once gets
    the better one, and the rest is found anew.
    """
    pairs, passages = task.problem.pairs, task.problem.passages
    rows = task.free_pairs()
    rows = rows[~task.apart(task.pair_trips(rows))[0]]
    request = passages.leg_request[pairs.leg[rows]]
    whole = passages.leg_kind[pairs.leg[rows]] == ROUND
    waits = np.isin(request, request[whole])
    rows = rows[whole | ~waits]
    first = np.full(len(passages.leg_kind), FAR, dtype=np.int64)
    np.minimum.at(first, pairs.leg[rows], pairs.drop_from[rows])
    while True:
        trips = task.pair_trips(rows)
        late = pairs.drop_from[rows] - first[pairs.leg[rows]]
        liked = np.maximum(1, 2**31 - late - trips.walk_m)
        chosen = stable(
            Edges(driver=trips.offer, rider=pairs.leg[rows], gain=trips.gain),
            liked,
            drivers=len(task.problem.offers),
            riders=len(passages.leg_kind),
        )
        trips = trips.some(chosen)
        twice = _twice(task, trips)
        if len(twice):
            rows = np.setdiff1d(rows, rows[chosen[twice]])
            continue
        stranded = _stranded(task, trips)
        if not len(stranded):
            return trips, int(trips.gain.sum()) + task.constant
        rows = rows[~np.isin(passages.leg_request[pairs.leg[rows]], stranded)]


def _twice(task: Task, trips: Trips) -> Int64:
    """Trips with somebody in two cars at once: all of each set but the one that gains most."""
    _, sets = task.apart(trips)
    left = [np.setdiff1d(one, one[np.argmax(trips.gain[one])]) for one in sets]
    return np.unique(np.concatenate(left)) if left else np.zeros(0, dtype=np.int64)


def _stranded(task: Task, trips: Trips) -> Int64:
    """Requests taken there or back only, or fetched before they are free."""
    passages = task.problem.passages
    itineraries = trips.itineraries(task.problem)
    free, ready = free_and_ready(itineraries)
    request = passages.request[itineraries.passage]
    over = np.full(len(task.problem.requests), -FAR, dtype=np.int64)
    leave = np.full(len(task.problem.requests), FAR, dtype=np.int64)
    np.maximum.at(over, request, free)
    np.minimum.at(leave, request, ready)
    for number, at in task.instants(OUT).items():
        over[number] = at
    for number, at in task.instants(BACK).items():
        leave[number] = at
    there, home = over > -FAR, leave < FAR
    wrong = task.returns & ((there != home) | (there & home & (over > leave)))
    return np.intersect1d(np.flatnonzero(wrong), request[trips.stop >= 0])
