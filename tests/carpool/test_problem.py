"""Who fits whom is what counting out every way of driving says; every reason is true."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.carpool import pairs as pairs_module
from msap_mobility.carpool.company import Company
from msap_mobility.carpool.pairs import Pairs, compatible_pairs
from msap_mobility.carpool.passages import LEGS, Passages
from msap_mobility.carpool.problem import CarpoolProblem
from msap_mobility.carpool.rides import ride_of_pair
from msap_mobility.carpool.rows import OfferRows
from msap_mobility.carpool.walks import Walks
from msap_mobility.carpool.ways import NEVER, Ways
from msap_mobility.carpool.why_not import shifted
from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Place, Request, Ride, Window
from msap_mobility.roads import CalibratedTimes
from msap_mobility.units import instant
from tests.carpool.small_days import (
    DAWN,
    HORIZON,
    PLACES,
    POINT,
    Matrix,
    every_way,
    matrices,
    offers,
    requests,
)

AYEN = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
BRIVE = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
PERPEZAC = Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
CAR = CalibratedTimes(mode="car")


def codes(make: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        make()
    for fault in caught.value.faults:
        assert fault.text("en") != fault.text("fr")
    return [fault.code for fault in caught.value.faults]


def posix(second: int) -> int:
    return int(DAWN.timestamp()) + second


def row_of(problem: CarpoolProblem, offer: Offer, request: Request, leg: Any) -> int | None:
    number = problem.leg_number(request.id, leg)
    return problem.pairs.find(problem.offer_number(offer.id), number)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Offer], list[Request], Matrix, Matrix]:
    drivers = [draw(offers(number)) for number in range(draw(st.integers(1, 2)))]
    riders = [draw(requests(number)) for number in range(draw(st.integers(1, 2)))]
    return drivers, riders, draw(matrices), draw(matrices)


def built(day: tuple[list[Offer], list[Request], Matrix, Matrix]) -> CarpoolProblem:
    drivers, riders, car, walk = day
    return CarpoolProblem.build(drivers, riders, car, meeting_points=[POINT], walk_times=walk)


@settings(max_examples=60)
@given(days())
def test_a_pair_fits_if_and_only_if_it_can_be_driven(day: Any) -> None:
    drivers, riders, car, walk = day
    problem = built(day)
    for offer, request in itertools.product(drivers, riders):
        for leg in LEGS if request.wants_return else LEGS[:1]:
            ways = list(every_way(offer, request, leg, car, walk))
            row = row_of(problem, offer, request, leg)
            assert (row is not None) == bool(ways), (
                leg,
                problem.why_not(offer.id, request.id, leg),
            )
            assert (problem.why_not(offer.id, request.id, leg) is None) == bool(ways)
            if row is not None:
                _check_row(problem, row, ways, leg)


def _check_row(problem: CarpoolProblem, row: int, ways: list[Any], leg: str) -> None:
    """The detour is the least there is; the times are the first and the last there are."""
    pairs, offer = problem.pairs, int(problem.pairs.offer[row])
    solo_s = int(problem.rows.solo_s[offer])
    passage = int(pairs.passage[row])
    walk_m = int(problem.passages.walk_m[passage])
    assert pairs.detour_s[row] == min(way.end - way.leave for way in ways) - solo_s
    least = min((way.end - way.leave, way.walk_m) for way in ways)
    assert walk_m == least[1]
    mine = [way for way in ways if way.walk_m == walk_m and way.metres == pairs.driven_m[row]]
    assert mine
    alike = {(way.walk_m, way.metres) for way in ways}
    if len(alike) > 1 or _several(problem, row):
        return  # passages that cost the same cannot be told apart here
    assert pairs.pick_from[row] == posix(min(way.pick for way in mine)) or _open(mine, "pick")
    assert pairs.drop_from[row] == posix(min(way.drop for way in mine)) or _open(mine, "drop")
    if leg != "round":
        assert pairs.pick_to[row] == posix(max(way.pick for way in mine)) or _open(mine, "pick")
        assert pairs.drop_to[row] == posix(max(way.drop for way in mine)) or _open(mine, "drop")
    shortest = [way.leave for way in mine if way.end - way.leave == pairs.detour_s[row] + solo_s]
    assert pairs.leave_to[row] == posix(max(shortest)) or _open(mine, "leave")


def _several(problem: CarpoolProblem, row: int) -> bool:
    return len(problem.passages.of_leg(int(problem.pairs.leg[row]))) > 1


def _open(ways: list[Any], name: str) -> bool:
    """Whether a time has no limit: the counting ends at a horizon of its own."""
    times = [getattr(way, name) for way in ways]
    return min(times) < HORIZON.start + 15 or max(times) > HORIZON.stop - 15


@settings(max_examples=150)
@given(days())
def test_every_reason_is_true(day: Any) -> None:
    drivers, riders, _, _ = day
    problem = built(day)
    for offer, request in itertools.product(drivers, riders):
        for leg in LEGS if request.wants_return else LEGS[:1]:
            reason = problem.why_not(offer.id, request.id, leg)  # type: ignore[arg-type]
            if reason is None:
                continue
            assert reason.text("en") != reason.text("fr")
            if reason.relaxation:
                assert _fits_with(day, offer, request, leg, reason.relaxation, int(reason.amount))
                assert not _fits_with(
                    day, offer, request, leg, reason.relaxation, int(reason.amount) - 1
                )


def _fits_with(
    day: Any, offer: Offer, request: Request, leg: str, relaxation: str, amount: int
) -> bool:
    arrive = offer.arrive
    changes: dict[str, Any] = {
        "longer_ride": lambda: replace(request, max_ride_s=(request.max_ride_s or 0) + amount),
        "farther_detour": lambda: replace(offer, max_detour_m=(offer.max_detour_m or 0) + amount),
        "longer_detour": lambda: replace(offer, max_detour_s=(offer.max_detour_s or 0) + amount),
        "driver_later": lambda: replace(
            offer, arrive=arrive and Window(arrive.earliest, arrive.later(amount).latest)
        ),
        "rider_later": lambda: shifted(request, amount),
        "rider_earlier": lambda: shifted(request, -amount),
    }
    changed = changes[relaxation]()
    driver, rider = (changed, request) if isinstance(changed, Offer) else (offer, changed)
    problem = built(([driver], [rider], *day[2:]))
    return row_of(problem, driver, rider, leg) is not None


@settings(max_examples=60)
@given(days(), st.randoms(use_true_random=False))
def test_the_order_of_inputs_changes_nothing(day: Any, random: Any) -> None:
    def told(problem: CarpoolProblem) -> set[tuple[Any, ...]]:
        pairs, legs = problem.pairs, problem.passages
        return {
            (
                problem.offers[pairs.offer[row]].id,
                problem.requests[legs.leg_request[pairs.leg[row]]].id,
                int(legs.leg_kind[pairs.leg[row]]),
                int(pairs.detour_s[row]),
                int(pairs.driven_m[row]),
            )
            for row in range(len(pairs))
        }

    drivers, riders, *matrices_ = day
    problem = built(day)
    random.shuffle(drivers)
    random.shuffle(riders)
    assert told(built((drivers, riders, *matrices_))) == told(problem)


@settings(max_examples=150)
@given(days())
def test_a_ride_keeps_what_the_pair_promises(day: Any) -> None:
    problem = built(day)
    pairs, passages = problem.pairs, problem.passages
    for row in range(len(pairs)):
        ride = ride_of_pair(problem, row)
        offer = problem.offers[pairs.offer[row]]
        request = problem.requests[passages.leg_request[pairs.leg[row]]]
        times = [stop.at.timestamp() for stop in ride.stops]
        numbers = problem.ways.numbers(stop.place for stop in ride.stops)
        seconds, metres = problem.ways.between(numbers[:-1], numbers[1:])
        assert (np.diff(times) >= seconds).all()
        assert metres.sum() == ride.driven_m
        solo_s = problem.rows.solo_s[pairs.offer[row]]
        assert times[-1] - times[0] == ride.detour_s + solo_s
        assert offer.max_detour_s is None or ride.detour_s <= offer.max_detour_s
        assert offer.max_detour_m is None or ride.detour_m <= offer.max_detour_m
        for window, time in ((offer.depart, times[0]), (offer.arrive, times[-1])):
            assert window is None or window.earliest_s <= time <= window.latest_s
        waits = np.diff(times)[1:-1:2]
        assert request.max_ride_s is None or (waits <= request.max_ride_s).all()
        if request.walk_limit_m == 0:
            _check_windows(request, ride)


def _check_windows(request: Request, ride: Ride) -> None:
    inner = [stop.at for stop in ride.stops[1:-1]]
    window = request.returns if ride.legs == ("back",) else request.depart
    assert window is None or window.earliest <= inner[0] <= window.latest
    if ride.legs != ("back",):
        there = request.arrive
        assert there is None or there.earliest <= inner[1] <= there.latest
    if ride.legs == ("round",):
        assert request.returns is not None
        assert request.returns.earliest <= inner[2] <= request.returns.latest
        assert (inner[2] - inner[1]).total_seconds() >= (request.stay_s or 0)


# --- many pairs


def big_day(count: int, places: int, seed: int) -> tuple[list[Offer], list[Request]]:
    draw = np.random.default_rng(seed)
    spots = [
        Place(id=f"h{n}", name="h", lon=float(lon), lat=float(lat))
        for n, (lon, lat) in enumerate(
            zip(draw.uniform(1.0, 1.9, places), draw.uniform(45.0, 45.6, places), strict=True)
        )
    ]
    dawn = instant("2026-12-01 07:00")
    drivers, riders = [], []
    for n in range(count):
        a, b, c, d = (spots[k] for k in draw.choice(places, 4, replace=False))
        first, second_ = draw.integers(0, 7200, 2)
        leave = Window.of(dawn).later(int(first))
        ready = Window.of(dawn).later(int(second_))
        kind = {"kind": "volunteer", "start": a} if n % 9 == 0 else {"start": a, "end": b}
        drivers.append(
            Offer(
                id=f"o{n}",
                driver=f"d{n}",
                depart=Window(leave.earliest, leave.later(1200).latest),
                max_detour_s=900 if n % 9 else 10_000,
                **kind,  # type: ignore[arg-type]
            )
        )
        riders.append(
            Request(
                id=f"r{n}",
                rider=f"p{n}",
                start=c,
                end=d,
                depart=Window(ready.earliest, ready.later(int(draw.integers(1, 5000))).latest),
                back=Window(ready.later(20_000).earliest, ready.later(21_800).latest)
                if n % 5 == 0
                else None,
            )
        )
    return drivers, riders


def pairs_of(drivers: list[Offer], riders: list[Request], **ways: Any) -> Pairs:
    doors = [place for each in riders for place in (each.start, each.end)]
    ends = [place for each in drivers for place in (each.origin, each.destination)]
    table = Ways([*doors, *ends], CAR, **ways)
    walks = Walks(table, [], [], None)
    return compatible_pairs(
        OfferRows.of(drivers, table),
        Passages.of(riders, table, walks),
        table,
        Company(drivers, riders),
    )


def same(a: Pairs, b: Pairs) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in Pairs.__slots__)


def test_looking_ways_up_in_blocks_gives_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    drivers, riders = big_day(60, 80, seed=1)
    dense = pairs_of(drivers, riders)
    assert len(dense) > 20
    assert same(dense, pairs_of(drivers, riders, dense=0))
    monkeypatch.setattr("msap_mobility.carpool.ways._CELLS_AT_ONCE", 300)
    assert same(dense, pairs_of(drivers, riders, dense=0))
    monkeypatch.setattr(pairs_module, "_AT_ONCE", 50)
    assert same(dense, pairs_of(drivers, riders))
    assert same(dense, pairs_of(drivers, riders, dense=0))


def test_the_index_leaves_nothing_out() -> None:
    drivers, riders = big_day(40, 60, seed=2)
    problem = CarpoolProblem.build(drivers, riders, CAR)
    for offer, request in itertools.product(drivers, riders):
        for leg in LEGS if request.wants_return else LEGS[:1]:
            fits = row_of(problem, offer, request, leg) is not None
            assert fits == (problem.why_not(offer.id, request.id, leg) is None)  # type: ignore[arg-type]


def test_times_faster_than_the_bound_are_found_out() -> None:
    drivers, riders = big_day(5, 30, seed=3)
    doors = [place for each in riders for place in (each.start, each.end)]
    ends = [place for each in drivers for place in (each.origin, each.destination)]
    ways = Ways([*doors, *ends], CAR, dense=0)
    rows, walks = OfferRows.of(drivers, ways), Walks(ways, [], [], None)
    passages, company = Passages.of(riders, ways, walks), Company(drivers, riders)

    def pairs() -> Pairs:
        return compatible_pairs(rows, passages, ways, company, fastest_m_per_s=1.0)

    assert codes(pairs) == ["times_faster_than_bound"]


def test_many_tags_fit_in_words() -> None:
    names = [f"t{n:03d}" for n in range(150)]
    offer = Offer.of(
        id="o", driver="d", start=AYEN, end=BRIVE, depart="2026-12-01 08:10", max_detour="30 min",
        tags=names[:-1],
    )  # fmt: skip
    asked = [
        Request.of(
            id=name,
            rider=name,
            start=PERPEZAC,
            end=BRIVE,
            wants=name,
            depart="2026-12-01 08:00-09:00",
        )
        for name in names
    ]
    problem = CarpoolProblem.build([offer], asked, CAR)
    assert len(problem.pairs) == 149
    reason = problem.why_not("o", names[-1])
    assert reason is not None
    assert (reason.code, reason.where) == ("carpool_offer_lacks", names[-1])


# --- what the domain asks for


def line(*seconds: float) -> Matrix:
    """Places on a line, so many seconds and ten times as many metres from one to the next."""
    position = np.concatenate(([0.0], np.cumsum(seconds), np.full(5 - len(seconds), 1e6)))
    apart = np.abs(position[:, None] - position[None, :])
    return Matrix(apart.tolist(), (10 * apart).tolist())


def test_a_volunteer_counts_from_home_to_home_and_waits() -> None:
    car = line(300, 900)
    home, rider, doctor = PLACES[:3]
    volunteer = Offer.of(
        id="v", driver="jeanne", kind="volunteer", start=home, depart="2026-12-01 08:00-12:00"
    )
    request = Request.of(
        id="r", rider="paul", start=rider, end=doctor, arrive="2026-12-01 09:30-10:00", stay="1 h"
    )
    problem = CarpoolProblem.build([volunteer], [request], car)
    out, back, both = (row_of(problem, volunteer, request, leg) for leg in LEGS)
    assert out is not None
    assert back is not None
    assert both is not None
    pairs = problem.pairs
    assert pairs.driven_m[[out, back, both]].tolist() == [24_000] * 3
    assert pairs.detour_m[both] == 24_000
    assert pairs.ride_m[[out, both]].tolist() == [9_000, 18_000]
    # Set down at ten, for the hour begins then; 20 minutes of driving on either side.
    assert pairs.detour_s[both] == 1200 + 3600 + 1200
    assert pairs.leave_to[both] == instant("2026-12-01 09:40").timestamp()
    assert problem.returns_in_time(np.array([out]), np.array([back])).tolist() == [True]


def test_a_way_back_before_the_stay_is_over_does_not_follow() -> None:
    car = line(300, 900)
    _, rider, doctor = PLACES[:3]
    jeanne = Offer.of(
        id="o1", driver="jeanne", start=PLACES[0], end=doctor, depart="2026-12-01 08:00",
        max_detour="0 min",
    )  # fmt: skip
    lucie = Offer.of(
        id="o2", driver="lucie", start=doctor, end=PLACES[0], depart="2026-12-01 08:30-08:40",
        max_detour="0 min",
    )  # fmt: skip
    for stay, follows in (("20 min", True), ("21 min", False)):
        request = Request.of(
            id="r", rider="paul", start=rider, end=doctor, stay=stay,
            depart="2026-12-01 08:00-08:30", back="2026-12-01 08:00-09:00",
        )  # fmt: skip
        problem = CarpoolProblem.build([jeanne, lucie], [request], car)
        out, back = row_of(problem, jeanne, request, "out"), row_of(problem, lucie, request, "back")
        assert out is not None
        assert back is not None
        assert problem.returns_in_time(np.array([out]), np.array([back])).tolist() == [follows]


def test_a_rider_who_walks_saves_the_driver_a_detour() -> None:
    car = line(300, 900)
    seconds = np.array(car.seconds)
    seconds[5] = seconds[0] + 200
    seconds[:, 5] = seconds[:, 0] + 200
    seconds[1, :] += 3600  # the door lies far from any road
    seconds[:, 1] += 3600
    car = Matrix(seconds.tolist(), (10 * seconds).tolist())
    walk = Matrix(np.full((6, 6), 240.0).tolist(), np.full((6, 6), 299.5).tolist())
    driver = Offer.of(
        id="o", driver="jeanne", start=PLACES[0], end=PLACES[2], max_detour="30 min",
        depart="2026-12-01 08:00",
    )  # fmt: skip
    found = []
    for limit in ("299 m", "300 m"):
        rider = Request.of(
            id="r", rider="paul", start=PLACES[1], end=PLACES[2], walk_limit=limit,
            depart="2026-12-01 07:59:20-08:30",
        )  # fmt: skip
        problem = CarpoolProblem.build(
            [driver], [rider], car, meeting_points=[POINT], walk_times=walk
        )
        found.append(row_of(problem, driver, rider, "out"))
    assert found[0] is None
    assert found[1] is not None
    passage = int(problem.pairs.passage[found[1]])
    assert problem.ways.places[int(problem.passages.pick[passage])] == POINT
    assert problem.passages.walk_m[passage] == 300
    assert problem.pairs.pick_from[found[1]] == instant("2026-12-01 08:03:20").timestamp()


@pytest.mark.parametrize(
    ("offer", "request_", "code"),
    [
        ({"driver": "paul"}, {}, "carpool_same_person"),
        ({"not_with": "paul"}, {}, "carpool_driver_objects"),
        ({}, {"not_with": "jeanne"}, "carpool_rider_objects"),
        ({}, {"only_with": "lucie"}, "carpool_not_among_chosen"),
        ({"seats": 1}, {"party": 3}, "carpool_seats_short"),
        ({}, {"wheelchair": True}, "carpool_no_wheelchair"),
        ({"luggage": False}, {"luggage": True}, "carpool_no_luggage"),
        ({}, {"wants": "pets"}, "carpool_offer_lacks"),
        ({"wants": "member"}, {}, "carpool_rider_lacks"),
        ({}, {"max_ride": "1 min"}, "carpool_ride_too_long"),
        ({}, {"arrive": "2026-12-01 08:00"}, "carpool_rider_cannot"),
        ({"depart": "2026-12-01 06:00", "arrive": "2026-12-01 12:00"}, {}, "carpool_driver_cannot"),
        ({"max_detour_distance": "0 km"}, {}, "carpool_detour_too_far"),
        ({"max_detour": "0 min"}, {}, "carpool_detour_too_long"),
        ({}, {"arrive": "2026-12-01 10:00-11:00"}, "carpool_wait_too_long"),
        ({"arrive": "2026-12-01 08:20-08:40"}, {}, "carpool_driver_too_late"),
        ({}, {"depart": "2026-12-01 08:00-08:05"}, "carpool_car_comes_later"),
        ({}, {"depart": "2026-12-01 09:00-09:05"}, "carpool_car_comes_earlier"),
    ],
)
def test_each_reason_has_its_case(
    offer: dict[str, Any], request_: dict[str, Any], code: str
) -> None:
    jeanne: dict[str, Any] = {
        "id": "o", "driver": "jeanne", "start": AYEN, "end": BRIVE,
        "depart": "2026-12-01 08:10", "max_detour": "15 min",
    }  # fmt: skip
    paul: dict[str, Any] = {
        "id": "r", "rider": "paul", "start": PERPEZAC, "end": BRIVE,
        "depart": "2026-12-01 07:50-08:40",
    }  # fmt: skip
    fits = CarpoolProblem.build([Offer.of(**jeanne)], [Request.of(**paul)], CAR)
    assert fits.why_not("o", "r") is None
    problem = CarpoolProblem.build(
        [Offer.of(**{**jeanne, **offer})], [Request.of(**{**paul, **request_})], CAR
    )
    reason = problem.why_not("o", "r")
    assert reason is not None
    assert reason.code == code
    assert reason.text("en") != reason.text("fr")
    assert len(problem.pairs) == 0


def test_no_way_is_a_reason() -> None:
    car = line(300, 900)
    car.seconds[1][2] = float("inf")
    driver = Offer.of(
        id="o", driver="jeanne", kind="volunteer", start=PLACES[0], depart="2026-12-01 08:00-12:00"
    )
    rider = Request.of(
        id="r", rider="paul", start=PLACES[1], end=PLACES[2], depart="2026-12-01 08:00-12:00"
    )
    problem = CarpoolProblem.build([driver], [rider], car)
    reason = problem.why_not("o", "r")
    assert reason is not None
    assert (reason.code, reason.amount) == ("carpool_no_way", 0)
    seconds, metres = problem.ways.between(
        problem.ways.numbers([PLACES[1]]), problem.ways.numbers([PLACES[2]])
    )
    assert (seconds[0], metres[0]) == (NEVER, NEVER)


def test_a_driver_on_a_trip_does_not_wait() -> None:
    driver = Offer.of(
        id="o", driver="jeanne", start=AYEN, end=BRIVE, depart="2026-12-01 08:10",
        max_detour="2 h",
    )  # fmt: skip
    rider = Request.of(
        id="r", rider="paul", start=PERPEZAC, end=BRIVE, depart="2026-12-01 07:50-08:40",
        back="2026-12-01 09:00-10:00",
    )  # fmt: skip
    problem = CarpoolProblem.build([driver], [rider], CAR)
    reason = problem.why_not("o", "r", "round")
    assert reason is not None
    assert reason.code == "carpool_driver_does_not_wait"


def test_a_day_without_anybody() -> None:
    problem = CarpoolProblem.build([], [], CAR)
    assert (len(problem.pairs), problem.pairs.start.tolist()) == (0, [0])


def test_a_problem_names_every_fault() -> None:
    regular = Offer.of(
        id="o", driver="d", start=AYEN, end=BRIVE, max_detour="5 min", rhythm="Mo 8:00-9:00"
    )
    walker = Request.of(
        id="r", rider="p", start=AYEN, end=BRIVE, walk_limit="1 km", depart="2026-12-01 08:10"
    )
    assert codes(
        lambda: CarpoolProblem.build([regular, regular], [walker], CAR, meeting_points=[PERPEZAC])
    ) == ["not_laid_on_a_day", "duplicate_id", "not_laid_on_a_day", "walk_without_times"]


@pytest.mark.parametrize(
    ("offer", "request_", "leg", "code"),
    [
        ("x", "r", "out", "unknown_offer"),
        ("o", "x", "out", "unknown_request"),
        ("o", "r", "back", "no_such_leg"),
    ],
)
def test_what_is_not_there_is_named(offer: str, request_: str, leg: Any, code: str) -> None:
    driver = Offer.of(
        id="o", driver="d", start=AYEN, end=BRIVE, max_detour="5 min", depart="2026-12-01 08:10"
    )
    rider = Request.of(id="r", rider="p", start=AYEN, end=BRIVE, depart="2026-12-01 08:10")
    problem = CarpoolProblem.build([driver], [rider], CAR)
    assert codes(lambda: problem.why_not(offer, request_, leg)) == [code]
