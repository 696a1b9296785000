"""Solving: every engine on the same core with the same seconds, every answer judged twice."""

from __future__ import annotations

import importlib
import time
import traceback
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.routing.ground import Aim
from msap_mobility.budget import Budget
from msap_mobility.compiled import warmup
from msap_mobility.errors import InputError, MissingExtra
from msap_mobility.optimise.routing.problem import (
    RELOAD,
    Requests,
    RoutingProblem,
    Tasks,
    Vehicles,
)
from msap_mobility.optimise.routing.solution import Cost, RoutingSolution

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.routing.families import Named
    from benchmarks.routing.instance import Instance

__all__ = ["OURS", "Prepared", "Refusal", "Run", "prepare", "ready", "run", "version_of"]

OURS = "native"
_NOTHING = RoutingSolution(
    routes=(),
    unserved=(),
    missing=(),
    cost=Cost(fixed=0, distance=0, time=0, overtime=0, balance=0, unserved=0),
    engine="none",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An instance that is read and ready for the engines."""

    name: str
    instance: Instance
    problem: RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One engine, one instance, one seed.

    Parameters
    ----------
    value, vehicles
        As the referee finds them.
    broken
        What the checker and the referee find broken, and what was left out.
    seconds
        From the call of `solve` to its answer.
    routes
        Vehicle and nodes of each route as the file counts its rows, from 0 on.
    """

    instance: str
    engine: str
    seed: int
    value: float
    vehicles: int
    broken: tuple[str, ...]
    seconds: float
    budget: float
    routes: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def feasible(self) -> bool:
        """Whether every rule is kept."""
        return not self.broken

    def worse_than(self, aim: Aim) -> tuple[float, ...]:
        """Sorts runs from the best to the worst."""
        signed = -self.value if aim is Aim.SCORE else self.value
        vehicles = float(self.vehicles) if aim is Aim.VEHICLES else 0.0
        return (float(not self.feasible), vehicles, signed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An engine that cannot express rules of an instance, by their names."""

    instance: str
    engine: str
    rules: tuple[str, ...]


def prepare(named: Named) -> Prepared:
    """Read an instance and make its problem, before any clock runs."""
    instance = named.load()
    return Prepared(name=named.name, instance=instance, problem=instance.problem())


def run(prepared: Prepared, engine: str, *, seconds: float, seed: int, starts: int = 1) -> Run:
    """Solve and judge; an engine that fails is told, and has broken every rule.

    Raises
    ------
    InputError
        If the engine cannot express a rule of the instance.
    """
    solve, check = _solver(), _checker()
    budget = Budget(seconds=seconds, starts=starts)
    failed = ""
    begun = time.perf_counter()
    try:
        answer = solve(prepared.problem, budget=budget, seed=seed, backend=engine)
    except InputError:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever a peer raises, the others go on
        traceback.print_exc()
        failed, answer = f"raised {fault!r}", _NOTHING
    spent = time.perf_counter() - begun
    verdict = prepared.instance.judge(answer)
    broken = (
        *([failed] if failed else []),
        *(f"left out: {kind} {row}" for kind, row in answer.missing),
        *(f"checker: {each.text()}" for each in check(prepared.problem, answer)),
        *(f"referee: {each}" for each in verdict.broken),
    )
    return Run(
        instance=prepared.name,
        engine=engine,
        seed=seed,
        value=verdict.value,
        vehicles=verdict.vehicles,
        broken=broken,
        seconds=spent,
        budget=seconds,
        routes=_as_filed(prepared.instance, answer),
    )


def ready(engine: str) -> str:
    """Load an engine and its kernels with a tiny call; why it cannot be used, or nothing."""
    solve = _solver()
    try:
        for tiny in (_visits(), _pair()):
            solve(tiny, budget=Budget(seconds=0.1), backend=engine)
    except MissingExtra as missing:
        return str(missing)
    except InputError:
        pass  # it refuses a pair: it is loaded all the same
    except ImportError as absent:
        return f"not in this checkout: {absent}"
    if engine == OURS:
        warmup()
    return ""


def version_of(engine: str) -> str:
    """The version of a peer's package."""
    try:
        return metadata.version(engine)
    except metadata.PackageNotFoundError:
        return ""


def _solver() -> Callable[..., RoutingSolution]:
    """`solve`, which loads an engine when it is asked for it."""
    found: Callable[..., RoutingSolution] = importlib.import_module(
        "msap_mobility.optimise.routing.solve"
    ).solve
    return found


def _checker() -> Callable[[RoutingProblem, RoutingSolution], tuple[Any, ...]]:
    """The library's independent checker."""
    found: Callable[[RoutingProblem, RoutingSolution], tuple[Any, ...]] = importlib.import_module(
        "msap_mobility.optimise.routing.check"
    ).check
    return found


def _as_filed(
    instance: Instance, answer: RoutingSolution
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Routes as nodes, for whoever wants to check a record by hand; −1 loads again."""
    node = {RELOAD: RELOAD} | dict(enumerate(instance.nodes.tolist()))
    return tuple(
        (route.vehicle, tuple(node[task] for task in route.tasks)) for route in answer.routes
    )


def _visits() -> RoutingProblem:
    """Two visits on a line, with windows."""
    return _line(Requests.of(task=[0, 1]), load=[-1, -1])


def _pair() -> RoutingProblem:
    """A pickup and its delivery on a line."""
    return _line(Requests.of(task=[0], delivery=[1]), load=[1, -1])


def _line(requests: Requests, load: list[int]) -> RoutingProblem:
    line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5])).astype(np.int64)
    return RoutingProblem(
        distance=line,
        duration_s=line.astype(np.int32),
        tasks=Tasks.of(place=[1, 2], load=load, windows=[[(0, 60)], [(0, 99)]]),
        requests=requests,
        vehicles=Vehicles.of(count=2, capacity=[2], latest_s=[999]),
    )
