"""The agent's question: choices are real, the best is the best there is, promises stay."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.carpool.answer import Answer
from msap_mobility.carpool.board import Board
from msap_mobility.carpool.check import check_rides
from msap_mobility.carpool.match import match
from msap_mobility.carpool.who import who_can_take
from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Place, Request, Ride, Window
from msap_mobility.roads import CalibratedTimes
from tests.carpool.small_days import POINT, Matrix, matrices, offers, requests

if TYPE_CHECKING:
    from msap_mobility.carpool.answer import Choice

AYEN = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
BRIVE = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
PERPEZAC = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
CAR = CalibratedTimes(mode="car")


class Call(NamedTuple):
    """One caller, the offers, and what is promised to others."""

    request: Request
    offers: tuple[Offer, ...]
    others: tuple[Request, ...]
    rides: tuple[Ride, ...]
    car: Any
    walk: Any

    def answered(self, **more: Any) -> Answer:
        promised = {"rides": self.rides, "requests": self.others}
        return who_can_take(
            self.request, self.offers, self.car, **{**self.on_foot, **promised, **more}
        )

    def broken(self, choice: Choice) -> list[str]:
        """What stands against a choice together with all that is promised."""
        changed = {ride.offer for ride in choice.rides}
        kept = [ride for ride in self.rides if ride.offer not in changed]
        rides = [*choice.rides, *kept]
        records = [*self.others, self.request]
        found = check_rides(rides, self.offers, records, self.car, **self.on_foot)
        # A ride that somebody joins has a new name, which the ride the other way cannot know.
        return [each.code for each in found if not each.code.startswith("pair_")]

    @property
    def on_foot(self) -> dict[str, Any]:
        return {"meeting_points": [POINT], "walk_times": self.walk}


short = st.sampled_from([0.5, 1.0, 1.0, 2.0, 2.0, 3.0, 4.0])
near = st.lists(st.lists(short, min_size=6, max_size=6), min_size=6, max_size=6)
ways = st.builds(Matrix, seconds=near, metres=near)


def shortest(car: Matrix) -> Matrix:
    """Ways of which none is shorter by way of a third place: what `match` takes for granted."""
    tables = [np.array(lengths) for lengths in (car.seconds, car.metres)]
    for table in tables:
        np.fill_diagonal(table, 0)
        for via in range(len(table)):
            np.minimum(table, table[:, [via]] + table[[via]], out=table)
    return Matrix(seconds=tables[0].tolist(), metres=tables[1].tolist())


def _obliging(offer: Offer) -> Offer:
    """The offer of somebody who takes nearly everybody."""
    return replace(
        offer,
        max_detour_s=20 if offer.kind == "trip" else None,
        max_detour_m=None,
        wants=frozenset(),
        not_with=frozenset(),
        wheelchair=True,
        luggage=True,
    )


def _easy(request: Request) -> Request:
    """The request of somebody who goes with nearly everybody."""
    nobody: frozenset[str] = frozenset()
    return replace(request, wants=nobody, not_with=nobody, only_with=nobody, max_ride_s=None)


@st.composite
def calls(draw: st.DrawFn, *, promised: bool = False) -> Call:
    count = draw(st.integers(1, 4))
    made = [draw(offers(no)) for no in range(count)]
    wanted = [draw(requests(no)) for no in range(4)]
    if draw(st.booleans()) or promised:
        made = [_obliging(each) for each in made]
        wanted = [_easy(each) for each in wanted]
    if draw(st.booleans()):
        made = [replace(each, driver=f"driver{no}") for no, each in enumerate(made)]
    car, walk = shortest(draw(ways)) if promised else draw(matrices), draw(matrices)
    others: tuple[Request, ...] = ()
    rides: tuple[Ride, ...] = ()
    if promised:
        others = tuple(replace(wanted[no], rider=f"rider{no}") for no in range(1, 4))
        rides = match(
            made, others, car, budget="200 it", meeting_points=[POINT], walk_times=walk
        ).rides
        served = {name for ride in rides for name in ride.requests}
        others = tuple(each for each in others if each.id in served)
    request = wanted[0]
    if draw(st.booleans()):
        request = replace(request, rider="caller")
    return Call(request, tuple(made), others, rides, car, walk)


def cost(choice: Choice) -> int:
    """Detour and a minute a ride of this month, as `match` counts with fairness "some"."""
    seen: list[str] = []
    total = choice.detour_s
    for ride in choice.rides:
        total += 60 * (choice.loads[ride.driver] + seen.count(ride.driver))
        seen.append(ride.driver)
    return total


@settings(max_examples=40, deadline=None)
@given(calls(), st.dictionaries(st.sampled_from(["anna", "bruno"]), st.integers(0, 3)))
def test_the_best_choice_is_the_best_match_of_one_caller(call: Call, loads: dict[str, int]) -> None:
    call = call._replace(car=shortest(call.car))
    answer = call.answered(loads=loads)
    best = match(
        call.offers, [call.request], call.car, loads=loads, fairness="some", **call.on_foot
    )
    assert bool(answer.choices) == bool(best.rides)
    if best.rides:
        assert cost(answer.choices[0]) == 86_400 - best.value


@settings(max_examples=40, deadline=None)
@given(calls(promised=True))
def test_the_best_choice_beside_promises_is_the_best_match(call: Call) -> None:
    drivers = [replace(offer, driver=f"driver{no}") for no, offer in enumerate(call.offers)]
    names = {offer.id: offer.driver for offer in drivers}
    rides = tuple(replace(ride, driver=names[ride.offer]) for ride in call.rides)
    request = replace(call.request, rider="caller")
    call = call._replace(request=request, offers=tuple(drivers), rides=rides)
    choices = call.answered().choices
    limits = {"promised": rides, "together": 4, "budget": "200 it", **call.on_foot}
    without = match(drivers, call.others, call.car, **limits)
    best = match(drivers, [request, *call.others], call.car, **limits)
    assert bool(choices) == (request.id in best.served)
    if choices:
        assert choices[0].detour_s == 86_400 - (best.value - without.value)


@settings(max_examples=40, deadline=None)
@given(st.booleans().flatmap(lambda promised: calls(promised=promised)))
def test_every_choice_can_be_driven_and_breaks_no_promise(call: Call) -> None:
    choices = call.answered(k=20).choices
    for choice in choices:
        assert call.broken(choice) == []
        assert set(choice.drivers) == set(choice.loads)
    costs = [cost(choice) for choice in choices]
    assert costs == sorted(costs)


@settings(max_examples=40, deadline=None)
@given(calls(promised=True))
def test_both_ways_or_none(call: Call) -> None:
    for choice in call.answered(k=20).choices:
        ways = [
            kind
            for ride in choice.rides
            for name, kind in zip(ride.requests, ride.legs, strict=True)
            if name == call.request.id
        ]
        kinds = {"one_way": ["out"], "waits": ["round"]}
        assert ways == kinds.get(choice.kind, ["out", "back"])
        assert call.request.wants_return == (choice.kind != "one_way")


@settings(max_examples=30, deadline=None)
@given(calls(promised=True))
def test_the_order_changes_nothing_and_an_offer_more_does_no_harm(call: Call) -> None:
    found = call.answered()
    turned = call._replace(offers=call.offers[::-1], others=call.others[::-1]).answered()
    assert turned.choices == found.choices
    assert turned.calls == found.calls
    free = next((o for o in call.offers if o.id not in {r.offer for r in call.rides}), None)
    if free is not None:
        fewer = call._replace(offers=tuple(o for o in call.offers if o is not free)).answered()
        if fewer.choices:
            assert cost(found.choices[0]) <= cost(fewer.choices[0])


@settings(max_examples=30, deadline=None)
@given(calls(promised=True), st.data())
def test_who_declined_is_not_asked_again_and_the_rest_stays(
    call: Call, data: st.DataObject
) -> None:
    found = call.answered(k=50)
    for ring in found.calls:
        again = call.answered(k=50, declined=[ring.driver])
        left = tuple(c for c in found.choices if ring.driver not in c.drivers)
        assert again.choices == left
        assert [found.choices[number - 1] for number in ring.remains] == list(left)
    names = [choice.drivers for choice in found.choices]
    assert {ring.driver for ring in found.calls} == {name for some in names for name in some}
    offer = data.draw(st.sampled_from(call.offers)).id
    for choice in call.answered(k=50, declined=[offer]).choices:
        assert offer not in {ride.offer for ride in choice.rides}


def jeanne(**more: Any) -> Offer:
    fields = {"depart": "2026-12-01 08:10", "max_detour": "12 min", **more}
    return Offer.of(id="o1", driver="jeanne", start=AYEN, end=BRIVE, **fields)


def paul(**more: Any) -> Request:
    fields = {"depart": "2026-12-01 07:50-08:40", **more}
    return Request.of(id="r1", rider="paul", start=PERPEZAC, end=BRIVE, **fields)


def test_a_price_is_asked_for_the_metres_ridden() -> None:
    (choice,) = who_can_take(paul(), [jeanne()], CAR, price=lambda metres: metres // 100).choices
    assert choice.price_cents == choice.shared_m // 100
    assert choice.shared_m == choice.out.shared_m[0]


def test_no_car_leaves_before_now() -> None:
    late = jeanne().depart
    assert late is not None
    board = Board.of([jeanne()], CAR)
    assert who_can_take(paul(), board, CAR, now=late.earliest).choices
    assert not who_can_take(paul(), board, CAR, now=late.later(1).earliest).choices


def test_all_faults_at_once() -> None:
    again = replace(jeanne(), driver="luc")
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    with pytest.raises(InputError) as caught:
        who_can_take(paul(), [jeanne(), again], CAR, k=0, loads={"luc": -1}, now=now)
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["out_of_range", "window_is_past", "out_of_range", "duplicate_id"]


@settings(max_examples=12, deadline=None)
@given(calls(promised=True))
def test_what_is_written_is_read_back_and_a_board_answers_alike(call: Call) -> None:
    answer = call.answered()
    told = json.loads(json.dumps(answer.to_dict()))
    read = Answer.from_dict(told)
    assert read == answer
    assert read.to_dict() == told
    assert read.text("fr") == answer.text("fr") != answer.text("en")
    board = Board.of(call.offers, call.car, rides=call.rides, requests=call.others, **call.on_foot)
    again = [who_can_take(call.request, board, call.car) for _ in range(2)]
    assert again == [answer, answer]
    assert again[1].to_dict() == answer.to_dict()


def test_the_agent_can_read_it_out() -> None:
    ride = who_can_take(paul(), [jeanne()], CAR).choices[0].out
    lucie = replace(paul(), id="r2", rider="lucie", start=AYEN)
    answer = who_can_take(
        lucie,
        [jeanne(depart="2026-12-01 07:50-08:10")],
        CAR,
        rides=[ride],
        requests=[paul()],
        loads={"jeanne": 2},
        price=lambda _: 312,
    )
    assert answer.text("en").splitlines() == [
        "Ways of taking you: 1.",
        (
            "1. jeanne picks you up at 8:10 am (Ayen); you are there at 8:45 am (Brive). "
            "Detour for the drivers: 0 min, 0 m. Your share: 3.12 €. "
            "Rides given this month by jeanne: 2."
        ),
        "Ring jeanne. If they decline, no choice is left: ask again.",
    ]
    assert answer.text("fr").splitlines()[-1] == (
        "Appelez jeanne. En cas de refus, il ne reste rien : posez à nouveau la question."
    )


def test_who_has_a_promise_is_told_what_would_move() -> None:
    ride = who_can_take(paul(), [jeanne()], CAR).choices[0].out
    objat = Place(id="objat", name="Objat", lon=1.41, lat=45.263)
    lucie = replace(paul(), id="r2", rider="lucie", start=objat)
    offer = jeanne(max_detour="60 min")
    (choice,) = who_can_take(lucie, [offer], CAR, rides=[ride], requests=[paul()]).choices
    assert {(each.request, each.person) for each in choice.moved} <= {
        ("r1", "paul"),
        ("", "jeanne"),
    }
    for each in choice.moved:
        stops = [stop for stop in choice.out.stops if "r1" in stop.picks_up]
        now = stops[0].at if each.request else choice.out.stops[-1].at
        old = (
            next(stop for stop in ride.stops if "r1" in stop.picks_up)
            if each.request
            else ride.stops[-1]
        )
        assert (now - old.at).total_seconds() == each.seconds != 0
    assert choice.moved[-1].text("en").startswith("jeanne, who drives, would arrive")


def test_without_offers_nobody_can() -> None:
    answer = who_can_take(paul(), [], CAR)
    assert (answer.choices, answer.calls, answer.refused, answer.almost) == ((), (), (), ())
    assert answer.text("en") == "Nobody can take you. Offers looked at: 0."


def test_faults_of_promises_are_told_together() -> None:
    ride = who_can_take(paul(), [jeanne()], CAR).choices[0].out
    with pytest.raises(InputError) as caught:
        Board.of([replace(jeanne(), id="o9")], CAR, rides=[ride])
    assert [fault.code for fault in caught.value.faults] == ["unknown_offer", "unknown_request"]
    with pytest.raises(InputError) as caught:
        who_can_take(paul(), Board.of([jeanne()], CAR, rides=[ride], requests=[paul()]), CAR)
    assert [fault.code for fault in caught.value.faults] == ["request_promised"]
    with pytest.raises(InputError) as caught:
        who_can_take(paul(), [jeanne()], CAR, rides=[ride], requests=[paul()])
    assert [fault.code for fault in caught.value.faults] == ["request_promised"]
    assert caught.value.faults[0].text("fr").count(ride.id) == 1


@pytest.mark.parametrize("argument", ["request", "offers", "rides", "meeting_points", "declined"])
def test_what_is_of_another_kind_is_named_and_not_quoted(argument: str) -> None:
    given: dict[str, Any] = {"request": paul(), "offers": [jeanne()], "times": CAR}
    for wrong in (None, [BRIVE.id, 3.5], 3.5):
        with pytest.raises(InputError) as caught:
            who_can_take(**{**given, argument: wrong}, zone="r1", k=0)
        codes = [fault.code for fault in caught.value.faults]
        assert codes == ["out_of_range", "unknown_time_zone", "not_all_of_a_kind"]
        assert caught.value.faults[2].column == argument
        assert caught.value.text("en") != caught.value.text("fr")


def test_a_driver_told_by_name_alone_has_declined() -> None:
    answer = who_can_take(paul(), [jeanne()], CAR, declined="jeanne")
    assert not answer.choices
    why = "Réponse négative, pas de réponse, ou un empêchement."
    assert answer.refused[0].text("fr") == f"jeanne (o1), à l'aller : {why}"


def test_who_gave_fewer_rides_comes_first_and_one_driver_before_two() -> None:
    back = replace(jeanne(), id="o2", start=BRIVE, end=AYEN, depart=Window.of("2026-12-01 12:00"))
    there_and_back = paul(back="2026-12-01 11:30-12:30")
    made = [jeanne(), back, replace(back, id="o0", driver="luc")]

    def kinds(**loads: int) -> list[str]:
        choices = who_can_take(there_and_back, made, CAR, loads=loads).choices
        return [choice.kind for choice in choices]

    assert kinds() == ["two_drivers", "same_driver"]
    assert kinds(luc=1) == ["same_driver", "two_drivers"]
    assert kinds(luc=1, jeanne=1) == ["two_drivers", "same_driver"]


def test_nobody_waits_for_the_way_back_longer_than_they_must() -> None:
    free_all_day = Offer.of(
        id="o2",
        driver="luc",
        kind="volunteer",
        start=AYEN,
        depart="2026-12-01 07:00-18:00",
        max_detour="3 h",
    )
    there_and_back = paul(arrive="2026-12-01 08:00-09:00", back="2026-12-01 11:30-12:30")
    made = [jeanne(), free_all_day]
    back = who_can_take(there_and_back, made, CAR).choices[0].back
    assert back is not None
    pick_up = next(stop.at for stop in back.stops if stop.picks_up)
    assert pick_up == datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
    (matched,) = (ride for ride in match(made, [there_and_back], CAR).rides if "back" in ride.legs)
    assert matched.stops == back.stops
