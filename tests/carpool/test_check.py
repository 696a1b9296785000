"""The checker of rides: what it accepts, and that every rule it knows it really looks at."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from msap_mobility import wording
from msap_mobility.carpool.check import RideViolation, check_rides
from msap_mobility.carpool.problem import CarpoolProblem
from msap_mobility.carpool.rides import ride_of_pair
from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Place, Request, Ride, RideStop
from tests.carpool.small_days import (
    PLACES,
    POINT,
    Matrix,
    at,
    every_way,
    matrices,
    offers,
    requests,
    second,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HOME, ANNA, BEN, DOCTOR, TOWN = PLACES
ELSEWHERE = Place(id="moon", name="Moon", lon=0.0, lat=46.0)
CLOSED = 3
"""Number of the place no road leads to in `closed`."""


def car() -> Matrix:
    """Places on a street, 10 minutes and 10 km from one to the next; POINT is the sixth."""
    apart = [[abs(a - b) for b in range(6)] for a in range(6)]
    return Matrix(
        [[600.0 * steps for steps in row] for row in apart],
        [[10_000.0 * steps for steps in row] for row in apart],
    )


def closed() -> Matrix:
    """The same street; nobody comes to the doctor's."""
    times = car()
    for row in range(6):
        if row != CLOSED:
            times.seconds[row][CLOSED] = float("inf")
    return times


WALK = Matrix([[120.0] * 6 for _ in range(6)], [[150.0] * 6 for _ in range(6)])


class Day:
    """A day that keeps every rule; the tests break one each.

    Jeanne goes from HOME to TOWN and takes Anna and Ben together. A volunteer, Vera, takes Carl to
    the doctor's, waits, and brings him back. Dora is taken by Otto, and brought back by Rita.
    """

    def __init__(self) -> None:
        jeanne = Offer(
            id="o1", driver="jeanne", start=HOME, end=TOWN, depart=window(0, 600), seats=2,
            arrive=window(2400, 1200), max_detour_s=600, max_detour_m=5000, tags=frozenset("a"),
        )  # fmt: skip
        vera = Offer(id="o2", driver="vera", kind="volunteer", start=HOME, depart=window(0, 9000))
        otto = Offer(
            id="o3", driver="otto", start=HOME, end=TOWN, depart=window(0, 0), max_detour_s=0
        )
        rita = Offer(
            id="o4", driver="rita", start=TOWN, end=HOME, depart=window(7200, 0), max_detour_s=0
        )
        self.offers = {each.id: each for each in (jeanne, vera, otto, rita)}
        anna = Request(
            id="r1", rider="anna", start=ANNA, end=DOCTOR, depart=window(500, 400),
            arrive=window(1900, 500), max_ride_s=1500, tags=frozenset("b"), wants=frozenset("a"),
        )  # fmt: skip
        ben = Request(
            id="r2", rider="ben", start=BEN, end=TOWN, depart=window(0, 9000), walk_limit_m=150
        )
        carl = Request(
            id="r3", rider="carl", start=ANNA, end=DOCTOR, arrive=window(0, 3600), stay_s=1800
        )
        dora = Request(
            id="r4", rider="dora", start=HOME, end=TOWN, depart=window(0, 0),
            stay_s=3600, back=window(7000, 900),
        )  # fmt: skip
        self.requests = {each.id: each for each in (anna, ben, carl, dora)}
        self.times = car()
        self.now: Any = None
        stops = [(HOME, 0), (ANNA, 600, "r1"), (BEN, 1200, "r2"), (DOCTOR, 1920, "", "r1")]
        self.rides = [
            self.ride("o1", ["r1", "r2"], [*stops, (TOWN, 2520, "", "r2"), (TOWN, 2520)]),
            self.ride(
                "o2",
                ["r3"],
                [
                    *((HOME, 1200), (ANNA, 1800, "r3"), (DOCTOR, 3000, "", "r3")),
                    *((DOCTOR, 5400, "r3"), (ANNA, 6600, "", "r3"), (HOME, 7200)),
                ],
                legs=["round"],
            ),
            self.ride("o3", ["r4"], [(HOME, 0, "r4"), (TOWN, 2400, "", "r4")], pair="o4+r4"),
            self.ride(
                "o4", ["r4"], [(TOWN, 7200, "r4"), (HOME, 9600, "", "r4")], ["back"], "o3+r4"
            ),
        ]

    def ride(
        self,
        offer: str,
        names: list[str],
        stops: Sequence[Any],
        legs: Sequence[Any] = (),
        pair: str = "",
    ) -> Ride:
        made = [
            RideStop(
                place=place,
                at=at(instant),
                picks_up=tuple(filter(None, who[:1])),
                sets_down=tuple(who[1:]),
            )
            for place, instant, *who in stops
        ]
        return told(
            self.offers[offer],
            [self.requests[name] for name in names],
            made,
            self.times,
            legs,
            pair,
        )

    def check(self) -> tuple[RideViolation, ...]:
        return check_rides(
            self.rides,
            list(self.offers.values()),
            list(self.requests.values()),
            self.times,
            meeting_points=[POINT],
            walk_times=WALK,
            now=self.now,
        )

    def offer(self, name: str, **changes: Any) -> None:
        self.offers[name] = replace(self.offers[name], **changes)

    def request(self, name: str, **changes: Any) -> None:
        self.requests[name] = replace(self.requests[name], **changes)

    def change(self, number: int, **changes: Any) -> None:
        self.rides[number] = replace(self.rides[number], **changes)

    def stop(self, number: int, stop: int, **changes: Any) -> None:
        """Change one stop, and tell what then is driven."""
        ride = self.rides[number]
        stops = list(ride.stops)
        stops[stop] = replace(stops[stop], **changes)
        self.rides[number] = told(
            self.offers[ride.offer],
            [self.requests[name] for name in ride.requests],
            stops,
            self.times,
            ride.legs,
            ride.pair,
        )


