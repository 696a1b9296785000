"""Every route that a plan cheaper than the best known may consist of.

The costs of the routes of a plan, prices deducted, add up to no more than what the plan costs above
the bound; none of them is below the least of its kind. So a route that alone costs more above its
least than is between bound and best plan is in no better one (Baldacci, Christofides & Mingozzi
2008, doi 10.1007/s10107-007-0178-5). Ways home tell of a partial route whether it can still be in
one.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.proof.columns import Columns
from msap_mobility.optimise.routing.proof.labels import (
    COST,
    END,
    FROM,
    SET,
    USED,
    grown,
    undominated,
)
from msap_mobility.optimise.routing.proof.scope import SCALE
from msap_mobility.optimise.routing.proof.ways import TooMany, Ways, closed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.columns import Driven
    from msap_mobility.optimise.routing.proof.ground import Ground
    from msap_mobility.optimise.routing.proof.prices import Bound

__all__ = ["Pool", "enumerated"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Routes, of each kind and set of stops the cheapest.

    Parameters
    ----------
    columns
        What they do and cost.
    last
        int64 (C,): the last label of each, among those of its kind and number of stops.
    labels
        Of each kind and number of stops.
    """

    columns: Columns
    last: Int64
    labels: tuple[tuple[Int64, ...], ...]

    def driven(self, row: int) -> Driven:
        """A kind of vehicle and the stops of a route in order."""
        kind, last = int(self.columns.kind[row]), int(self.last[row])
        stops = []
        for labels in self.labels[kind][int(self.columns.visits[row].sum()) : 0 : -1]:
            stops.append(int(labels[last, END]))
            last = int(labels[last, FROM])
        return kind, tuple(stops[::-1])


def enumerated(ground: Ground, bound: Bound, over: int, most_labels: int, until: float) -> Pool:
    """All routes that cost at most `over` more than the least of their kind, in 1/`SCALE`.

    Parameters
    ----------
    ground
        What is asked.
    bound
        The prices to deduct.
    over
        In 1/`SCALE`.
    most_labels
        How many may be kept of each kind.
    until
        When to give up, by ``perf_counter``.

    Raises
    ------
    TooMany
        If there are more, or time is up.
    """
    parts, labels = [], []
    for row, kind in enumerate(ground.kinds):
        ways = Ways.of(ground, kind, bound.prices, most_labels)
        most = over + int(bound.least[row])
        levels = tuple(_levels(ways, most, until))
        labels.append(levels)
        for level in levels[1:]:
            last, cost = _cheapest(ways, level, most)
            visits = ((level[last, SET][:, None] >> np.arange(kind.stops)) & 1).astype(np.bool_)
            cost = (cost + bound.prices.paid(ground, visits)) // SCALE
            parts.append((np.full(len(last), row, dtype=np.int64), visits, cost, last))
    nothing = np.zeros(0, dtype=np.int64)
    parts.append((nothing, np.zeros((0, len(ground.stops)), dtype=np.bool_), nothing, nothing))
    kinds, visited, costs, lasts = (np.concatenate(each) for each in zip(*parts, strict=True))
    columns = Columns(kind=kinds, visits=visited, cost=costs)
    return Pool(columns=columns, last=lasts, labels=tuple(labels))


def _levels(ways: Ways, most: int, until: float) -> Iterator[Int64]:
    """Partial routes with no stop, one stop, two."""
    back, back_start = ways.backwards()
    kind = ways.kind
    label = np.zeros((1, USED + len(kind.limit)), dtype=np.int64)
    label[0, END], label[0, FROM] = kind.stops, -1
    left, within = ways.most, most - kind.fixed * SCALE
    child = np.empty((ways.most, label.shape[1]), dtype=np.int64)
    asked = (ways.cost, ways.reach, ways.price, kind.use, kind.limit, back, back_start, within)
    while len(label):
        yield label
        left -= len(label)
        count = grown(label, *asked, child)
        if count < 0 or count > left or perf_counter() > until:
            raise TooMany
        found = child[:count]
        found = found[np.lexsort((found[:, COST], found[:, END], found[:, SET]))]
        keep = np.zeros(count, dtype=np.bool_)
        undominated(found, keep)
        label = np.ascontiguousarray(found[keep])


def _cheapest(ways: Ways, label: Int64, most: int) -> tuple[Int64, Int64]:
    """Of the routes among labels that cost no more, of each set the cheapest, and what it costs."""
    last, cost = closed(ways, label)
    within = cost <= most
    last, cost = last[within], cost[within]
    order = np.lexsort((cost, label[last, SET]))
    _, first = np.unique(label[last[order], SET], return_index=True)
    return last[order[first]], cost[order[first]]
