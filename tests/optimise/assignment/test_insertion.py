"""Online insertion against every place there is, and a day against a slow simulation of it."""

from __future__ import annotations

from math import ceil, hypot
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.optimise.assignment.insertion import (
    Place,
    fleet_at_points,
    fleet_on_roads,
    place_for,
    request_of,
    serve,
    simulate_day,
)
from msap_mobility.optimise.assignment.stoplists import Fleet
from tests.optimise.assignment.instances import ways

seeds = st.integers(0, 2**32 - 1)
Stop = dict[str, Any]


class Vehicle:
    """The slow truth: where it is, when it can leave, its stops and how they are reached."""

    def __init__(self, at: Any, ready: int, seats: int, way: Any, *, turns: bool) -> None:
        self.at, self.ready, self.seats, self.way, self.turns = at, ready, seats, way, turns
        self.stops: list[Stop] = []
        self.aboard, self.underway = 0, False

    def times(self, stops: list[Stop]) -> list[int] | None:
        """Beginning of each stop, everything earliest; None if that breaks a rule."""
        at, ready, load, begun = self.at, self.ready, self.aboard, []
        for stop in stops:
            begin = max(ready + self.way(at, stop["at"]), stop["opens"])
            load += stop["party"]
            if begin > stop["closes"] or load > self.seats:
                return None
            at, ready = stop["at"], begin + stop["dwell"]
            begun.append(begin)
        return begun

    def driving(self, stops: list[Stop]) -> int:
        at, total = self.at, 0
        for stop in stops:
            total += self.way(at, stop["at"])
            at = stop["at"]
        return total

    def best(self, request: list[int]) -> tuple[int, int, int] | None:
        """Added seconds and where both stops go."""
        found: tuple[int, int, int] | None = None
        for up in range(int(self.underway), len(self.stops) + 1):
            for down in range(up, len(self.stops) + 1):
                longer = self.with_request(request, up, down)
                if longer is None or self.times(longer) is None:
                    continue
                added = self.driving(longer) - self.driving(self.stops)
                if found is None or added < found[0]:
                    found = added, up, down
        return found

    def with_request(self, request: list[int], up: int, down: int) -> list[Stop] | None:
        """The stops with both of a request; its ride is limited from its earliest pick-up."""
        _, here, there, since, until, since_, until_, dwell, dwell_, party, ride = request
        first = {"at": here, "opens": since, "closes": until, "dwell": dwell, "party": party}
        head = [*self.stops[:up], first]
        begun = self.times(head)
        if begun is None:
            return None
        due = min(until_, begun[-1] + dwell + ride)
        last = {"at": there, "opens": since_, "closes": due, "dwell": dwell_, "party": -party}
        return [*head, *self.stops[up:down], last, *self.stops[down:]]

    def drive_on(self, now: int) -> None:
        begun = self.times(self.stops)
        assert begun is not None, "a promise is broken"
        while self.stops and begun[0] <= now:
            stop = self.stops.pop(0)
            self.at, self.ready = stop["at"], begun.pop(0) + stop["dwell"]
            self.aboard += stop["party"]
        self.underway = False
        if now <= self.ready:
            return
        if self.stops and not self.turns:
            self.underway = True
            return
        if self.stops:
            there = self.stops[0]["at"]
            share = min(1.0, (now - self.ready) / max(1, self.way(self.at, there)))
            self.at = tuple(a + share * (b - a) for a, b in zip(self.at, there, strict=True))
        self.ready = now


def straight(here: tuple[float, float], there: tuple[float, float]) -> int:
    return ceil(hypot(here[0] - there[0], here[1] - there[1]) - 1e-9)


def random_requests(rng: np.random.Generator, count: int, places: int, first: int) -> np.ndarray:
    rows = []
    for asked in np.sort(rng.integers(0, 6000, count)).tolist():
        since = asked + int(rng.integers(0, 600))
        due = since + int(rng.integers(0, 1500))
        rows.append(
            request_of(
                asked=asked,
                pick_up=first + int(rng.integers(places)),
                set_down=first + int(rng.integers(places)),
                up=(since, since + int(rng.integers(200, 2500))),
                down=(due, due + int(rng.integers(1500, 4000))),
                dwell_s=(int(rng.integers(40)), int(rng.integers(40))),
                party=int(rng.integers(1, 3)),
                ride_s=int(rng.integers(600, 2500)),
            )
        )
    return np.array(rows)


