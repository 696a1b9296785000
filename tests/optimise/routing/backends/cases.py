"""One small problem for each rule, in which keeping it costs what a hand can reckon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from msap_mobility.optimise.routing.problem import (
    ANYWHERE,
    MANDATORY,
    NONE,
    Groups,
    Objective,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)

LINE = np.abs(np.subtract.outer([0, 3, 5, -4], [0, 3, 5, -4]))
"""Places 0 (the depot), 1 at 3, 2 at 5, 3 at −4; a unit of way takes a second."""


@dataclass(frozen=True)
class Case:
    """A problem, the least it can cost, the routes of a best plan (None: several are)."""

    problem: RoutingProblem
    cost: int
    routes: tuple[tuple[int, tuple[int, ...]], ...] | None = None
    missing: tuple[tuple[str, int], ...] = ()


def asked(
    *,
    tasks: dict[str, Any],
    requests: dict[str, Any] | None = None,
    vehicles: dict[str, Any] | None = None,
    must: tuple[bool, ...] = (),
    objective: Objective | None = None,
    distance: Any = LINE,
    duration_s: Any = LINE,
) -> RoutingProblem:
    """A problem on the line; every task a request unless said otherwise."""
    done = Tasks.of(**tasks)
    return RoutingProblem(
        distance=distance,
        duration_s=duration_s,
        tasks=done,
        requests=Requests.of(**{"task": range(len(done)), **(requests or {})}),
        groups=Groups(must=np.array(must, dtype=np.bool_)),
        vehicles=Vehicles.of(**{"count": 1, **(vehicles or {})}),
        objective=objective or Objective(),
    )


def pair(**columns: Any) -> dict[str, Any]:
    """A request that goes from task 0 to task 1."""
    return {"task": [0], "delivery": [1], **columns}


CASES: dict[str, Case] = {
    "one round": Case(asked(tasks={"place": [1, 2, 3]}), cost=18),
    "capacity splits the round": Case(
        asked(tasks={"place": [1, 2], "load": [-2, -2]}, vehicles={"count": 2, "capacity": 3}),
        cost=16,
    ),
    "what is loaded may take the room of what is left": Case(
        asked(tasks={"place": [2, 1], "load": [-2, 2]}, vehicles={"capacity": 2}),
        cost=10,
        routes=((0, (0, 1)),),
    ),
    "in two dimensions": Case(
        asked(
            tasks={"place": [1, 2], "load": [[-1, 0], [0, -4]]},
            vehicles={"count": 2, "capacity": [[1, 3]]},
        ),
        cost=6,
        missing=(("request", 1),),
    ),
    "windows turn the round": Case(
        asked(tasks={"place": [1, 2], "windows": [[(20, 30)], [(0, 9)]]}),
        cost=10,
        routes=((0, (1, 0)),),
    ),
    "the later of two windows": Case(
        asked(
            tasks={"place": [1, 2], "windows": [[(0, 1), (30, 40)], [(0, 6)]]},
            vehicles={"per_distance": 0, "per_s": 1, "latest_s": 60},
        ),
        cost=32,
        routes=((0, (1, 0)),),
    ),
    "optional, worth the way": Case(
        asked(tasks={"place": [1, 2]}, requests={"prize": [7, 3]}), cost=9, routes=((0, (0,)),)
    ),
    "prizes alone": Case(
        asked(
            tasks={"place": [1, 2, 3]},
            requests={"prize": [1, 1, 3]},
            vehicles={"per_distance": 0, "max_distance": 11},
        ),
        cost=2,
        routes=((0, (2,)),),
    ),
    "at most one of a group": Case(
        asked(
            tasks={"place": [1, 2, 3]},
            requests={"prize": [9, 4, 0], "group": [0, 0, NONE]},
            must=(False,),
        ),
        cost=10,
        routes=((0, (0,)),),
    ),
    "one of a group, whatever it costs": Case(
        asked(tasks={"place": [2, 3]}, requests={"prize": [0, 0], "group": [0, 0]}, must=(True,)),
        cost=8,
        routes=((0, (1,)),),
    ),
    "a group nobody reaches": Case(
        asked(
            tasks={"place": [2, 1]},
            requests={"prize": [1, MANDATORY], "group": [0, NONE]},
            must=(True,),
            vehicles={"max_distance": 8},
        ),
        cost=7,
        missing=(("group", 0),),
    ),
    "a group of several windows": Case(
        asked(
            tasks={"place": [1, 3], "windows": [[(0, 2), (50, 60)], []]},
            requests={"prize": [2, 2], "group": [0, 0]},
            must=(True,),
            vehicles={"latest_s": 50},
        ),
        cost=10,
        routes=((0, (1,)),),
    ),
    "the dearer type only for the heavy": Case(
        asked(
            tasks={"place": [1, 3], "load": [-1, -9]},
            vehicles={"count": [1, 1], "capacity": [1, 9], "per_distance": [1, 3]},
        ),
        cost=30,
        routes=((0, (0,)), (1, (1,))),
    ),
    "by its own roads": Case(
        asked(
            tasks={"place": [1, 3]},
            vehicles={"count": [1, 1], "profile": [0, 1]},
            distance=np.stack([LINE, LINE[::-1, ::-1]]),
            duration_s=np.stack([LINE, LINE[::-1, ::-1]]),
        ),
        cost=int(min(14, 2 * LINE[3, 2] + 2 * LINE[3, 0])),
    ),
    "from the nearer depot": Case(
        asked(tasks={"place": [2, 3]}, vehicles={"count": [1, 1], "start": [1, 0], "end": [1, 0]}),
        cost=12,
        routes=((0, (0,)), (1, (1,))),
    ),
    "an open end": Case(asked(tasks={"place": [1, 3]}, vehicles={"end": ANYWHERE}), cost=10),
    "home by another way": Case(asked(tasks={"place": [1, 2]}, vehicles={"end": 3}), cost=14),
    "a way at one and the same place": Case(
        asked(tasks={"place": [1, 1]}, distance=LINE + 2 * np.eye(4, dtype=np.int64)), cost=8
    ),
    "shift ends the day": Case(
        asked(tasks={"place": [1, 3]}, vehicles={"shift_s": 10}),
        cost=6,
        missing=(("request", 1),),
    ),
    "overtime is paid": Case(
        asked(
            tasks={"place": [1, 3]},
            vehicles={"shift_s": 10, "overtime_s": 9, "per_overtime_s": 5},
        ),
        cost=14 + 20,
    ),
    "seconds are paid from departure": Case(
        asked(
            tasks={"place": [1, 2], "windows": [[(40, 60)], []], "service_s": [5, 0]},
            vehicles={"per_distance": 0, "per_s": 2, "latest_s": 90},
        ),
        cost=30,
    ),
    "hours of the vehicle": Case(
        asked(
            tasks={"place": [1, 3], "windows": [[(0, 9)], [(0, 9)]]},
            requests={"prize": [5, 9]},
            vehicles={"earliest_s": 5},
        ),
        cost=5 + 8,
        routes=((0, (1,)),),
    ),
    "no farther": Case(
        asked(
            tasks={"place": [1, 2, 3]},
            requests={"prize": [20, 20, 20]},
            vehicles={"max_distance": 10},
        ),
        cost=30,
        routes=None,
    ),
    "no more stops": Case(
        asked(tasks={"place": [1, 2, 3]}, vehicles={"count": 2, "max_stops": 2}), cost=18
    ),
    "skills": Case(
        asked(
            tasks={"place": [1, 2]},
            requests={"skills": [2, 5]},
            vehicles={"count": [1, 1], "skills": [7, 5], "per_distance": [4, 1]},
        ),
        cost=34,
        routes=((0, (0,)), (1, (1,))),
    ),
    "skills nobody has": Case(
        asked(tasks={"place": [1, 2]}, requests={"skills": [2, 0]}),
        cost=10,
        missing=(("request", 0),),
    ),
    "fewer vehicles first": Case(
        asked(
            tasks={"place": [2, 3]},
            vehicles={"count": [1, 1], "start": [1, 0], "end": [1, 0]},
            objective=Objective(vehicles_first=True),
        ),
        cost=18,
    ),
    "a vehicle costs": Case(
        asked(tasks={"place": [2, 3]}, vehicles={"count": [1, 1], "fixed": [9, 5]}), cost=23
    ),
    "a pickup and its delivery": Case(
        asked(tasks={"place": [2, 1], "load": [1, -1]}, requests=pair(), vehicles={"capacity": 1}),
        cost=10,
        routes=((0, (0, 1)),),
    ),
    "pairs one after the other": Case(
        asked(
            tasks={"place": [1, 2, 1, 2], "load": [2, 2, -2, -2]},
            requests={"task": [0, 1], "delivery": [3, 2]},
            vehicles={"capacity": 2},
        ),
        cost=10,
        routes=((0, (0, 3, 1, 2)),),
    ),
    "a pair, left for its prize": Case(
        asked(
            tasks={"place": [3, 2], "load": [1, -1]},
            requests=pair(prize=[17]),
        ),
        cost=17,
        routes=(),
    ),
    "a pair its windows forbid": Case(
        asked(
            tasks={"place": [1, 2, 3], "windows": [[(20, 30)], [(0, 9)], []]},
            requests={"task": [0, 2], "delivery": [1, NONE]},
        ),
        cost=8,
        missing=(("request", 0),),
    ),
    "pairs and single visits share the room": Case(
        asked(
            tasks={"place": [1, 2, 3], "load": [2, -2, -2]},
            requests={"task": [0, 2], "delivery": [1, NONE]},
            vehicles={"capacity": 2},
        ),
        cost=18,
        routes=((0, (2, 0, 1)),),
    ),
    "no vehicle": Case(
        asked(tasks={"place": [1]}, vehicles={"count": 0}), cost=0, missing=(("request", 0),)
    ),
    "a window after hours": Case(
        asked(tasks={"place": [1, 2], "windows": [[(50, 60)], []]}, vehicles={"latest_s": 40}),
        cost=10,
        missing=(("request", 0),),
    ),
}
"""What every backend can express."""

RULES: dict[str, Case] = {
    "max_ride_s": Case(
        asked(
            tasks={"place": [1, 2, 3], "load": [1, -1, -1], "windows": [[], [], [(9, 99)]]},
            requests={"task": [0, 2], "delivery": [1, NONE], "max_ride_s": [2, 2**40]},
            vehicles={"latest_s": 99},
        ),
        cost=18,
    ),
    "pair_window": Case(
        asked(
            tasks={"place": [1, 2], "windows": [[(0, 1), (40, 50)], []]},
            requests=pair(),
            vehicles={"per_s": 1},
        ),
        cost=20,
    ),
    "pair_group": Case(
        asked(
            tasks={"place": [1, 2, 3]},
            requests={"task": [0, 2], "delivery": [1, NONE], "prize": [9, 9], "group": [0, 0]},
            must=(True,),
        ),
        cost=17,
        routes=((0, (2,)),),
    ),
    "pair_stops": Case(
        asked(
            tasks={"place": [1, 2, 3]},
            requests={"task": [0, 2], "delivery": [1, NONE], "prize": [50, 40]},
            vehicles={"max_stops": 2},
        ),
        cost=50,
        routes=((0, (0, 1)),),
    ),
    "balance": Case(asked(tasks={"place": [1, 2]}, objective=Objective(balance=7)), cost=10),
    "magnitude": Case(
        asked(
            tasks={"place": [1, 2]},
            vehicles={"per_distance": 2**39, "count": 2},
            distance=LINE * 2**36,
        ),
        cost=0,
    ),
}
"""By the name it is refused by: a rule that not every backend can express."""

REFUSED = {
    "ortools": {"balance", "magnitude"},
    "pyvrp": set(RULES),
}