def told(
    offer: Offer,
    riders: list[Request],
    stops: Sequence[RideStop],
    times: Matrix,
    legs: Sequence[Any] = (),
    pair: str = "",
) -> Ride:
    """A ride of these stops, its figures told as they are."""
    ways = [times.m(a.place, b.place) for a, b in pairwise(stops)]
    own = offer.kind == "trip"
    shared = []
    for request in riders:
        aboard = False
        sat = 0.0
        for stop, way in zip(stops, [*ways, 0.0], strict=True):
            aboard = (aboard and request.id not in stop.sets_down) or request.id in stop.picks_up
            sat += way if aboard else 0
        shared.append(int(sat))
    driven = int(sum(ways))
    solo_s = int(times.s(offer.origin, offer.destination)) if own else 0
    solo_m = int(times.m(offer.origin, offer.destination)) if own else 0
    return Ride.of(
        offer=offer,
        requests=riders,
        stops=stops,
        shared=shared,
        driven=driven,
        detour=second(stops[-1].at) - second(stops[0].at) - solo_s,
        detour_distance=driven - solo_m,
        legs=legs,
        pair=pair,
    )


def test_a_day_that_keeps_every_rule() -> None:
    assert Day().check() == ()


def second_car(day: Day, **changes: Any) -> None:
    """Somebody drives Ben's way at the same hour."""
    record = {"id": "o9", "driver": "zoe", **changes}
    day.offers["o9"] = Offer(start=HOME, end=TOWN, depart=window(0, 0), max_detour_s=0, **record)


def second_ride(day: Day, name: str = "r2", driver: str = "zoe") -> None:
    second_car(day, driver=driver)
    day.rides.append(day.ride("o9", [name], [(HOME, 0), (BEN, 1200, name), (TOWN, 2400, "", name)]))


def another_rider(day: Day) -> None:
    """Anna has a second request, for the hour at which she rides with Jeanne."""
    day.requests["r8"] = Request(id="r8", rider="anna", start=BEN, end=TOWN, depart=window(0, 9000))
    second_ride(day, "r8")


def ben_walks(day: Day, place: Place = POINT) -> None:
    """Ben gets in at the meeting point, which lies behind the town."""
    day.requests["r2"] = replace(day.requests["r2"], end=ANNA)
    second_car(day, seats=1)
    day.offers["o9"] = replace(day.offers["o9"], start=TOWN, end=HOME, max_detour_s=2000)
    stops = [(TOWN, 0), (place, 600, "r2"), (ANNA, 3000, "", "r2"), (HOME, 3600)]
    day.rides = [day.ride("o9", ["r2"], stops)]


