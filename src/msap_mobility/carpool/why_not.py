"""Why an offer does not fit a request, and the one change that would do.

The rule told is the first that stands in the way of the passage that gets furthest. A change is
told only if it was tried: the problem of the two alone, with the change made, has the pair.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.carpool.company import Company, objection
from msap_mobility.carpool.fit import MISSES, Legs, misses
from msap_mobility.carpool.pairs import compatible_pairs
from msap_mobility.carpool.passages import Passages
from msap_mobility.carpool.rows import OfferRows
from msap_mobility.errors import InputError
from msap_mobility.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.model import Offer, Request
    from msap_mobility.model.reason import Unit

__all__ = ["fits_alone", "shifted", "why_not"]

_NO_BOUND = 1e9


def why_not(problem: CarpoolProblem, offer: int, leg: int) -> Reason | None:
    """Why an offer does not fit a leg; None if it does.

    Parameters
    ----------
    problem
        The problem.
    offer, leg
        Numbers.

    Returns
    -------
    Reason or None
        ``amount`` says by how much the rule is missed; ``where`` a tag, where one is lacking.
        With a ``relaxation``: that much of the one change makes the pair fit.
    """
    driver = problem.offers[offer]
    rider = problem.requests[int(problem.passages.leg_request[leg])]
    kind = int(problem.passages.leg_kind[leg])
    against = objection(driver, rider, kind)
    if against is not None:
        code, short, name = against
        unit: Unit = "people" if code == "carpool_seats_short" else "1"
        return Reason(code=code, amount=short, unit=unit, where=name)
    missed = _furthest(problem, offer, leg)
    if missed is None:
        return None
    code, amount = missed
    if code == "carpool_no_way":
        return Reason(code=code, amount=0, unit="1")
    for relaxation, changed in _changes(code, amount, driver, rider):
        if fits_alone(problem, *changed, kind):
            return Reason(code=code, amount=amount, unit=_unit(code), relaxation=relaxation)
    return Reason(code=code, amount=amount, unit=_unit(code))


def fits_alone(problem: CarpoolProblem, offer: Offer, request: Request, kind: int) -> bool:
    """Whether two records fit for a leg of this kind, with the ways of a problem.

    Their places must be places of the problem.
    """
    rows = OfferRows.of([offer], problem.ways)
    passages = Passages.of([request], problem.ways, problem.walks)
    company = Company([offer], [request])
    pairs = compatible_pairs(rows, passages, problem.ways, company, fastest_m_per_s=_NO_BOUND)
    return bool((passages.leg_kind[pairs.leg] == kind).any())


def shifted(request: Request, seconds: int) -> Request:
    """The same request so many seconds later, earlier if below zero; a way back with it."""
    windows = {"depart": request.depart, "arrive": request.arrive, "back": request.back}
    moved: dict[str, Any] = {
        name: window.later(seconds) for name, window in windows.items() if window is not None
    }
    return replace(request, **moved)


def _furthest(problem: CarpoolProblem, offer: int, leg: int) -> tuple[str, int] | None:
    """The first rule the best passage misses, and by how much; None if one misses none."""
    rows, passages, ways = problem.rows, problem.passages, problem.ways
    passage = passages.of_leg(leg)
    offers = np.full(len(passage), offer)
    to_s, to_m = ways.between(rows.origin[offers], passages.pick[passage])
    from_s, from_m = ways.between(passages.drop[passage], rows.destination[offers])
    legs = Legs(to_s=to_s, to_m=to_m, from_s=from_s, from_m=from_m)
    broken = misses(rows, passages, offers, passage, legs)
    amounts = np.stack([broken[code] for code in MISSES])
    first = np.argmax(amounts > 0, axis=0)
    if (amounts <= 0).all(axis=0).any():
        return None
    amount = amounts[first, np.arange(len(passage))]
    best = int(np.lexsort((amount, -first))[0])
    return MISSES[int(first[best])], int(amount[best])


def _unit(code: str) -> Unit:
    return "m" if code == "carpool_detour_too_far" else "s"


def _changes(
    code: str, amount: int, offer: Offer, request: Request
) -> Iterator[tuple[str, tuple[Offer, Request]]]:
    """What could be changed by this amount, as far as records allow it."""
    detour_s, detour_m = offer.max_detour_s, offer.max_detour_m
    ride_s, arrive = request.max_ride_s, offer.arrive
    changes: dict[str, tuple[str, Offer | Request, dict[str, Any]]] = {}
    if ride_s is not None:
        changes["carpool_ride_too_long"] = ("longer_ride", request, {"max_ride_s": ride_s + amount})
    if detour_m is not None:
        longer = {"max_detour_m": detour_m + amount}
        changes["carpool_detour_too_far"] = ("farther_detour", offer, longer)
    if detour_s is not None:
        longer = {"max_detour_s": detour_s + amount}
        for each in ("carpool_detour_too_long", "carpool_wait_too_long"):
            changes[each] = ("longer_detour", offer, longer)
    if arrive is not None:
        later = replace(arrive, latest=arrive.later(amount).latest)
        changes["carpool_driver_too_late"] = ("driver_later", offer, {"arrive": later})
    moves = {"carpool_car_comes_later": amount, "carpool_car_comes_earlier": -amount}
    try:
        if code in changes:
            relaxation, record, changed = changes[code]
            new: Any = replace(record, **changed)
            yield relaxation, (new, request) if record is offer else (offer, new)
        elif code in moves:
            relaxation = "rider_later" if moves[code] > 0 else "rider_earlier"
            yield relaxation, (offer, shifted(request, moves[code]))
    except InputError:  # the record refuses so much as a mistake: then this is no way out
        return
