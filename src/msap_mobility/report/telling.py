"""From a scenario, a plan and two coverages to the story a page tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.coverage import coarsen, compare, group_names, median_is_never
from msap_mobility.report.circuits import circuits_of
from msap_mobility.report.story import Gain, Reached, Story, Village

if TYPE_CHECKING:
    from msap_mobility.coverage import Comparison, Coverage, CoverageRow, CoverageTable, Figures
    from msap_mobility.model import Place
    from msap_mobility.report.circuits import Circuit
    from msap_mobility.scenario import Scenario
    from msap_mobility.tours.tour import TourPlan
    from msap_mobility.wording import Lang

__all__ = ["story_of", "told_comparison"]

MEASURES = ("share_reached", "space_time", "median_wait_s", "visits_per_week")
"""Columns of the coverage tables: fields of `coverage.Figures`."""


def told_comparison(
    scenario: Scenario, plan: TourPlan, before: Coverage, after: Coverage
) -> Comparison:
    """The comparison as it may be published beside the plan.

    The plan tells, commune by commune, how many homes the tour leaves out; those among them that a
    maison reaches would follow from the two tables by subtraction. Communes in which they are few
    are told together.

    Parameters
    ----------
    scenario, plan
        The territory and its tour.
    before, after
        Coverage without the tour and with it.
    """
    problem = scenario.problem()
    number = {stop.place.id: index for index, stop in enumerate(problem.stops)}
    reached = problem.homes_reached([number[place] for place in plan.places])
    told = {row.commune for row in plan.unserved}
    homes = scenario.homes
    in_told = np.array([code in told for code in homes.communes], dtype=np.bool_)[homes.commune]
    return compare(before, after, threshold=scenario.disclosure_homes, beside=in_told & ~reached)


def story_of(scenario: Scenario, plan: TourPlan, comparison: Comparison, lang: Lang) -> Story:
    """Everything the page tells.

    Parameters
    ----------
    scenario, plan
        The territory and its tour.
    comparison
        Coverage without the tour and with it, as it may be published.
    lang
        Of the rows' names.
    """
    names = {**scenario.commune_names, **{place.id: place.name for place in scenario.places}}
    groups = group_names(scenario.homes.groups, lang)
    cells = coarsen(scenario.homes, threshold=comparison.threshold).cells
    return Story(
        name=scenario.title.get(lang) or scenario.id,
        cycle=plan.cycle,
        circuits=_circuits(scenario, plan),
        villages=_villages(scenario, comparison),
        cells=tuple(ring for cell in cells for ring in cell.rings),
        maisons=tuple(maison.place for maison in scenario.maisons),
        depots=_depots(scenario, plan),
        people_reached=plan.people_reached,
        people_in_all=plan.people_in_all,
        everybody=_gains(comparison, ("all",), names, lang)[0],
        by_group=_gains(comparison, ("age", "car", "alone", "group"), groups, lang),
        by_commune=_gains(comparison, ("commune",), names, lang),
        unserved=plan.unserved,
        names=names,
        sources=tuple(dict.fromkeys((*plan.provenance.sources, *comparison.provenance.sources))),
        provenance=plan.provenance,
        threshold=comparison.threshold,
    )


def _circuits(scenario: Scenario, plan: TourPlan) -> tuple[Circuit, ...]:
    return circuits_of(
        plan,
        places={place.id: place for place in scenario.places},
        depots={vehicle.id: vehicle.depot for vehicle in scenario.vehicles},
        supplies={stop.place.id for stop in scenario.stops if not stop.serves},
        times=scenario.travel_times("car"),
    )


def _depots(scenario: Scenario, plan: TourPlan) -> tuple[Place, ...]:
    """The depots of the vehicles that have a round, each once."""
    driving = {tour.vehicle for tour in plan.rounds}
    ids = (vehicle.depot for vehicle in scenario.vehicles if vehicle.id in driving)
    return tuple(scenario.place(depot) for depot in dict.fromkeys(ids))


def _villages(scenario: Scenario, comparison: Comparison) -> tuple[Village, ...]:
    """The communes of the territory; those told together with others have no share of their own."""
    before, after = _alone(comparison.before), _alone(comparison.after)
    return tuple(
        Village(
            code=commune.insee,
            name=commune.name,
            lon=commune.lon,
            lat=commune.lat,
            people=commune.population,
            reached=_share(after.get(commune.insee)),
            reached_before=_share(before.get(commune.insee)),
        )
        for commune in scenario.communes
        if commune.homes
    )


def _alone(table: CoverageTable) -> dict[str, CoverageRow]:
    """Rows of one commune each, by its code."""
    return {row.keys[0]: row for row in table.by("commune") if len(row.keys) == 1}


def _share(row: CoverageRow | None) -> float | None:
    return row.low.share_reached if row is not None and row.low is not None else None


def _gains(
    comparison: Comparison, dimensions: tuple[str, ...], names: dict[str, str], lang: Lang
) -> tuple[Gain, ...]:
    """The rows of some dimensions, before beside after."""
    before = {(row.dimension, row.keys): row for row in comparison.before.rows}
    after = {(row.dimension, row.keys): row for row in comparison.after.rows}
    return tuple(
        Gain(
            name=change.label(lang, names),
            people=change.people,
            measures=tuple(
                Reached(
                    measure=measure,
                    before=_value(before.get((change.dimension, change.keys)), measure),
                    after=_value(after.get((change.dimension, change.keys)), measure),
                )
                for measure in MEASURES
            ),
            newly=None if change.reach is None else change.reach.gained,
            sooner=None if change.wait is None else change.wait.better,
            later=None if change.wait is None else change.wait.worse,
            rounded=change.step > 0,
        )
        for change in comparison.rows
        if change.dimension in dimensions
    )


def _value(row: CoverageRow | None, measure: str) -> tuple[float, float] | None:
    """(pessimistic, optimistic); None = withheld."""
    if row is None or row.low is None or row.high is None:
        return None
    least, most = (_number(found, measure, row.step) for found in (row.low, row.high))
    return None if least is None or most is None else (least, most)


def _number(found: Figures, measure: str, step: float) -> float | None:
    """A wait that never ends is infinite."""
    never = measure == "median_wait_s" and median_is_never(found, step)
    value: float | None = math.inf if never else getattr(found, measure)
    return value
