"""Ruin and recreate: strings of neighbouring visits leave, the most useful places enter.

After slack induction by string removals (Christiaens & Vanden Berghe, Transportation Science
2020, doi 10.1287/trsc.2019.0914), for tours that choose their places: a place leaves with all its
visits, enters on its best pattern, and is worth the customers only it would add.
"""

from __future__ import annotations

from msap_mobility.compiled import kernel
from msap_mobility.optimise.dice import draw
from msap_mobility.optimise.rounds.arrays import (
    ADDED,
    CHOSEN,
    COVER_CUSTOMER,
    COVER_START,
    DICE,
    GAIN,
    LAST_VERSION,
    LEAVING,
    LENGTH,
    MEMORY_TYPE,
    NEAR,
    NEVER,
    OFFER,
    PATTERN_START,
    PROBLEM_TYPE,
    RUINED,
    SEQUENCE,
    STAMP,
    TIMES_COVERED,
    TOTAL,
    TOUR_TYPE,
    VERSION,
    VISIT_SHIFT,
    VISIT_START,
    Arrays,
)
from msap_mobility.optimise.rounds.insertion import cheapest_insertion, choose, give_up

__all__ = ["drop_redundant", "recreate", "ruin"]


@kernel(f"int64({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64, int64)")
def _added(
    problem: Arrays, tour: Arrays, accepted: Arrays, memory: Arrays, number: int, place: int
) -> int:
    """Duty a place adds to a shift, remembered as long as the shift stays as it is."""
    version = tour[VERSION][number]
    for layer in range(2):
        if memory[STAMP][layer, place, number] == version:
            return int(memory[ADDED][layer, place, number])
    added, _ = cheapest_insertion(problem, tour, number, place)
    layer = 0 if accepted[VERSION][number] == version else 1
    memory[ADDED][layer, place, number] = added
    memory[STAMP][layer, place, number] = version
    return added


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64, int64)")
def _make_offer(
    problem: Arrays, tour: Arrays, accepted: Arrays, memory: Arrays, place: int, blink: int
) -> None:
    """Find the pattern on which a place adds the least duty over all its shifts.

    Patterns are looked at from a random one on, so that equal ones take turns, and overlooked like
    places.
    """
    least, best, dice = NEVER, -1, memory[DICE]
    start = problem[PATTERN_START][place]
    count = problem[PATTERN_START][place + 1] - start
    first = draw(dice, max(count, 1))
    for step in range(count):
        if draw(dice, 1000) < blink:
            continue
        pattern = start + (first + step) % count
        total = 0
        for visit in range(problem[VISIT_START][pattern], problem[VISIT_START][pattern + 1]):
            total += _added(problem, tour, accepted, memory, problem[VISIT_SHIFT][visit], place)
            if total >= least:
                break
        if total < least:
            least, best = total, pattern
    memory[OFFER][0, place], memory[OFFER][1, place] = best, least


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, int64, int64)")
def _outdated(problem: Arrays, tour: Arrays, pattern: int, since: int) -> bool:
    """Whether a shift of the pattern changed after version `since`."""
    for visit in range(problem[VISIT_START][pattern], problem[VISIT_START][pattern + 1]):
        if tour[VERSION][problem[VISIT_SHIFT][visit]] > since:
            return True
    return False


@kernel(f"int64({TOUR_TYPE}, {MEMORY_TYPE})")
def _most_useful(tour: Arrays, memory: Arrays) -> int:
    """The offer with the most new weight per added second, or −1."""
    offer, gain = memory[OFFER], tour[GAIN]
    best, most = -1, 0.0
    for place in range(len(gain)):
        if offer[0, place] >= 0 and gain[place] > 0:
            value = gain[place] / max(offer[1, place], 1)
            if value > most:
                best, most = place, value
    return best


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64)")
def recreate(problem: Arrays, tour: Arrays, accepted: Arrays, memory: Arrays, blink: int) -> bool:
    """Add places until none that is worth it fits; whether there was any.

    Each place is overlooked, for the whole recreation, in `blink` cases of a thousand, and each of
    its patterns likewise.
    """
    offer, gain = memory[OFFER], tour[GAIN]
    for place in range(len(gain)):
        offer[0, place] = -1
        if tour[CHOSEN][place] < 0 and gain[place] > 0 and draw(memory[DICE], 1000) >= blink:
            _make_offer(problem, tour, accepted, memory, place, blink)
    found = False
    place = _most_useful(tour, memory)
    while place >= 0:
        found = True
        since = tour[TOTAL][LAST_VERSION]
        choose(problem, tour, place, offer[0, place])
        offer[0, place] = -1
        for other in range(len(gain)):
            live = offer[0, other] >= 0 and gain[other] > 0
            if live and _outdated(problem, tour, offer[0, other], since):
                _make_offer(problem, tour, accepted, memory, other, blink)
        place = _most_useful(tour, memory)
    return found


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, int64)")
def _is_redundant(problem: Arrays, tour: Arrays, place: int) -> bool:
    """Whether every customer of a visited place is covered by another one too."""
    for row in range(problem[COVER_START][place], problem[COVER_START][place + 1]):
        if tour[TIMES_COVERED][problem[COVER_CUSTOMER][row]] < 2:
            return False
    return True


@kernel(f"boolean({PROBLEM_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE})")
def drop_redundant(problem: Arrays, tour: Arrays, memory: Arrays) -> bool:
    """Give up places nobody needs, from a random one on; whether there was any."""
    places = len(tour[CHOSEN])
    first, found = draw(memory[DICE], places), False
    for step in range(places):
        place = (first + step) % places
        if tour[CHOSEN][place] >= 0 and _is_redundant(problem, tour, place):
            give_up(problem, tour, place)
            found = True
    return found


@kernel(f"int64({TOUR_TYPE}, {MEMORY_TYPE}, int64, int64, int64, int64)")
def _mark_string(
    tour: Arrays, memory: Arrays, number: int, place: int, longest: int, marked: int
) -> int:
    """List the places of a random string of a shift through `place`; the length of the list."""
    sequence, count = tour[SEQUENCE][number], tour[LENGTH][number]
    length = min(count, 1 + draw(memory[DICE], longest))
    position = 0
    while sequence[position] != place:
        position += 1
    lowest, highest = max(0, position - length + 1), min(position, count - length)
    first = lowest + draw(memory[DICE], highest - lowest + 1)
    for visit in range(first, first + length):
        memory[LEAVING][marked] = sequence[visit]
        marked += 1
    return marked


@kernel(f"void({PROBLEM_TYPE}, {TOUR_TYPE}, {MEMORY_TYPE}, int64, int64)")
def ruin(problem: Arrays, tour: Arrays, memory: Arrays, strings: int, longest: int) -> None:
    """Remove up to `strings` strings of at most `longest` visits around a random place."""
    dice, ruined, near = memory[DICE], memory[RUINED], problem[NEAR]
    ruined[:] = False
    seed = draw(dice, len(near))
    left = 1 + draw(dice, strings)
    for rank in range(near.shape[1]):
        place = near[seed, rank]
        pattern = tour[CHOSEN][place]
        if pattern < 0:
            continue
        first, end = problem[VISIT_START][pattern], problem[VISIT_START][pattern + 1]
        number = problem[VISIT_SHIFT][first + draw(dice, end - first)]
        if ruined[number]:
            continue
        ruined[number] = True
        marked = _mark_string(tour, memory, number, place, longest, 0)
        for row in range(marked):
            give_up(problem, tour, memory[LEAVING][row])
        left -= 1
        if left == 0:
            break
