"""Each rule the routing engine knows, in about ten lines.

All places lie along one road, so that the best plan can be seen by looking: a place is named by
its kilometre, a kilometre takes a minute and costs 1. Times are minutes here, seconds for the
engine.

Run it: ``python examples/routing_rules.py``, or name some rules behind it.
"""

import sys
from typing import Any

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError
from msap_mobility.optimise.routing.answer import solution_of
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    UNLIMITED,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import RoutingSolution
from msap_mobility.optimise.routing.solve import solve

HOUR, MINUTE = 3600, 60
SHORT = Budget(iterations=5_000)


def along(*km: int) -> dict[str, Any]:
    """Matrices between places along a road."""
    far = np.abs(np.subtract.outer(km, km))
    return {"distance": far, "duration_s": far * MINUTE}


def clock(seconds: int) -> str:
    """A moment as people say it."""
    return f"{seconds // HOUR}:{seconds // MINUTE % 60:02}"


def show(problem: RoutingProblem, **how: Any) -> RoutingSolution:
    """Solve and print; then whatever rule the plan breaks, which is none."""
    solution = solve(problem, budget=SHORT, **how)
    for route in solution.routes:
        begun = ", ".join(
            f"{task} at {clock(start)}"
            for task, start in zip(route.tasks, route.starts_s, strict=True)
        )
        ends = f"{clock(route.departure_s)}-{clock(route.arrival_s)}"
        print(f"  type {route.vehicle}, {ends}: {begun}")
    left = f", not served: {solution.unserved}" if solution.unserved else ""
    print(f"  cost {solution.cost.total}{left}")
    for broken in check(problem, solution):
        print(broken.text("en"))
    return solution


def capacity_in_two_dimensions() -> None:
    """Ten baskets fit aboard at once, but only two cold boxes."""
    problem = RoutingProblem(
        **along(0, 5, 6, 7),
        tasks=Tasks.of(place=[1, 2, 3], load=[[-3, -1], [-3, -1], [-4, -1]]),
        requests=Requests.of(task=[0, 1, 2]),
        vehicles=Vehicles.of(count=2, capacity=[[10, 2]]),
    )
    show(problem)  # below 0: brought from the depot; above 0: collected


def several_windows() -> None:
    """The town hall opens twice; the other two are in between."""
    morning, afternoon = (9 * HOUR, 10 * HOUR), (14 * HOUR, 15 * HOUR)
    noon = (12 * HOUR, 13 * HOUR)
    problem = RoutingProblem(
        **along(0, 30, 31, 20),
        tasks=Tasks.of(place=[1, 2, 3], windows=[[morning, afternoon], [noon], [noon]]),
        requests=Requests.of(task=[0, 1, 2]),
        vehicles=Vehicles.of(count=1, per_s=1, per_distance=60, earliest_s=8 * HOUR),
    )
    show(problem)  # a second costs 1: it leaves as late as it can and waits as little


def longest_ride() -> None:
    """Two passengers to the doctor; task 0 brings the first aboard, task 1 sets her down."""
    for longest in (UNLIMITED, 15 * MINUTE):
        problem = RoutingProblem(
            **along(0, 10, 20, 30, -10),
            tasks=Tasks.of(place=[1, 2, 4, 3], load=[1, -1, 1, -1]),
            requests=Requests.of(task=[0, 2], delivery=[1, 3], max_ride_s=[longest, UNLIMITED]),
            vehicles=Vehicles.of(count=1, capacity=4),
        )
        show(problem)


def two_vehicle_types() -> None:
    """A small car that is cheap to use, a van that holds more; each row has a count."""
    for baskets in (2, 5):
        problem = RoutingProblem(
            **along(0, 8, 9),
            tasks=Tasks.of(place=[1, 2], load=[-baskets, -1]),
            requests=Requests.of(task=[0, 1]),
            vehicles=Vehicles.of(count=[1, 1], capacity=[3, 8], fixed=[2, 10], per_distance=[1, 2]),
        )
        show(problem)


def several_depots_and_open_ends() -> None:
    """One volunteer starts at 0 and drives home to 0; the other starts at 40, ends anywhere."""
    problem = RoutingProblem(
        **along(0, 40, 5, 10, 30, 60),
        tasks=Tasks.of(place=[2, 3, 4, 5]),
        requests=Requests.of(task=[0, 1, 2, 3]),
        vehicles=Vehicles.of(count=[1, 1], start=[0, 1], end=[0, ANYWHERE]),
    )
    show(problem)


def shift_and_overtime() -> None:
    """The shift is 65 minutes; up to 30 more cost 2 a second: less than the second car, or more."""
    for fixed in (500, 5000):
        problem = RoutingProblem(
            **along(0, 15, 30),
            tasks=Tasks.of(place=[1, 2], service_s=[10 * MINUTE, 5 * MINUTE]),
            requests=Requests.of(task=[0, 1]),
            vehicles=Vehicles.of(
                count=2, shift_s=65 * MINUTE, overtime_s=30 * MINUTE, per_overtime_s=2, fixed=fixed
            ),
        )
        show(problem)


def longest_distance() -> None:
    """An electric car comes back after 50 km at most."""
    problem = RoutingProblem(
        **along(0, 20, 25, -20),
        tasks=Tasks.of(place=[1, 2, 3]),
        requests=Requests.of(task=[0, 1, 2]),
        vehicles=Vehicles.of(count=2, max_distance=50),
    )
    show(problem)


