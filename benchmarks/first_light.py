"""What a newcomer waits for: starting, planning and measuring the bundled Bellencombre round.

``python -m benchmarks.first_light [--json FILE]``

Start-up is set beside bare Python on the same machine in the same run; planning and measuring have
no peer that does the same job, and none is claimed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import Row, median_of, show
from msap_mobility.compiled import warmup
from msap_mobility.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ITERATIONS = "2000 it"


def _process(code: str) -> Callable[[], float]:
    """Seconds of one fresh interpreter running `code`."""

    def run() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    return run


def _start_up() -> Iterator[Row]:
    bare = median_of(_process("pass"), runs=9)
    cases = {
        "import": "import msap_mobility",
        "msap --help": "import sys; sys.argv[1:] = ['--help']\n"
        "from msap_mobility.cli import main; main()",
    }
    for case, code in cases.items():
        ours = median_of(_process(code), runs=9)
        yield Row(
            case=case,
            metric="process",
            unit="s",
            ours=ours,
            peer="bare python",
            peer_value=bare,
            ratio=bare / ours,
            seconds=ours,
        )


def _seconds(action: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        begun = time.perf_counter()
        action()
        return time.perf_counter() - begun

    return run


def _bellencombre() -> Iterator[Row]:
    scenario = Scenario.load("bellencombre")
    plan = scenario.plan_tour(budget=ITERATIONS)
    made = plan.provenance
    yield _row("load", "seconds", "s", median_of(_seconds(lambda: Scenario.load("bellencombre"))))
    yield _row("coverage", "seconds", "s", median_of(_seconds(lambda: scenario.coverage(plan))))
    yield _row("check", "seconds", "s", median_of(_seconds(lambda: scenario.check_plan(plan))))
    planning = median_of(_seconds(lambda: scenario.plan_tour(budget=ITERATIONS)), runs=3)
    yield _row(f"plan, {ITERATIONS}", "seconds", "s", planning)
    yield _row(f"plan, {ITERATIONS}", "need", "1", made.objective or 0.0)
    yield _row(f"plan, {ITERATIONS}", "gap", "%", 100 * (made.gap or 0.0))


def _row(case: str, metric: str, unit: str, value: float) -> Row:
    return Row(
        case=case,
        metric=metric,
        unit=unit,
        ours=value,
        seconds=value if metric == "seconds" else None,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    compile_s = sum(warmup().values())
    rows = [_row("kernels", "loading", "s", compile_s), *_start_up(), *_bellencombre()]
    show(rows, json_file=arguments.json)


if __name__ == "__main__":
    main()
