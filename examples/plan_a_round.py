"""Plan the bundled Bellencombre round, check it, and tell who gains.

Run it: ``python examples/plan_a_round.py``
"""

import msap_mobility as msap

scenario = msap.load("bellencombre")  # a bundled example, or a folder
plan = scenario.plan_tour(budget="1000 it")  # stops, calendar, routes, who is left out and why

for tour in plan.rounds:
    stops = ", ".join(scenario.place(visit.place).name for visit in tour.visits)
    print(f"week {tour.week + 1}, weekday {tour.weekday + 1}: {stops}")

violations = scenario.check_plan(plan)  # by code the planner never saw
print(f"{len(violations)} rules broken, gap to the proven bound {plan.provenance.gap:.1%}")

before, after = scenario.coverage(), scenario.coverage(plan)
print(msap.compare(before, after).summary("en", scenario.commune_names))
