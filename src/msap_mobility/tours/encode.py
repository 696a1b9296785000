"""From a tour problem to the arrays of the engine, and the names of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from msap_mobility.optimise.rounds.arrays import CAPACITY, NEVER, Int32, Int64, RoundsProblem
from msap_mobility.optimise.rounds.whatif import earliest_return
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model import Crew, Stop, Vehicle
    from msap_mobility.model.home import FloatArray, IntArray
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.tours.tour import TourPlan

T = TypeVar("T")

__all__ = ["WEIGHT_PER_NEED", "Encoded", "Shift", "encode", "patterns"]

WEIGHT_PER_NEED = 1000
"""The engine counts need in whole thousandths of a person's."""

_NEIGHBOURS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One vehicle on one day of the cycle, and its crew."""

    day: int
    vehicle: Vehicle
    crew: Crew


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoded:
    """The arrays of the engine and what their numbers mean.

    Parameters
    ----------
    rounds
        Places are `TourProblem.stops`; customers are groups of home rows that reach the same
        stops, then one for each stop that must be visited, worth more than everybody.
    shifts
        What each shift stands for.
    customer
        int32 per home row: its customer, −1 where no stop is within reach.
    homes_weight
        Weight of all home rows that reach a stop.
    must_weight
        Weight of the customer behind a stop that must be visited.
    """

    rounds: RoundsProblem
    shifts: tuple[Shift, ...]
    customer: IntArray
    homes_weight: int
    must_weight: int

    def need(self, served: int) -> float:
        """Need reached, from the weight served."""
        return served % self.must_weight / WEIGHT_PER_NEED

    def sequences(self, plan: TourPlan, problem: TourProblem) -> list[list[int]]:
        """Numbers of the stops of each shift in a plan, in driving order."""
        number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
        visits = {(tour.day, tour.vehicle): tour.visits for tour in plan.rounds}
        return [
            [number[visit.place] for visit in visits.get((shift.day, shift.vehicle.id), ())]
            for shift in self.shifts
        ]

    def shift_groups(self) -> IntArray:
        """Number of the vehicle and weekday of each shift: a pattern stays within one."""
        keys = [(shift.day % 7, shift.vehicle.id) for shift in self.shifts]
        number = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        return np.array([number[key] for key in keys], dtype=np.int32)

    def customer_need(self, problem: TourProblem) -> FloatArray:
        """Exact need behind each customer, stops that must be visited left out."""
        return _need_by_customer(self.customer, problem)


def encode(problem: TourProblem) -> Encoded:
    """Lay a problem out for the engine."""
    shifts = _shifts(problem)
    shift = np.array([_shift_row(item, problem) for item in shifts], dtype=np.int32).reshape(-1, 10)
    customer, cover, weight = _customers(problem)
    homes_weight = sum(weight)
    must_weight = homes_weight + 1
    for number, stop in enumerate(problem.stops):
        if stop.must:
            cover[number].append(len(weight))
            weight.append(must_weight)
    price = _price(shift, homes_weight)
    setting = np.array([problem.cycle.days, problem.step_s, price], dtype=np.int64)
    rounds = _rounds(problem, shift, cover, weight, setting)
    return Encoded(
        rounds=_with_patterns(rounds, problem, shifts),
        shifts=shifts,
        customer=customer,
        homes_weight=homes_weight,
        must_weight=must_weight,
    )


def _rounds(
    problem: TourProblem,
    shift: Int32,
    cover: list[list[int]],
    weight: list[int],
    setting: Int64,
) -> RoundsProblem:
    """The arrays, still without any pattern."""
    served: list[list[int]] = [[] for _ in weight]
    for place, customers in enumerate(cover):
        for number in customers:
            served[number].append(place)
    cover_start, cover_customer = _csr(cover)
    served_start, served_place = _csr(served)
    windows = [day for stop in problem.stops for day in _windows(stop, problem)]
    window_start, window_rows = _csr(windows)
    return RoundsProblem(
        travel_s=problem.travel_s,
        dwell_s=problem.dwell_s,
        units=problem.units,
        window_start=window_start,
        window_s=np.array(window_rows, dtype=np.int32).reshape(-1, 2),
        shift=shift,
        pattern_start=np.zeros(len(cover) + 1, dtype=np.int32),
        visit_start=np.zeros(1, dtype=np.int32),
        visit_shift=_int32([]),
        cover_start=cover_start,
        cover_customer=_int32(cover_customer),
        served_start=served_start,
        served_place=_int32(served_place),
        weight=np.array(weight, dtype=np.int64),
        near=_near(problem),
        setting=setting,
    )


def _with_patterns(
    rounds: RoundsProblem, problem: TourProblem, shifts: Sequence[Shift]
) -> RoundsProblem:
    """The arrays with the patterns in which every visit fits, at least alone."""
    fits = [
        [_fits_alone(rounds, place, number) for number in range(len(shifts))]
        for place in range(rounds.places)
    ]
    ways = [
        [way for way in patterns(place, problem, shifts) if all(alone[number] for number in way)]
        for place, alone in enumerate(fits)
    ]
    pattern_start, pattern_rows = _csr(ways)
    visit_start, visit_shift = _csr(pattern_rows)
    return rounds._replace(
        pattern_start=pattern_start, visit_start=visit_start, visit_shift=_int32(visit_shift)
    )


def _fits_alone(rounds: RoundsProblem, place: int, number: int) -> bool:
    """Whether one visit, lunch and all, fits into the shift if it is the only one."""
    shift, alone = rounds.shift[number], np.array([place], dtype=np.int32)
    return bool(
        rounds.units[place] <= shift[CAPACITY]
        and earliest_return(tuple(rounds), shift, alone) < NEVER
    )


def _windows(stop: Stop, problem: TourProblem) -> list[list[tuple[int, int]]]:
    """When a stop can serve, by day of the cycle: seconds since midnight, sorted and disjoint.

    Hours that touch or overlap become one window.
    """
    cycle_days = problem.cycle.days
    if stop.hours is None:
        return [[(0, DAY_S)] for _ in range(cycle_days)]
    intervals = (interval for rhythm in stop.hours for interval in rhythm.intervals(problem.cycle))
    days: list[list[tuple[int, int]]] = [[] for _ in range(cycle_days)]
    for start_s, end_s in sorted(intervals):
        day, opens = divmod(start_s, DAY_S)
        closes, today = opens + end_s - start_s, days[day]
        if today and opens <= today[-1][1]:
            today[-1] = (today[-1][0], max(closes, today[-1][1]))
        else:
            today.append((opens, closes))
    return days


def _shifts(problem: TourProblem) -> tuple[Shift, ...]:
    crew_of = {(crew.vehicle, weekday): crew for crew in problem.crews for weekday in crew.weekdays}
    return tuple(
        Shift(day=day, vehicle=vehicle, crew=crew_of[vehicle.id, day % 7])
        for day in range(problem.cycle.days)
        for vehicle in problem.vehicles
        if (vehicle.id, day % 7) in crew_of
    )


def _shift_row(shift: Shift, problem: TourProblem) -> list[int]:
    """The columns `DAY` … `CAPACITY` of the engine's shift table."""
    crew, vehicle = shift.crew, shift.vehicle
    return [
        shift.day,
        problem.depot_location(vehicle),
        crew.shift.start_s,
        crew.shift.end_s,
        crew.lunch_s,
        crew.lunch_window.start_s,
        crew.lunch_window.end_s,
        vehicle.setup_s,
        vehicle.packing_s,
        vehicle.capacity,
    ]


