"""Two cars bring baskets to five villages: the smallest use of the routing engine.

Run it: ``python examples/routing.py``. Every rule it knows stands in ``examples/routing_rules.py``.
"""

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.problem import Requests, RoutingProblem, Tasks, Vehicles
from msap_mobility.optimise.routing.solve import solve

km = np.abs(np.subtract.outer([0, 4, 6, 9, -3, -5], [0, 4, 6, 9, -3, -5]))  # along one road
tasks = Tasks.of(place=[1, 2, 3, 4, 5], load=[-2, -3, -1, -2, -2], service_s=[300] * 5)
cars = Vehicles.of(count=2, capacity=6)  # from place 0 and back; what is left out is no limit
requests = Requests.of(task=range(5))  # all five must be served
problem = RoutingProblem(
    distance=km, duration_s=60 * km, tasks=tasks, requests=requests, vehicles=cars
)
solution = solve(problem, budget=Budget(iterations=500))  # or Budget(seconds=10)
print(f"{solution.cost.total} km, rules broken: {len(check(problem, solution))}")

for route in solution.routes:
    hours = [f"{start // 3600}:{start // 60 % 60:02}" for start in route.starts_s]
    print(f"car {route.vehicle}: tasks {route.tasks} begin at {hours}")
