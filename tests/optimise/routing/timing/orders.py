"""Orders of tasks at random, which rules of time may or may not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.problem import NONE, RELOAD

if TYPE_CHECKING:
    from msap_mobility.optimise.routing.problem import RoutingProblem

Order = tuple[int, tuple[int, ...]]

OF_TIME = {
    "travel", "open_end", "window", "vehicle_window", "shift", "dwell", "release", "cold", "ride",
    "break_missing", "break_window", "break_after", "break_within", "break_overlap", "break_twice",
    "break_vehicle", "cost",
}  # fmt: skip
"""What the checker says of times; load, skills, days and who is served are not drawn here."""


def orders_of(problem: RoutingProblem, seed: int) -> list[Order]:
    """One route or two, of up to two whole requests each, and a loading wherever it may be."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(problem.requests)).tolist()
    found = []
    for kind in rng.permutation(len(problem.vehicles)).tolist()[:2]:
        mine, rows = np.split(rows, [int(rng.integers(1, 3))])
        if len(mine):
            found.append((kind, _order(problem, kind, mine.tolist(), rng)))
    return found


def _order(
    problem: RoutingProblem, kind: int, rows: list[int], rng: np.random.Generator
) -> tuple[int, ...]:
    order: list[int] = []
    for row in rows:
        at = int(rng.integers(0, len(order) + 1))
        order.insert(at, int(problem.requests.task[row]))
        if (delivery := int(problem.requests.delivery[row])) != NONE:
            order.insert(int(rng.integers(at + 1, len(order) + 1)), delivery)
    if problem.vehicles.reload[kind] != NONE and rng.random() < 0.6:
        order.insert(int(rng.integers(0, len(order) + 1)), RELOAD)
    return tuple(order)
