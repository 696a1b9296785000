"""``msap plan``, ``msap demo``, ``msap replay`` and ``msap warmup``."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.endings import Exit
from msap_mobility.cli.printing import print_comparison, print_json, row_names
from msap_mobility.cli.territory import tell_violations
from msap_mobility.cli.watch import announce_compilation, watched_search
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.scenario import Scenario
    from msap_mobility.tours.tour import TourPlan
    from msap_mobility.wording import Lang

__all__ = ["demo", "plan", "replay", "warmup"]

DEMO_SCENARIO = "bellencombre"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What a saved plan tells of the run that made it, apart from the plan itself."""

    scenario: str
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "scenario": self.scenario,
            "seconds": round(self.seconds, 3),
            "machine": f"{platform.system()} {platform.machine()}, Python "
            f"{platform.python_version()}",
            "date": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        }


def plan(
    *,
    scenario: str,
    out: Path,
    budget: str,
    starts: int,
    workers: int,
    seed: int,
    lang: Lang,
    as_json: bool,
) -> Exit:
    """Plan the tour of a scenario, publish it, and print who gains."""
    from msap_mobility.budget import Budget
    from msap_mobility.scenario import Scenario

    territory = Scenario.load(scenario)
    _refuse_the_scenario_itself(scenario, out)
    effort = Budget.of(budget, starts=starts, workers=workers)
    tour, seconds = _search(territory, effort, seed, lang)
    run = _Run(scenario=_way_to(scenario, out), seconds=seconds)
    return _publish(territory, tour, run, out, lang, as_json=as_json)


def demo(*, out: Path, lang: Lang, **search: Any) -> Exit:
    """Plan the bundled Bellencombre round."""
    return plan(scenario=DEMO_SCENARIO, out=out / DEMO_SCENARIO, lang=lang, **search)


def _refuse_the_scenario_itself(scenario: str, out: Path) -> None:
    """A timetable.csv written there would become the scenario's own tour."""
    from msap_mobility.errors import Fault, InputError

    if Path(scenario).is_dir() and out.is_dir() and out.samefile(scenario):
        raise InputError([Fault(code="out_is_scenario", value=str(out))])


def _way_to(scenario: str, out: Path) -> str:
    """How a plan names its scenario: a folder by the way from the plan, so that they move along."""
    if not Path(scenario).is_dir():
        return scenario
    try:
        return Path(os.path.relpath(scenario, out)).as_posix()
    except ValueError:  # on another drive
        return Path(scenario).resolve().name


def _search(
    territory: Scenario, budget: Budget, seed: int, lang: Lang, again: tuple[int, ...] | None = None
) -> tuple[TourPlan, float]:
    """The tour and the seconds it took; `again` repeats the iterations of each start."""
    announce_compilation(lang)
    begun = time.perf_counter()
    with watched_search(lang) as watch:
        tour = territory.plan_tour(
            budget=budget,
            seed=seed,
            progress=watch.progress,
            should_stop=watch.should_stop,
            iterations_by_start=again,
        )
    return tour, time.perf_counter() - begun


def _publish(
    territory: Scenario, tour: TourPlan, run: _Run, out: Path, lang: Lang, *, as_json: bool
) -> Exit:
    """Verify, measure, write and print. A plan that breaks a rule is told and not written."""
    from msap_mobility.files import publish
    from msap_mobility.report import exports, told_comparison

    violations = territory.check_plan(tour)
    if violations:
        tell_violations(violations, lang)
        return Exit.VIOLATIONS
    before, after = territory.without_tour().coverage(), territory.coverage(tour)
    comparison = told_comparison(territory, tour, before, after)
    files = exports(territory, tour, comparison, lang=lang, run=run.to_dict())
    publish(out, files)
    if as_json:
        print_json({"schema": "msap.plan/1", "plan": tour.to_dict(), "run": run.to_dict()})
    else:
        print_comparison(comparison, lang, row_names(territory, lang))
    _tell_left_out_musts(territory, tour, lang)
    click.echo(say("cli.written", lang, folder=out), err=True)
    for name in files:
        click.echo(f"  {name}", err=True)
    return Exit.DONE


def _tell_left_out_musts(territory: Scenario, tour: TourPlan, lang: Lang) -> None:
    for row in tour.unserved:
        if not row.homes and row.reason.where:
            place = territory.place(row.reason.where).name
            why = row.reason.text(lang, where=place)
            click.echo(say("cli.must_left_out", lang, place=place, why=why), err=True)


def replay(plan: Path, scenario: str | None, lang: Lang, as_json: bool) -> Exit:
    """Make a saved plan again and tell whether it is the same."""
    from msap_mobility.budget import Budget
    from msap_mobility.scenario import Scenario, read_saved_plan

    saved = read_saved_plan(plan)
    beside = plan.parent / saved.scenario
    found = beside if saved.scenario and beside.is_dir() else saved.scenario
    territory = Scenario.load(scenario or found)
    made = saved.plan.provenance
    _tell_what_differs(territory, saved.plan, lang)
    budget = Budget(iterations=1)  # not used: the plan says how far each start went
    again, _ = _search(territory, budget, made.seed or 0, lang, made.iterations)
    same = again.to_dict() == saved.plan.to_dict()
    if as_json:
        print_json({"schema": "msap.replay/1", "same": same, "plan": again.to_dict()})
    elif same:
        iterations = ", ".join(map(str, made.iterations))
        click.echo(say("cli.same_plan", lang, iterations=iterations))
    else:
        before, after = saved.plan.people_reached, again.people_reached
        click.echo(say("cli.other_plan", lang, before=before, after=after))
    return Exit.DONE if same else Exit.VIOLATIONS


def _tell_what_differs(territory: Scenario, saved: TourPlan, lang: Lang) -> None:
    from msap_mobility._version import __version__

    then = saved.provenance
    if then.inputs_hash != territory.inputs_hash:
        now = territory.inputs_hash
        click.echo(
            say("cli.other_inputs", lang, now=now[:12], then=then.inputs_hash[:12]), err=True
        )
    if then.version != __version__:
        click.echo(say("cli.other_version", lang, now=__version__, then=then.version), err=True)


def warmup(lang: Lang) -> None:
    """Compile every kernel and print the seconds."""
    from msap_mobility.compiled import warmup as compile_all
    from msap_mobility.compiled.together import cores

    announce_compilation(lang)
    begin = time.perf_counter()
    for module, seconds in compile_all(processes=cores()).items():
        click.echo(say("compiled.module", lang, module=module, seconds=seconds))
    click.echo(say("compiled.total", lang, seconds=time.perf_counter() - begin, processes=cores()))
