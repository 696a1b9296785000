"""Which lifts go together for one caller, and in what order they are told.

The order is one rule (`ranked`): least detour of both ways in whole, a minute added for each ride
that a driver gave this month or gives by the other way, as `terms` does with fairness "some"; at
equal cost one driver before two, then fewest promised pick-ups moved, then ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.passages import BACK, OUT, ROUND
from msap_mobility.carpool.rows import FAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from msap_mobility.carpool.board import Board
    from msap_mobility.carpool.lifts import Lifts
    from msap_mobility.carpool.terms import Terms
    from msap_mobility.carpool.ways import Int64

__all__ = ["Options", "ranked"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Options:
    """What the caller can choose from.

    Parameters
    ----------
    out, back
        Rows of the lifts, best first, at most as many as were wanted; `back` is −1 where one car
        does all.
    cost_s
        Per option.
    drivers, offers
        Who takes part in one of all possible options: member ids, by the best of theirs, then by
        id; numbers of offers.
    """

    out: Int64
    back: Int64
    cost_s: Int64
    drivers: tuple[str, ...]
    offers: frozenset[int]


def ranked(
    board: Board,
    lifts: Lifts,
    terms: Terms,
    most: int,
    agree: Callable[[int, int], bool],
    *,
    returns: bool,
) -> Options:
    """The best options.

    Parameters
    ----------
    board, lifts
        What there is.
    terms
        How much the rides of this month count.
    most
        How many options are wanted.
    agree
        Whether two cars, of which one at least has passengers, may both drive as two rows say.
    returns
        Whether the caller wants to be brought back: then both ways, or nothing.
    """
    names = [board.offers[offer].driver for offer in lifts.offer.tolist()]
    persons, driver = np.unique(np.array(names, dtype=object), return_inverse=True)
    load = np.array([terms.load_s(name) for name in names], dtype=np.int64)
    cost = lifts.detour_s + load
    if returns:
        out, back = _pairs(lifts, driver, agree)
        again = np.where(driver[out] == driver[back], terms.each_s, 0)
        paired = cost[out] + cost[back] + again
        alone = np.flatnonzero(lifts.kind == ROUND)
    else:
        out = back = paired = np.zeros(0, dtype=np.int64)
        alone = np.flatnonzero(lifts.kind == OUT)
    first = np.concatenate([alone, out])
    second = np.concatenate([np.full(len(alone), -1), back])
    total = np.concatenate([cost[alone], paired])
    order = _order(board, lifts, driver, first, second, total, most)
    best = np.full(len(persons), FAR, dtype=np.int64)
    np.minimum.at(best, driver[first], total)
    np.minimum.at(best, driver[back], paired)
    able = np.flatnonzero(best < FAR)
    return Options(
        out=first[order],
        back=second[order],
        cost_s=total[order],
        drivers=tuple(persons[able[np.argsort(best[able], kind="stable")]].tolist()),
        offers=frozenset(lifts.offer[np.concatenate([first, back])].tolist()),
    )


def _pairs(lifts: Lifts, driver: Int64, agree: Callable[[int, int], bool]) -> tuple[Int64, Int64]:
    """A way there and a way back by another car, the stay in between, nobody in two cars."""
    there, home = np.flatnonzero(lifts.kind == OUT), np.flatnonzero(lifts.kind == BACK)
    out, back = (rows.ravel() for rows in np.meshgrid(there, home, indexing="ij"))
    same = driver[out] == driver[back]
    meanwhile = (lifts.since[out] < lifts.until[back]) & (lifts.since[back] < lifts.until[out])
    follows: NDArray[np.bool_] = lifts.free[out] <= lifts.ready[back]
    follows &= (lifts.offer[out] != lifts.offer[back]) & ~(same & meanwhile)
    out, back = out[follows], back[follows]
    changed = np.flatnonzero((lifts.source[out] > 0) | (lifts.source[back] > 0))
    wrong = [row for row in changed.tolist() if not agree(int(out[row]), int(back[row]))]
    return np.delete(out, wrong), np.delete(back, wrong)


def _order(
    board: Board,
    lifts: Lifts,
    driver: Int64,
    first: Int64,
    second: Int64,
    total: Int64,
    most: int,
) -> Int64:
    """The best options, best first."""
    near = np.arange(len(total))
    if len(total) > most:
        near = np.flatnonzero(total <= np.partition(total, most - 1)[most - 1])
    out, back = first[near], second[near]
    two = (back >= 0) & (driver[out] != driver[back])
    moved = lifts.moved[out] + np.where(back >= 0, lifts.moved[back], 0)
    rank = board.rank[lifts.offer]
    home = np.where(back >= 0, rank[back], -1)
    order = np.lexsort((home, rank[out], moved, two, total[near]))
    chosen: Int64 = near[order[:most]]
    return chosen