def patterns(place: int, problem: TourProblem, shifts: Sequence[Shift]) -> list[list[int]]:
    """Every way to put a stop on the calendar: one weekday, one first week, one vehicle.

    Each is a list of shift numbers; hours, time and load are not looked at.
    """
    number = {(shift.day, shift.vehicle.id): index for index, shift in enumerate(shifts)}
    every_days = 7 * problem.stops[place].every_weeks
    ways = (
        [(day, vehicle.id) for day in range(first, problem.cycle.days, every_days)]
        for first in range(every_days)
        for vehicle in problem.vehicles
    )
    return [[number[key] for key in way] for way in ways if all(key in number for key in way)]


def _customers(problem: TourProblem) -> tuple[IntArray, list[list[int]], list[int]]:
    """Merge home rows that reach the same stops: customer per row, customers per stop, weights.

    Need is summed over the rows of a customer before it is rounded, so that a thousand tenths of a
    person weigh as much as a hundred persons.
    """
    customer = np.full(len(problem.homes), -1, dtype=np.int32)
    number_of: dict[bytes, int] = {}
    cover: list[list[int]] = [[] for _ in problem.stops]
    for row in range(len(problem.homes)):
        stops = problem.reached_from(row)
        if len(stops) == 0:
            continue
        count = len(number_of)
        number = number_of.setdefault(stops.tobytes(), count)
        if number == count:
            for stop in stops.tolist():
                cover[stop].append(number)
        customer[row] = number
    need = _need_by_customer(customer, problem)
    return customer, cover, np.round(need * WEIGHT_PER_NEED).astype(np.int64).tolist()


def _need_by_customer(customer: IntArray, problem: TourProblem) -> FloatArray:
    """Exact need behind each customer, stops that must be visited left out."""
    known = customer >= 0
    return np.bincount(customer[known], weights=problem.need[known]).astype(np.float64)


def _near(problem: TourProblem) -> IntArray:
    """For each stop the nearest ones, itself first, there and back counted."""
    count = len(problem.stops)
    there = problem.travel_s[:count, :count]
    both = there + there.T
    np.fill_diagonal(both, -1)
    return np.ascontiguousarray(
        np.argsort(both, axis=1, kind="stable")[:, :_NEIGHBOURS], dtype=np.int32
    )


def _price(shift: Int32, homes_weight: int) -> int:
    """What a unit of weight is worth to the search, in 1/1024 s of duty.

    High enough that a small stop is worth a long detour: two hundred times the mean cost of
    need if all duty served everybody.
    """
    duty_s = int((shift[:, 3] - shift[:, 2]).sum())
    return max(1, 200 * 1024 * duty_s // max(1, homes_weight))


def _csr(rows: Sequence[Sequence[T]]) -> tuple[IntArray, list[T]]:
    """Starts (int32) and the rows one after the other."""
    start = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum([len(row) for row in rows], out=start[1:])
    return start, [item for row in rows for item in row]


def _int32(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int32).reshape(-1)
