"""A routing problem as the kernels' arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.arrays.problem import Problem
from msap_mobility.optimise.routing.native.choices import (
    homes,
    options,
    owners,
    taken_by,
    units,
)
from msap_mobility.optimise.routing.problem import ANY_DAY, ANYWHERE, NONE, UNLIMITED
from msap_mobility.optimise.routing.rules import further_rules

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.problem import RoutingProblem

__all__ = ["encoded"]

_NEAR, _BESIDE = 400, 100
_ORDERS = {"random": 4, "heavy": 4, "far": 2, "close": 1, "narrow": 2, "early": 2, "late": 2}
"""How often each order of insertion is drawn: the paper's weights, windows as in its section 5."""


def encoded(problem: RoutingProblem, *, near: int = _NEAR) -> Problem:
    """The arrays of a problem, with the `near` nearest tasks of each.

    Costs that are all 0 are replaced by distances, or times, that only guide the search: then
    nothing but prizes counts (``SCORED``).
    """
    distance, time = _with_nowhere(problem)
    vehicle, classes = _vehicles(problem)
    scored = _is_scored(problem)
    if scored:
        limited = (problem.vehicles.max_distance < UNLIMITED).any()
        guide = distance if limited else time.astype(np.int64)
        cost = np.ascontiguousarray(guide)
        vehicle[:, a.CLASS] = vehicle[:, a.PROFILE]
        vehicle[:, a.RATE] = int(limited)
    else:
        cost = np.stack([distance[profile] * per_unit for profile, per_unit in classes])
    owner = owners(problem)
    node = _nodes(problem, owner)
    task_node = node[: len(problem.tasks)]
    option, part = options(problem)
    unit, member = units(problem, owner, option)
    home, reach, cover_start, covers = homes(problem)
    entering = _first_requests(part, option, unit, member, home, reach)
    key, order = _keys(problem, cost, task_node, entering)
    setting = np.zeros(11, dtype=np.int64)
    setting[a.STOPS] = _most_stops(problem) + vehicle[:, a.MOST_LOADINGS].max(initial=0)
    waits = (node[:, a.RELEASE] > 0) | (node[:, a.COLD] < a.NEVER)
    again = (vehicle[:, a.LOADING] >= 0).any()
    setting[a.TRIPS] = int(waits.any() or again or len(problem.breaks) > 0)
    setting[a.VEHICLES_FIRST] = int(problem.objective.vehicles_first)
    setting[a.SCORED] = int(scored)
    setting[a.PRIZE_SCALE] = _prize_scale(problem, cost) if scored else 1
    optional = not (unit[:, a.MUST].all() and home[:, a.NEEDED].all())
    setting[a.BARGAINS] = 0 if unit[:, a.MUST].all() else 50
    setting[a.FLEET_MATTERS] = int(problem.vehicles.fixed.any())
    setting[a.OPTIONAL] = int(optional and not scored)
    setting[a.SELECTS] = _selects(problem, vehicle) if scored else 0
    several = option[:, a.PARTS_END] - option[:, a.PARTS] > 1
    setting[a.SEVERAL_PARTS] = int(several.any())
    setting[a.ALL_PRIZES] = _all_prizes(problem, home)
    return Problem(
        cost=cost,
        cost_to=np.ascontiguousarray(cost.transpose(0, 2, 1)),
        time=time,
        distance=distance,
        node=node,
        window=problem.tasks.window_s,
        load=np.pad(problem.tasks.load, ((0, len(vehicle) + len(problem.breaks)), (0, 0))),
        request=np.stack(
            [
                problem.requests.task.astype(np.int64),
                problem.requests.delivery.astype(np.int64),
            ],
            axis=1,
        ),
        takes=taken_by(problem.requests, problem.vehicles),
        option=option,
        part=part,
        unit=unit,
        member=member,
        home=home,
        reach=reach,
        cover_start=cover_start,
        covers=covers,
        vehicle=vehicle,
        rest=_rest(problem),
        capacity=np.ascontiguousarray(problem.vehicles.capacity),
        type_of=np.repeat(
            np.arange(len(vehicle)), vehicle[:, a.SLOT_END] - vehicle[:, a.SLOT_FROM]
        ),
        near=_near(cost[0], task_node, near),
        beside=_beside(problem, cost[0], task_node, near),
        key=key,
        order=order,
        setting=setting,
    )


