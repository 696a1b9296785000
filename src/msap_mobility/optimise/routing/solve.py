"""Find the routes: by the engine of this library, or by another behind the same protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.optimise.routing.backends import backend_of, refuse
from msap_mobility.optimise.routing.check import check

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.backends import Progress, ShouldStop
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["refuse_broken", "solve"]

_NATIVE = "native"


def solve(
    problem: RoutingProblem,
    *,
    budget: Budget,
    seed: int = 0,
    backend: str = "native",
    initial: RoutingSolution | None = None,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
    replay: RoutingSolution | None = None,
) -> RoutingSolution:
    """The best routes found.

    Parameters
    ----------
    problem
        What is asked.
    budget
        How long to search. Seconds run from this call.
    seed
        The same seed and iterations give the same answer.
    backend
        ``"native"``, ``"pyvrp"`` or ``"ortools"``.
    initial
        A plan to begin with.
    progress
        Called with the share of the budget spent and the cost of the best plan so far.
    should_stop
        Asked while searching; once it says yes the best plan so far is the answer.
    replay
        An earlier answer, found within seconds or stopped: with the same problem, seed, starts
        and `initial` the same answer is found again, by its iterations. The limits of `budget`
        then do not count.

    Returns
    -------
    RoutingSolution
        What could not be served although it had to be is `missing` from it; it is no error.

    Raises
    ------
    InputError
        ``routing_no_backend``, or ``routing_not_expressible`` for every rule of the problem that
        the backend cannot express; ``routing_initial_broken`` for every rule `initial` breaks;
        ``routing_not_replayed`` if `replay` is not of the native backend and as many starts.
    MissingExtra
        If the backend's package is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.budget import Budget
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> line = np.abs(np.subtract.outer([0, 3, 5], [0, 3, 5]))
    >>> problem = RoutingProblem(
    ...     distance=line,
    ...     duration_s=line,
    ...     tasks=Tasks.of(place=[1, 2], load=[-1, -1]),
    ...     requests=Requests.of(task=[0, 1]),
    ...     vehicles=Vehicles.of(count=1, capacity=2),
    ... )
    >>> solve(problem, budget=Budget(iterations=9), seed=1).cost.total
    10
    """
    if replay is not None:
        _refuse_unrecorded(replay, backend, budget)
    chosen = backend_of(backend, replay=replay)
    refuse(chosen, problem)
    if initial is not None:
        refuse_broken(problem, initial)
    return chosen.solve(
        problem,
        budget=budget,
        seed=seed,
        initial=initial,
        progress=progress,
        should_stop=should_stop,
    )


def refuse_broken(problem: RoutingProblem, initial: RoutingSolution) -> None:
    """Refuse a plan to begin with that breaks rules: no search could mend what it trusts.

    Raises
    ------
    InputError
        ``routing_initial_broken`` for every rule `initial` breaks.
    """
    with Faults() as faults:
        for broken in check(problem, initial):
            faults.add("routing_initial_broken", value=broken.rule, amount=broken.amount)


def _refuse_unrecorded(replay: RoutingSolution, backend: str, budget: Budget) -> None:
    """Refuse to repeat what the native engine did not record, or with other starts."""
    recorded = len(replay.cooling)
    if backend != _NATIVE or replay.engine != _NATIVE or recorded != budget.starts:
        details = {"starts": recorded, "asked": budget.starts, "backend": backend}
        raise InputError([Fault(code="routing_not_replayed", value=replay.engine, details=details)])