def random_day(seed: int) -> tuple[Fleet, np.ndarray, list[Vehicle], Any]:
    """The same vehicles as arrays and as slow truth; the truth's place of a numbered place."""
    rng = np.random.default_rng(seed)
    places, vehicles, count = 12, int(rng.integers(1, 4)), 14
    capacity = rng.integers(1, 5, vehicles)
    if rng.random() < 0.5:
        table, starts = ways(rng, places), rng.integers(0, places, vehicles)
        table = (table + rng.integers(0, 2) * np.triu(table)).astype(np.int32)  # one-way streets
        for via in range(places):
            table = np.minimum(table, table[:, [via]] + table[[via], :])
        fleet = fleet_on_roads(table, starts=starts, capacity=capacity)
        truth = [
            Vehicle(int(at), 0, int(seats), lambda a, b: int(table[a, b]), turns=False)
            for at, seats in zip(starts, capacity, strict=True)
        ]
        return fleet, random_requests(rng, count, places, 0), truth, int
    points, starts = rng.random((places, 2)) * 900, rng.random((vehicles, 2)) * 900
    fleet, first = fleet_at_points(points, starts=starts, capacity=capacity, speed=1.0)
    truth = [
        Vehicle(tuple(at.tolist()), 0, int(seats), straight, turns=True)
        for at, seats in zip(starts, capacity, strict=True)
    ]
    requests = random_requests(rng, count, places, first)
    return fleet, requests, truth, lambda place: tuple(points[place - first].tolist())


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_every_place_is_as_good_as_the_best_there_is(seed: int) -> None:
    fleet, requests, truth, place_of = random_day(seed)
    for number, row in enumerate(requests):
        request = [int(row[0]), place_of(row[1]), place_of(row[2]), *row[3:].tolist()]
        found = place_for(fleet, row)
        best = [(one.best(request), vehicle) for vehicle, one in enumerate(truth)]
        fits = [(where[0], vehicle, *where[1:]) for where, vehicle in best if where is not None]
        if not fits:
            assert found is None
            continue
        added, vehicle, up, down = min(fits)
        assert found == Place(vehicle=vehicle, up=up, down=down, added_s=added)
        fleet = serve(fleet, row, number, found)
        longer = truth[vehicle].with_request(request, up, down)
        assert longer is not None
        truth[vehicle].stops = longer
        begun = truth[vehicle].times(longer)
        assert fleet.stop[vehicle, 1 : len(longer) + 1, 5].tolist() == begun


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_a_day_goes_as_in_the_slow_simulation(seed: int) -> None:
    fleet, requests, truth, place_of = random_day(seed)
    day = simulate_day(fleet, requests)
    served = 0
    for number, row in enumerate(requests):
        request = [int(row[0]), place_of(row[1]), place_of(row[2]), *row[3:].tolist()]
        for one in truth:
            one.drive_on(int(row[0]))
        best = [(one.best(request), vehicle) for vehicle, one in enumerate(truth)]
        fits = [(where[0], vehicle, *where[1:]) for where, vehicle in best if where is not None]
        if not fits:
            assert (day.vehicle[number], day.added_s[number]) == (-1, 0)
            continue
        added, vehicle, up, down = min(fits)
        assert (day.vehicle[number], day.added_s[number]) == (vehicle, added)
        longer = truth[vehicle].with_request(request, up, down)
        assert longer is not None
        truth[vehicle].stops = longer
        served += 1
    assert served == (day.vehicle >= 0).sum()
    assert fleet.length.sum() == 0  # as it was given


def test_long_lists_find_room() -> None:
    rng = np.random.default_rng(2)
    points = rng.random((400, 2)) * 100
    fleet, first = fleet_at_points(points, starts=[[0, 0]], capacity=[500], speed=1.0)
    requests = np.array(
        [request_of(asked=0, pick_up=first + 2 * n, set_down=first + 2 * n + 1) for n in range(200)]
    )
    day = simulate_day(fleet, requests)
    assert (day.vehicle == 0).all()
    assert day.fleet.length.tolist() == [400]
    assert sorted(day.fleet.stop[0, 1:401, 1].tolist()) == sorted([*range(200)] * 2)
    one = fleet
    for number in range(40):
        place = place_for(one, requests[number])
        assert place is not None
        one = serve(one, requests[number], number, place)
    assert one.length.tolist() == [80]


def test_nobody_drives_is_an_answer() -> None:
    fleet = fleet_on_roads(np.zeros((2, 2), dtype=np.int32), starts=[], capacity=[])
    request = request_of(asked=0, pick_up=0, set_down=1)
    assert place_for(fleet, request) is None
    assert simulate_day(fleet, request[np.newaxis]).vehicle.tolist() == [-1]
    assert len(simulate_day(fleet, request[np.newaxis][:0]).vehicle) == 0


def test_every_wrong_array_is_told_at_once() -> None:
    table = np.zeros((2, 2), dtype=np.int32)
    with pytest.raises(InputError) as caught:
        fleet_on_roads(table - 1, starts=[2], capacity=[1])
    assert [fault.column for fault in caught.value.faults] == ["seconds", "starts"]
    with pytest.raises(InputError):
        fleet_on_roads(table, starts=[1], capacity=[1, 2])
    fleet = fleet_on_roads(table, starts=[1], capacity=[1])
    late = request_of(asked=9, pick_up=0, set_down=2, up=(5, 4), party=-1)
    early = request_of(asked=8, pick_up=0, set_down=1)
    with pytest.raises(InputError) as caught:
        simulate_day(fleet, np.array([late, early]))
    assert [(fault.code, fault.column) for fault in caught.value.faults] == [
        ("array_outside", "requests[:, 2]"),
        ("array_outside", "requests[:, 7:]"),
        ("array_not_rising", "requests[:, 4]"),
        ("array_not_rising", "requests[:, 0]"),
    ]
    with pytest.raises(InputError):
        simulate_day(fleet, late)
