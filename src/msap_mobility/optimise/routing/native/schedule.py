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
from msap_mobility.optimise.routing.native.arrays.problem import (
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
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["lasts_settled", "least_times", "set_drives", "shortest"]


@kernel("boolean(Problem, int64)")
def _is_break(problem: Problem, node: int) -> bool:
    """Whether a node of a draft is a break."""
    return bool(node >= len(problem.near) + len(problem.vehicle))


@kernel("boolean(Problem, int64)")
def _is_loading(problem: Problem, node: int) -> bool:
    """Whether a node of a draft is a loading."""
    return bool(len(problem.near) <= node < len(problem.near) + len(problem.vehicle))


@kernel("void(Problem, Memory, int64[::1], int64)")
def set_drives(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> None:
    """How long it drives to each position of the draft."""
    node, time, here = problem.node, problem.time[vehicle[PROFILE]], vehicle[START]
    for position in range(1, count + 2):
        there = vehicle[END] if position > count else node[memory.draft[position], PLACE]
        memory.times[2, position] = time[here, there]
        here = there


@kernel("boolean(Problem, Memory, int64[::1], int64, int64)")
def _forward(problem: Problem, memory: Memory, vehicle: Int64, count: int, first: int) -> bool:
    """Raise the beginnings from position `first` on to what driving and windows allow."""
    node, draft = problem.node, memory.draft
    begin, drive = memory.times[0], memory.times[2]
    for position in range(first, count + 2):
        before = position - 1
        service = node[draft[before], SERVICE] if before > 0 else 0
        moment = max(begin[position], begin[before] + service + drive[position])
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
        if _is_loading(problem, task):
            loaded, lasts_s = position, node[task, SERVICE]
        if _is_break(problem, task):
            wanted, since = begin[position] - node[task, COLD], 0
        else:
            wanted, since = begin[position] - node[task, COLD] - lasts_s, loaded
        if begin[since] < wanted:
            begin[since] = wanted
            first = min(first, since)
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
        if _is_loading(problem, task):
            loaded, lasts_s = position, node[task, SERVICE]
        begin[loaded] = max(begin[loaded], node[task, RELEASE] - lasts_s)


@kernel("boolean(Problem, Memory, int64[::1], int64, int64)")
def _settle(problem: Problem, memory: Memory, vehicle: Int64, count: int, departure: int) -> bool:
    """As `least_times`, once the drives are known.

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


@kernel("boolean(Problem, Memory, int64[::1], int64, int64)")
def least_times(
    problem: Problem, memory: Memory, vehicle: Int64, count: int, departure: int
) -> bool:
    """Give every task of the draft its least beginning for a departure from `departure` on.

    Returns
    -------
    bool
        Whether there is a schedule; then ``times[0]`` is the least, ends included.
    """
    set_drives(problem, memory, vehicle, count)
    return bool(_settle(problem, memory, vehicle, count, departure))


@kernel("boolean(Problem, Memory, int64)")
def _begin_sooner(problem: Problem, memory: Memory, count: int) -> bool:
    """Lower latest beginnings that are too long after the loading; whether there were any."""
    node, draft, most = problem.node, memory.draft, memory.times[1]
    loaded, lasts_s, lowered = 0, 0, False
    for position in range(1, count + 1):
        task = draft[position]
        if _is_loading(problem, task):
            loaded, lasts_s = position, node[task, SERVICE]
        limit = most[loaded] + lasts_s + node[task, COLD]
        if _is_break(problem, task):
            limit = most[0] + node[task, COLD]
        if most[position] > limit:
            most[position] = limit
            lowered = True
    return lowered


@kernel("int64(Problem, Memory, int64)")
def _latest_departure(problem: Problem, memory: Memory, count: int) -> int:
    """The latest departure for the return that `least_times` found."""
    node, draft = problem.node, memory.draft
    begin, most, drive = memory.times[0], memory.times[1], memory.times[2]
    for position in range(count + 2):
        most[position] = begin[count + 1]
    settled = False
    while not settled:
        settled = True
        for position in range(count, 0, -1):
            task = draft[position]
            limit = most[position + 1] - drive[position + 1] - node[task, SERVICE]
            most[position] = closes(node[task], problem.window, min(most[position], limit))
        most[0] = most[1] - drive[1]
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
def _shortest(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> tuple[int, int]:
    """As `shortest`, once the drives are known.

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
    while _settle(problem, memory, vehicle, count, departure):
        latest = _latest_departure(problem, memory, count)
        duration = memory.times[0, count + 1] - latest
        if duration < least:
            best, least = latest, duration
        if not several:
            break
        departure = latest + 1 + _play(problem, memory, count)
    return best, least


@kernel("UniTuple(int64, 2)(Problem, Memory, int64[::1], int64)")
def shortest(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> tuple[int, int]:
    """Departure and duration of the shortest schedule of the draft; `NEVER` if there is none.

    Parameters
    ----------
    problem, memory
        The draft holds `count` tasks at positions 1 … count.
    vehicle
        Row of `Problem.vehicle`.
    """
    set_drives(problem, memory, vehicle, count)
    return _shortest(problem, memory, vehicle, count)


@kernel("int64(Problem, Memory, int64[::1], int64)")
def lasts_settled(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """As `lasting.lasts`, once the drives are known and the breaks stand in the draft."""
    if vehicle[PAID]:
        return int(_shortest(problem, memory, vehicle, count)[1])
    return 0 if _settle(problem, memory, vehicle, count, vehicle[EARLIEST]) else NEVER
