"""Matches: no rule broken, nothing better, whatever the order of what is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from msap_mobility.carpool.check import check_rides
from msap_mobility.carpool.match import match
from msap_mobility.carpool.matching import Match
from msap_mobility.carpool.problem import CarpoolProblem
from tests.carpool.small_days import POINT, matrices, offers, requests

if TYPE_CHECKING:
    from msap_mobility.model import Offer, Request


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
