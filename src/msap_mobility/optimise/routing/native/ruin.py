"""Strings of neighbouring tasks leave their routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    FAVOURED,
    KEEPS_DAYS,
    LONGEST_STRING,
    REMOVED,
)
from msap_mobility.optimise.routing.native.arrays.plan import LENGTH, SERVING, USED
from msap_mobility.optimise.routing.native.arrays.problem import OWNER, SEVERAL_PARTS
from msap_mobility.optimise.routing.native.moves import close_gaps, loosen, take_out

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["ruin"]

_WHOLE_ROUTES, _WHOLE_TASKS = 4, 60
"""Where a vehicle type is favoured up to so many routes, of so many tasks in all, are rebuilt."""
_KEPT = 2
"""All visits of a customer leave in one iteration of so many; in the others those of one day."""
_MORE = 100
"""A string keeps one more task inside with 99 % chance, as in the paper (beta = 0.01)."""


@kernel("void(Problem, Plan, Memory, int64, int64)")
def _remove_string(problem: Problem, plan: Plan, memory: Memory, task: int, longest: int) -> None:
    """Take a random string with `task` in it out of its route; sometimes its middle stays."""
    slot, at = plan.where[task, 0], plan.where[task, 1]
    dice, count = memory.dice, plan.route[slot, LENGTH]
    length = 1 + draw(dice, min(count, longest))
    inside = 0
    if 1 < length < count and draw(dice, 2) == 0:
        inside = 1
        while length + inside < count and draw(dice, _MORE) > 0:
            inside += 1
    whole = length + inside
    lowest, highest = max(1, at - whole + 1), min(at, count - whole + 1)
    first = lowest + draw(dice, highest - lowest + 1)
    kept_from = first + whole
    if inside > 0:
        kept_from = first + 1 + draw(dice, length - 1)
    sequence = plan.sequence[slot]
    for position in range(first, first + whole):
        gone = sequence[position]
        if kept_from <= position < kept_from + inside or gone >= len(problem.near):
            continue
        if plan.where[gone, 0] < 0:
            continue
        if memory.control[KEEPS_DAYS] > 0:
            loosen(problem, plan, memory, gone)
        else:
            take_out(problem, plan, memory, problem.node[gone, OWNER])


@kernel("void(Problem, Plan, Memory, int64)")
def _remove_routes(problem: Problem, plan: Plan, memory: Memory, seed: int) -> None:
    """Take all tasks out of up to four routes around `seed`."""
    left, gone = 1 + draw(memory.dice, _WHOLE_ROUTES), 0
    for rank in range(problem.near.shape[1]):
        slot = plan.where[problem.near[seed, rank], 0]
        if slot < 0:
            continue
        if left == 0 or (gone > 0 and gone + plan.route[slot, LENGTH] > _WHOLE_TASKS):
            return
        for position in range(1, plan.route[slot, LENGTH] + 1):
            task = plan.sequence[slot, position]
            if task < len(problem.near) and plan.where[task, 0] >= 0:
                take_out(problem, plan, memory, problem.node[task, OWNER])
        left -= 1
        gone += plan.route[slot, LENGTH]


@kernel("int64(Problem, Plan, Memory)")
def ruin(problem: Problem, plan: Plan, memory: Memory) -> int:
    """Remove strings around a random task; that task.

    Each string is of another route, where there are as many routes as strings. Mostly customers
    of several visits keep their days: their visits on one day leave and enter again.

    Number and length of the strings follow the paper: on average `REMOVED` tasks, strings no
    longer than `LONGEST_STRING` or the average route.
    """
    dice, near, control = memory.dice, problem.near, memory.control
    seed = draw(dice, len(near))
    control[KEEPS_DAYS] = problem.setting[SEVERAL_PARTS] > 0 and draw(dice, _KEPT) > 0
    if control[KEEPS_DAYS] > 0:
        near = problem.beside
    routes = max(1, plan.total[USED])
    if control[FAVOURED] >= 0:
        _remove_routes(problem, plan, memory, seed)
    longest = max(1, min(control[LONGEST_STRING], plan.total[SERVING] // routes))
    most = max(1, 4 * control[REMOVED] // (1 + longest) - 1)
    left = 1 + draw(dice, most)
    for rank in range(near.shape[1]):
        if left == 0:
            break
        task = near[seed, rank]
        slot = plan.where[task, 0]
        if slot >= 0 and (routes < most or not memory.is_touched[slot]):
            _remove_string(problem, plan, memory, task, longest)
            left -= 1
    close_gaps(problem, plan, memory)
    return int(seed)
