"""What the command needs of an instance, whatever kind of problem its file tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from benchmarks.routing.referee import judge
from benchmarks.routing.whole import problem_of, scale_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.routing.ground import Aim, Ground
    from benchmarks.routing.referee import Verdict
    from msap_mobility.optimise.routing.problem import RoutingProblem
    from msap_mobility.optimise.routing.solution import RoutingSolution

__all__ = ["Grounded", "Instance"]


class Instance(Protocol):
    """A problem and its family's own judge."""

    @property
    def aim(self) -> Aim:
        """What is best."""
        ...

    @property
    def nodes(self) -> NDArray[np.int64]:
        """int64 (T,): the row of the file that each task is."""
        ...

    def problem(self) -> RoutingProblem:
        """What the engines solve, in whole numbers."""
        ...

    def judge(self, solution: RoutingSolution) -> Verdict:
        """Value and broken rules, in doubles, by what the file says."""
        ...


@dataclass(frozen=True, slots=True)
class Grounded:
    """The instance that a `Ground` tells."""

    ground: Ground

    @property
    def aim(self) -> Aim:
        """What is best."""
        return self.ground.aim

    @property
    def nodes(self) -> NDArray[np.int64]:
        """The row of the file that each task is."""
        return self.ground.visits.node

    def problem(self) -> RoutingProblem:
        """What the engines solve."""
        return problem_of(self.ground)

    def judge(self, solution: RoutingSolution) -> Verdict:
        """By `referee`."""
        return judge(self.ground, solution, scale_of(self.ground))