def _with_nowhere(problem: RoutingProblem) -> tuple[Int64, Int32]:
    """Matrices with one more place, no distance from anywhere, where open routes end."""
    distance, time = problem.distance, problem.duration_s
    if (problem.vehicles.end == ANYWHERE).any():
        margin = ((0, 0), (0, 1), (0, 1))
        distance, time = np.pad(distance, margin), np.pad(time, margin)
    return np.ascontiguousarray(distance), np.ascontiguousarray(time)


def _is_scored(problem: RoutingProblem) -> bool:
    """Whether routes cost nothing at all."""
    vehicles = problem.vehicles
    costs = (vehicles.fixed, vehicles.per_distance, vehicles.per_s, vehicles.per_overtime_s)
    return problem.objective.balance == 0 and not any(column.any() for column in costs)


def _selects(problem: RoutingProblem, vehicle: Int64) -> int:
    """What alone limits the routes, if only prizes of single visits count; 0 if more does."""
    windows = (vehicle[:, a.LATEST_END] < UNLIMITED) | (vehicle[:, a.EARLIEST] > 0)
    others = (
        len(further_rules(problem))
        or len(problem.tasks.window_s)
        or problem.tasks.load.any()
        or windows.any()
    )
    if others or (problem.requests.delivery >= 0).any():
        return 0
    far, shift = vehicle[:, a.FARTHEST] < a.NEVER, vehicle[:, a.LONGEST] < UNLIMITED
    if far.all() and not shift.any():
        return a.BY_DISTANCE
    return a.BY_TIME if shift.all() and not far.any() else 0