def walk(day: Day, **changes: Any) -> None:
    ben_walks(day)
    day.request("r2", **changes)


def two_wheelchairs(day: Day) -> None:
    day.offer("o1", wheelchair=True)
    day.request("r1", wheelchair=True)
    day.request("r2", wheelchair=True, walk_limit_m=0)


def no_time_for_carl(day: Day) -> None:
    """Arrived at 3000, brought back at 5400."""
    back = window(5000, 900)
    day.request("r3", arrive=None, depart=window(0, 3600), back=back, stay_s=2401)


def vera_drives_twice(day: Day) -> None:
    """She is back home at 7200."""
    day.offer("o4", driver="vera", depart=window(7199, 0))
    day.change(3, driver="vera")
    day.stop(3, 0, at=at(7199))


MUTATIONS: list[tuple[str, Callable[[Day], object]]] = [
    ("unknown_offer", lambda day: day.offers.pop("o1")),
    ("unknown_request", lambda day: day.requests.pop("r2")),
    ("other_driver", lambda day: day.change(0, driver="zoe")),
    ("other_rider", lambda day: day.change(0, riders=("ben", "anna"))),
    ("no_return_asked", lambda day: day.request("r3", stay_s=None)),
    ("is_past", lambda day: setattr(day, "now", at(1))),
    ("driver_objects", lambda day: day.offer("o1", not_with=frozenset({"ben"}))),
    ("rider_objects", lambda day: day.request("r1", not_with=frozenset({"jeanne"}))),
    ("not_among_chosen", lambda day: day.request("r2", only_with=frozenset({"vera"}))),
    ("passengers_object", lambda day: day.request("r1", not_with=frozenset({"ben"}))),
    ("passengers_object", lambda day: day.request("r2", not_with=frozenset({"anna"}))),
    ("too_few_seats", lambda day: day.offer("o1", seats=1)),
    ("too_few_seats", lambda day: day.request("r1", party=2)),
    ("no_wheelchair", lambda day: day.request("r1", wheelchair=True)),
    ("wheelchair_taken", two_wheelchairs),
    ("no_luggage", lambda day: (day.request("r1", luggage=True), day.offer("o1", luggage=False))),
    ("offer_lacks", lambda day: day.request("r1", wants=frozenset("ac"))),
    ("rider_lacks", lambda day: (day.offer("o3", wants=frozenset("b")))),
    (
        "driver_does_not_wait",
        lambda day: (
            day.offer("o2", kind="trip", end=TOWN, max_detour_s=7000),
            day.stop(1, -1, place=TOWN, at=at(8400)),
        ),
    ),
    ("starts_elsewhere", lambda day: day.offer("o1", start=BEN, max_detour_s=2000)),
    ("ends_elsewhere", lambda day: day.offer("o2", kind="minibus", end=BEN)),
    ("leaves_too_early", lambda day: day.offer("o1", depart=window(1, 600))),
    ("leaves_too_late", lambda day: day.offer("o1", depart=window(-600, 599))),
    ("ends_too_early", lambda day: day.offer("o1", arrive=window(2521, 600))),
    ("ends_too_late", lambda day: day.offer("o1", arrive=window(2400, 119))),
    ("no_way", lambda day: setattr(day, "times", closed())),
    ("drives_too_fast", lambda day: day.stop(0, 3, at=at(1799))),
    ("detour_too_long", lambda day: day.offer("o1", max_detour_s=119)),
    ("detour_too_far", lambda day: day.offer("o2", max_detour_m=59_999)),
    ("driven_wrong", lambda day: day.change(0, driven_m=40_001)),
    ("detour_wrong", lambda day: day.change(0, detour_s=121)),
    ("detour_way_wrong", lambda day: day.change(0, detour_m=-1)),
    ("shared_wrong", lambda day: day.change(0, shared_m=(20_000, 20_001))),
    ("shared_wrong", lambda day: day.change(1, shared_m=(20_000,))),
    ("met_elsewhere", lambda day: day.stop(0, 1, place=ELSEWHERE)),
    ("met_elsewhere", lambda day: walk(day, walk_limit_m=0)),
    ("walks_too_far", lambda day: walk(day, walk_limit_m=149)),
    ("goes_nowhere", lambda day: day.stop(2, 1, place=HOME)),
    ("ride_too_long", lambda day: day.request("r1", max_ride_s=1319)),
    ("up_too_early", lambda day: day.request("r1", depart=window(601, 400))),
    ("up_too_early", lambda day: walk(day, depart=window(481, 400))),
    ("up_too_late", lambda day: day.request("r1", depart=window(0, 599))),
    ("up_too_late", lambda day: walk(day, depart=window(0, 479))),
    ("up_too_late", lambda day: day.request("r4", back=window(7000, 199))),
    ("down_too_early", lambda day: day.request("r1", arrive=window(1921, 500))),
    ("down_too_late", lambda day: day.request("r1", arrive=window(900, 1019))),
    ("stay_too_short", no_time_for_carl),
    ("stay_too_short", lambda day: day.request("r4", stay_s=4801)),
    ("ride_id_twice", lambda day: day.change(1, id="o1+r1+r2")),
    ("offer_twice", lambda day: (day.change(1, offer="o1", driver="jeanne"))),
    ("served_twice", second_ride),
    ("way_out_missing", lambda day: day.rides.pop(2)),
    ("way_back_missing", lambda day: day.rides.pop(3)),
    ("pair_wrong", lambda day: day.change(0, pair="o4+r4")),
    ("pair_wrong", lambda day: day.change(2, pair="o3+r4")),
    ("pair_missing", lambda day: day.change(3, pair="")),
    ("in_two_cars", another_rider),
    ("in_two_cars", lambda day: (day.offer("o2", driver="ben"), day.change(1, driver="ben"))),
    ("in_two_cars", vera_drives_twice),
]  # fmt: skip