def most_stops() -> None:
    """At most two calls a round; with pairs, pickup and delivery count one each."""
    problem = RoutingProblem(
        **along(0, 1, 2, 3),
        tasks=Tasks.of(place=[1, 2, 3]),
        requests=Requests.of(task=[0, 1, 2]),
        vehicles=Vehicles.of(count=2, max_stops=2),
    )
    show(problem)


def skills() -> None:
    """Bit 1: a ramp for a wheelchair. Bit 2: a nurse aboard. The nurse's car has no ramp."""
    ramp, nurse = 1, 2
    problem = RoutingProblem(
        **along(0, 10, 11, 12),
        tasks=Tasks.of(place=[1, 2, 3]),
        requests=Requests.of(task=[0, 1, 2], skills=[ramp, nurse, 0]),
        vehicles=Vehicles.of(count=[1, 1], skills=[ramp, nurse]),
    )
    show(problem)


def prizes() -> None:
    """Not serving an optional request costs its prize: the far one is not worth the way."""
    problem = RoutingProblem(
        **along(0, 10, 12, 50),
        tasks=Tasks.of(place=[1, 2, 3]),
        requests=Requests.of(task=[0, 1, 2], prize=[MANDATORY, 15, 60]),
        vehicles=Vehicles.of(count=1),
    )
    show(problem)


def groups() -> None:
    """Exactly one of two halls for the village, at most one of two for the hamlet."""
    problem = RoutingProblem(
        **along(0, 10, 14, 20, -30),
        tasks=Tasks.of(place=[1, 2, 3, 4]),
        requests=Requests.of(task=[0, 1, 2, 3], prize=[0, 2, 25, 30], group=[0, 0, 1, 1]),
        groups=Groups(must=np.array([True, False])),
        vehicles=Vehicles.of(count=1),
    )
    show(problem)


def vehicles_first() -> None:
    """Two cars drive less, but one alone can do it."""
    for first in (False, True):
        problem = RoutingProblem(
            **along(0, 40, 10, 30),
            tasks=Tasks.of(place=[2, 3]),
            requests=Requests.of(task=[0, 1]),
            vehicles=Vehicles.of(count=[1, 1], start=[0, 1], end=[0, 1]),
            objective=Objective(vehicles_first=first),
        )
        show(problem)


def balance() -> None:
    """The square of each day's hours costs: two middling days rather than one long one."""
    for weight in (0, 20):
        problem = RoutingProblem(
            **along(0, 10, 20, 30, 40),
            tasks=Tasks.of(place=[1, 2, 3, 4], service_s=[HOUR] * 4),
            requests=Requests.of(task=[0, 1, 2, 3]),
            vehicles=Vehicles.of(count=2),
            objective=Objective(balance=weight),
        )
        show(problem)


def matrices_by_type() -> None:
    """Cars go round one way only; the cargo bicycle is slower and rides both ways."""
    car = np.array([[0, 2, 4], [4, 0, 2], [2, 4, 0]])  # from row to column: 0 → 1 → 2 → 0
    bicycle = np.array([[0, 3, 3], [3, 0, 3], [3, 3, 0]])
    for windows in (None, [[(10 * MINUTE, HOUR)], [(0, 9 * MINUTE)]]):
        problem = RoutingProblem(
            distance=np.stack([car, bicycle]),
            duration_s=np.stack([car, bicycle]) * MINUTE,
            tasks=Tasks.of(place=[1, 2], windows=windows),
            requests=Requests.of(task=[0, 1]),
            vehicles=Vehicles.of(count=[1, 1], profile=[0, 1], fixed=1),
        )
        show(problem)


def warm_start_and_interrupt() -> None:
    """The search begins with a plan made by hand, and is stopped as soon as it asks whether to."""
    problem = RoutingProblem(
        **along(0, 10, 20, 30),
        tasks=Tasks.of(place=[1, 2, 3]),
        requests=Requests.of(task=[0, 1, 2]),
        vehicles=Vehicles.of(count=1),
    )
    by_hand = solution_of(problem, [(0, [1, 0, 2])], engine="by hand")
    told: list[float] = []
    long = Budget(iterations=10**9)  # Ctrl-C does what should_stop does
    found = solve(
        problem,
        budget=long,
        initial=by_hand,
        progress=lambda share, cost: told.append(cost),  # noqa: ARG005 - share of the budget
        should_stop=lambda: True,
    )
    print(
        f"  by hand {by_hand.cost.total}, when stopped {found.cost.total}, told {len(told)} times"
    )


def what_a_backend_refuses() -> None:
    """OR-Tools knows no balance: it is refused by name, never left out in silence."""
    problem = RoutingProblem(
        **along(0, 10),
        tasks=Tasks.of(place=[1]),
        requests=Requests.of(task=[0], delivery=[NONE]),
        vehicles=Vehicles.of(count=1),
        objective=Objective(balance=1),
    )
    try:
        show(problem, backend="ortools")
    except InputError as refused:
        print(refused)


RULES = {
    rule.__name__: rule
    for rule in (
        capacity_in_two_dimensions,
        several_windows,
        longest_ride,
        two_vehicle_types,
        several_depots_and_open_ends,
        shift_and_overtime,
        longest_distance,
        most_stops,
        skills,
        prizes,
        groups,
        vehicles_first,
        balance,
        matrices_by_type,
        warm_start_and_interrupt,
        what_a_backend_refuses,
    )
}

if __name__ == "__main__":
    for name in [given for given in sys.argv[1:] if given in RULES] or RULES:
        print(name.replace("_", " "))
        RULES[name]()
