"""Matches: no rule broken, nothing better, whatever the order of what is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from msap_mobility.carpool.check import check_rides
from msap_mobility.carpool.match import match
from msap_mobility.carpool.matching import Match
from msap_mobility.carpool.problem import CarpoolProblem
from msap_mobility.errors import InputError
from msap_mobility.model import Offer, Request
from tests.carpool.small_days import (
    PLACES,
    POINT,
    Matrix,
    instants,
    matrices,
    offers,
    requests,
    spans,
    window,
)


class Day(NamedTuple):
    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]
    car: Any
    walk: Any

    def matched(self, **more: Any) -> Match:
        return match(self.offers, self.requests, self.car, budget="500 it", **self.on_foot, **more)

    @property
    def on_foot(self) -> dict[str, Any]:
        return {"meeting_points": [POINT], "walk_times": self.walk}


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A day on which nobody is in two cars: everybody has one offer or one request."""
    drivers, riders = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    return Day(
        tuple(replace(draw(offers(no)), driver=f"driver{no}") for no in range(drivers)),
        tuple(replace(draw(requests(no)), rider=f"rider{no}") for no in range(riders)),
        draw(matrices),
        draw(matrices),
    )


@st.composite
def crowded_days(draw: st.DrawFn) -> Day:
    """A day on which nearly everybody fits everybody, and some drive and ride, or do so twice."""
    people = st.sampled_from(["anna", "bruno", "chloe", "paul"])

    def trip() -> dict[str, Any]:
        start, end = draw(st.permutations(PLACES))[:2]
        return {"start": start, "end": end, "depart": window(draw(instants), draw(spans))}

    count = st.integers(2, 3)
    cars = [
        Offer(id=f"o{number}", driver=draw(people), max_detour_s=30, seats=2, **trip())
        for number in range(draw(count))
    ]
    riders = [Request(id=f"r{no}", rider=draw(people), **trip()) for no in range(draw(count))]
    short = st.lists(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=6, max_size=6), min_size=6)
    lengths = Matrix(*[draw(short.map(lambda rows: rows[:6]))] * 2)
    return Day(tuple(cars), tuple(riders), lengths, lengths)


@settings(max_examples=60, deadline=None)
@given(crowded_days(), st.sampled_from([{}, {"stable": True}, {"together": 1}]))
def test_nobody_sits_in_two_cars(day: Day, how: dict[str, Any]) -> None:
    found = day.matched(**how)
    assert list(check_rides(found.rides, day.offers, day.requests, day.car, **day.on_foot)) == []
    assert found.value <= found.bound
    later = day.matched(promised=found.rides, **how)
    assert later.broken == ()
    assert list(check_rides(later.rides, day.offers, day.requests, day.car, **day.on_foot)) == []
    changed = day.matched(promised=found.rides, break_penalty=1, **how)
    assert list(check_rides(changed.rides, day.offers, day.requests, day.car, **day.on_foot)) == []


def test_who_drives_or_rides_does_one_of_both() -> None:
    """Anna drives Paul, or rides with Bruno: not both, though both would fit."""
    west, east = PLACES[:2]
    hour: dict[str, Any] = {"start": west, "end": east, "depart": window(0, 2)}
    ways = Matrix([[3.0] * 6] * 6, [[3.0] * 6] * 6)
    cars = [
        Offer(id=f"o-{who}", driver=who, max_detour_s=9, seats=1, **hour)
        for who in ("anna", "bruno")
    ]
    riders = [Request(id=f"r-{who}", rider=who, **hour) for who in ("anna", "paul")]
    found = match(cars, riders, ways, together=1)
    assert len(found.served) == 1
    assert found.proven
    later = replace(riders[0], depart=window(5, 0))
    assert match(cars, [later, riders[1]], ways).served == ("r-anna", "r-paul")


@settings(max_examples=60, deadline=None)
@given(days())
def test_no_rule_is_broken_and_everybody_is_told_of(day: Day) -> None:
    found = day.matched()
    assert list(check_rides(found.rides, day.offers, day.requests, day.car, **day.on_foot)) == []
    served = {name for ride in found.rides for name in ride.requests}
    assert served | {each.request for each in found.unserved} == {each.id for each in day.requests}
    assert not served & {each.request for each in found.unserved}
    assert found.greedy <= found.value <= found.bound
    assert Match.from_dict(found.to_dict()) == found


@settings(max_examples=60, deadline=None)
@given(days())
def test_both_ways_or_none(day: Day) -> None:
    rides = day.matched().rides
    for request in day.requests:
        ways = sorted(
            kind
            for ride in rides
            for name, kind in zip(ride.requests, ride.legs, strict=True)
            if name == request.id
        )
        whole = [["back", "out"], ["round"]] if request.wants_return else [["out"]]
        assert ways in [[], *whole]


@settings(max_examples=40, deadline=None)
@given(days())
def test_the_order_changes_nothing_and_a_driver_more_does_no_harm(day: Day) -> None:
    found = day.matched()
    turned = day._replace(offers=day.offers[::-1], requests=day.requests[::-1]).matched()
    fewer = day._replace(offers=day.offers[1:]).matched()
    if found.proven and turned.proven:
        assert turned.value == found.value
    if found.proven and fewer.proven:
        assert fewer.value <= found.value


@settings(max_examples=40, deadline=None)
@given(days(), st.integers(1, 3))
def test_promises_stay(day: Day, riders: int) -> None:
    first = day._replace(requests=day.requests[:riders]).matched()
    later = day.matched(promised=first.rides)
    assert later.broken == ()
    promised = {(ride.offer, name) for ride in first.rides for name in ride.requests}
    assert promised == {(each.offer, each.request) for each in later.kept}
    assert promised <= {(ride.offer, name) for ride in later.rides for name in ride.requests}


@settings(max_examples=60, deadline=None)
@given(days())
def test_alone_as_many_ride_as_a_bipartite_graph_can_match(day: Day) -> None:
    there = tuple(replace(each, stay_s=None, back=None) for each in day.requests)
    found = day._replace(requests=there).matched(together=1)
    pairs = CarpoolProblem.build(day.offers, there, day.car, **day.on_foot).pairs
    shape = (len(day.offers), len(there))
    graph = coo_array((np.ones(len(pairs)), (pairs.offer, pairs.leg)), shape=shape).tocsr()
    most = int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
    assert found.proven
    assert len(found.rides) == most


def test_all_that_is_of_another_kind_is_named_at_once() -> None:
    wrong: dict[str, Any] = {"promised": ["r1"], "meeting_points": None, "budget": None}
    with pytest.raises(InputError) as caught:
        match(None, ["r1"], None, zone="r1", **wrong)  # type: ignore[arg-type]
    found = {fault.column: fault.code for fault in caught.value.faults}
    same = "not_all_of_a_kind"
    assert found == {
        "zone": "unknown_time_zone",
        "budget": "not_a_budget",
        "promised": same,
        "meeting_points": same,
        "offers": same,
        "requests": same,
    }
