"""Published solutions as the engines would answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.routing.whole import problem_of
from msap_mobility.optimise.routing.answer import solution_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.routing.ground import Ground
    from msap_mobility.optimise.routing.solution import RoutingSolution


def as_answer(ground: Ground, routes: Iterable[tuple[int, Sequence[int]]]) -> RoutingSolution:
    """Routes told as kind of vehicle and nodes; those without a node are not driven."""
    task = {node: row for row, node in enumerate(ground.visits.node.tolist())}
    driven = [(kind, [task[node] for node in nodes]) for kind, nodes in routes if nodes]
    return solution_of(problem_of(ground), driven, engine="published")
