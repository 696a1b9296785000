"""The best plan that can be put together from routes, and what no plan of them costs less than."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.proof.prices import Bound, Prices
from msap_mobility.optimise.routing.proof.program import Program
from msap_mobility.optimise.routing.proof.scope import SCALE

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64
    from msap_mobility.optimise.routing.proof.columns import Columns, Parts
    from msap_mobility.optimise.routing.proof.ground import Bools, Ground

__all__ = ["Choice", "choose"]

_EPSILON = SCALE >> 8
"""By how much a route must be undervalued to join."""
_AT_ONCE, _JOINING = 2_000, 1_000
_FEW = 3_000
_FEW_NODES = 200
_TOLERANCE = 1e-8
"""How far the bound of a search tree in floats is trusted, relative."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Routes that make a plan.

    Parameters
    ----------
    rows
        int64: of the columns; whoever they leave out is left out.
    least
        No plan made of these columns costs less, unless it costs as much as the one in hand.
    """

    rows: Int64
    least: int


def choose(
    ground: Ground, columns: Columns, most: int, until: float, *, nodes: int | None = None
) -> Choice | None:
    """Choose among columns; None if time is up before anything is known.

    Parameters
    ----------
    ground
        What is asked.
    columns
        To choose from.
    most
        Of use is a plan that costs no more.
    until
        When to end, by ``perf_counter``.
    nodes
        Of the search tree at most, or None.
    """
    parts = columns.parts(ground)
    bound, over = _priced(ground, columns, parts, until)
    if bound is None:
        return None
    best = Choice(rows=np.zeros(0, dtype=np.int64), least=_up(bound.value / SCALE))
    if len(columns) > _FEW:
        few = np.sort(np.argsort(over, kind="stable")[:_FEW])
        best = _tree(ground, columns, parts, few, until, nodes=_FEW_NODES) or best
        most = min(most, _worth(ground, columns, best.rows))
    useful = np.flatnonzero(over <= most * SCALE - bound.value)
    found = _tree(ground, columns, parts, useful, until, nodes=nodes)
    if found is None:
        return Choice(rows=best.rows, least=_up(bound.value / SCALE))
    least = max(found.least, _up(bound.value / SCALE))
    rows = min((best.rows, found.rows), key=lambda rows: _worth(ground, columns, rows))
    return Choice(rows=rows, least=least)


def _worth(ground: Ground, columns: Columns, rows: Int64) -> int:
    """What a plan of these routes costs, and what it leaves out."""
    visited: Bools = np.logical_or.reduce(columns.visits[rows], axis=0)
    covered = (visited[:, None] & ground.covers).any(axis=0)
    left = ground.dear * int((ground.must & ~visited).sum())
    left += int(ground.prize[~visited].sum()) + int(ground.worth[~covered].sum())
    return int(columns.cost[rows].sum()) + left


def _priced(
    ground: Ground, columns: Columns, parts: Parts, until: float
) -> tuple[Bound | None, Int64]:
    """The bound of the linear program of all columns, and what each costs above its least.

    Columns join until none is undervalued; those left out never enter the solver.
    """
    program = Program(ground)
    prized = columns.cost - columns.visits @ ground.prize
    joined = np.zeros(len(columns), dtype=np.bool_)
    fresh = np.argsort(prized, kind="stable")[:: max(1, len(columns) // _AT_ONCE)]
    best: Bound | None = None
    over = np.zeros(len(columns), dtype=np.int64)
    while True:
        joined[fresh] = True
        program.join(parts[fresh], columns.kind[fresh], columns.cost[fresh])
        if not program.solve(until - perf_counter()):
            return best, over
        prices = Prices.of(ground, program.dual())
        reduced = prized * SCALE - _sums(parts, np.append(prices.stop, prices.customer))
        least = np.full(len(ground.kinds), ground.dear * SCALE)
        np.minimum.at(least, columns.kind, reduced)
        bound = prices.bound(ground, least)
        if best is None or bound.value > best.value:
            best, over = bound, reduced - bound.least[columns.kind]
        fleet = program.fleet_dual()
        under = np.flatnonzero((reduced < fleet[columns.kind] - _EPSILON) & ~joined)
        if len(under) == 0:
            return best, over
        fresh = under[np.argsort(reduced[under], kind="stable")[:_JOINING]]


def _sums(parts: Parts, price: Int64) -> Int64:
    """What each route is paid, a few thousand routes at a time."""
    sums = [rows.astype(np.int64) @ price for rows in np.array_split(parts, 1 + len(parts) // 4096)]
    return np.concatenate(sums)


def _tree(
    ground: Ground,
    columns: Columns,
    parts: Parts,
    rows: Int64,
    until: float,
    *,
    nodes: int | None = None,
) -> Choice | None:
    """The best whole choice among some columns, as far as time and nodes go."""
    program = Program(ground)
    program.join(parts[rows], columns.kind[rows], columns.cost[rows])
    program.make_whole(nodes)
    program.solve(until - perf_counter())
    taken = program.taken()
    if program.value == inf or len(taken) != len(rows):
        return None
    bound = program.bound
    least = _up(bound - _TOLERANCE * max(1.0, abs(bound))) if abs(bound) < inf else -(1 << 62)
    return Choice(rows=rows[taken > 0.5], least=least)


def _up(value: float) -> int:
    """Costs are whole."""
    return ceil(value)
