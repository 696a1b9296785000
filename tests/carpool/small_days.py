"""Small days of carpooling, seconds apart, and every way of driving them counted out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from msap_mobility.model import Offer, Place, Points, Reached, Request, TimesTable, Window

DAWN = datetime(2026, 12, 1, 6, tzinfo=UTC)
PLACES = tuple(Place(id=f"p{n}", name=f"P{n}", lon=n / 10, lat=45.0) for n in range(5))
POINT = Place(id="church", name="Church", lon=0.5, lat=45.0)


@dataclass
class Matrix:
    """Travel times by matrix; places are told apart by their longitude."""

    seconds: list[list[float]]
    metres: list[list[float]]

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,  # noqa: ARG002 - as the protocol has it
        at: Any = None,  # noqa: ARG002
    ) -> TimesTable:
        row, column = (np.rint(points.lon * 10).astype(int) for points in (origins, destinations))
        seconds, metres = (
            np.array(lengths, dtype=np.float32)[np.ix_(row, column)]
            for lengths in (self.seconds, self.metres)
        )
        status = np.where(np.isfinite(seconds), Reached.OK, Reached.UNREACHABLE).astype(np.uint8)
        return TimesTable(seconds=seconds, metres=metres, status=status)

    def route(self, a: Place, b: Place) -> Any:
        raise NotImplementedError

    def s(self, a: Place, b: Place) -> float:
        return 0 if a == b else np.ceil(self.seconds[round(a.lon * 10)][round(b.lon * 10)])

    def m(self, a: Place, b: Place) -> float:
        return 0 if a == b else np.ceil(self.metres[round(a.lon * 10)][round(b.lon * 10)])


def at(second: int) -> datetime:
    return DAWN + timedelta(seconds=second)


def window(first: int, length: int) -> Window:
    return Window(at(first), at(first + length))


def second(moment: datetime) -> int:
    return int((moment - DAWN).total_seconds())


lengths = st.sampled_from(
    [0.5, 1.0, 1.0, 2.0, 2.0, 2.5, 3.0, 3.0, 4.0, 4.0, 5.0, 7.0, float("inf")]
)
instants, spans = st.integers(0, 8), st.integers(0, 8)
tags = st.frozensets(st.sampled_from("ab"), max_size=1)
seldom = st.sampled_from([False, False, False, False, False, True])
people = st.sampled_from(["anna", "bruno", "chloe"])


square = st.lists(st.lists(lengths, min_size=6, max_size=6), min_size=6, max_size=6)
matrices = st.builds(Matrix, seconds=square, metres=square)


@st.composite
def when(draw: st.DrawFn) -> dict[str, Window]:
    kind = draw(st.sampled_from(["depart", "arrive", "both"]))
    first = draw(instants)
    if kind != "both":
        return {kind: window(first, draw(spans))}
    end = window(first + draw(st.integers(1, 8)), draw(spans))
    return {"depart": window(first, draw(spans)), "arrive": end}


@st.composite
def offers(draw: st.DrawFn, number: int) -> Offer:
    kind = draw(st.sampled_from(["trip", "trip", "volunteer", "minibus"]))
    start, end, home = draw(st.permutations(PLACES))[:3]
    limits = st.integers(0, 16) if kind == "trip" else st.none() | st.integers(5, 40)
    return Offer(
        id=f"o{number}",
        driver=draw(people),
        kind=kind,
        start=start,
        end=end if kind == "trip" else None,
        home=draw(st.sampled_from([None, home])) if kind == "volunteer" else None,
        seats=draw(st.integers(1, 3)),
        max_detour_s=draw(limits),
        max_detour_m=draw(st.none() | st.integers(0, 20)),
        wheelchair=draw(st.booleans()),
        luggage=not draw(seldom),
        tags=draw(tags),
        wants=draw(tags) if draw(seldom) else frozenset(),
        not_with=frozenset({"paul"}) if draw(seldom) else frozenset(),
        **draw(when()),
    )


@st.composite
def requests(draw: st.DrawFn, number: int) -> Request:
    start, end = draw(st.permutations(PLACES))[:2]
    times: dict[str, Any] = draw(when())
    back = None
    stay = None
    if draw(st.booleans()):
        stay = draw(st.none() | st.integers(0, 3))
        last = times["arrive"].latest if "arrive" in times else times["depart"].earliest
        back = window(second(last) + (stay or 0) + draw(st.integers(0, 6)), draw(spans))
    wheelchair = draw(seldom)
    return Request(
        id=f"r{number}",
        rider=draw(st.sampled_from(["paul", "lucie", "anna"])),
        start=start,
        end=end,
        party=draw(st.sampled_from([1, 1, 2])),
        wheelchair=wheelchair,
        luggage=draw(seldom),
        tags=draw(tags),
        wants=draw(tags) if draw(seldom) else frozenset(),
        not_with=frozenset({"anna"}) if draw(seldom) else frozenset(),
        only_with=frozenset({"bruno"}) if draw(seldom) else frozenset(),
        walk_limit_m=0 if wheelchair else draw(st.sampled_from([0, 0, 3])),
        max_ride_s=draw(st.none() | st.integers(2, 12)),
        stay_s=stay,
        back=back,
        **times,
    )


class Driven(NamedTuple):
    """One way of driving a pair: four instants, and what it costs."""

    leave: int
    pick: int
    drop: int
    end: int
    metres: int
    walk_m: int


HORIZON = range(-20, 45)


def allowed(window_: Window | None, shift: int = 0, since: int = HORIZON.start) -> range:
    """The instants of a window, so much later, from one on."""
    if window_ is None:
        return range(since, HORIZON.stop)
    first, last = second(window_.earliest) + shift, second(window_.latest) + shift
    return range(max(first, since), min(last + 1, HORIZON.stop))


def options(place: Place, request: Request, walk: Matrix) -> Iterator[tuple[Place, int, int]]:
    """Where somebody can be met, and the walk there."""
    yield place, 0, 0
    seconds, metres = walk.s(place, POINT), walk.m(place, POINT)
    if np.isfinite(seconds) and 0 < request.walk_limit_m >= metres:
        yield POINT, int(seconds), int(metres)


def together(offer: Offer, request: Request, leg: str) -> bool:
    return (
        offer.driver != request.rider
        and request.rider not in offer.not_with
        and offer.driver not in request.not_with
        and (not request.only_with or offer.driver in request.only_with)
        and request.party <= offer.seats
        and request.wheelchair <= offer.wheelchair
        and request.luggage <= offer.luggage
        and request.wants <= offer.tags
        and offer.wants <= request.tags
        and (leg != "round" or offer.kind != "trip")
    )


class Around(NamedTuple):
    """The ways of a car around one way of serving a leg, and the rider's walks."""

    to_s: int
    ride_s: int
    home_s: int
    from_s: int
    metres: int
    start_s: int
    end_s: int
    walk_m: int


