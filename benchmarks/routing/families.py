"""The families: where their instances lie, who reads them, what is promised on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.routing import cordeau, kinds, orienteering, pairs, vrplib
from benchmarks.routing.covering import CoveringRun, covering, covering_runs
from benchmarks.routing.covering_tours import CoveringTours
from benchmarks.routing.instance import Grounded
from benchmarks.routing.periodic import periodic
from benchmarks.routing.periods import Periods
from benchmarks.routing.references import (
    Reference,
    reference_rows,
    references,
    routes_of,
)
from benchmarks.routing.reloading import reloading
from benchmarks.routing.text import Malformed
from benchmarks.routing.trips import Trips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.routing.instance import Instance

__all__ = ["FAMILIES", "Bar", "Family", "Named", "named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What is promised: gaps in percent at most, and no worse than PyVRP where that is said.

    Parameters
    ----------
    mean_gap, max_gap
        Of the gaps, clipped at 0.
    mean_below_pyvrp
        The mean gap is no larger than PyVRP's.
    log_below_pyvrp
        The mean of log(ours/PyVRP) is at most 0.
    vehicles_up_to
        On instances with no more tasks than that there are no more vehicles than best known.
    counts_up_to
        Instances with more tasks are shown and count for nothing.
    reached_share
        The least share of instances on which the reference is reached.
    """

    mean_gap: float | None = None
    max_gap: float | None = None
    mean_below_pyvrp: bool = False
    log_below_pyvrp: bool = False
    vehicles_up_to: int = 0
    counts_up_to: int | None = None
    reached_share: float | None = None

    def text(self) -> str:
        """The promise in a few words."""
        words = [
            f"mean gap ≤ {self.mean_gap} %" if self.mean_gap is not None else "",
            f"max gap ≤ {self.max_gap} %" if self.max_gap is not None else "",
            "mean gap ≤ PyVRP's" if self.mean_below_pyvrp else "",
            "mean log(ours/PyVRP) ≤ 0" if self.log_below_pyvrp else "",
            f"vehicles as best known up to {self.vehicles_up_to} tasks" * bool(self.vehicles_up_to),
            f"best known on ≥ {self.reached_share:.0%}" if self.reached_share is not None else "",
            "no rule broken",
            f"of instances up to {self.counts_up_to} tasks" if self.counts_up_to else "",
        ]
        return ", ".join(word for word in words if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One folder of instances.

    Parameters
    ----------
    read
        From a file to what it says, and `instance` from there to a problem and its judge.
    ends
        How the names of its files end, in small letters.
    columns
        Of its table, where the best known value stands; `vehicles` where their number does.
    beside
        Whether the cost of a ``.sol`` is in the unit of the table, and stands for a missing row.
    seconds
        Budget, and of instances with more tasks than `small`.
    """

    read: Callable[[Path], Any]
    instance: Callable[[Any], Instance] = Grounded
    ends: str = ".vrp"
    columns: tuple[str, ...] = ("bks_cost", "bks")
    vehicles: str | None = None
    beside: bool = True
    seconds: float = 30.0
    small: int = 130
    seconds_if_large: float | None = None
    bar: Bar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An instance by name; it is read when asked."""

    name: str
    load: Callable[[], Instance]
    reference: Reference | None


_TWO_PERCENT = Bar(mean_gap=2.0)

FAMILIES: dict[str, Family] = {
    "vrptw_solomon100": Family(
        read=vrplib.windows,
        columns=("opt_distance_trunc1", "bks_distance_trunc1"),
        beside=False,
        seconds=10.0,
        bar=Bar(mean_gap=0.3, mean_below_pyvrp=True),
    ),
    "vrptw_gh": Family(
        read=vrplib.windows,
        columns=("bks_distance_trunc1", "opt_distance_trunc1"),
        beside=False,
        bar=Bar(log_below_pyvrp=True),
    ),
    "vrptw_gh1000": Family(read=vrplib.windows),
    "cvrp_x": Family(read=vrplib.capacity, bar=Bar(log_below_pyvrp=True, counts_up_to=502)),
    "pdptw": Family(
        read=pairs.parcels,
        ends=".txt",
        columns=("bks_distance",),
        vehicles="bks_vehicles",
        seconds=10.0,
        seconds_if_large=60.0,
        bar=Bar(mean_gap=0.5, vehicles_up_to=130),
    ),
    "darp": Family(
        read=pairs.dial_a_ride,
        ends=".txt",
        columns=("optimal_cost",),
        seconds=10.0,
        bar=Bar(mean_gap=0.5, max_gap=1.5),
    ),
    "top_chao": Family(
        read=orienteering.team,
        ends=".txt",
        columns=("best_known_score",),
        seconds=10.0,
        bar=Bar(mean_gap=0.5),
    ),
    "op_oplib": Family(
        read=orienteering.one,
        ends=".oplib",
        columns=("best_score_ea4op", "best_known_score"),
        seconds=10.0,
        bar=Bar(mean_gap=0.5),
    ),
    "mdvrp": Family(read=cordeau.multi_depot, ends=".txt"),
    "mdvrptw": Family(read=kinds.depots, bar=_TWO_PERCENT),
    "hfvrp": Family(read=kinds.costly, bar=_TWO_PERCENT),
    "gvrp": Family(read=vrplib.alternatives, bar=_TWO_PERCENT),
    "sdvrptw_skills": Family(read=kinds.skilled, bar=_TWO_PERCENT),
    "pcvrptw": Family(read=vrplib.prizes, bar=_TWO_PERCENT),
    "mctp": Family(
        read=covering,
        ends=".txt",
        seconds=10.0,
        bar=Bar(mean_gap=0.5, max_gap=2.0, reached_share=0.8),
    ),
    "pvrp": Family(
        read=periodic,
        instance=lambda read: Periods(read=read),
        ends=".txt",
        seconds=60.0,
        bar=Bar(mean_gap=1.0, max_gap=3.0),
    ),
    "mdpvrp": Family(
        read=periodic,
        instance=lambda read: Periods(read=read),
        ends=".txt",
        seconds=60.0,
        bar=Bar(mean_gap=1.5),
    ),
    "mtvrptw_reload": Family(
        read=reloading, instance=lambda read: Trips(read=read), bar=_TWO_PERCENT
    ),
    "vrptw_solomon100/hier": Family(
        read=vrplib.windows_unrounded,
        columns=("hier_distance",),
        vehicles="hier_vehicles",
        seconds=10.0,
    ),
    "vrptw_gh/hier": Family(
        read=vrplib.windows_unrounded, columns=("hier_distance",), vehicles="hier_vehicles"
    ),
}


def named(data: Path, family: str) -> list[Named]:
    """The instances of a family, by name.

    Raises
    ------
    Malformed
        If the folder is missing, or nothing in it is an instance.
    """
    kind, folder = FAMILIES[family], data / family.partition("/")[0]
    if not folder.is_dir():
        raise Malformed(folder, 0, "no such folder")
    known = references(folder, kind.columns, kind.vehicles)
    found = list(_runs(folder) if kind.read is covering else _files(folder, kind, known))
    if kind.read is orienteering.team:
        found += _of_nodes(folder, known)
    if not found:
        raise Malformed(folder, 0, f"no file ends with {kind.ends}")
    return sorted(found, key=lambda each: each.name)


def _files(folder: Path, kind: Family, known: dict[str, Reference]) -> Iterator[Named]:
    """One file, one instance."""
    by_small_name = {name.lower(): reference for name, reference in known.items()}
    for file in sorted(folder.iterdir()):
        small = file.name.lower()
        if not small.endswith(kind.ends) or small.endswith(".nodes.txt") or "readme" in small:
            continue
        reference = by_small_name.get(file.stem.lower()) or _beside(file, kind)
        yield Named(name=file.stem, load=partial(_loaded, kind, file), reference=reference)


def _loaded(kind: Family, file: Path) -> Instance:
    return kind.instance(kind.read(file))


def _runs(folder: Path) -> Iterator[Named]:
    """Runs of the table, each on one of the networks."""
    for run in covering_runs(folder):
        yield Named(name=run.name, load=partial(_tours, folder, run), reference=run.reference)


def _tours(folder: Path, run: CoveringRun) -> Instance:
    return CoveringTours(network=covering(folder / f"{run.network}.txt"), run=run)


def _beside(file: Path, kind: Family) -> Reference | None:
    """The cost of the solution beside an instance that the table does not name."""
    solution = file.with_suffix(".sol")
    if not kind.beside or kind.vehicles is not None or not solution.is_file():
        return None
    return Reference(value=routes_of(solution).cost)


def _of_nodes(folder: Path, known: dict[str, Reference]) -> Iterator[Named]:
    """Rows of the table that name a file of nodes, a number of vehicles and a limit."""
    for row in reference_rows(folder):
        file = folder / f"{row.get('nodes', '')}.nodes.txt"
        if file.is_file():
            vehicles, tmax = int(row["vehicles"]), float(row["tmax_per_vehicle"])
            yield Named(
                name=row["instance"],
                load=partial(_team, file, vehicles, tmax),
                reference=known.get(row["instance"]),
            )


def _team(file: Path, vehicles: int, tmax: float) -> Instance:
    return Grounded(orienteering.team_of_nodes(file, vehicles, tmax))
