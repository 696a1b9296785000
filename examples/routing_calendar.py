"""A grocery van on Mondays and Thursdays: patterns, homes within reach, dwell and a lunch break.

A plan is made by hand, priced and checked; then lunch is moved to where nobody can have it. At the
end `solve` finds a plan: without the prices of hours and dwell, which it refuses by name so far.

Run it: ``python examples/routing_calendar.py``
"""

from dataclasses import replace

import numpy as np

from msap_mobility.budget import Budget
from msap_mobility.optimise.routing.check import check
from msap_mobility.optimise.routing.pattern_prices import pattern_price
from msap_mobility.optimise.routing.pricing import priced
from msap_mobility.optimise.routing.problem import (
    Breaks,
    Covering,
    Patterns,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.setup import with_setup
from msap_mobility.optimise.routing.solution import Route
from msap_mobility.optimise.routing.solve import solve

MONDAY, THURSDAY = 0, 3
MINUTE, HOUR = 60, 3600

km = np.abs(np.subtract.outer([0, 8, 12, 20], [0, 8, 12, 20]))  # depot, Ayen, Segonzac, Louignac
halls = Tasks.of(  # half an hour to an hour; each second less than the hour costs 1
    place=[1, 1, 2, 3],
    service_s=1800,
    service_most_s=3600,
    per_s_less=1,
    wanted_s=[10 * HOUR, 10 * HOUR, 2**40, 2**40],  # Ayen is used to ten o'clock
    off_free_s=5 * MINUTE,
    per_s_off=1,
)
ayen = [[0, 1], [0], [1]]  # both days, Monday alone, Thursday alone
days = [[MONDAY, THURSDAY], [MONDAY], [THURSDAY]]
problem = RoutingProblem(
    distance=km,
    duration_s=with_setup(90 * km, [0, 600, 600, 600]),  # ten minutes to set up at each hall
    tasks=halls,
    requests=Requests.of(task=range(4), prize=0, day=[MONDAY, THURSDAY, MONDAY, THURSDAY]),
    patterns=Patterns.of(
        customer=[0, 0, 0],
        requests=ayen,
        price=[
            pattern_price(each, horizon=7, per_square_day=200, given=[MONDAY], per_move=900)
            for each in days
        ],
        per_s_apart=1,  # the same hour on both days, give or take five minutes
        apart_free_s=10 * MINUTE,
    ),
    covering=Covering.of(reach=[[2], [2, 3], [3]], prize=[-1, -1, 2500]),  # the last one may stay
    vehicles=Vehicles.of(count=[1, 1], day=[MONDAY, THURSDAY], per_distance=40, per_s=1),
    breaks=Breaks.of(
        vehicle=[0, 1], duration_s=45 * MINUTE, earliest_s=12 * HOUR, latest_s=13 * HOUR, paid=False
    ),
)
monday = Route(  # 9:38 from the depot, Ayen at ten, Segonzac, lunch there, home
    vehicle=0,
    tasks=(0, 2),
    departure_s=34_680,
    starts_s=(36_000, 40_560),
    ends_s=(39_600, 43_200),
    breaks=((0, 43_200),),
    arrival_s=46_980,
)
plan = priced(problem, [monday], engine="by hand")
print(f"rules broken: {len(check(problem, plan))}, nobody missing: {plan.feasible}")
print(f"pattern {plan.patterns[0]}, left uncovered: {plan.uncovered}, {plan.cost}")

on_the_road = replace(monday, breaks=((0, 44_000),))
for broken in check(problem, replace(plan, routes=(on_the_road,))):
    print(broken.text("fr"))

steady = replace(  # 45 minutes at each hall, at whatever hour
    problem,
    tasks=Tasks.of(place=halls.place, service_s=2700),
    patterns=replace(problem.patterns, per_s_apart=np.zeros(1, dtype=np.int64)),
)
found = solve(steady, budget=Budget(iterations=500))
print(f"found: {[(route.vehicle, route.tasks) for route in found.routes]}, {found.cost}")
print(f"rules broken: {len(check(steady, found))}, left uncovered: {found.uncovered}")
