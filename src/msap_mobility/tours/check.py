"""Does a plan keep every rule? Recomputed from the problem's data, by code the planner never saw.

Plans come from the planner, from a file somebody edited, from another tool: all are judged alike.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import isfinite
from numbers import Integral
from typing import TYPE_CHECKING

from msap_mobility.tours.room_left import day_with_room
from msap_mobility.units import DAY_S
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.calendar import Hours
    from msap_mobility.model import Crew, Vehicle
    from msap_mobility.model.reason import Unit
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.tours.tour import Round, TourPlan, Visit

__all__ = ["Violation", "check_plan"]

_PEOPLE_TOLERANCE = 1e-6
"""Sums of people may differ by this share: floats are added in another order."""

_GAP_TOLERANCE = 2e-6
"""The gap is told with six decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule a plan breaks, where, and by how much.

    Parameters
    ----------
    code
        Stable code; ``violation.<code>`` is its sentence.
    day
        Day of the cycle, −1 if it concerns the whole plan.
    vehicle, place
        Ids, empty where they do not apply.
    amount, unit
        By how much the rule is missed.

    Examples
    --------
    >>> late = Violation(code="back_too_late", day=3, vehicle="van", amount=600, unit="s")
    >>> print(late.text("en"))
    Day 4 (Thursday of week 1), van: the van is back 10 min after the end of the shift.
    """

    code: str
    day: int = -1
    vehicle: str = ""
    place: str = ""
    amount: float = 0
    unit: Unit = "1"

    def text(self, lang: Lang = "en") -> str:
        """The violation as a sentence, in `lang`."""
        where = [self.vehicle, self.place]
        if self.day >= 0:
            day = say(
                "tours.day", lang, day=self.day + 1, weekday=self.day % 7, week=self.day // 7 + 1
            )
            where.insert(0, day)
        lead = ", ".join(part for part in where if part)
        what = say(f"violation.{self.code}", lang, amount=self.amount)
        return say("tours.violation", lang, where=lead, what=what) if lead else what

    def to_dict(self) -> dict[str, str | int | float]:
        """JSON data."""
        return asdict(self)


def check_plan(plan: TourPlan, problem: TourProblem) -> tuple[Violation, ...]:
    """Every rule the plan breaks; an empty tuple is a plan that can be driven.

    Parameters
    ----------
    plan
        Whoever made it.
    problem
        What it has to respect.

    Returns
    -------
    tuple of Violation
        Round by round, then the calendar, then the sums.
    """
    return (
        *_whole(plan, problem),
        *(violation for tour in plan.rounds for violation in _round(tour, problem)),
        *_calendar(plan, problem),
        *_musts(plan, problem),
        *_sums(plan, problem),
    )


def _whole(plan: TourPlan, problem: TourProblem) -> Iterator[Violation]:
    if plan.cycle != problem.cycle:
        yield Violation(code="other_cycle")
    if plan.services != problem.services:
        yield Violation(code="other_services")
    out: dict[tuple[int, str], int] = defaultdict(int)
    for tour in plan.rounds:
        out[tour.day, tour.vehicle] += 1
    for (day, vehicle), times in out.items():
        if times > 1:
            yield Violation(code="vehicle_out_twice", day=day, vehicle=vehicle, amount=times)


def _round(tour: Round, problem: TourProblem) -> Iterator[Violation]:
    """The rules of one round, as far as its ids are known."""
    broken = list(_ids(tour, problem))
    yield from broken
    if broken:
        return
    vehicle = next(item for item in problem.vehicles if item.id == tour.vehicle)
    crew = next(item for item in problem.crews if item.id == tour.crew)
    yield from _staff(tour, crew)
    yield from _driving(tour, vehicle, problem)
    for visit in tour.visits:
        yield from _visit(visit, tour, vehicle, problem)
    yield from _lunch(tour, vehicle, crew)
    load = sum(visit.units for visit in tour.visits)
    if load > vehicle.capacity:
        yield _at(tour, "over_capacity", load - vehicle.capacity, "units")


def _at(tour: Round, code: str, amount: float = 0, unit: Unit = "1", place: str = "") -> Violation:
    return Violation(
        code=code, day=tour.day, vehicle=tour.vehicle, place=place, amount=amount, unit=unit
    )


def _ids(tour: Round, problem: TourProblem) -> Iterator[Violation]:
    if not 0 <= tour.day < problem.cycle.days:
        yield _at(tour, "day_off_cycle")
    if all(vehicle.id != tour.vehicle for vehicle in problem.vehicles):
        yield _at(tour, "unknown_vehicle")
    if all(crew.id != tour.crew for crew in problem.crews):
        yield _at(tour, "unknown_crew")
    known = {stop.place.id for stop in problem.stops}
    for visit in tour.visits:
        if visit.place not in known:
            yield _at(tour, "unknown_stop", place=visit.place)
    if not tour.visits:
        yield _at(tour, "round_without_visit")
    if not all(isinstance(number, Integral) for number in _numbers(tour)):
        yield _at(tour, "not_whole")


def _numbers(tour: Round) -> Iterator[object]:
    """Every figure of a round; a file may hold anything there."""
    yield from (tour.depart_s, tour.return_s, tour.drive_s, tour.drive_m)
    if tour.lunch is not None:
        yield from (tour.lunch.start_s, tour.lunch.end_s)
    for visit in tour.visits:
        yield from (visit.arrive_s, visit.open_s, visit.close_s, visit.leave_s, visit.units)


def _staff(tour: Round, crew: Crew) -> Iterator[Violation]:
    if crew.vehicle != tour.vehicle:
        yield _at(tour, "crew_of_other_vehicle")
    if tour.day % 7 not in crew.weekdays:
        yield _at(tour, "crew_off_duty")
    if tour.depart_s < crew.shift.start_s:
        yield _at(tour, "out_too_early", crew.shift.start_s - tour.depart_s, "s")
    if tour.return_s > crew.shift.end_s:
        yield _at(tour, "back_too_late", tour.return_s - crew.shift.end_s, "s")


def _driving(tour: Round, vehicle: Vehicle, problem: TourProblem) -> Iterator[Violation]:
    number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
    depots = [place.id for place in problem.depots]
    base = len(problem.stops) + depots.index(vehicle.depot)
    locations = [base, *(number[visit.place] for visit in tour.visits), base]
    left = [tour.depart_s, *(visit.leave_s for visit in tour.visits)]
    arrived = [*(visit.arrive_s for visit in tour.visits), tour.return_s]
    names = [*(visit.place for visit in tour.visits), vehicle.depot]
    drive_s = drive_m = 0
    for leg, (here, there) in enumerate(pairwise(locations)):
        needed_s = int(problem.travel_s[here, there])
        drive_s += needed_s
        drive_m += int(problem.travel_m[here, there])
        missing_s = needed_s - (arrived[leg] - left[leg])
        if missing_s > 0:
            yield _at(tour, "drives_too_fast", missing_s, "s", names[leg])
    if tour.drive_s != drive_s:
        yield _at(tour, "drive_time_wrong", abs(tour.drive_s - drive_s), "s")
    if tour.drive_m != drive_m:
        yield _at(tour, "drive_distance_wrong", abs(tour.drive_m - drive_m), "m")


def _visit(
    visit: Visit, tour: Round, vehicle: Vehicle, problem: TourProblem
) -> Iterator[Violation]:
    stop_number = [stop.place.id for stop in problem.stops].index(visit.place)
    stop = problem.stops[stop_number]
    if (short := vehicle.setup_s - (visit.open_s - visit.arrive_s)) > 0:
        yield _at(tour, "setup_too_short", short, "s", visit.place)
    if (short := vehicle.packing_s - (visit.leave_s - visit.close_s)) > 0:
        yield _at(tour, "packing_too_short", short, "s", visit.place)
    served_s = visit.close_s - visit.open_s
    if (short := int(problem.dwell_s[stop_number]) - served_s) > 0:
        yield _at(tour, "stay_too_short", short, "s", visit.place)
    if (over := served_s - stop.dwell_max_s) > 0:
        yield _at(tour, "stay_too_long", over, "s", visit.place)
    if off_s := visit.open_s % problem.step_s:
        yield _at(tour, "opens_off_the_clock", off_s, "s", visit.place)
    if (missing := int(problem.units[stop_number]) - visit.units) > 0:
        yield _at(tour, "too_few_units", missing, "units", visit.place)
    outside_s = _outside_hours_s(visit, tour.day, stop_number, problem)
    if outside_s > 0:
        yield _at(tour, "outside_hours", outside_s, "s", visit.place)


def _outside_hours_s(visit: Visit, day: int, stop_number: int, problem: TourProblem) -> int:
    """Seconds of serving while the stop is closed."""
    hours = problem.stops[stop_number].hours
    served_s = visit.close_s - visit.open_s
    if hours is None:
        return 0
    opens, closes = day * DAY_S + visit.open_s, day * DAY_S + visit.close_s
    inside_s, reached_s = 0, opens
    intervals = sorted(interval for rhythm in hours for interval in rhythm.intervals(problem.cycle))
    for start_s, end_s in intervals:
        start_s, end_s = max(start_s, reached_s), min(end_s, closes)  # noqa: PLW2901 - clipped
        if end_s > start_s:
            inside_s += end_s - start_s
            reached_s = end_s
    return served_s - inside_s


def _lunch(tour: Round, vehicle: Vehicle, crew: Crew) -> Iterator[Violation]:
    """Lunch lies in its interval, parked at a stop and not serving, or at the depot."""
    if crew.lunch_s == 0:
        return
    window = crew.lunch_window
    if tour.lunch is None:
        before_s = min(tour.depart_s, window.end_s) - window.start_s
        after_s = window.end_s - max(tour.return_s, window.start_s)
        if (short := crew.lunch_s - max(before_s, after_s)) > 0:
            yield _at(tour, "no_lunch", short, "s")
        return
    if (short := crew.lunch_s - (tour.lunch.end_s - tour.lunch.start_s)) > 0:
        yield _at(tour, "lunch_too_short", short, "s")
    if (early := window.start_s - tour.lunch.start_s) > 0:
        yield _at(tour, "lunch_too_early", early, "s")
    if (late := tour.lunch.end_s - window.end_s) > 0:
        yield _at(tour, "lunch_too_late", late, "s")
    if not any(_lunch_at(visit, tour.lunch, vehicle) for visit in tour.visits):
        yield _at(tour, "lunch_while_working")


def _lunch_at(visit: Visit, lunch: Hours, vehicle: Vehicle) -> bool:
    """Whether lunch fits between arriving and setting up, or between packing and leaving."""
    setup_from_s = visit.open_s - vehicle.setup_s
    packed_s = visit.close_s + vehicle.packing_s
    before = visit.arrive_s <= lunch.start_s and lunch.end_s <= setup_from_s
    return before or (packed_s <= lunch.start_s and lunch.end_s <= visit.leave_s)


def _calendar(plan: TourPlan, problem: TourProblem) -> Iterator[Violation]:
    """Each visited stop comes back every `every_weeks` weeks on one weekday."""
    days: dict[str, list[int]] = defaultdict(list)
    for tour in plan.rounds:
        for visit in tour.visits:
            days[visit.place].append(tour.day)
    for stop in problem.stops:
        visited = sorted(days.get(stop.place.id, []))
        step = 7 * stop.every_weeks
        if visited and visited != list(range(visited[0] % step, problem.cycle.days, step)):
            yield Violation(code="rhythm_broken", day=visited[0], place=stop.place.id)


def _musts(plan: TourPlan, problem: TourProblem) -> Iterator[Violation]:
    """A stop that must be visited is, or the plan says why not and indeed has no room for it.

    Room is looked for with the planned visits as they are, see `tours.room_left`: whether all such
    stops could be visited by another plan is not for a checker to decide.
    """
    missing = [
        number
        for number, stop in enumerate(problem.stops)
        if stop.must and stop.place.id not in plan.places
    ]
    given_up = {row.reason.where for row in plan.unserved if row.homes == 0}
    sound = not any(broken for tour in plan.rounds for broken in _ids(tour, problem))
    for number in missing:
        place = problem.stops[number].place.id
        if place not in given_up:
            yield Violation(code="must_stop_missing", place=place)
        elif sound and (day := day_with_room(number, plan, problem)) is not None:
            yield Violation(code="must_stop_left_out", day=day, place=place)


def _sums(plan: TourPlan, problem: TourProblem) -> Iterator[Violation]:
    """Who is reached, who is left out, and what the plan says of itself."""
    homes = problem.homes
    number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
    visited = {number[place] for place in plan.places if place in number}
    reached = [
        not visited.isdisjoint(problem.reached_from(row).tolist()) for row in range(len(homes))
    ]
    people = homes.people.tolist()
    in_all = sum(people)
    by_tour = sum(count for count, can in zip(people, reached, strict=True) if can)
    need = sum(count for count, can in zip(problem.need.tolist(), reached, strict=True) if can)
    told_homes = [row for row in plan.unserved if row.homes]
    left_out = sum(row.people for row in told_homes)
    told = [
        ("people_in_all_wrong", plan.people_in_all, in_all),
        ("people_reached_wrong", plan.people_reached, by_tour),
        ("objective_wrong", plan.provenance.objective, need),
        ("unserved_wrong", left_out if told_homes else None, in_all - by_tour),
    ]
    for code, said, found in told:
        if said is not None and not abs(said - found) <= _PEOPLE_TOLERANCE * max(1.0, in_all, need):
            yield Violation(code=code, amount=_off(said, found), unit="people")
    yield from _promises(plan, need)


def _off(said: float, found: float) -> float:
    """By how much a figure is wrong; one that is no number counts as nothing."""
    return abs(said - found) if isfinite(said) else found


def _promises(plan: TourPlan, need: float) -> Iterator[Violation]:
    """The bound is not below the need reached, and the gap is what lies between."""
    bound, gap = plan.provenance.bound, plan.provenance.gap
    if bound is None:
        return
    if not need <= bound + _PEOPLE_TOLERANCE * max(1.0, bound):
        yield Violation(code="bound_below_objective", amount=_off(bound, need), unit="people")
    elif gap is not None and not abs(gap - max(0.0, bound - need) / (bound or 1)) <= _GAP_TOLERANCE:
        yield Violation(code="gap_wrong")
