"""The best schedule of a route whose order is given, with every rule of time.

Times that keep lower bounds, windows, longest rides and the longest shift are closed under the
smaller of two: there is a least one, reached by raising what is too early until nothing is (a
least fixpoint). From the least return the latest departure follows the same way downwards. With
one window for each task that schedule is also the shortest: a later one moved back by the delay of
its return, and raised to the least times where that is too early, departs no sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays import (
    COLD,
    EARLIEST,
    END,
    LATEST_END,
    LONGEST,
    NEVER,
    PAID,
    PARTNER,
    PLACE,
    PROFILE,
    RELEASE,
    RIDE,
    SERVICE,
    START,
    TRIPS,
    WINDOWS,
)
from msap_mobility.optimise.routing.native.windows import closes, opens, slack

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays import Memory, Problem

__all__ = ["lasts", "least_times", "shortest"]


@kernel("boolean(Problem, Memory, int64[::1], int64, int64)")
def _forward(problem: Problem, memory: Memory, vehicle: Int64, count: int, first: int) -> bool:
    """Raise the beginnings from position `first` on to what driving and windows allow."""
    node, time, draft = problem.node, problem.time[vehicle[PROFILE]], memory.draft
    begin = memory.times[0]
    for position in range(first, count + 2):
        before = position - 1
        there = vehicle[END] if position > count else node[draft[position], PLACE]
        here, service = vehicle[START], 0
        if before > 0:
            here, service = node[draft[before], PLACE], node[draft[before], SERVICE]
        moment = max(begin[position], begin[before] + service + time[here, there])
        if position <= count:
            moment = opens(node[draft[position]], problem.window, moment)
        if moment >= NEVER or moment > vehicle[LATEST_END]:
            return False
        begin[position] = moment
    return True


@kernel("int64(Problem, Memory, int64)")
def _load_later(problem: Problem, memory: Memory, count: int) -> int:
    """Raise departure and loadings that are too long before a task; the first, or count + 2."""
    node, draft, begin = problem.node, memory.draft, memory.times[0]
    first, loaded, lasts_s = count + 2, 0, 0
    for position in range(1, count + 1):
        task = draft[position]
        if task >= len(problem.near):
            loaded, lasts_s = position, node[task, SERVICE]
        wanted = begin[position] - node[task, COLD] - lasts_s
        if begin[loaded] < wanted:
            begin[loaded] = wanted
            first = min(first, loaded)
    return int(first)


@kernel("int64(Problem, Memory, int64[::1], int64)")
def _raise_early(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """Raise pickups and departure that are too early; the first raised, or count + 2."""
    node, draft, begin = problem.node, memory.draft, memory.times[0]
    first = count + 2
    for position in range(1, count + 1):
        task = draft[position]
        if node[task, RIDE] < NEVER:
            pickup = memory.at[node[task, PARTNER]]
            aboard = draft[pickup]
            wanted = begin[position] - node[task, RIDE] - node[aboard, SERVICE]
            if begin[pickup] < wanted:
                begin[pickup] = opens(node[aboard], problem.window, wanted)
                first = min(first, pickup)
    if problem.setting[TRIPS] > 0:
        first = min(first, _load_later(problem, memory, count))
    if begin[0] < begin[count + 1] - vehicle[LONGEST]:
        begin[0] = begin[count + 1] - vehicle[LONGEST]
        first = 0
    return first


@kernel("void(Problem, Memory, int64)")
def _wait(problem: Problem, memory: Memory, count: int) -> None:
    """Raise departure and loadings to what the releases of their trips ask for."""
    node, draft, begin = problem.node, memory.draft, memory.times[0]
    loaded, lasts_s = 0, 0
    for position in range(1, count + 1):
        task = draft[position]
        if task >= len(problem.near):
            loaded, lasts_s = position, node[task, SERVICE]
        begin[loaded] = max(begin[loaded], node[task, RELEASE] - lasts_s)


@kernel("boolean(Problem, Memory, int64[::1], int64, int64)")
def least_times(
    problem: Problem, memory: Memory, vehicle: Int64, count: int, departure: int
) -> bool:
    """Give every task of the draft its least beginning for a departure from `departure` on.

    Returns
    -------
    bool
        Whether there is a schedule; then ``times[0]`` is the least, ends included.

    Notes
    -----
    Between two changes of window, rounds beyond the number of backward rules prove a cycle that
    never settles (Bellman–Ford); windows change no more often than there are windows.
    """
    node, draft, begin = problem.node, memory.draft, memory.times[0]
    rides, windows = 2, 1
    begin[0], begin[count + 1] = max(departure, vehicle[EARLIEST]), 0
    for position in range(1, count + 1):
        task = draft[position]
        begin[position] = 0
        memory.at[task] = position
        rides += 1 if node[task, RIDE] < NEVER or node[task, COLD] < NEVER else 0
        windows += max(0, node[task, WINDOWS] - 1)
    rounds = rides * windows
    if problem.setting[TRIPS] > 0:
        _wait(problem, memory, count)
    first = 0
    while rounds > 0:
        if not _forward(problem, memory, vehicle, count, first + 1):
            return False
        first = _raise_early(problem, memory, vehicle, count)
        if first > count + 1:
            return True
        if begin[first] >= NEVER:
            return False
        rounds -= 1
    return False


@kernel("boolean(Problem, Memory, int64)")
def _begin_sooner(problem: Problem, memory: Memory, count: int) -> bool:
    """Lower latest beginnings that are too long after the loading; whether there were any."""
    node, draft, most = problem.node, memory.draft, memory.times[1]
    loaded, lasts_s, lowered = 0, 0, False
    for position in range(1, count + 1):
        task = draft[position]
        if task >= len(problem.near):
            loaded, lasts_s = position, node[task, SERVICE]
        limit = most[loaded] + lasts_s + node[task, COLD]
        if most[position] > limit:
            most[position] = limit
            lowered = True
    return lowered


@kernel("int64(Problem, Memory, int64[::1], int64)")
def _latest_departure(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """The latest departure for the return that `least_times` found."""
    node, time, draft = problem.node, problem.time[vehicle[PROFILE]], memory.draft
    begin, most = memory.times[0], memory.times[1]
    for position in range(count + 2):
        most[position] = begin[count + 1]
    settled = False
    while not settled:
        settled = True
        there = vehicle[END]
        for position in range(count, 0, -1):
            task = draft[position]
            here, service = node[task, PLACE], node[task, SERVICE]
            limit = min(most[position], most[position + 1] - time[here, there] - service)
            most[position] = closes(node[task], problem.window, limit)
            there = here
        most[0] = most[1] - time[vehicle[START], there]
        for position in range(1, count + 1):
            task = draft[position]
            if node[task, RIDE] < NEVER:
                pickup = memory.at[node[task, PARTNER]]
                limit = most[pickup] + node[draft[pickup], SERVICE] + node[task, RIDE]
                if most[position] > limit:
                    most[position] = limit
                    settled = False
        if problem.setting[TRIPS] > 0 and _begin_sooner(problem, memory, count):
            settled = False
    return int(most[0])


@kernel("int64(Problem, Memory, int64)")
def _play(problem: Problem, memory: Memory, count: int) -> int:
    """How far the latest times can be moved together before one leaves its window."""
    least = NEVER
    for position in range(1, count + 1):
        node, moment = problem.node[memory.draft[position]], memory.times[1, position]
        least = min(least, slack(node, problem.window, moment))
    return int(least)


@kernel("UniTuple(int64, 2)(Problem, Memory, int64[::1], int64)")
def shortest(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> tuple[int, int]:
    """Departure and duration of the shortest schedule of the draft; `NEVER` if there is none.

    Parameters
    ----------
    problem, memory
        The draft holds `count` tasks at positions 1 … count.
    vehicle
        Row of `Problem.vehicle`.

    Notes
    -----
    With several windows a later departure may wait less. Departures up to that at which one of
    the latest times leaves its window bring nothing: any schedule between, moved back, would
    depart later for the same return.
    """
    departure, least, best = vehicle[EARLIEST], NEVER, 0
    several = False
    for position in range(1, count + 1):
        several = several or problem.node[memory.draft[position], WINDOWS] > 1
    while least_times(problem, memory, vehicle, count, departure):
        latest = _latest_departure(problem, memory, vehicle, count)
        duration = memory.times[0, count + 1] - latest
        if duration < least:
            best, least = latest, duration
        if not several:
            break
        departure = latest + 1 + _play(problem, memory, count)
    return best, least


@kernel("int64(Problem, Memory, int64[::1], int64)")
def lasts(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """Shortest duration of the draft where it costs; else 0 if it is possible; `NEVER` if not."""
    if vehicle[PAID]:
        return int(shortest(problem, memory, vehicle, count)[1])
    return 0 if least_times(problem, memory, vehicle, count, vehicle[EARLIEST]) else NEVER
