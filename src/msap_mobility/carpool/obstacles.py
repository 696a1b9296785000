"""For every offer that cannot take a caller, the rule that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.fit import MISSES, Legs, misses
from msap_mobility.carpool.joining import joined_lifts
from msap_mobility.carpool.passages import BACK, LEGS, OUT, ROUND
from msap_mobility.carpool.refusals import Refusal
from msap_mobility.carpool.rows import FAR
from msap_mobility.carpool.why_not import why_not
from msap_mobility.model import Reason
from msap_mobility.model.offer import MOST_SEATS
from msap_mobility.optimise.assignment.trips import MOST_RIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.board import Board
    from msap_mobility.carpool.enquiry import Enquiry
    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Leg

__all__ = ["refusals"]


def refusals(enquiry: Enquiry) -> Iterator[Refusal]:
    """A reason for every offer that is part of no option, by offer id.

    Parameters
    ----------
    enquiry
        What was asked.
    """
    board, pairs = enquiry.board, enquiry.problem.pairs
    fitting = set(pairs.offer.tolist())
    lifts, _ = enquiry.found
    one_way = set(lifts.offer.tolist())
    nearest = _nearest_legs(enquiry)
    for number in np.argsort(board.rank).tolist():
        if number in enquiry.options.offers:
            continue
        if number in enquiry.closed:
            leg, reason = OUT, _said("carpool_declined")
        elif number in one_way:
            has_out = bool((lifts.kind[lifts.offer == number] == OUT).any())
            leg, reason = (BACK if has_out else OUT), _said("carpool_other_way_lacks")
        elif number in fitting:
            leg = int(enquiry.problem.passages.leg_kind[pairs.leg[pairs.start[number]]])
            reason = _in_use(enquiry, number)
        else:
            leg = int(nearest[number])
            reason = why_not(enquiry.problem, number, leg) or _said("carpool_nobody_fits")
        yield _refusal(board, number, LEGS[leg], reason)


def _refusal(board: Board, number: int, leg: Leg, reason: Reason) -> Refusal:
    offer = board.offers[number]
    return Refusal(offer=offer.id, driver=offer.driver, leg=leg, reason=reason)


def _said(code: str, amount: int = 0) -> Reason:
    return Reason(code=code, amount=amount, unit="people" if amount else "1")


def _nearest_legs(enquiry: Enquiry) -> Int64:
    """Per offer the leg that gets furthest down the list of rules, and misses the next by least."""
    problem = enquiry.problem
    passages, rows, ways = problem.passages, problem.rows, problem.ways
    count = len(passages)
    offer = np.repeat(np.arange(len(rows)), count)
    passage = np.tile(np.arange(count), len(rows))
    to_s, to_m = ways.between(rows.origin[offer], passages.pick[passage])
    from_s, from_m = ways.between(passages.drop[passage], rows.destination[offer])
    legs = Legs(to_s=to_s, to_m=to_m, from_s=from_s, from_m=from_m)
    broken = misses(rows, passages, offer, passage, legs)
    amounts = np.stack([broken[code] for code in MISSES])
    rule = np.argmax(amounts > 0, axis=0)
    amount = amounts[rule, np.arange(len(passage))]
    waits = (passages.kind[passage] == ROUND) & rows.trip[offer]
    rule = np.where(waits, -1, rule)
    order = np.lexsort((passage, amount, -rule, offer))
    best: Int64 = passages.leg[passage[order[::count]]]
    return best


def _in_use(enquiry: Enquiry, number: int) -> Reason:
    """Why an offer that would fit if nothing were promised does not."""
    board, problem = enquiry.board, enquiry.problem
    offer = board.offers[number]
    mine = problem.pairs.offer == number
    if int(problem.pairs.leave_to[mine].max()) < enquiry.now_s:
        return _said("carpool_has_left")
    if number not in enquiry.occupied:
        return _said("carpool_in_another_car")
    seats = MOST_SEATS[offer.kind]
    larger = tuple(
        replace(each, seats=seats) if row == number else each
        for row, each in enumerate(board.offers)
    )
    trials = (
        ("carpool_has_left", 0, board),
        ("carpool_in_another_car", 0, replace(board, busy={})),
        ("carpool_seats_taken", enquiry.request.party, replace(board, offers=larger)),
    )
    for code, amount, other in trials:
        if _joins(enquiry, other, number):
            return _said(code, amount)
    aboard = len(board.aboard(offer.id))
    code = "carpool_most_aboard" if aboard >= MOST_RIDERS else "carpool_aboard_first"
    return _said(code, aboard)


def _joins(enquiry: Enquiry, board: Board, number: int) -> bool:
    """Whether the car could take the caller, leaving at any hour, if the board were this one."""
    lifts, _ = joined_lifts(board, enquiry.ways, enquiry.request, number, 1, -FAR)
    return len(lifts) > 0
