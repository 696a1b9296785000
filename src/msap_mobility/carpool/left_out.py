"""Why a request got no ride, told truly and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.company import objection
from msap_mobility.carpool.fit import MISSES, Legs, misses
from msap_mobility.carpool.matching import Unserved
from msap_mobility.carpool.passages import BACK, LEGS, OUT, ROUND
from msap_mobility.carpool.why_not import why_not
from msap_mobility.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.ways import Int64

__all__ = ["left_out"]

_NEAREST = 300_000
"""Offers and legs to compare so that the nearest offer is named; beyond, only that none fits."""


def left_out(
    problem: CarpoolProblem, missing: Mapping[int, Iterable[int]], best: Int64
) -> tuple[Unserved, ...]:
    """The requests that are not served, or not wholly, each with a reason.

    Parameters
    ----------
    problem
        The problem.
    missing
        Per number of a request: which of `OUT` and `BACK` it lacks.
    best
        Per leg: the most that a ride of it alone gains.
    """
    near = len(missing) * len(problem.offers) <= _NEAREST
    first = np.searchsorted(problem.passages.leg_request, np.arange(len(problem.requests)))
    cars = np.bincount(problem.pairs.leg, minlength=len(problem.passages.leg_kind))
    return tuple(
        _row(problem, number, int(first[number]), tuple(ways), cars, best, near=near)
        for number, ways in sorted(missing.items())
    )


def _row(
    problem: CarpoolProblem,
    number: int,
    first: int,
    ways: tuple[int, ...],
    cars: Int64,
    best: Int64,
    *,
    near: bool,
) -> Unserved:
    request = problem.requests[number]
    whole = request.wants_return and len(ways) == 2
    waits = whole and cars[first + ROUND] > 0
    for kind in () if waits else ways:
        if not cars[first + kind]:
            offer, reason = _nobody(problem, first + kind, near=near)
            return Unserved(request=request.id, leg=LEGS[kind], reason=reason, offer=offer)
    legs = [first + kind for kind in ways]
    leg = LEGS[ways[0]]
    if whole and not waits and not _returns(problem, first):
        reason = Reason(code="carpool_no_return", amount=0, unit="1")
        return Unserved(request=request.id, leg="back", reason=reason)
    gain = sum(int(best[one]) for one in legs)
    if waits:
        gain = max(gain, int(best[first + ROUND])) if all(cars[legs]) else int(best[first + ROUND])
        legs.append(first + ROUND)
    if gain <= 0:
        reason = Reason(code="carpool_saves_nothing", amount=-gain, unit="s")
    else:
        several = np.isin(problem.pairs.leg, legs)
        count = len(np.unique(problem.pairs.offer[several]))
        reason = Reason(code="carpool_cars_needed", amount=count, unit="units")
    return Unserved(request=request.id, leg=leg, reason=reason)


def _returns(problem: CarpoolProblem, first: int) -> bool:
    """Whether two cars that fit leave time for the stay between them."""
    pairs = problem.pairs
    out = np.flatnonzero(pairs.leg == first + OUT)
    back = np.flatnonzero(pairs.leg == first + BACK)
    there, home = np.repeat(out, len(back)), np.tile(back, len(out))
    other = pairs.offer[there] != pairs.offer[home]
    return bool((problem.returns_in_time(there, home) & other).any())


def _nobody(problem: CarpoolProblem, leg: int, *, near: bool) -> tuple[str, Reason]:
    """The offer that comes nearest to a leg that none fits, and why it does not."""
    if not problem.offers:
        return "", Reason(code="carpool_nobody_drives", amount=0, unit="1")
    if not near:
        amount = len(problem.offers)
        return "", Reason(code="carpool_nobody_fits", amount=amount, unit="units")
    offer = _nearest(problem, leg)
    reason = why_not(problem, offer, leg)
    if reason is None:  # it has a pair then
        return "", Reason(code="carpool_nobody_fits", amount=len(problem.offers), unit="units")
    return problem.offers[offer].id, reason


def _nearest(problem: CarpoolProblem, leg: int) -> int:
    """The offer that gets furthest down the list of rules, and misses the next by least."""
    passages, rows, ways = problem.passages, problem.rows, problem.ways
    request = problem.requests[int(passages.leg_request[leg])]
    kind = int(passages.leg_kind[leg])
    willing = [n for n, each in enumerate(problem.offers) if objection(each, request, kind) is None]
    options = passages.of_leg(leg)
    if not willing or not len(options):
        return 0
    offer = np.repeat(np.array(willing, dtype=np.int64), len(options))
    passage = np.tile(options, len(willing))
    to_s, to_m = ways.between(rows.origin[offer], passages.pick[passage])
    from_s, from_m = ways.between(passages.drop[passage], rows.destination[offer])
    legs = Legs(to_s=to_s, to_m=to_m, from_s=from_s, from_m=from_m)
    broken = misses(rows, passages, offer, passage, legs)
    amounts = np.stack([broken[code] for code in MISSES])
    rule = np.argmax(amounts > 0, axis=0)
    amount = amounts[rule, np.arange(len(passage))]
    return int(offer[np.lexsort((offer, amount, -rule))[0]])
