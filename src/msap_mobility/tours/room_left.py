"""Whether a stop that a plan leaves out could have joined it, nothing else moved.

The checker's own test, simple on purpose: every visit planned keeps its hours, and the stop is
tried in the gaps between them, before the first, after the last, and in shifts that stay at home.
Lunch stays where the plan has it; where it is taken at the depot, it still has to fit there. What
this test finds can be driven. What it does not find may still be possible with other visits moved
or dropped: a plan is not called wrong for that.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.model import Crew, Vehicle
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.tours.tour import Round, TourPlan

__all__ = ["day_with_room"]


class _Gap(NamedTuple):
    """The van is free at location `here` from `from_s` and has to be at `there` by `by_s`."""

    here: int
    from_s: int
    there: int
    by_s: int


def day_with_room(stop: int, plan: TourPlan, problem: TourProblem) -> int | None:
    """First day of a series of visits of a stop that the plan has room for, or None.

    Parameters
    ----------
    stop
        Number of a stop the plan does not visit.
    plan
        Its rounds visit known stops only.
    problem
        What the plan has to respect.

    Returns
    -------
    int or None
        Day of the cycle.
    """
    rounds = {(tour.day, tour.vehicle): tour for tour in plan.rounds}
    every_days = 7 * problem.stops[stop].every_weeks
    for first in range(every_days):
        days = range(first, problem.cycle.days, every_days)
        for vehicle in problem.vehicles:
            if all(
                _has_room(stop, day, vehicle, rounds.get((day, vehicle.id)), problem)
                for day in days
            ):
                return first
    return None


def _has_room(
    stop: int, day: int, vehicle: Vehicle, tour: Round | None, problem: TourProblem
) -> bool:
    """Whether one visit fits into the day of a vehicle."""
    load = sum(visit.units for visit in tour.visits) if tour is not None else 0
    if load + int(problem.units[stop]) > vehicle.capacity:
        return False
    windows = list(_windows(stop, day, problem))
    return any(
        _fits(stop, gap, vehicle, windows, problem)
        for crew in problem.crews
        if crew.vehicle == vehicle.id and day % 7 in crew.weekdays
        for from_s, by_s in _duties(crew, tour)
        for gap in _gaps(tour, problem.depot_location(vehicle), from_s, by_s, problem)
    )


def _duties(crew: Crew, tour: Round | None) -> Iterator[tuple[int, int]]:
    """Earliest departure and latest return: lunch at a stop, or at the depot before or after."""
    shift, window = crew.shift, crew.lunch_window
    if crew.lunch_s == 0 or (tour is not None and tour.lunch is not None):
        yield shift.start_s, shift.end_s
        return
    out_s = max(shift.start_s, window.start_s + crew.lunch_s)
    if tour is None or out_s <= tour.depart_s:
        yield out_s, shift.end_s
    back_s = min(shift.end_s, window.end_s - crew.lunch_s)
    if tour is None or tour.return_s <= back_s:
        yield shift.start_s, back_s


def _gaps(
    tour: Round | None, base: int, from_s: int, by_s: int, problem: TourProblem
) -> Iterator[_Gap]:
    number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
    visits = tour.visits if tour is not None else ()
    stays = [
        (base, from_s, from_s),
        *((number[visit.place], visit.arrive_s, visit.leave_s) for visit in visits),
        (base, by_s, by_s),
    ]
    for (here, _, leave_s), (there, arrive_s, _) in pairwise(stays):
        yield _Gap(here, leave_s, there, arrive_s)


def _fits(
    stop: int,
    gap: _Gap,
    vehicle: Vehicle,
    windows: list[tuple[int, int]],
    problem: TourProblem,
) -> bool:
    """Drive there, set up, open on a step of the clock, serve, pack, drive on."""
    ready_s = gap.from_s + int(problem.travel_s[gap.here, stop]) + vehicle.setup_s
    closed_by_s = gap.by_s - int(problem.travel_s[stop, gap.there]) - vehicle.packing_s
    dwell_s, step_s = int(problem.dwell_s[stop]), problem.step_s
    return any(
        -(-max(ready_s, start_s) // step_s) * step_s + dwell_s <= min(closed_by_s, end_s)
        for start_s, end_s in windows
    )


def _windows(stop: int, day: int, problem: TourProblem) -> Iterator[tuple[int, int]]:
    """When the stop is open on that day, seconds since midnight; hours that touch are one."""
    hours = problem.stops[stop].hours
    if hours is None:
        yield 0, DAY_S
        return
    intervals = sorted(interval for rhythm in hours for interval in rhythm.intervals(problem.cycle))
    today = [(start, end) for start, end in intervals if start // DAY_S == day]
    while today:
        start_s, end_s = today.pop(0)
        while today and today[0][0] <= end_s:
            end_s = max(end_s, today.pop(0)[1])
        yield start_s - day * DAY_S, end_s - day * DAY_S
