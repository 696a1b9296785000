"""From runs to rows: the median of the seeds, gaps, and the summary beside what is promised."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.routing.ground import Aim
from benchmarks.routing.runs import OURS, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.routing.families import Bar
    from benchmarks.routing.references import Reference

__all__ = ["Case", "Row", "Summary", "below", "gap_pct", "row_of", "summary_of", "unmet"]

PYVRP = "pyvrp"
_MOST_INFEASIBLE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a row needs to know of its instance."""

    family: str
    instance: str
    aim: Aim
    tasks: int
    reference: Reference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engine on one instance: the median run.

    Parameters
    ----------
    family, instance, engine
        What was solved by whom.
    value, vehicles
        Of the median run.
    best_known
        The reference, or None.
    gap_pct
        How far the value is from the reference, in percent; below 0: better. More vehicles than
        the reference count each as their share of it, whatever the distance. None without a
        reference, or where the median run breaks a rule.
    feasible
        Whether every seed kept every rule.
    seconds
        Of the slowest seed.
    """

    family: str
    instance: str
    engine: str
    value: float
    vehicles: int
    best_known: float | None
    gap_pct: float | None
    feasible: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One engine on a family.

    Parameters
    ----------
    mean_gap, max_gap
        In percent, clipped at 0, of the instances with a reference; None without one.
    reached
        Share of these on which the gap is 0.
    mean_log
        Of log(ours/this peer) where both are feasible with equally many vehicles if these come
        first; below 0: ours is better. None for ours.
    compared
        On how many instances.
    infeasible
        Share of instances on which some seed broke a rule.
    vehicles_more
        Instances with more vehicles than best known.
    overrun_pct, used_pct
        Of the slowest run, beyond its seconds; and what the quickest used of them.
    """

    engine: str
    instances: int
    mean_gap: float | None
    max_gap: float | None
    reached: float | None
    mean_log: float | None
    compared: int
    infeasible: float
    vehicles_more: tuple[str, ...]
    overrun_pct: float
    used_pct: float

    @property
    def disqualified(self) -> bool:
        """Whether too little of it can be driven to compare with it."""
        return self.infeasible > _MOST_INFEASIBLE


