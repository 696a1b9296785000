"""Whoever cannot take a caller is told of with a reason, and every reason is true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.carpool.answer import Answer
from msap_mobility.carpool.problem import CarpoolProblem
from msap_mobility.carpool.refusals import Refusal
from msap_mobility.carpool.who import who_can_take
from msap_mobility.model.offer import MOST_SEATS
from tests.carpool.test_who import AYEN, BRIVE, CAR, Call, calls, jeanne, paul

OWN = (
    "carpool_declined",
    "carpool_other_way_lacks",
    "carpool_has_left",
    "carpool_in_another_car",
    "carpool_seats_taken",
    "carpool_most_aboard",
    "carpool_aboard_first",
)
"""Reasons that hang on more than the offer and the request."""


@settings(max_examples=60, deadline=None)
@given(st.booleans().flatmap(lambda promised: calls(promised=promised)), st.booleans())
def test_every_offer_is_chosen_or_refused_for_a_true_reason(call: Call, says_no: bool) -> None:
    declined = [call.offers[0].id] if says_no else []
    answer = call.answered(k=100, declined=declined)
    chosen = {ride.offer for choice in answer.choices for ride in choice.rides}
    names = [refusal.offer for refusal in answer.refused]
    assert sorted([*chosen, *names]) == sorted(offer.id for offer in call.offers)
    for refusal in answer.refused:
        assert refusal.text("en") != refusal.text("fr")
        assert (refusal.reason.code == "carpool_declined") == (refusal.offer in declined)
        check(call, refusal)


def check(call: Call, refusal: Refusal) -> None:
    """Fail unless the reason is true."""
    offer = next(each for each in call.offers if each.id == refusal.offer)
    problem = CarpoolProblem.build([offer], [call.request], call.car, **call.on_foot)
    promised = {ride.offer for ride in call.rides}
    alone = [problem.why_not(offer.id, call.request.id, leg) for leg in legs(call)]
    code = refusal.reason.code
    if code not in OWN:
        assert refusal.reason == problem.why_not(offer.id, call.request.id, refusal.leg)
        assert None not in alone
    elif code == "carpool_other_way_lacks":
        assert call.request.wants_return
        assert alone[0 if refusal.leg == "back" else 1] is None
    elif code != "carpool_declined":
        assert None in alone
        assert (offer.id in promised) or code == "carpool_in_another_car"
    if code == "carpool_seats_taken" and not call.request.wants_return:
        larger = replace(offer, seats=MOST_SEATS[offer.kind])
        offers = tuple(larger if each is offer else each for each in call.offers)
        found = call._replace(offers=offers).answered(k=100)
        assert offer.id in {choice.out.offer for choice in found.choices}
    if code in ("carpool_seats_taken", "carpool_aboard_first", "carpool_most_aboard"):
        empty = call._replace(
            offers=(offer,),
            rides=(),
            others=(),
            request=replace(call.request, back=None, stay_s=None),
        )
        if refusal.leg == "out":
            assert empty.answered().choices


def legs(call: Call) -> tuple[Any, ...]:
    return ("out", "back", "round") if call.request.wants_return else ("out",)


def answered(**more: Any) -> Answer:
    return who_can_take(paul(), [jeanne(seats=1)], CAR, **more)


def test_the_last_seat_is_promised() -> None:
    ride = answered().choices[0].out
    other = replace(paul(), id="r2", rider="lucie")
    refused = who_can_take(other, [jeanne(seats=1)], CAR, rides=[ride], requests=[paul()]).refused
    assert [(each.leg, each.reason.code) for each in refused] == [("out", "carpool_seats_taken")]
    joined = who_can_take(other, [jeanne(seats=2)], CAR, rides=[ride], requests=[paul()]).choices
    assert [set(choice.out.riders) for choice in joined] == [{"paul", "lucie"}]


def test_the_driver_is_in_another_car() -> None:
    ride = answered().choices[0].out
    same = replace(jeanne(), id="o2", start=AYEN, end=BRIVE)
    other = replace(paul(), id="r2", rider="lucie")
    found = who_can_take(
        other, [jeanne(seats=1), same], CAR, rides=[ride], requests=[paul()]
    ).refused
    codes = {each.offer: each.reason.code for each in found}
    assert codes == {"o1": "carpool_seats_taken", "o2": "carpool_in_another_car"}


def test_a_car_that_has_left_and_one_that_lacks_the_other_way() -> None:
    depart = jeanne().depart
    assert depart is not None
    (gone,) = answered(now=depart.later(60).earliest).refused
    assert gone.reason.code == "carpool_has_left"
    there_and_back = paul(back="2026-12-01 11:30-12:30")
    (refusal,) = who_can_take(there_and_back, [jeanne()], CAR).refused
    assert (refusal.leg, refusal.reason.code) == ("back", "carpool_other_way_lacks")