def _prize_scale(problem: RoutingProblem, cost: Int64) -> int:
    """What a unit of prize weighs beside what only guides.

    Four times what it costs to earn one if all could be earned within the limits: dear enough that
    hardly any prize is given up for a shorter way, cheap enough that annealing may do so while hot.
    """
    vehicles = problem.vehicles
    limits = np.minimum(vehicles.max_distance, vehicles.latest_s - vehicles.earliest_s)
    limits = np.minimum(limits, vehicles.shift_s)
    most = int(cost.max(initial=0)) * (len(problem.tasks) + 1)
    total = int((np.minimum(limits, most) * vehicles.count).sum())
    return max(1, 4 * total // max(1, int(problem.requests.prize.clip(min=0).sum())))


def _vehicles(problem: RoutingProblem) -> tuple[Int64, list[tuple[int, int]]]:
    """The table of vehicle types, and the (profile, cost of distance) of each cost class."""
    vehicles = problem.vehicles
    pairs = list(zip(vehicles.profile.tolist(), vehicles.per_distance.tolist(), strict=True))
    classes = sorted(set(pairs)) or [(0, 1)]
    table = np.zeros((len(vehicles), 23), dtype=np.int64)
    slots = np.minimum(vehicles.count, max(1, len(problem.requests)))
    balance = problem.objective.balance
    again = (vehicles.reload != NONE) & (vehicles.max_trips > 1)
    columns = {
        a.START: vehicles.start,
        a.END: np.where(vehicles.end == ANYWHERE, problem.places, vehicles.end),
        a.EARLIEST: vehicles.earliest_s,
        a.LATEST_END: vehicles.latest_s,
        a.LONGEST: np.minimum(vehicles.shift_s + vehicles.overtime_s, UNLIMITED),
        a.SHIFT: vehicles.shift_s,
        a.FARTHEST: np.where(vehicles.max_distance < UNLIMITED, vehicles.max_distance, a.NEVER),
        a.MOST_STOPS: vehicles.max_stops,
        a.PROFILE: vehicles.profile,
        a.CLASS: [classes.index(pair) for pair in pairs],
        a.FIXED: vehicles.fixed,
        a.PER_S: vehicles.per_s,
        a.PER_OVERTIME: vehicles.per_overtime_s,
        a.BALANCE: balance,
        a.TIMED: (vehicles.shift_s < UNLIMITED) | (vehicles.per_s > 0) | (balance > 0),
        a.PAID: (vehicles.per_s > 0) | (vehicles.per_overtime_s > 0) | (balance > 0),
        a.SLOT_FROM: np.cumsum(slots) - slots,
        a.SLOT_END: np.cumsum(slots),
        a.RATE: vehicles.per_distance,
        a.BREAKS: np.searchsorted(np.sort(problem.breaks.vehicle), np.arange(len(vehicles))),
        a.BREAKS_END: np.searchsorted(
            np.sort(problem.breaks.vehicle), np.arange(len(vehicles)), side="right"
        ),
        a.LOADING: np.where(again, len(problem.tasks) + np.arange(len(vehicles)), -1),
        a.MOST_LOADINGS: np.where(
            again, np.minimum(vehicles.max_trips - 1, _most_stops(problem) + 1), 0
        ),
    }
    for column, values in columns.items():
        table[:, column] = values
    return table, classes


def _all_prizes(problem: RoutingProblem, home: Int64) -> int:
    """What is missed while nobody is served."""
    prizes = (problem.requests.prize, problem.patterns.prize, home[:, a.HOME_PRIZE])
    return sum(int(each.clip(min=0).sum()) for each in prizes)


def _nodes(problem: RoutingProblem, owner: Int64) -> Int64:
    """The table of tasks, and of the loadings behind them."""
    tasks, requests = problem.tasks, problem.requests
    both = np.zeros((len(tasks) + len(problem.vehicles) + len(problem.breaks), 12), dtype=np.int64)
    node, loading = both[: len(tasks)], both[len(tasks) : len(tasks) + len(problem.vehicles)]
    rest, breaks = both[len(tasks) + len(problem.vehicles) :], problem.breaks
    order = np.argsort(breaks.vehicle, kind="stable")
    rest[:, a.SERVICE] = breaks.duration_s[order]
    rest[:, a.EARLY], rest[:, a.LATE] = breaks.earliest_s[order], breaks.latest_s[order]
    rest[:, a.PARTNER], rest[:, a.RIDE], rest[:, a.OWNER] = -1, a.NEVER, -1
    loading[:, a.PLACE] = problem.vehicles.reload.clip(min=0)
    loading[:, a.SERVICE], loading[:, a.LATE] = problem.vehicles.reload_s, UNLIMITED
    loading[:, a.PARTNER], loading[:, a.RIDE] = -1, a.NEVER
    loading[:, a.OWNER] = loading[:, a.NODE_REQUEST] = -1
    node[:, a.PLACE], node[:, a.SERVICE] = tasks.place, tasks.service_s
    first, end = tasks.window_start[:-1], tasks.window_start[1:]
    node[:, a.WINDOWS], node[:, a.WINDOW_FROM] = end - first, first
    node[:, a.LATE] = UNLIMITED
    some = np.flatnonzero(end > first)
    node[some, a.EARLY] = tasks.window_s[first[some], 0]
    node[some, a.LATE] = tasks.window_s[end[some] - 1, 1]
    node[:, a.PARTNER], node[:, a.RIDE] = -1, a.NEVER
    paired = np.flatnonzero(requests.delivery >= 0)
    pickup, delivery = requests.task[paired], requests.delivery[paired]
    node[pickup, a.PARTNER], node[delivery, a.PARTNER] = delivery, pickup
    ride = requests.max_ride_s[paired]
    node[delivery, a.RIDE] = np.where(ride < UNLIMITED, ride, a.NEVER)
    node[requests.task, a.OWNER] = owner
    node[delivery, a.OWNER] = owner[paired]
    node[requests.task, a.NODE_REQUEST] = np.arange(len(requests))
    node[delivery, a.NODE_REQUEST] = paired
    node[requests.task, a.RELEASE] = requests.release_s
    both[:, a.COLD] = a.NEVER
    after_s = breaks.after_s[order]
    rest[:, a.COLD] = np.where(after_s < UNLIMITED, after_s, a.NEVER)
    cold = requests.max_cold_s
    node[requests.task, a.COLD] = np.where(cold < UNLIMITED, cold, a.NEVER)
    return both


def _first_requests(
    part: Int64, option: Int64, unit: Int64, member: Int64, home: Int64, reach: Int64
) -> tuple[Int64, Int64]:
    """A request by which each unit and home is sorted, its first; and what it is worth."""
    first = np.zeros(len(unit) + len(home), dtype=np.int64)
    filled = np.flatnonzero(unit[:, a.MEMBERS_END] > unit[:, a.MEMBERS])
    first[filled] = part[option[member[unit[filled, a.MEMBERS]], a.PARTS]]
    reached = np.flatnonzero(home[:, a.REACH_END] > home[:, a.REACH])
    first[len(unit) + reached] = reach[home[reached, a.REACH]]
    return first, np.concatenate([unit[:, a.WORTH], home[:, a.HOME_PRIZE]])


def _rest(problem: RoutingProblem) -> Int64:
    """The table of breaks, those of a type of vehicle together."""
    breaks = problem.breaks
    order = np.argsort(breaks.vehicle, kind="stable")
    unpaid_s = np.where(breaks.paid, 0, breaks.duration_s)
    return np.ascontiguousarray(np.stack([breaks.if_longer_s[order], unpaid_s[order]], axis=1))


def _keys(
    problem: RoutingProblem, cost: Int64, node: Int64, entering: tuple[Int64, Int64]
) -> tuple[Int64, Int64]:
    """What units and homes are sorted by, least first, and how often each key is drawn."""
    first, worth = entering
    task = problem.requests.task[first].astype(np.int64) if len(node) else first
    start = problem.vehicles.start[0] if len(problem.vehicles) else 0
    away = cost[0, start, node[task, a.PLACE]] if len(node) else task
    early = node[task, a.EARLY] if len(node) else task
    late = node[task, a.LATE] if len(node) else task
    weight = abs(problem.tasks.load[task]).sum(axis=1) if len(node) else task
    keys = {
        "heavy": -weight,
        "far": -away,
        "close": away,
        "narrow": late - early,
        "early": early,
        "late": -late,
        "dear": -worth,
    }
    weights = dict(_ORDERS)
    if not len(problem.tasks.window_s):
        weights.update(narrow=0, early=0, late=0)
    if not weight.any():
        weights["heavy"] = 0
    if worth.any():
        weights["dear"] = 4
    names = list(keys)
    order = [
        -1 if name == "random" else names.index(name)
        for name, times in weights.items()
        for _ in range(times)
    ]
    return np.stack(list(keys.values())).astype(np.int64), np.array(order, dtype=np.int64)


def _most_stops(problem: RoutingProblem) -> int:
    """No route can hold more tasks."""
    most = problem.vehicles.max_stops.max(initial=0)
    return int(max(1, min(most, len(problem.tasks))))


def _beside(problem: RoutingProblem, cost: Int64, node: Int64, most: int) -> Int32:
    """The nearest tasks that vehicles of the same day serve."""
    day = problem.requests.day[node[:, a.NODE_REQUEST]]
    if not further_rules(problem) or (day == ANY_DAY).all():
        return _near(cost, node, min(most, _BESIDE))
    beside = np.zeros((len(node), min(len(node), most, _BESIDE)), dtype=np.int32)
    place = node[:, a.PLACE]
    for task in range(len(node)):
        both = cost[place[task], place] + cost[place, place[task]]
        both[(day != day[task]) & (day != ANY_DAY) & (day[task] != ANY_DAY)] = a.NEVER
        both[task] = -1
        beside[task] = np.argsort(both, kind="stable")[: beside.shape[1]]
    return beside


def _near(cost: Int64, node: Int64, most: int) -> Int32:
    """The nearest tasks of each, itself first, ties by number."""
    place = node[:, a.PLACE]
    count = min(len(place), most)
    near = np.zeros((len(place), count), dtype=np.int32)
    for task in range(len(place)):
        both = cost[place[task], place] + cost[place, place[task]]
        both[task] = -1
        near[task] = np.argsort(both, kind="stable")[:count]
    return near