def row_of(case: Case, runs: Sequence[Run]) -> tuple[Row, Run]:
    """The row of an engine's runs on one instance, and the run that it shows."""
    ranked = sorted(runs, key=lambda each: each.worse_than(case.aim))
    median = ranked[len(ranked) // 2]
    row = Row(
        family=case.family,
        instance=case.instance,
        engine=median.engine,
        value=median.value,
        vehicles=median.vehicles,
        best_known=None if case.reference is None else case.reference.value,
        gap_pct=gap_pct(case, median.value, median.vehicles) if median.feasible else None,
        feasible=all(each.feasible for each in runs),
        seconds=max(each.seconds for each in runs),
    )
    return row, median


def gap_pct(case: Case, value: float, vehicles: int) -> float | None:
    """Percent from the reference; below 0: better than it."""
    reference = case.reference
    if reference is None:
        return None
    short = reference.value - value if case.aim is Aim.SCORE else value - reference.value
    if abs(short) <= reference.half_unit and case.aim is not Aim.SCORE:
        short = 0.0  # the reference is told no more exactly
    gap = 100.0 * short / reference.value if reference.value else 0.0
    if case.aim is Aim.VEHICLES and reference.vehicles and vehicles != reference.vehicles:
        extra = 100.0 * (vehicles - reference.vehicles) / reference.vehicles
        return extra + max(gap, 0.0) if extra > 0 else extra
    return gap


def below(case: Case, run: Run) -> bool:
    """Whether a feasible run beats the reference."""
    gap = gap_pct(case, run.value, run.vehicles)
    return run.feasible and gap is not None and gap < 0


def summary_of(
    engine: str,
    cases: Sequence[Case],
    rows: Iterable[Row],
    runs: Iterable[Run],
) -> Summary:
    """What an engine's rows say together; with `rows` of ours to compare with."""
    listed = list(rows)
    mine = {row.instance: row for row in listed if row.engine == engine}
    ours = {row.instance: row for row in listed if row.engine == OURS}
    shown = [case for case in cases if case.instance in mine]
    gaps = [max(gap, 0.0) for case in shown if (gap := mine[case.instance].gap_pct) is not None]
    logs = (
        []
        if engine == OURS
        else [
            ratio
            for case in shown
            if case.instance in ours
            and (ratio := _log(case, ours[case.instance], mine[case.instance])) is not None
        ]
    )
    spent = [each.seconds / each.budget for each in runs if each.engine == engine]
    return Summary(
        engine=engine,
        instances=len(shown),
        mean_gap=statistics.fmean(gaps) if gaps else None,
        max_gap=max(gaps) if gaps else None,
        reached=gaps.count(0.0) / len(gaps) if gaps else None,
        mean_log=statistics.fmean(logs) if logs else None,
        compared=len(logs),
        infeasible=sum(not mine[case.instance].feasible for case in shown) / max(len(shown), 1),
        vehicles_more=tuple(
            case.instance
            for case in shown
            if case.reference is not None
            and case.reference.vehicles is not None
            and mine[case.instance].vehicles > case.reference.vehicles
        ),
        overrun_pct=100.0 * max(max(spent, default=1.0) - 1.0, 0.0),
        used_pct=100.0 * min(spent, default=1.0),
    )


def _log(case: Case, ours: Row, peer: Row) -> float | None:
    """log(ours/peer), turned round where more is better; None where there is nothing to compare."""
    if not (ours.feasible and peer.feasible) or min(ours.value, peer.value) <= 0:
        return None
    if case.aim is Aim.VEHICLES and ours.vehicles != peer.vehicles:
        return None
    ratio = math.log(ours.value / peer.value)
    return -ratio if case.aim is Aim.SCORE else ratio


def unmet(
    bar: Bar, cases: Sequence[Case], rows: Sequence[Row], runs: Sequence[Run]
) -> tuple[list[str], list[str]]:
    """What of the bar our rows miss, and what cannot be told without PyVRP; in words."""
    counted = [case for case in cases if bar.counts_up_to is None or case.tasks <= bar.counts_up_to]
    ours = summary_of(OURS, counted, rows, runs)
    missed, open_ = [], []
    if ours.infeasible:
        missed.append(f"{ours.infeasible:.0%} of the instances break a rule")
    for words, found, most in (
        ("mean gap", ours.mean_gap, bar.mean_gap),
        ("max gap", ours.max_gap, bar.max_gap),
    ):
        if most is not None and found is None:
            open_.append(f"{words}: no reference")
        elif most is not None and found is not None and found > most:
            missed.append(f"{words} {found:.3f} % above {most} %")
    if bar.reached_share is not None:
        if ours.reached is None:
            open_.append("best known reached: no reference")
        elif ours.reached < bar.reached_share:
            missed.append(f"best known on {ours.reached:.0%} only")
    small = {case.instance for case in counted if case.tasks <= bar.vehicles_up_to}
    if more := sorted(small & set(ours.vehicles_more)):
        missed.append(f"more vehicles than best known: {', '.join(more)}")
    if bar.mean_below_pyvrp or bar.log_below_pyvrp:
        _beside_pyvrp(bar, counted, rows, runs, missed, open_)
    return missed, open_


def _beside_pyvrp(
    bar: Bar,
    cases: Sequence[Case],
    rows: Sequence[Row],
    runs: Sequence[Run],
    missed: list[str],
    open_: list[str],
) -> None:
    """The part of a bar that is told beside PyVRP, on what it can drive."""
    everywhere = summary_of(PYVRP, cases, rows, runs)
    if not everywhere.instances or everywhere.disqualified:
        open_.append("beside PyVRP: not run, or infeasible too often")
        return
    driven = {row.instance for row in rows if row.engine == PYVRP and row.feasible}
    both = [case for case in cases if case.instance in driven]
    ours, peer = (summary_of(engine, both, rows, runs) for engine in (OURS, PYVRP))
    mine, theirs = ours.mean_gap, peer.mean_gap
    if bar.mean_below_pyvrp and mine is not None and theirs is not None and mine > theirs:
        missed.append(f"mean gap {mine:.3f} % above PyVRP's {theirs:.3f} %")
    if bar.log_below_pyvrp:
        if peer.mean_log is None:
            open_.append("beside PyVRP: nothing to compare")
        elif peer.mean_log > 0:
            missed.append(f"mean log(ours/PyVRP) {peer.mean_log:+.5f} above 0")
