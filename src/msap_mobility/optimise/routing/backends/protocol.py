"""What every search behind `solve` looks like from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Backend", "Progress", "ShouldStop", "refuse"]

Progress = Callable[[float, float], None]
"""Called with the share of the budget spent and the cost of the best plan so far."""
ShouldStop = Callable[[], bool]
"""Asked while searching; once it says yes the best plan so far is the answer."""


class Backend(Protocol):
    """A search for routes.

    Whoever implements it answers any problem it does not refuse: what cannot be served is named
    in the answer's `missing`, never an error.
    """

    @property
    def name(self) -> str:
        """As `solve` is asked for it, and as answers name their engine."""
        ...

    def refusals(self, problem: RoutingProblem) -> tuple[str, ...]:
        """Names of the rules in `problem` it cannot express; empty if it can express all."""
        ...

    def solve(
        self,
        problem: RoutingProblem,
        *,
        budget: Budget,
        seed: int,
        initial: RoutingSolution | None,
        progress: Progress | None,
        should_stop: ShouldStop | None,
    ) -> RoutingSolution:
        """The best routes found within `budget`.

        Parameters
        ----------
        problem
            One without `refusals`.
        budget, seed, initial, progress, should_stop
            As `solve` is given them.

        Raises
        ------
        MissingExtra
            If its package is not installed.
        """
        ...


def refuse(backend: Backend, problem: RoutingProblem) -> None:
    """Raise if `backend` cannot express every rule of `problem`.

    Raises
    ------
    InputError
        ``routing_not_expressible`` for each rule: its name as the value, and the backend's.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.optimise.routing.backends.pyvrp import PyVRP
    >>> from msap_mobility.optimise.routing.problem import (
    ...     Objective, Requests, RoutingProblem, Tasks, Vehicles,
    ... )
    >>> here = np.zeros((1, 1), dtype=np.int64)
    >>> shared = RoutingProblem(
    ...     distance=here,
    ...     duration_s=here,
    ...     tasks=Tasks.of(place=[0]),
    ...     requests=Requests.of(task=[0]),
    ...     vehicles=Vehicles.of(count=1),
    ...     objective=Objective(balance=1),
    ... )
    >>> refuse(PyVRP(), shared)
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: pyvrp cannot express the rule 'balance'. ...
    """
    with Faults() as faults:
        for rule in backend.refusals(problem):
            faults.add("routing_not_expressible", value=rule, backend=backend.name)
