"""Every change that is told opens a choice, and a smaller one does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.carpool.almost import Almost
from msap_mobility.carpool.answer import Answer
from msap_mobility.carpool.who import who_can_take
from msap_mobility.model import Offer, Place, Request, Window
from msap_mobility.roads import CalibratedTimes
from tests.carpool.test_who import AYEN, BRIVE, CAR, PERPEZAC, jeanne, paul

WALK = CalibratedTimes(mode="walk")
CHURCH = Place(id="church", name="Church", lon=1.345, lat=45.226)
SHOP = Place(id="shop", name="Shop", lon=1.318, lat=45.229)
ON_FOOT: dict[str, Any] = {"meeting_points": [CHURCH, SHOP], "walk_times": WALK}
MORNING = Window.of("2026-12-01 08:00")

hours = st.integers(-10, 20).map(lambda quarters: 1000 * quarters)


def at(second: int, length: int = 600) -> Window:
    start = MORNING.later(second)
    return Window(start.earliest, start.later(length).latest)


@st.composite
def offers(draw: st.DrawFn, number: int) -> Offer:
    start, end = draw(st.permutations([AYEN, BRIVE, CHURCH]))[:2]
    return Offer(
        id=f"o{number}",
        driver=draw(st.sampled_from(["anna", "ben"])),
        kind="trip",
        start=start,
        end=end,
        depart=at(draw(hours)),
        max_detour_s=draw(st.sampled_from([60, 300, 900])),
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    depart = at(draw(hours))
    back = depart.later(draw(st.sampled_from([3600, 7200]))) if draw(st.booleans()) else None
    return Request(
        id="r1",
        rider="paul",
        start=PERPEZAC,
        end=BRIVE,
        depart=depart,
        back=back,
        max_ride_s=draw(st.sampled_from([None, 900])),
        walk_limit_m=draw(st.sampled_from([0, 0, 500])),
    )


def asked(request: Request, made: list[Offer], **more: Any) -> Answer:
    return who_can_take(request, made, CAR, **{**ON_FOOT, **more})


@settings(max_examples=40, deadline=None)
@given(requests(), offers(0), offers(1), offers(2))
def test_what_is_told_opens_a_choice_and_less_does_not(
    request: Request, one: Offer, two: Offer, three: Offer
) -> None:
    made = [one, two, three]
    answer = asked(request, made)
    assert not (answer.choices and answer.almost)
    told = [(each.change, each.amount > 0) for each in answer.almost]
    assert len(told) == len(set(told))
    for each in answer.almost:
        assert asked(each.apply(request), made).choices
        assert each.text("en") != each.text("fr")
        assert Almost.from_dict(each.to_dict()) == each
        if each.change != "walk" and abs(each.amount) > 900:
            less = replace(each, amount=each.amount - (900 if each.amount > 0 else -900))
            assert not asked(less.apply(request), made).choices


def test_a_quarter_of_an_hour_later() -> None:
    early = paul(depart="2026-12-01 07:30-08:10")
    (each,) = who_can_take(early, [jeanne()], CAR).almost
    assert (each.change, each.amount) == ("out", 900)
    assert each.text("en") == "The way there 15 min later."
    assert each.text("fr") == "L'aller 15 min plus tard."


def test_a_walk_to_the_meeting_point_but_not_in_a_wheelchair() -> None:
    offer = Offer.of(
        id="o1",
        driver="jeanne",
        start=CHURCH,
        end=BRIVE,
        depart="2026-12-01 08:30",
        max_detour="1 min",
        wheelchair=True,
    )
    (each,) = asked(paul(), [offer]).almost
    assert (each.change, each.where) == ("walk", "Church")
    walker = each.apply(paul())
    assert asked(walker, [offer]).choices[0].walk_m == each.amount
    assert not asked(replace(walker, walk_limit_m=each.amount - 1), [offer]).choices
    assert asked(paul(wheelchair=True), [offer]).almost == ()


def test_a_longer_ride() -> None:
    (each,) = asked(paul(max_ride="20 min"), [jeanne()]).almost
    assert (each.change, each.amount) == ("longer_ride", 900)


def test_no_change_leads_into_the_past() -> None:
    late = paul(depart="2026-12-01 08:45-09:00")
    (each,) = who_can_take(late, [jeanne()], CAR).almost
    assert (each.change, each.amount) == ("out", -1800)
    window = jeanne().depart
    assert window is not None
    assert who_can_take(late, [jeanne()], CAR, now=window.later(1).earliest).almost == ()


def test_a_request_without_stay_can_be_asked_and_changed() -> None:
    at_once = Request.of(
        id="r1",
        rider="paul",
        start=PERPEZAC,
        end=BRIVE,
        arrive="2026-12-01 08:00-11:30",
        stay="0 min",
    )
    answer = who_can_take(at_once, [], CAR)
    assert answer.text("en") != answer.text("fr")
    assert answer.almost == ()
