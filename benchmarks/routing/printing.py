"""The table and the JSON of a run."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from benchmarks.routing.results import Case, Row, Summary, below, unmet
from benchmarks.routing.runs import OURS, Refusal, Run, version_of
from benchmarks.table import machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.routing.families import Bar

__all__ = ["head", "line", "record", "refused", "table", "write"]

_ALL_BUT = 90.0
_HEAD = (
    f"{'instance':<22}{'engine':<9}{'value':>14}{'vehicles':>9}{'best known':>14}"
    f"{'gap %':>9}  {'feasible':<9}{'seconds':>8}"
)


def head(family: str, engines: Sequence[str], *, core: int | None, seeds: int) -> str:
    """What the table was measured on and with."""
    told = ", ".join(f"{engine} {version_of(engine)}".strip() for engine in engines)
    where = "any core" if core is None else "one core"
    return f"# {machine()}\n# {family}, {where}, {seeds} seeds, median: {told}\n{_HEAD}"


def line(row: Row) -> str:
    """One row of the table."""
    known = "" if row.best_known is None else f"{row.best_known:.10g}"
    gap = "" if row.gap_pct is None else f"{row.gap_pct:.3f}"
    feasible = "yes" if row.feasible else "NO"
    return (
        f"{row.instance:<22}{row.engine:<9}{_told(row.value):>14}{row.vehicles:>9}{known:>14}"
        f"{gap:>9}  {feasible:<9}{row.seconds:>8.2f}"
    )


def refused(refusal: Refusal) -> str:
    """The row of an engine that does not know a rule of the instance."""
    rules = ", ".join(refusal.rules)
    return f"{refusal.instance:<22}{refusal.engine:<9}{'refused':>14}  {rules}"


def table(summaries: Sequence[Summary]) -> str:
    """The summary of each engine."""
    told = []
    for each in summaries:
        gaps = (
            "no reference"
            if each.mean_gap is None or each.max_gap is None
            else f"gap mean {each.mean_gap:.3f} % max {each.max_gap:.3f} %"
        )
        words = [f"# {each.engine}: {gaps}", f"infeasible {each.infeasible:.0%}"]
        if each.reached is not None:
            words.append(f"best known on {each.reached:.0%}")
        if each.vehicles_more:
            words.append(f"more vehicles than best known: {', '.join(each.vehicles_more)}")
        words.append(f"overrun at most {each.overrun_pct:.1f} %")
        if each.used_pct < _ALL_BUT:
            words.append(f"stopped early, once after {each.used_pct:.0f} % of its seconds")
        if each.mean_log is not None:
            words.append(f"mean log({OURS}/{each.engine}) {each.mean_log:+.5f} on {each.compared}")
        if each.disqualified:
            words.append("infeasible too often: no win")
        told.append(" · ".join(words))
    return "\n".join(told)


def bar(
    promise: Bar | None, cases: Sequence[Case], rows: Sequence[Row], runs: Sequence[Run]
) -> str:
    """Whether what is promised is kept."""
    if promise is None:
        return "# bar: none for this family"
    asked = f"# bar: {promise.text()}: "
    if not any(row.engine == OURS for row in rows):
        return f"{asked}not decided, {OURS} was not run"
    missed, open_ = unmet(promise, cases, rows, runs)
    if missed:
        return f"{asked}MISSED, {'; '.join(missed)}"
    if open_:
        return f"{asked}not decided, {'; '.join(open_)}"
    return f"{asked}reached"


def record(case: Case, run: Run) -> str:
    """A run below the reference with its routes, or one that breaks rules with these."""
    if below(case, run):
        known = case.reference.value if case.reference else 0.0
        routes = "\n".join(
            f"#   vehicle {vehicle}: {' '.join(map(str, nodes))}" for vehicle, nodes in run.routes
        )
        return (
            f"# {run.instance}, {run.engine}, seed {run.seed}: {_told(run.value)} with "
            f"{run.vehicles} vehicles is better than {known:.10g}; rows from 0 on:\n{routes}"
        )
    few = "; ".join(run.broken[:5])
    return f"# {run.instance}, {run.engine}, seed {run.seed} breaks {len(run.broken)} rules: {few}"


def write(
    file: Path,
    rows: Sequence[Row],
    runs: Sequence[Run],
    summaries: Sequence[Summary],
    told: str,
    refusals: Sequence[Refusal],
) -> None:
    """All of it as JSON: rows as the table shows them, every run, and who refused what."""
    document = {
        "machine": machine(),
        "rows": [asdict(row) for row in rows],
        "summary": [asdict(each) for each in summaries],
        "bar": told.removeprefix("# bar: "),
        "runs": [asdict(each) for each in runs],
        "refused": [asdict(each) for each in refusals],
    }
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _told(value: float) -> str:
    """A value with no more digits than it has."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
