"""Column generation: routes join the linear program until its prices leave none worth joining.

Routes of the program may come back to a stop long left, and a customer who is not `MARKED` counts
as often as a route passes a stop in reach. Both only allow more, so its prices bound every plan.
The bound is taken from whole prices, whatever the solver's tolerances (Desaulniers, Desrosiers
& Solomon 2005, doi 10.1007/b135457).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.proof.columns import Driven, Parts, cost_of
from msap_mobility.optimise.routing.proof.prices import Bound, Prices
from msap_mobility.optimise.routing.proof.program import Program
from msap_mobility.optimise.routing.proof.scope import MARKED, SCALE
from msap_mobility.optimise.routing.proof.ways import TooMany, Ways, closed, order_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.ground import Ground

__all__ = ["Generation"]

Stops = tuple[int, ...]

_EPSILON = SCALE >> 8
"""By how much a route must be undervalued to join."""
_JOINING = 120


@dataclass(slots=True, kw_only=True, eq=False)
class Generation:
    """Routes known, and the best bound so far.

    Parameters
    ----------
    ground
        What is asked.
    most_labels
        How many partial routes may be kept at a time.
    until
        When to end, by ``perf_counter``.
    """

    ground: Ground
    most_labels: int
    until: float
    routes: dict[Driven, int] = field(default_factory=dict)
    bound: Bound | None = None
    _program: Program = field(init=False)

    def __post_init__(self) -> None:
        self._program = Program(self.ground)

    def run(self, known: Iterable[Driven]) -> None:
        """Generate routes until none is undervalued, or the time or the memory is up."""
        self._join(list(known))
        while perf_counter() < self.until and self._program.solve(self.until - perf_counter()):
            prices = Prices.of(self.ground, self._program.dual())
            fleet = self._program.fleet_dual()
            try:
                if any(
                    self._join(self._undervalued(prices, fleet, exact=exact))
                    for exact in (False, True)
                ):
                    continue
            except TooMany:
                pass
            return

    @property
    def least(self) -> int:
        """No plan costs less."""
        return 0 if self.bound is None else -(-self.bound.value // SCALE)

    def parts(self) -> tuple[float, NDArray[np.float64]]:
        """How many routes the last program takes, and how often each stop is visited."""
        taken = self._program.taken()
        often = np.zeros(len(self.ground.stops))
        for (_, stops), part in zip(self.routes, taken.tolist(), strict=True):
            for stop in stops:
                often[stop] += part
        return float(taken.sum()), often

    def _undervalued(self, prices: Prices, fleet: Int64, *, exact: bool) -> list[Driven]:
        """Routes worth more than they cost; exactly, a bound is taken from them too."""
        least = np.full(len(self.ground.kinds), self.ground.dear * SCALE)
        found: list[Driven] = []
        for row, kind in enumerate(self.ground.kinds):
            ways = Ways.of(self.ground, kind, prices, self.most_labels)
            label = ways.forwards(exact=exact)
            rows, cost = closed(ways, label)
            least[row] = cost.min(initial=least[row])
            better = np.flatnonzero(cost < fleet[row] - _EPSILON)
            best = rows[better[np.argsort(cost[better], kind="stable")]]
            found += [(row, stops) for stops in _apart(label, best)]
        if exact:
            bound = prices.bound(self.ground, least)
            if self.bound is None or bound.value > self.bound.value:
                self.bound = bound
        return found

    def _join(self, driven: Sequence[Driven]) -> bool:
        """Let routes join that are not there yet; whether there were any."""
        fresh = [each for each in dict.fromkeys(driven) if each not in self.routes]
        costs = [cost_of(self.ground, each) for each in fresh]
        self.routes.update(zip(fresh, costs, strict=True))
        kind = np.array([row for row, _ in fresh], dtype=np.int64)
        self._program.join(_passed(self.ground, fresh), kind, np.array(costs, dtype=np.int64))
        return bool(fresh)


def _apart(label: Int64, best: Int64) -> list[Stops]:
    """Orders of the best labels, one of each set of stops, few of each end."""
    found: dict[frozenset[int], Stops] = {}
    for row in best[: 4 * _JOINING].tolist():
        stops = order_of(label, row)
        found.setdefault(frozenset(stops), tuple(stops))
        if len(found) == _JOINING:
            break
    return list(found.values())


def _passed(ground: Ground, driven: Sequence[Driven]) -> Parts:
    """int8 (C, N + U): how often each route visits each stop and passes each customer's reach."""
    visits = np.zeros((len(driven), len(ground.stops)), dtype=np.int8)
    for row, (_, stops) in enumerate(driven):
        np.add.at(visits[row], list(stops), 1)
    passed = visits @ ground.covers.astype(np.int8)
    passed[:, :MARKED] = passed[:, :MARKED].clip(max=1)
    parts: Parts = np.hstack([visits, passed])
    return parts
