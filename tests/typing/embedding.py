"""How a developer embeds the library: checked by mypy --strict, as every snippet of the README."""

from pathlib import Path

import msap_mobility as msap
from msap_mobility.coverage import Comparison
from msap_mobility.tours.tour import TourPlan


def plan_and_publish(folder: str, page: Path) -> float:
    """Plan, check, measure and publish a scenario; the share of its people within reach."""
    scenario = msap.load(folder)
    plan: TourPlan = scenario.plan_tour(budget="30 s", seed=1)
    if scenario.check_plan(plan):
        return 0.0
    before, after = scenario.coverage(), scenario.coverage(plan)
    comparison: Comparison = msap.compare(before, after)
    print(comparison.summary("fr", scenario.commune_names))
    msap.write_report(page, scenario, plan, before, after, lang="fr")
    return plan.people_reached / plan.people_in_all


def faults_of(folder: str) -> list[str]:
    """Every fault of a folder, in French."""
    try:
        msap.load(folder)
    except msap.InputError as error:
        return [fault.text("fr") for fault in error.faults]
    return []
