"""Plan a tour: choose stops, put them on days, drive them in order, and say who is left out."""

from __future__ import annotations

from math import ceil, fsum
from typing import TYPE_CHECKING

from msap_mobility.calendar import Hours
from msap_mobility.errors import BrokenInvariant
from msap_mobility.optimise.bound import ceiling
from msap_mobility.optimise.rounds.search import search
from msap_mobility.optimise.rounds.timetable import timetable
from msap_mobility.provenance import Provenance
from msap_mobility.tours.encode import encode
from msap_mobility.tours.reasons import left_out, unserved_rows
from msap_mobility.tours.tour import Round, TourPlan, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from msap_mobility.budget import Budget
    from msap_mobility.optimise.rounds.search import Found
    from msap_mobility.tours.encode import Encoded
    from msap_mobility.tours.problem import TourProblem

__all__ = ["ENGINE", "plan_tour", "rounds_of"]

ENGINE = "ruin-and-recreate/1"

_ROUNDING = 1e-9
"""Sums of people in another order may differ by this share."""


def plan_tour(
    problem: TourProblem,
    *,
    budget: Budget,
    seed: int = 0,
    progress: Callable[[float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    iterations_by_start: Sequence[int] | None = None,
) -> TourPlan:
    """Find a tour that reaches most need, and of those the one with least duty.

    Stops that must be visited come before everything: if not all of them fit, the plan leaves out
    as few as it can and names them in `unserved` with a reason (and no home).

    Parameters
    ----------
    problem
        See `TourProblem.build`.
    budget
        How long to search.
    seed
        The same seed and iterations give the same plan, for any number of workers.
    progress
        Called with the share of the budget spent and the need reached so far.
    should_stop
        Asked about 20 times a second; the search ends with the best plan so far.
    iterations_by_start
        Repeat a search: the iterations each start did, from `Provenance.iterations`.

    Returns
    -------
    TourPlan
        Always one that `check_plan` accepts; possibly without any round.
    """
    encoded = encode(problem)
    found = search(
        encoded.rounds,
        budget=budget,
        seed=seed,
        progress=None if progress is None else _in_need(progress, encoded),
        should_stop=should_stop,
        iterations_by_start=iterations_by_start,
    )
    visited = sorted({int(place) for sequence in found.sequences for place in sequence})
    reached = problem.homes_reached(visited)
    left = left_out(problem, encoded, [sequence.tolist() for sequence in found.sequences])
    return TourPlan(
        cycle=problem.cycle,
        rounds=rounds_of(problem, encoded, found),
        services=problem.services,
        people_reached=fsum(problem.homes.people[reached].tolist()),
        people_in_all=fsum(problem.homes.people.tolist()),
        unserved=unserved_rows(problem, left),
        provenance=_provenance(
            problem, encoded, found, reached=reached, visited=visited, seed=seed
        ),
    )


def _in_need(
    progress: Callable[[float, float], None], encoded: Encoded
) -> Callable[[float, int, int], None]:
    """Progress told in need reached; what a stop that must be visited is worth is no need."""

    def tell(spent: float, served: int, _duty_s: int) -> None:
        progress(spent, encoded.need(served))

    return tell


def rounds_of(problem: TourProblem, encoded: Encoded, found: Found) -> tuple[Round, ...]:
    """The rounds of a tour the engine found, with their hours."""
    return tuple(
        _round(problem, encoded, number, sequence.tolist())
        for number, sequence in enumerate(found.sequences)
        if len(sequence)
    )


def _round(problem: TourProblem, encoded: Encoded, number: int, sequence: list[int]) -> Round:
    shift = encoded.shifts[number]
    times = timetable(encoded.rounds, number, sequence)
    if times is None:
        raise BrokenInvariant("the engine returns rounds that can be driven", shift=number)
    base = problem.depot_location(shift.vehicle)
    here, there = [base, *sequence], [*sequence, base]
    return Round(
        day=shift.day,
        vehicle=shift.vehicle.id,
        crew=shift.crew.id,
        depart_s=times.depart_s,
        return_s=times.return_s,
        visits=tuple(
            Visit(
                place=problem.stops[place].place.id,
                arrive_s=stop.arrive_s,
                open_s=stop.open_s,
                close_s=stop.close_s,
                leave_s=stop.leave_s,
                units=int(problem.units[place]),
            )
            for place, stop in zip(sequence, times.stops, strict=True)
        ),
        lunch=None if times.lunch_s is None else Hours(*times.lunch_s),
        drive_s=int(problem.travel_s[here, there].sum()),
        drive_m=int(problem.travel_m[here, there].sum()),
    )


def _provenance(
    problem: TourProblem,
    encoded: Encoded,
    found: Found,
    *,
    reached: np.ndarray[tuple[int], np.dtype[np.bool_]],
    visited: list[int],
    seed: int,
) -> Provenance:
    """Seed, iterations and the proven bound.

    The bound counts on the stops that must be visited only where the plan visits them all: then
    so does every better plan.
    """
    must = [number for number, stop in enumerate(problem.stops) if stop.must]
    objective = fsum(problem.need[reached].tolist())
    bound = ceiling(
        encoded.rounds,
        encoded.shift_groups(),
        encoded.customer_need(problem),
        must if set(must) <= set(visited) else (),
    )
    if objective > bound * (1 + _ROUNDING):
        raise BrokenInvariant("no plan is above its bound", objective=objective, bound=bound)
    bound = max(ceil(bound * 1000) / 1000, objective)  # the same figure on every machine
    return Provenance(
        verb="plan_tour",
        inputs_hash=problem.inputs_hash,
        sources=problem.sources,
        seed=seed,
        starts=len(found.iterations),
        iterations=found.iterations,
        engine=ENGINE,
        objective=objective,
        bound=bound,
        gap=0.0 if bound == 0 else round((bound - objective) / bound, 6),
    )