@pytest.mark.parametrize(("code", "break_it"), MUTATIONS, ids=[code for code, _ in MUTATIONS])
def test_a_broken_rule_is_told(code: str, break_it: Callable[[Day], object]) -> None:
    day = Day()
    break_it(day)
    found = day.check()
    assert code in {each.code for each in found}
    assert all(each.text("en") != each.text("fr") for each in found)


def test_no_road_to_the_drivers_own_end() -> None:
    day = Day()
    day.times.seconds[0][4] = float("inf")
    assert [(each.code, each.ride) for each in day.check()] == [
        ("no_solo_way", "o1+r1+r2"),
        ("no_way", "o3+r4"),
        ("no_solo_way", "o3+r4"),
    ]


def test_nobody_can_walk_there() -> None:
    day = Day()
    ben_walks(day)
    assert day.check() == ()
    far = Matrix([[float("inf")] * 6] * 6, WALK.metres)
    found = check_rides(
        day.rides,
        list(day.offers.values()),
        list(day.requests.values()),
        day.times,
        meeting_points=[POINT],
        walk_times=far,
    )
    assert [each.code for each in found] == ["no_way_on_foot"]


def test_every_code_has_a_test_and_words() -> None:
    tested = {code for code, _ in MUTATIONS} | {"no_solo_way", "no_way_on_foot"}
    for lang in wording.LANGUAGES:
        known = {code for code in wording.codes(lang) if code.startswith("ride_violation.")}
        assert {f"ride_violation.{code}" for code in tested} == known


def test_passengers_who_object_may_ride_one_after_the_other() -> None:
    day = Day()
    day.request("r2", not_with=frozenset({"carl"}), start=DOCTOR, depart=window(0, 9000))
    day.request("r3", stay_s=None, arrive=window(0, 3600), depart=None)
    day.offers = {"o2": day.offers["o2"]}
    stops = [
        *((HOME, 1200), (ANNA, 1800, "r3"), (DOCTOR, 3000, "", "r3"), (DOCTOR, 3000, "r2")),
        *((TOWN, 3600, "", "r2"), (HOME, 6000)),
    ]
    day.rides = [day.ride("o2", ["r3", "r2"], stops)]
    assert day.check() == ()


