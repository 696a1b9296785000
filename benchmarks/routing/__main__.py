"""The routing engine on the field's instances, beside PyVRP and OR-Tools.

``python -m benchmarks.routing --family F [--seconds S] [--data DIR] [--against pyvrp,ortools]``
``[--seeds N] [--instances A,B] [--starts N] [--core N] [--without-ours] [--json FILE]``

Reads DIR/F in place, by default ../shared/data/instances beside this checkout. Every instance is
solved on one core, by each engine in turn; every answer is judged by the library's checker on the
problem in whole numbers and by a referee in doubles that knows what the file says. Without
`--seconds` each family has the budget it is promised on. The row of an engine is its median seed;
that of one that cannot express an instance names the rules it refuses.
A family ends with ``/hier`` for fewest vehicles first, then unrounded distance.

Exit status: 0 done, 1 nothing could be run, 2 a wrong command or file, 3 an answer of ours breaks
a rule, 4 a peer breaks rules on more than 5 % of the instances: its rows are no comparison,
130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.routing import printing
from benchmarks.routing.families import FAMILIES, Family, Named, named
from benchmarks.routing.results import Case, Row, Summary, below, row_of, summary_of
from benchmarks.routing.runs import OURS, Prepared, Refusal, Run, prepare, ready, run
from benchmarks.routing.text import Malformed
from msap_mobility.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

PEERS = ("pyvrp", "ortools")
_INTERRUPTED = 130
_DATA = Path(os.environ.get("MSAP_DATA", Path(__file__).parents[3] / "shared" / "data"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if unknown := set(asked.against) - set(PEERS):
        parser.error(f"--against: {', '.join(sorted(unknown))} is none of {', '.join(PEERS)}")
    if asked.seeds < 1 or (asked.seconds is not None and asked.seconds <= 0):
        parser.error("--seeds and --seconds are above 0")
    try:
        chosen = _chosen(named(asked.data, asked.family), asked.instances)
    except Malformed as fault:
        print(fault, file=sys.stderr)
        return 2
    engines = _engines([*([] if asked.without_ours else [OURS]), *asked.against])
    if not engines:
        print("nothing can be run here", file=sys.stderr)
        return 1
    core = _one_core(asked.core)
    print(printing.head(asked.family, engines, core=core, seeds=asked.seeds))
    measured = _Measured()
    try:
        for instance in chosen:
            prepared = prepare(instance)
            case = _case(asked.family, instance, prepared)
            measured.add(case, engines, *_all_seeds(prepared, case, engines, asked))
    except (Malformed, InputError) as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("# interrupted: what follows is of the instances above", flush=True)
        return max(_conclude(asked, measured), _INTERRUPTED)
    return _conclude(asked, measured)


@dataclass
class _Measured:
    """All that is known so far."""

    cases: list[Case] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, case: Case, engines: list[str], runs: list[Run], refusals: list[Refusal]) -> None:
        """One instance more, and its lines of the table."""
        self.cases.append(case)
        self.runs += runs
        self.refusals += refusals
        for refusal in refusals:
            print(printing.refused(refusal), flush=True)
        for engine in engines:
            if mine := [each for each in runs if each.engine == engine]:
                row, _ = row_of(case, mine)
                self.rows.append(row)
                print(printing.line(row), flush=True)


def _conclude(asked: argparse.Namespace, measured: _Measured) -> int:
    """Records, broken rules, summary, JSON, exit status."""
    cases, rows, runs = measured.cases, measured.rows, measured.runs
    of = {case.instance: case for case in cases}
    for each in runs:
        if below(of[each.instance], each) or not each.feasible:
            print(printing.record(of[each.instance], each))
    engines = dict.fromkeys(row.engine for row in rows)
    summaries = [summary_of(engine, cases, rows, runs) for engine in engines]
    told = printing.bar(FAMILIES[asked.family].bar, cases, rows, runs)
    print(printing.table(summaries))
    print(told)
    if asked.json is not None:
        printing.write(asked.json, rows, runs, summaries, told, measured.refusals)
    return _status(summaries, runs)


def _status(summaries: Sequence[Summary], runs: Sequence[Run]) -> int:
    """What the run ends with."""
    if not runs:
        return 1
    if any(not each.feasible and each.engine == OURS for each in runs):
        return 3
    return 4 if any(each.disqualified for each in summaries if each.engine != OURS) else 0


def _all_seeds(
    prepared: Prepared, case: Case, engines: list[str], asked: argparse.Namespace
) -> tuple[list[Run], list[Refusal]]:
    """Every engine with every seed, and who refuses; who begins changes with the seed."""
    seconds = asked.seconds or _promised(FAMILIES[asked.family], case.tasks)
    runs: list[Run] = []
    refused: dict[str, Refusal] = {}
    for seed in range(asked.seeds):
        turn = seed % len(engines)
        for engine in (*engines[turn:], *engines[:turn]):
            if engine in refused:
                continue
            try:
                runs.append(run(prepared, engine, seconds=seconds, seed=seed, starts=asked.starts))
            except InputError as fault:
                rules = tuple(str(each.value) for each in fault.faults)
                refused[engine] = Refusal(instance=case.instance, engine=engine, rules=rules)
    return runs, list(refused.values())


def _case(family: str, instance: Named, prepared: Prepared) -> Case:
    return Case(
        family=family,
        instance=instance.name,
        aim=prepared.instance.aim,
        tasks=len(prepared.instance.nodes),
        reference=instance.reference,
    )


def _promised(family: Family, tasks: int) -> float:
    """The seconds a family is promised on."""
    large = family.seconds_if_large is not None and tasks > family.small
    return family.seconds_if_large if large and family.seconds_if_large else family.seconds


def _chosen(found: list[Named], names: list[str]) -> list[Named]:
    """Those asked for by name, in any capitals; all if none is."""
    wanted = {name.lower() for name in names}
    if unknown := wanted - {each.name.lower() for each in found}:
        raise Malformed(Path(min(unknown)), 0, "no such instance in this family")
    return [each for each in found if not wanted or each.name.lower() in wanted]


def _engines(asked: Sequence[str]) -> list[str]:
    """Those that can be used here, loaded."""
    usable = []
    for engine in asked:
        if why := ready(engine):
            print(f"# skipped: {engine} ({why})", file=sys.stderr)
        else:
            usable.append(engine)
    return usable


def _one_core(asked: int | None) -> int | None:
    """Keep this process and its children on one core where the system can; which one."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0)) if asked is None else asked
    os.sched_setaffinity(0, {core})
    return core


def _names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.routing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--family", required=True, choices=list(FAMILIES))
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--data", type=Path, default=_DATA / "instances")
    parser.add_argument("--against", type=_names, default=[], help="pyvrp,ortools")
    parser.add_argument("--without-ours", action="store_true", help="peers alone")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=1)
    parser.add_argument("--instances", type=_names, default=[], help="a,b")
    parser.add_argument("--core", type=int, default=None, help="which one; by default the last")
    parser.add_argument("--json", type=Path, default=None)
    return parser


if __name__ == "__main__":
    sys.exit(main())
