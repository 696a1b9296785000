"""One route's breaks: taken where they are asked, whole, in time, and standing."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.check.broken import Broken
from msap_mobility.optimise.routing.check.driving import beyond, gaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.routing.check.reading import Driven
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["pausing"]


def pausing(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Every rule of breaks that one route breaks.

    Whether the drives between two breaks are long enough, `driving` tells.

    Parameters
    ----------
    problem
        What was asked.
    route
        With its stated beginnings, ends and breaks.
    """
    yield from _asked(problem, route)
    breaks = problem.breaks
    for row, start_s in route.breaks:
        early_s = max(int(breaks.earliest_s[row]) - start_s, 0)
        late_s = beyond(start_s, int(breaks.latest_s[row]))
        for rule, amount in (
            ("break_window", early_s + late_s),
            ("break_after", beyond(start_s - route.departure_s, int(breaks.after_s[row]))),
            ("break_within", _sticking_out_s(problem, route, row, start_s)),
        ):
            if amount:
                yield Broken(rule=rule, amount=amount, route=route.number, pause=row)
    yield from _overlaps(problem, route)


def _asked(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """Each break of this type of vehicle once, none of another; short routes may leave some."""
    breaks, taken = problem.breaks, Counter(row for row, _ in route.breaks)
    for row, vehicle in enumerate(breaks.vehicle.tolist()):
        if vehicle != route.vehicle:
            if taken[row]:
                amount = taken[row]
                yield Broken(rule="break_vehicle", amount=amount, route=route.number, pause=row)
            continue
        longer_s = int(breaks.if_longer_s[row])
        if not taken[row] and (longer_s == 0 or beyond(route.duration_s, longer_s)):
            lasts_s = int(breaks.duration_s[row])
            yield Broken(rule="break_missing", amount=lasts_s, route=route.number, pause=row)
        if taken[row] > 1:
            amount = taken[row] - 1
            yield Broken(rule="break_twice", amount=amount, route=route.number, pause=row)


def _sticking_out_s(problem: RoutingProblem, route: Driven, row: int, start_s: int) -> int:
    """How much of a break does not lie between two tasks, or after departure and before return."""
    end_s = start_s + int(problem.breaks.duration_s[row])
    return min(
        max(done_s - start_s, 0) + max(end_s - begun_s, 0) for done_s, begun_s in gaps(route)
    )


def _overlaps(problem: RoutingProblem, route: Driven) -> Iterator[Broken]:
    """No break begins before the one before it is over."""
    inner = sorted(route.breaks, key=lambda each: each[1])
    for (row, start_s), (later, begun_s) in pairwise(inner):
        over_s = start_s + int(problem.breaks.duration_s[row]) - begun_s
        if over_s > 0 and row != later:
            yield Broken(rule="break_overlap", amount=over_s, route=route.number, pause=later)
