"""How long a route lasts, with its breaks where they cost least.

A break is taken whole and standing, before the drive of a gap or after it. Where it stands is the
one choice that no least fixpoint makes: every place and order is tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.compiled import kernel
from msap_mobility.optimise.routing.native.arrays.problem import (
    BREAKS,
    BREAKS_END,
    IF_LONGER,
    LONGEST,
    NEVER,
    PAID,
    UNPAID_S,
)
from msap_mobility.optimise.routing.native.schedule import lasts_settled, set_drives

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.problem import Problem

__all__ = ["lasts"]


@kernel("void(Problem, Memory, int64[::1], int64)")
def _stand(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> None:
    """Make the draft anew, with the breaks where `Memory.stand` puts them; the drives too."""
    kept, draft, stand, drive = memory.kept, memory.draft, memory.stand, memory.times[2]
    first, breaks = vehicle[BREAKS], vehicle[BREAKS_END] - vehicle[BREAKS]
    before = len(problem.near) + len(problem.vehicle) + first
    at = 0
    for gap in range(count + 1):
        left = memory.times[3, gap + 1]
        for after in range(2):
            for rank in range(breaks):
                for row in range(breaks):
                    if stand[row] == (2 * gap + after) * breaks + rank:
                        at += 1
                        draft[at] = before + row
                        drive[at] = left if after else 0
                        left = 0 if after else left
        at += 1
        drive[at] = left
        if gap < count:
            draft[at] = kept[gap + 1]


@kernel("boolean(Memory, int64)")
def _is_new(memory: Memory, breaks: int) -> bool:
    """Whether breaks that stand together are numbered from 0, so that each order comes once."""
    stand = memory.stand
    for row in range(breaks):
        if stand[row] < 0:
            continue
        found = stand[row] % breaks == 0
        for other in range(breaks):
            if other != row and stand[other] == stand[row]:
                return False
            found = found or stand[other] == stand[row] - 1
        if not found:
            return False
    return True


@kernel("boolean(Memory, int64, int64)")
def _move_on(memory: Memory, places: int, breaks: int) -> bool:
    """Put the breaks at their next places; whether there are any."""
    for row in range(breaks):
        memory.stand[row] += 1
        if memory.stand[row] < places:
            return True
        memory.stand[row] = -1
    return False


@kernel("int64(Problem, Memory, int64[::1], int64)")
def _works(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """The least work with the breaks where they stand."""
    first, breaks = vehicle[BREAKS], vehicle[BREAKS_END] - vehicle[BREAKS]
    taken, unpaid, longest = 0, 0, NEVER
    for row in range(breaks):
        if memory.stand[row] >= 0:
            taken, unpaid = taken + 1, unpaid + problem.rest[first + row, UNPAID_S]
        elif problem.rest[first + row, IF_LONGER] == 0:
            return NEVER
        else:
            longest = min(longest, problem.rest[first + row, IF_LONGER])
    memory.driver[LONGEST] = min(longest, vehicle[LONGEST] + unpaid)
    _stand(problem, memory, vehicle, count)
    duration = lasts_settled(problem, memory, memory.driver, count + taken)
    if duration >= NEVER or vehicle[PAID] == 0:
        return int(duration)
    return int(duration - unpaid)


@kernel("int64(Problem, Memory, int64[::1], int64)")
def _rested(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """The least work over every place and order of breaks; see `lasts`.

    A break that is not asked of short routes is left out too, of a route that is then short.
    """
    breaks, least = vehicle[BREAKS_END] - vehicle[BREAKS], NEVER
    for position in range(1, count + 2):
        memory.kept[position] = memory.draft[position]
        memory.times[3, position] = memory.times[2, position]
    memory.driver[:] = vehicle
    memory.stand[:] = -1
    goes_on = True
    while goes_on:
        if _is_new(memory, breaks):
            least = min(least, _works(problem, memory, vehicle, count))
            if least == 0:
                return 0
        goes_on = _move_on(memory, 2 * (count + 1) * breaks, breaks)
    return int(least)


@kernel("int64(Problem, Memory, int64[::1], int64)")
def lasts(problem: Problem, memory: Memory, vehicle: Int64, count: int) -> int:
    """Shortest work of the draft where it costs; else 0 if it is possible; `NEVER` if not."""
    set_drives(problem, memory, vehicle, count)
    if vehicle[BREAKS_END] > vehicle[BREAKS]:
        return int(_rested(problem, memory, vehicle, count))
    return int(lasts_settled(problem, memory, vehicle, count))
