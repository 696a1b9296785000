"""What the labels of a plan must be, told by their definitions, second by second or by brute force.

Nothing here is asked of a kernel, but for `consistent`, which compares with labels made afresh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.arrays import LIMIT
from msap_mobility.optimise.routing.native.arrays import memory as am
from msap_mobility.optimise.routing.native.arrays import plan as ap
from msap_mobility.optimise.routing.native.arrays import problem as a
from msap_mobility.optimise.routing.native.labels import needs_schedule, refresh
from tests.optimise.routing.brute_force import timed
from tests.optimise.routing.stated import distance_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.optimise.routing.native.arrays.memory import Memory
    from msap_mobility.optimise.routing.native.arrays.plan import Plan
    from msap_mobility.optimise.routing.native.arrays.problem import Problem
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import Route

LIVE = {"place": 2, "edge": 1, "leave": 1, "latest": 2, "aboard": 1, "span": 1, "trip": 1}
"""How many positions beside those of tasks have such a label; the start has no latest beginning."""


def windows_of(problem: RoutingProblem, task: int) -> list[tuple[int, int]]:
    first, end = problem.tasks.window_start[task : task + 2]
    return [(int(x), int(y)) for x, y in problem.tasks.window_s[first:end]] or [(0, LIMIT)]


def opening(problem: RoutingProblem, task: int, moment: int) -> int | None:
    """The first moment from `moment` on at which a task may begin."""
    return min((max(moment, x) for x, y in windows_of(problem, task) if moment <= y), default=None)


def drive_s(problem: RoutingProblem, kind: int, before: int | None, after: int | None) -> int:
    """From one task to the next; None is where the vehicle starts, or ends."""
    vehicles, place = problem.vehicles, problem.tasks.place
    here = vehicles.start[kind] if before is None else place[before]
    there = vehicles.end[kind] if after is None else place[after]
    return 0 if there < 0 else int(problem.duration_s[vehicles.profile[kind], here, there])


def begun(
    problem: RoutingProblem, kind: int, tasks: Sequence[int], moment: int, *, home: bool
) -> int | None:
    """The end of tasks of which the first is reached at `moment`, each begun as soon as may be."""
    for row, task in enumerate(tasks):
        start = opening(problem, task, moment)
        if start is None:
            return None
        moment = start + int(problem.tasks.service_s[task])
        if row + 1 < len(tasks) or home:
            after = tasks[row + 1] if row + 1 < len(tasks) else None
            moment += drive_s(problem, kind, task, after)
    return None if home and moment > problem.vehicles.latest_s[kind] else moment


def aboard_at(problem: RoutingProblem, tasks: Sequence[int]) -> np.ndarray:
    """(1 + tasks, D): what is aboard when each position is left."""
    paired = problem.requests.delivery >= 0
    ends = {*problem.requests.task[paired].tolist(), *problem.requests.delivery[paired].tolist()}
    rows = [np.zeros(problem.dimensions, dtype=np.int64)]
    for task in tasks:
        if task not in ends:
            rows[0] = rows[0] - np.minimum(problem.tasks.load[task], 0)
    for task in tasks:
        rows.append(rows[-1] + problem.tasks.load[task])
    return np.stack(rows)


def priced(problem: RoutingProblem, kind: int, tasks: Sequence[int]) -> int | None:
    """What a route costs driven in the least time; None if a rule forbids it. Nothing is free."""
    if not tasks:
        return 0
    route = allowed(problem, kind, tasks)
    return None if route is None else sum(parts_of(problem, route))


def allowed(problem: RoutingProblem, kind: int, tasks: Sequence[int]) -> Route | None:
    """The route in its least time if every rule lets this type of vehicle drive it."""
    vehicles, requests = problem.vehicles, problem.requests
    served = np.isin(requests.task, tasks)
    if (
        len(tasks) > vehicles.max_stops[kind]
        or (requests.skills[served] & ~vehicles.skills[kind]).any()
    ):
        return None
    if distance_of(problem, kind, tasks) > vehicles.max_distance[kind]:
        return None
    if (aboard_at(problem, tasks) > vehicles.capacity[kind]).any():
        return None
    return timed(problem, kind, list(tasks))


def tasks_of(plan: Plan, slot: int) -> list[int]:
    listed: list[int] = plan.sequence[slot, 1 : plan.route[slot, ap.LENGTH] + 1].tolist()
    return listed


def set_route(problem: Problem, plan: Plan, memory: Memory, slot: int, tasks: list[int]) -> None:
    """Write a route; its unit counts as served, the totals are not looked after."""
    plan.sequence[slot, 1 : len(tasks) + 1] = tasks
    plan.route[slot, ap.LENGTH] = len(tasks)
    refresh(problem, plan, memory, slot)
    kind = problem.type_of[slot]
    if tasks:
        memory.high[kind] = max(memory.high[kind], slot + 1)


def same(one: Plan, other: Plan, *, problem: Problem | None = None) -> None:
    """Every array of two plans is equal.

    With a problem it is so where it means anything: whatever the stamps, and spans only of slots
    that are timed by them.
    """
    assert np.array_equal(one.served, other.served)
    assert np.array_equal(one.covered, other.covered)
    assert np.array_equal(one.total, other.total)
    columns = slice(None) if problem is None else slice(0, ap.STAMP)
    assert np.array_equal(one.route[:, columns], other.route[:, columns])
    assert np.array_equal(one.where[:, 0], other.where[:, 0])
    present = one.where[:, 0] >= 0
    assert np.array_equal(one.where[present], other.where[present])
    for slot in range(len(one.route)):
        timed_by_spans = problem is None or (
            problem.vehicle[problem.type_of[slot], a.TIMED] > 0
            and not needs_schedule(one, slot, True)
        )
        same_route(one, other, slot, spans=timed_by_spans)


def same_route(one: Plan, other: Plan, slot: int, *, spans: bool) -> None:
    """The labels of one slot."""
    count = int(one.route[slot, ap.LENGTH])
    assert np.array_equal(tasks_of(one, slot), tasks_of(other, slot))
    for name, more in LIVE.items():
        left, right = getattr(one, name), getattr(other, name)
        if left.shape[1] > 1 and (spans or name != "span"):
            live = slice(1 if name == "latest" else 0, count + more)
            assert np.array_equal(left[slot, live], right[slot, live]), name


def consistent(problem: Problem, plan: Plan) -> None:
    """A plan is what its sequences say, in every array."""
    fresh, memory = ap.empty_plan(problem), am.fresh_memory(problem, 1)
    served: dict[int, set[int]] = {}
    for slot in range(problem.slots):
        tasks = tasks_of(plan, slot)
        set_route(problem, fresh, memory, slot, tasks)
        assert not tasks or min(tasks) < problem.tasks, "who drives visits somebody"
        for position, task in enumerate(tasks, 1):
            if task >= problem.tasks:
                assert task == problem.vehicle[problem.type_of[slot], a.LOADING]
                continue
            assert plan.where[task].tolist() == [slot, position]
            request, unit = problem.node[task, [a.NODE_REQUEST, a.OWNER]].tolist()
            served.setdefault(unit, set()).add(request)
            partner = int(problem.node[task, a.PARTNER])
            assert partner < 0 or partner in tasks
            if partner >= 0 and problem.node[partner, a.NODE_REQUEST] == request:
                first, second = problem.request[request, [a.FIRST, a.SECOND]].tolist()
                assert tasks.index(first) < tasks.index(second)
    here = [task for slot in range(problem.slots) for task in tasks_of(plan, slot)]
    here = [task for task in here if task < problem.tasks]
    assert len(here) == len(set(here)), "no task twice"
    assert (plan.where[:, 0] >= 0).sum() == len(here)
    for unit, option in enumerate(plan.served.tolist()):
        assert served.get(unit, set()) == requests_of(problem, option), "all parts of one option"
    fresh.served[:] = plan.served
    fresh.covered[:] = covered(problem, here)
    fresh.total[:] = totals(problem, fresh)
    same(plan, fresh, problem=problem)


def requests_of(problem: Problem, option: int) -> set[int]:
    """The requests of an option; of none, none."""
    if option < 0:
        return set()
    first, end = problem.option[option, [a.PARTS, a.PARTS_END]].tolist()
    return set(problem.part[first:end].tolist())


def covered(problem: Problem, tasks: list[int]) -> list[int]:
    """How many requests whose tasks are there reach each home."""
    there = set(problem.node[tasks, a.NODE_REQUEST].tolist())
    reaches = problem.home[:, [a.REACH, a.REACH_END]].tolist()
    return [len(there.intersection(problem.reach[first:end].tolist())) for first, end in reaches]


def totals(problem: Problem, plan: Plan) -> list[int]:
    """Cost of all routes, gains missed, who is missing, routes, requests served."""
    cost = 0
    for slot in np.flatnonzero(plan.route[:, ap.LENGTH]):
        vehicle = problem.vehicle[problem.type_of[slot]].tolist()
        cost += vehicle[a.FIXED] + int(plan.route[slot, ap.DRIVEN])
        if vehicle[a.TIMED]:
            lasts = int(plan.route[slot, ap.DURATION])
            over = max(0, lasts - vehicle[a.SHIFT])
            cost += vehicle[a.PER_S] * lasts + vehicle[a.PER_OVERTIME] * over
            cost += vehicle[a.BALANCE] * lasts * lasts // 12_960_000
    absent, bare = plan.served < 0, plan.covered == 0
    gained = problem.option[plan.served[~absent], a.GAIN].sum()
    earned = problem.home[~bare, a.HOME_PRIZE].sum()
    missing = problem.unit[absent, a.MUST].sum() + problem.home[bare, a.NEEDED].sum()
    return [
        cost,
        int(problem.setting[a.ALL_PRIZES] - gained - earned),
        int(missing),
        int((plan.route[:, ap.LENGTH] > 0).sum()),
        sum(len(requests_of(problem, option)) for option in plan.served.tolist()),
    ]


def remembered(problem: Problem, accepted: Plan, memory: Memory) -> None:
    """Between two iterations memory lists who is absent, and nothing that changed."""
    control = memory.control
    absent = memory.absent[: control[am.ABSENT_COUNT]].tolist()
    assert sorted(absent) == np.flatnonzero(accepted.served < 0).tolist()
    assert control[am.TOUCHED_COUNT] == control[am.CHANGED_COUNT] == 0
    assert not memory.is_touched.any()
    assert not memory.has_gap.any()
    assert not memory.is_doubtful.any()
    assert not memory.is_changed.any()
    for kind, high in enumerate(memory.high.tolist()):
        used = np.flatnonzero((problem.type_of == kind) & (accepted.route[:, ap.LENGTH] > 0))
        assert high > used.max(initial=-1)