def test_a_violation_is_data_and_a_sentence() -> None:
    day = Day()
    day.request("r1", arrive=window(900, 720))
    (late,) = day.check()
    assert late.to_dict() == {
        "code": "down_too_late", "ride": "o1+r1+r2", "request": "r1", "place": "", "other": "",
        "amount": 300, "unit": "s",
    }  # fmt: skip
    assert late.text("en") == "o1+r1+r2, r1: the passenger is there 5 min too late."
    assert late.text("fr") == "o1+r1+r2, r1 : le passager arrive 5 min trop tard."


def test_wrong_input_is_told_at_once() -> None:
    day = Day()
    twice = [*day.requests.values(), day.requests["r1"]]
    regular = Request.of(id="r7", rider="zoe", start=HOME, end=TOWN, rhythm="Mo 8:00-8:20")
    with pytest.raises(InputError) as caught:
        check_rides(
            day.rides,
            [*day.offers.values(), day.offers["o1"]],
            [*twice, regular],
            day.times,
            meeting_points=[POINT],
            now=at(0).replace(tzinfo=None),
        )
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [
        ("duplicate_id", "offers"),
        ("duplicate_id", "requests"),
        ("not_laid_on_a_day", "requests"),
        ("walk_without_times", "walk_times"),
        ("instant_without_zone", "now"),
    ]


@settings(max_examples=150)
@given(st.data())
def test_whatever_a_pair_rides_is_accepted(data: st.DataObject) -> None:
    drivers = [data.draw(offers(number)) for number in range(2)]
    riders = [data.draw(requests(number)) for number in range(2)]
    car_s, walk_s = data.draw(matrices), data.draw(matrices)
    problem = CarpoolProblem.build(
        drivers, riders, car_s, meeting_points=[POINT], walk_times=walk_s
    )
    for pair in range(len(problem.pairs)):
        ride = ride_of_pair(problem, pair)
        found = check_rides(
            [ride], drivers, riders, car_s, meeting_points=[POINT], walk_times=walk_s
        )
        half = ride.legs != ("round",) and any(
            each.wants_return for each in riders if each.id in ride.requests
        )
        missing = "way_out_missing" if ride.legs == ("back",) else "way_back_missing"
        assert [each.code for each in found] == ([missing] if half else [])


@settings(max_examples=300)
@given(st.data())
def test_what_is_accepted_is_one_of_all_ways_of_driving(data: st.DataObject) -> None:
    """Stops at any instants: the checker and the count of every way never differ."""
    offer, request = data.draw(offers(0)), data.draw(requests(0))
    request = replace(request, walk_limit_m=0, back=None, stay_s=None)
    car_s = data.draw(matrices)
    path = [offer.origin, request.start, request.end, offer.destination]
    ways = [(car_s.s(a, b), car_s.m(a, b)) for a, b in pairwise(path)]
    if offer.kind == "trip":
        ways.append(
            (car_s.s(offer.start, offer.destination), car_s.m(offer.start, offer.destination))
        )
    assume(all(max(way) < float("inf") for way in ways))
    assume(offer.driver != request.rider)
    instants = [data.draw(st.integers(-3, 10))]
    for seconds, _ in ways[:3]:
        instants.append(instants[-1] + int(seconds) + data.draw(st.sampled_from([0, 0, 0, 1, 3])))
    leave, pick, drop, end = instants
    stops = [
        RideStop(place=path[0], at=at(leave)),
        RideStop(place=path[1], at=at(pick), picks_up=("r0",)),
        RideStop(place=path[2], at=at(drop), sets_down=("r0",)),
        RideStop(place=path[3], at=at(end)),
    ]
    ride = told(offer, [request], stops, car_s)
    found = check_rides([ride], [offer], [request], car_s)
    first_end = {
        (way.leave, way.pick, way.drop): way.end
        for way in every_way(offer, request, "out", car_s, car_s)
    }
    latest = offer.arrive.latest if offer.arrive else at(1000)
    longest = int(car_s.s(offer.start, offer.destination)) if offer.kind == "trip" else 0
    longest += 1000 if offer.max_detour_s is None else offer.max_detour_s
    allowed = (
        (leave, pick, drop) in first_end
        and first_end[leave, pick, drop] <= end <= second(latest)
        and end - leave <= longest
    )
    assert (not found) == allowed, [each.code for each in found]


def test_no_rides_break_no_rules() -> None:
    day = Day()
    day.rides = []
    assert day.check() == ()
