"""How a unit is served at least cost: by one of its options, its parts maybe in several routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.routing.native.arrays.memory import (
    ADDED,
    AS_OF,
    ASKED,
    BLINK,
    CHOSEN,
    QUESTION,
    SLOT,
)
from msap_mobility.optimise.routing.native.arrays.plan import STAMP
from msap_mobility.optimise.routing.native.arrays.problem import (
    FIRST,
    GAIN,
    HOME_PRIZE,
    MEMBERS,
    MEMBERS_END,
    NEVER,
    PARTS,
    PARTS_END,
    PRIZE_SCALE,
    WORTH,
)
from msap_mobility.optimise.routing.native.moves import (
    close_gaps,
    count_served,
    mark_changed,
    put_part,
    take_out,
    take_part,
)
from msap_mobility.optimise.routing.native.offers import (
    hold_offer,
    offer_request,
    take_up_offer,
)

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["accept_unit", "homes_prize", "look_at_unit", "tie_up"]


@kernel("int64(Problem, Plan, int64)")
def homes_prize(problem: Problem, plan: Plan, request: int) -> int:
    """Prizes of the homes a request would newly cover."""
    total = 0
    for row in range(problem.cover_start[request], problem.cover_start[request + 1]):
        if plan.covered[problem.covers[row]] == 0:
            total += problem.home[problem.covers[row], HOME_PRIZE]
    return int(total)


@kernel("int64(Problem, Plan, Memory, int64)")
def _quoted(problem: Problem, plan: Plan, memory: Memory, request: int) -> int:
    """What a part adds where that is least, or `NEVER`; asked once for all options it is in."""
    quote, offer = memory.quote[request], memory.offer
    if quote[ASKED] != memory.control[QUESTION]:
        offer[ADDED], offer[SLOT] = NEVER, -1
        offer_request(problem, plan, memory, request, 0)
        for column in range(len(offer)):
            quote[column] = offer[column]
        quote[ASKED] = memory.control[QUESTION]
        if offer[SLOT] >= 0:
            quote[AS_OF] = plan.route[offer[SLOT], STAMP]
    return int(quote[ADDED]) if quote[SLOT] >= 0 else NEVER


@kernel("boolean(Problem, int64, int64)")
def _has_part(problem: Problem, option: int, request: int) -> bool:
    """Whether a request is a part of an option."""
    for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
        if problem.part[at] == request:
            return True
    return False


@kernel("void(Problem, Plan, Memory, int64, int64)")
def _look_at_parts(problem: Problem, plan: Plan, memory: Memory, option: int, worth: int) -> None:
    """Better the offer by an option of several parts: the sum of what each adds alone."""
    offer = memory.offer
    hold_offer(memory, 0)
    best = offer[ADDED]
    added, scale = -worth, problem.setting[PRIZE_SCALE]
    for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
        if added >= best:
            break
        request = problem.part[at]
        alone = _quoted(problem, plan, memory, request)
        if alone == NEVER:
            added = NEVER
            break
        added += alone - scale * homes_prize(problem, plan, request)
    take_up_offer(memory, 0)
    if added < best and draw(memory.dice, 10_000) >= memory.control[BLINK]:
        offer[ADDED], offer[SLOT], offer[CHOSEN] = added, 0, option


@kernel("void(Problem, Plan, Memory, int64, int64)")
def look_at_unit(problem: Problem, plan: Plan, memory: Memory, unit: int, with_part: int) -> None:
    """Better the offer in memory by the cheapest option of a unit.

    Parameters
    ----------
    problem, plan, memory
        ``offer[ADDED]`` is what must be bettered.
    unit
        One that is not served.
    with_part
        Only options with this request; −1 for all.
    """
    row, scale = problem.unit[unit], problem.setting[PRIZE_SCALE]
    memory.control[QUESTION] += 1
    for at in range(row[MEMBERS], row[MEMBERS_END]):
        option = problem.member[at]
        first, end = problem.option[option, PARTS], problem.option[option, PARTS_END]
        if with_part >= 0 and not _has_part(problem, option, with_part):
            continue
        worth = scale * (problem.option[option, GAIN] - row[WORTH])
        if end == first + 1:
            request = problem.part[first]
            worth += scale * homes_prize(problem, plan, request)
            before = memory.offer[ADDED]
            offer_request(problem, plan, memory, request, worth)
            if memory.offer[ADDED] < before:
                memory.offer[CHOSEN] = option
        else:
            _look_at_parts(problem, plan, memory, option, worth)


@kernel("boolean(Problem, Plan, Memory, int64)")
def _put_quoted(problem: Problem, plan: Plan, memory: Memory, request: int) -> bool:
    """Put a part where it was quoted, or where it adds least if that route has changed since."""
    quote = memory.quote[request]
    if plan.route[quote[SLOT], STAMP] == quote[AS_OF]:
        put_part(problem, plan, memory, request, quote)
        return True
    memory.offer[ADDED], memory.offer[SLOT] = NEVER, -1
    offer_request(problem, plan, memory, request, 0)
    if memory.offer[SLOT] < 0:
        return False
    put_part(problem, plan, memory, request, memory.offer)
    return True


@kernel("void(Problem, Plan, Memory, int64)")
def accept_unit(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Serve a unit by the option of the offer in memory; not at all if its parts do not all fit."""
    option = memory.offer[CHOSEN]
    first, end = problem.option[option, PARTS], problem.option[option, PARTS_END]
    for at in range(first, end):
        request = problem.part[at]
        if end == first + 1:
            put_part(problem, plan, memory, request, memory.offer)
        elif not _put_quoted(problem, plan, memory, request):
            for done in range(first, at):
                take_part(problem, plan, memory, problem.part[done])
            close_gaps(problem, plan, memory)
            return
    count_served(problem, plan, unit, option)
    mark_changed(memory, unit)


@kernel("void(Problem, Plan, Memory, int64)")
def tie_up(problem: Problem, plan: Plan, memory: Memory, unit: int) -> None:
    """Put the loose parts of a unit where they add least; if one fits nowhere, take it out."""
    option = plan.served[unit]
    for at in range(problem.option[option, PARTS], problem.option[option, PARTS_END]):
        request = problem.part[at]
        if plan.where[problem.request[request, FIRST], 0] >= 0:
            continue
        memory.offer[ADDED], memory.offer[SLOT] = NEVER, -1
        offer_request(problem, plan, memory, request, 0)
        if memory.offer[SLOT] < 0:
            take_out(problem, plan, memory, unit)
            close_gaps(problem, plan, memory)
            return
        put_part(problem, plan, memory, request, memory.offer)
