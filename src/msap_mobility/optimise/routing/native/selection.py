"""Who is worth the way, where prizes are many and a route is short: all who stand along it at once.

Everybody absent near by is put where the way to them is shortest, however long the route gets; then
the best of all subsequences that keeps the limit is taken (implicit selection of customers, Vidal,
Maculan, Ochi & Penna 2016, doi 10.1287/trsc.2014.0584). Of those, only the ones on the convex hull
of length and prize are met, so that one shortest path for each price of a unit of length suffices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import PRICE
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH
from msap_mobility.optimise.routing.native.arrays.problem import (
    BY_DISTANCE,
    BY_TIME,
    CLASS,
    END,
    FARTHEST,
    GAIN,
    LONGEST,
    MEMBERS,
    MOST_STOPS,
    MUST,
    NEVER,
    NODE_REQUEST,
    OWNER,
    PLACE,
    SELECTS,
    SERVICE,
    START,
    STOPS,
)
from msap_mobility.optimise.routing.native.moves import redraw

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["select_along"]

_INVITED = 64
"""So many of those absent near by are put on the way."""
_SKIPPED = 30
"""No more tasks in a row are passed over."""
_WHOLE, _WORTH, _DEAREST, _HALVINGS = 1 << 40, 1 << 16, 1 << 31, 5
"""What a route at its limit and the highest prize are scaled to, so that no sum leaves int64; the
highest price of a unit of prize; halvings of the last interval of prices."""


@kernel("int64(Problem, int64, int64)")
def _stay(problem: Problem, task: int, by: int) -> int:
    """What a task adds to the length of its route besides the way."""
    return int(problem.node[task, SERVICE]) if by == BY_TIME else 0


@kernel("void(Problem, Memory, int64, int64, int64)")
def _invite(problem: Problem, memory: Memory, kind: int, task: int, count: int) -> None:
    """Put a task into the draft of `count` tasks where the way to it is shortest."""
    vehicle, draft, node = problem.vehicle[kind], memory.draft, problem.node
    cost, here = problem.cost[vehicle[CLASS]], node[task, PLACE]
    before, best, after = vehicle[START], NEVER, 0
    for position in range(count + 1):
        then = node[draft[position + 1], PLACE] if position < count else vehicle[END]
        added = cost[before, here] + cost[here, then] - cost[before, then]
        if added < best:
            best, after = added, position
        before = then
    for position in range(count, after, -1):
        draft[position + 1] = draft[position]
    draft[after + 1] = task


@kernel("int64(Problem, Plan, Memory, int64, int64)")
def _line_up(problem: Problem, plan: Plan, memory: Memory, slot: int, seed: int) -> int:
    """Write a route and those invited to it into the draft; how many they are."""
    kind, count, invited = problem.type_of[slot], plan.route[slot, LENGTH], 0
    for position in range(1, count + 1):
        memory.draft[position] = plan.sequence[slot, position]
    for rank in range(problem.near.shape[1]):
        task = problem.near[seed, rank]
        request, unit = problem.node[task, NODE_REQUEST], problem.node[task, OWNER]
        if invited == _INVITED or count == problem.setting[STOPS]:
            break
        if plan.served[unit] >= 0 or problem.member[problem.unit[unit, MEMBERS]] != request:
            continue
        if not problem.takes[request, kind]:
            continue
        _invite(problem, memory, kind, task, count)
        count += 1
        invited += 1
    return int(count)


@kernel("int64(Problem, Memory, int64, int64, int64, int64)")
def _shortest(
    problem: Problem, memory: Memory, kind: int, count: int, price: int, limit: int
) -> int:
    """Length of the subsequence that is best at a price for each unit of prize.

    ``memory.times[1]`` tells of each position of the draft the one before it; the end is at
    ``count + 1``. Whoever must be served is not passed over.
    """
    vehicle, node, draft = problem.vehicle[kind], problem.node, memory.draft
    cost, value, before = problem.cost[vehicle[CLASS]], memory.times[0], memory.times[1]
    by, weight = problem.setting[SELECTS], max(1, _WHOLE // max(1, limit))
    for position in range(1, count + 2):
        here = vehicle[END]
        earned = 0
        if position <= count:
            task = draft[position]
            here = node[task, PLACE]
            earned = price * memory.sort[node[task, OWNER]] - weight * _stay(problem, task, by)
        value[position], before[position] = NEVER, 0
        for back in range(position - 1, max(-1, position - 2 - _SKIPPED), -1):
            there, so_far = vehicle[START], 0
            if back > 0:
                there, so_far = node[draft[back], PLACE], value[back]
            arc = cost[there, here]
            if so_far < NEVER and arc <= limit and so_far + weight * arc - earned < value[position]:
                value[position] = so_far + weight * arc - earned
                before[position] = back
            if back > 0 and problem.unit[node[draft[back], OWNER], MUST] > 0:
                break
    if value[count + 1] == NEVER:
        return NEVER
    length, position, here = 0, before[count + 1], vehicle[END]
    while position > 0:
        task = draft[position]
        length += cost[node[task, PLACE], here] + _stay(problem, task, by)
        here, position = node[task, PLACE], before[position]
    return int(length + cost[vehicle[START], here])


@kernel("void(Problem, Memory, int64)")
def _disturb(problem: Problem, memory: Memory, count: int) -> None:
    """Write what each unit in the draft is worth this time: half to one and a half its prize."""
    highest = 1
    for position in range(1, count + 1):
        request = problem.node[memory.draft[position], NODE_REQUEST]
        highest = max(highest, problem.option[request, GAIN])
    for position in range(1, count + 1):
        task = memory.draft[position]
        prize = problem.option[problem.node[task, NODE_REQUEST], GAIN]
        worth = prize * _WORTH // highest * (512 + draw(memory.dice, 1024)) // 1024
        memory.sort[problem.node[task, OWNER]] = worth


@kernel("int64(Problem, Memory, int64, int64, int64)")
def _dearest(problem: Problem, memory: Memory, kind: int, count: int, limit: int) -> int:
    """The highest price found that keeps the limit, sought from the last one on; at least 0."""
    low, high = 0, memory.control[PRICE]
    while high < _DEAREST and _shortest(problem, memory, kind, count, high, limit) <= limit:
        low, high = high, 2 * high
    if low == 0:
        low = high // 2
        while low > 0 and _shortest(problem, memory, kind, count, low, limit) > limit:
            low, high = low // 2, low
    for _ in range(_HALVINGS):
        middle = (low + high) // 2
        if _shortest(problem, memory, kind, count, middle, limit) <= limit:
            low = middle
        else:
            high = middle
    return int(low)


@kernel("int64(Problem, Memory, int64, int64)")
def _take_chosen(problem: Problem, memory: Memory, kind: int, count: int) -> int:
    """Close the draft up to those chosen last; how many they are, −1 if more than may be."""
    before, draft, chosen = memory.times[1], memory.draft, 0
    position = before[count + 1]
    while position > 0:
        chosen += 1
        last, position = position, before[position]
        before[last] = -1
    if chosen > problem.vehicle[kind, MOST_STOPS]:
        return -1
    kept = 0
    for at in range(1, count + 1):
        if before[at] < 0:
            kept += 1
            draft[kept] = draft[at]
    return kept


@kernel("void(Problem, Plan, Memory, int64, int64)")
def select_along(problem: Problem, plan: Plan, memory: Memory, slot: int, seed: int) -> None:
    """Make a route the best of all who are on it or absent near `seed`, within its limit.

    What a prize is worth is disturbed by up to half, so that a second look may choose otherwise.
    """
    kind, by = problem.type_of[slot], problem.setting[SELECTS]
    limit = problem.vehicle[kind, FARTHEST if by == BY_DISTANCE else LONGEST]
    count = _line_up(problem, plan, memory, slot, seed)
    _disturb(problem, memory, count)
    price = _dearest(problem, memory, kind, count, limit)
    if _shortest(problem, memory, kind, count, price, limit) > limit:
        return
    memory.control[PRICE] = max(1, price)
    chosen = _take_chosen(problem, memory, kind, count)
    if chosen >= 0:
        redraw(problem, plan, memory, slot, chosen)