def routes(offer: Offer, request: Request, leg: str, car: Matrix, walk: Matrix) -> Iterator[Around]:
    """Door or meeting point at both ends, where ways, metres and the ride allow it."""
    solo_m = car.m(offer.start, offer.destination) if offer.kind == "trip" else 0
    for (start, start_s, start_m), (end, end_s, end_m) in product(
        options(request.start, request, walk), options(request.end, request, walk)
    ):
        twice = leg == "round"
        first, last = (end, start) if leg == "back" else (start, end)
        stops = [offer.origin, first, last, *([first] if twice else []), offer.destination]
        seconds = [car.s(a, b) for a, b in pairwise(stops)]
        metres = sum(car.m(a, b) for a, b in pairwise(stops))
        rides = seconds[1:-1]
        if start == end or not np.isfinite([*seconds, metres, solo_m]).all():
            continue
        if offer.max_detour_m is not None and metres - solo_m > offer.max_detour_m:
            continue
        if request.max_ride_s is not None and max(rides) > request.max_ride_s:
            continue
        yield Around(
            to_s=int(seconds[0]),
            ride_s=int(rides[0]),
            home_s=int(rides[1]) if twice else 0,
            from_s=int(seconds[-1]),
            metres=int(metres),
            start_s=start_s,
            end_s=end_s,
            walk_m=(2 if twice else 1) * (start_m + end_m),
        )


def every_way(
    offer: Offer, request: Request, leg: str, car: Matrix, walk: Matrix
) -> Iterator[Driven]:
    """All instants at which a pair can be driven, each tried."""
    solo_s = car.s(offer.start, offer.destination) if offer.kind == "trip" else 0
    if not together(offer, request, leg) or not np.isfinite(solo_s):
        return
    most_s = int(solo_s) + (1000 if offer.max_detour_s is None else offer.max_detour_s)
    for way in routes(offer, request, leg, car, walk):
        for leave in allowed(offer.depart):
            for pick, drop in rides_of(request, leg, way, leave):
                finish = allowed(offer.arrive, since=drop + way.from_s)
                if finish and finish[0] - leave <= most_s:
                    yield Driven(leave, pick, drop, finish[0], way.metres, way.walk_m)


def rides_of(request: Request, leg: str, way: Around, leave: int) -> Iterator[tuple[int, int]]:
    """When somebody can get in first and out last."""
    longest = 1000 if request.max_ride_s is None else request.max_ride_s
    ready, walk_s = (request.depart, way.start_s) if leg != "back" else (request.returns, way.end_s)
    for pick in allowed(ready, walk_s, leave + way.to_s):
        there = request.arrive if leg != "back" else None
        for down in allowed(there, -way.end_s, pick + way.ride_s):
            if down - pick > longest:
                break
            if leg != "round":
                yield pick, down
                continue
            over = down + 2 * way.end_s + (request.stay_s or 0)
            for again in allowed(request.returns, way.end_s, over)[:1]:
                yield pick, again + way.home_s
