"""Turns: which are permitted, what they cost, and that answers with them are the best there are."""

from __future__ import annotations

import cmath
import heapq
from dataclasses import replace
from itertools import product
from math import degrees

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.model import Points, Reached
from msap_mobility.roads import CAR, RoadGraph, RoadTimes
from msap_mobility.roads import network as plain_network
from msap_mobility.roads.network import Network
from msap_mobility.roads.profile import Turning
from msap_mobility.roads.sections import Sections
from msap_mobility.roads.snap import Snapped
from msap_mobility.roads.turn_network import TurnNetwork
from msap_mobility.roads.turn_ways import runs_between
from msap_mobility.roads.turns import Turns
from msap_mobility.roads.weights import NEVER, packed
from tests.roads.random_graphs import road_graphs

FREE = Turning(right_s=0.0, left_s=0.0, back_s=0.0)
SOME = Turning(right_s=2.0, left_s=5.0, back_s=7.0)


def bent(sections: Sections) -> Sections:
    """The same with bends, so that no two set out one way: angles are not left to chance."""
    number = np.arange(len(sections))
    lon_of, lat_of = sections.lon.reshape(-1, 2), sections.lat.reshape(-1, 2)
    bends = [0.001 * np.exp(1j * (1.3 * number + more)) for more in (0.0, 0.6)]
    lon, lat = (
        np.column_stack((one, one + part(bends[0]), other + part(bends[1]), other)).ravel()
        for (one, other), part in zip((lon_of.T, lat_of.T), (np.real, np.imag), strict=True)
    )
    start = np.arange(0, 4 * len(sections) + 1, 4, dtype=np.int32)
    return replace(sections, lon=lon, lat=lat, start=start)


def with_turns(graph: RoadGraph, banned: list[tuple[int, int]], delay_s: list[int]) -> RoadGraph:
    return RoadGraph.of_sections(
        node_id=graph.node_id,
        lon=graph.lon,
        lat=graph.lat,
        sections=bent(graph.sections),
        delay_s=delay_s,
        banned=banned,
    )


@st.composite
def turning_graphs(draw: st.DrawFn) -> RoadGraph:
    """Random graphs with delays at nodes and with forbidden turns."""
    graph = draw(road_graphs())
    direction = st.integers(0, max(0, 2 * len(graph.sections) - 1))
    banned = draw(st.lists(st.tuples(direction, direction), max_size=12))
    ways = [walk(draw, graph, 4) for _ in range(draw(st.integers(0, 2)))]
    banned += [way for way in ways if len(way) > 1]
    count = len(graph)
    delay_s = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    return with_turns(graph, banned, delay_s)


def walk(draw: st.DrawFn, graph: RoadGraph, length: int) -> tuple[int, ...]:
    """So many open directions one after the other, or fewer where one cannot go on."""
    begin, end, is_open = directions_of(graph)
    way: list[int] = []
    while len(way) < length:
        onward = [one for one in is_open if not way or begin[one] == end[way[-1]]]
        onward = [one for one in onward if not way or one != way[-1] ^ 1] or onward
        if not onward:
            break
        way.append(draw(st.sampled_from(onward)))
    return tuple(way)


def directions_of(graph: RoadGraph) -> tuple[list[int], list[int], list[int]]:
    """Nodes each begins and ends at, and which are open."""
    roads = graph.sections
    ends = np.column_stack((roads.tail, roads.head))
    seconds = np.column_stack((roads.along_s, roads.against_s)).ravel()
    is_open = np.flatnonzero(np.isfinite(seconds)).tolist()
    return ends.ravel().tolist(), ends[:, ::-1].ravel().tolist(), is_open


@st.composite
def remembering_graphs(draw: st.DrawFn) -> tuple[RoadGraph, list[tuple[int, float]]]:
    """A ring with some more roads, ways on it that are forbidden, and places where these begin."""
    nodes = draw(st.integers(3, 5))
    ring = [(node, (node + 1) % nodes) for node in range(nodes)]
    node = st.integers(0, nodes - 1)
    pairs = ring + draw(st.lists(st.tuples(node, node), min_size=1, max_size=4))
    costs = st.lists(st.integers(0, 4), min_size=len(pairs), max_size=len(pairs))
    closed = draw(st.sets(st.integers(0, len(pairs) - 1), max_size=2))
    lon, lat = [i / 100 for i in range(nodes)], [(i / 100) ** 2 for i in range(nodes)]
    against = [np.inf if i in closed else float(s) for i, s in enumerate(draw(costs))]
    sections = Sections.straight(
        lon=lon,
        lat=lat,
        tail=[tail for tail, _ in pairs],
        head=[head for _, head in pairs],
        along_s=draw(costs),
        against_s=against,
        along_m=[1.0] * len(pairs),
        against_m=[1.0] * len(pairs),
    )
    graph = RoadGraph.of_sections(node_id=range(nodes), lon=lon, lat=lat, sections=sections)
    ways = [walk(draw, graph, draw(st.integers(2, 5))) for _ in range(draw(st.integers(1, 5)))]
    banned = [way for way in ways if len(way) > 1]
    ends = {one >> 1 for way in ways for one in (way[0], way[-1])}
    gone = draw(st.sets(st.integers(0, len(pairs) - 1), max_size=1))  # closed since: snow, say
    along_s = np.where([i in gone for i in range(len(pairs))], np.inf, sections.along_s)
    graph = with_sections(graph, replace(sections, along_s=along_s))
    return with_turns(graph, banned, [0] * nodes), [(section, 0.5) for section in sorted(ends)]


def with_sections(graph: RoadGraph, sections: Sections) -> RoadGraph:
    return RoadGraph.of_sections(
        node_id=graph.node_id, lon=graph.lon, lat=graph.lat, sections=sections
    )


class ByHand:
    """States are the last directions run to their end; everything by enumeration."""

    def __init__(self, graph: RoadGraph, turning: Turning) -> None:
        roads, self.turning = graph.sections, turning
        self.delay_s = graph.delay_s.tolist()
        self.begin: list[int] = []
        self.end: list[int] = []
        self.run: list[int] = []
        self.line: list[list[complex]] = []
        for i in range(len(roads)):
            ends = (int(roads.tail[i]), int(roads.head[i]))
            line = [complex(lon, lat) for lon, lat in roads.line(i)]
            for way, seconds, metres in (
                (1, roads.along_s[i], roads.along_m[i]),
                (-1, roads.against_s[i], roads.against_m[i]),
            ):
                self.begin.append(ends[::way][0])
                self.end.append(ends[::way][1])
                self.run.append(int(packed(seconds, metres)))
                self.line.append(line[::way])
        self.parts = [
            (roads.along_s[i // 2], roads.along_m[i // 2])
            if i % 2 == 0
            else (roads.against_s[i // 2], roads.against_m[i // 2])
            for i in range(2 * len(roads))
        ]
        self.open = [i for i, run in enumerate(self.run) if run < NEVER]
        self.banned = {tuple(one for one in way if one >= 0) for way in graph.banned.tolist()}
        self.memory = max(map(len, self.banned), default=2) - 1
        self._known: dict[tuple[int, ...], dict[int, int]] = {}

    def after(self, *gone: int) -> dict[int, int]:
        """The turns, and their weights, of whoever has run some directions, the last last."""
        gone = gone[-self.memory :]
        if gone not in self._known:
            come = gone[-1]
            onward = [go for go in self.open if self.begin[go] == self.end[come]]
            onward = [go for go in onward if not self.is_banned((*gone, go))]
            others = [go for go in onward if go != come ^ 1]
            self._known[gone] = {go: self._turn(come, go) for go in others or onward}
        return self._known[gone]

    def is_banned(self, way: tuple[int, ...]) -> bool:
        """Whether its end is forbidden."""
        return any(way[first:] in self.banned for first in range(len(way) - 1))

    def _turn(self, come: int, go: int) -> int:
        node = self.end[come]
        if go == come ^ 1:
            seconds = self.turning.back_s
        elif self.begin.count(node) <= 2:
            seconds = 0.0
        else:
            here = self.line[go][0]
            across = np.cos(np.radians(here.imag))
            coming, going = here - self.line[come][-2], self.line[go][1] - here
            coming, going = (complex(one.real * across, one.imag) for one in (coming, going))
            angle = degrees(cmath.phase(going * coming.conjugate()))
            sharp = (1 - np.cos(np.radians(angle))) / 2
            left = angle > 0
            seconds = self.turning.left_s * sharp if left else self.turning.right_s * sharp**2
        return int(packed(seconds + self.delay_s[node], 0.0))

    def part(self, direction: int, share: float) -> int:
        seconds, metres = self.parts[direction]
        return int(packed(seconds * share, metres * share))

    def ways_from(
        self, section: int, share: float
    ) -> tuple[int | None, dict[tuple[int, ...], int]]:
        """The node one stands at, if any, and the weights of having run some directions last."""
        queue: list[tuple[int, tuple[int, ...]]] = []
        node = None
        if share in (0.0, 1.0):
            node = self.end[2 * section] if share else self.begin[2 * section]
            queue = [(self.run[go], (go,)) for go in self.open if self.begin[go] == node]
        else:
            for direction, gone in ((2 * section, share), (2 * section + 1, 1 - share)):
                if direction in self.open:
                    queue.append((self.part(direction, 1 - gone), (direction,)))
        heapq.heapify(queue)
        done: dict[tuple[int, ...], int] = {}
        while queue:
            weight, way = heapq.heappop(queue)
            if way in done:
                continue
            done[way] = weight
            for go, turn in self.after(*way).items():
                gone = (*way, go)[-self.memory :]
                heapq.heappush(queue, (weight + turn + self.run[go], gone))
        return node, done

    def node_at(self, place: tuple[int, float]) -> int | None:
        section, share = place
        return {0.0: self.begin[2 * section], 1.0: self.end[2 * section]}.get(share)

    def between(self, start: tuple[int, float], end: tuple[int, float]) -> int:
        node, done = self.ways_from(*start)
        section, share = end
        found = [NEVER]
        if share in (0.0, 1.0):
            goal = self.end[2 * section] if share else self.begin[2 * section]
            found += [weight for way, weight in done.items() if self.end[way[-1]] == goal]
            if node == goal and any(self.begin[go] == goal for go in self.open):
                found.append(0)
        else:
            for go, gone in ((2 * section, share), (2 * section + 1, 1 - share)):
                if go not in self.open:
                    continue
                last = self.part(go, gone)
                found += [
                    weight + self.after(*way)[go] + last
                    for way, weight in done.items()
                    if go in self.after(*way)
                ]
                if node == self.begin[go]:
                    found.append(last)
        if start[0] == section:
            ahead = share - start[1]
            if ahead == 0:
                found.append(0)
            elif 2 * section + (ahead < 0) in self.open:
                found.append(self.part(2 * section + (ahead < 0), abs(ahead)))
        return min(found)


def snapped(places: list[tuple[int, float]]) -> Snapped:
    nothing = np.zeros(len(places))
    return Snapped(
        section=np.array([section for section, _ in places], np.int32),
        share=np.array([share for _, share in places], np.float64),
        metres=nothing,
        x=nothing,
        y=nothing,
    )


def some_places(data: st.DataObject, graph: RoadGraph) -> list[tuple[int, float]]:
    roads = st.integers(0, len(graph.sections) - 1)
    return data.draw(
        st.lists(st.tuples(roads, st.sampled_from([0.0, 0.25, 0.5, 1.0])), min_size=1, max_size=5)
    )


@given(turning_graphs(), st.sampled_from([FREE, SOME]), st.booleans(), st.data())
@settings(max_examples=200, deadline=None)
def test_ways_with_turns_are_the_best_there_are(
    graph: RoadGraph, turning: Turning, contracted: bool, data: st.DataObject
) -> None:
    if not len(graph.sections):
        return
    origins, destinations = some_places(data, graph), some_places(data, graph)
    network, by_hand = TurnNetwork(graph, turning), ByHand(graph, turning)
    if contracted:
        assert len(network.hierarchy) == len(network.turns.direction)
    found = network.ways_to(snapped(destinations), origins=len(origins))(snapped(origins))
    expected = [[by_hand.between(start, end) for end in destinations] for start in origins]
    assert found.tolist() == expected


@given(remembering_graphs(), st.sampled_from([FREE, SOME]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whoever_remembers_goes_the_best_way_there_is(
    drawn: tuple[RoadGraph, list[tuple[int, float]]], turning: Turning, contracted: bool
) -> None:
    graph, places = drawn
    network, by_hand = TurnNetwork(graph, turning), ByHand(graph, turning)
    if contracted:
        assert len(network.hierarchy) == len(network.turns.direction)
    found = network.ways_to(snapped(places), origins=len(places))(snapped(places))
    assert found.tolist() == [[by_hand.between(a, b) for b in places] for a in places]
    for start, end in product(places, places):
        runs = runs_between(network, snapped([start]), snapped([end]))
        gone = tuple(run.direction for run in runs)
        assert not any(by_hand.is_banned(gone[:length]) for length in range(len(gone) + 1))


@given(turning_graphs())
@settings(max_examples=100, deadline=None)
def test_turns_are_those_of_an_enumeration(graph: RoadGraph) -> None:
    turns, by_hand = Turns.of(graph, SOME), ByHand(graph, SOME)
    found = [
        (come, go, int(packed(seconds, 0.0)))
        for come, go, seconds in zip(
            turns.come.tolist(), turns.into.tolist(), turns.seconds.tolist(), strict=True
        )
    ]
    expected = [(come, go, s) for come in by_hand.open for go, s in by_hand.after(come).items()]
    directions = 2 * len(graph.sections)
    of_directions = [turn for turn in found if turn[0] < directions]
    assert sorted((come, turns.direction[into], s) for come, into, s in of_directions) == sorted(
        expected
    )


@given(road_graphs(), st.data())
@settings(max_examples=100, deadline=None)
def test_with_free_turns_ways_are_never_shorter_than_without(
    graph: RoadGraph, data: st.DataObject
) -> None:
    """Equal but where one would turn round in the road."""
    if not len(graph.sections):
        return
    origins, destinations = some_places(data, graph), some_places(data, graph)
    start, end = snapped(origins), snapped(destinations)
    turning, plain = (
        kind(graph).ways_to(end, origins=len(start))(start)
        for kind in (lambda graph: TurnNetwork(graph, FREE), Network)
    )
    assert (turning >= plain).all()


def cross(**more: object) -> RoadGraph:
    """Node 0 in the middle, 1 to 4 to the east, north, west and south; sections in that order."""
    lon, lat = [1.0, 1.01, 1.0, 0.99, 1.0], [0.0, 0.0, 0.01, 0.0, -0.01]
    return RoadGraph.of_sections(
        node_id=range(5),
        lon=lon,
        lat=lat,
        sections=Sections.straight(
            lon=lon,
            lat=lat,
            tail=[0, 0, 0, 0],
            head=[1, 2, 3, 4],
            along_s=[10.0] * 4,
            against_s=[10.0] * 4,
            along_m=[100.0] * 4,
            against_m=[100.0] * 4,
        ),
        **more,
    )


def seconds_of_turns(graph: RoadGraph, turning: Turning = SOME) -> dict[tuple[int, int], float]:
    turns = Turns.of(graph, turning)
    return dict(
        zip(
            zip(turns.come.tolist(), turns.into.tolist(), strict=True),
            turns.seconds.tolist(),
            strict=True,
        )
    )


def test_right_straight_and_left_at_a_cross() -> None:
    """Coming from the south (direction 7): right is east (0), straight north (2), left west (4)."""
    seconds = seconds_of_turns(cross())
    assert seconds[7, 0] == pytest.approx(2 * 0.5**2)
    assert seconds[7, 2] == pytest.approx(0)
    assert seconds[7, 4] == pytest.approx(5 * 0.5)
    assert (7, 6) not in seconds
    assert seconds[6, 7] == pytest.approx(7)  # a dead end: back again


def test_delays_count_at_the_node_one_turns_at() -> None:
    plain, delayed = (seconds_of_turns(cross(delay_s=delay)) for delay in (None, [3, 0, 0, 0, 0]))
    assert plain.keys() == delayed.keys()
    for turn in plain:
        assert delayed[turn] - plain[turn] == pytest.approx(3 if turn[0] & 1 else 0)


def test_one_turns_round_where_nothing_else_is_permitted() -> None:
    every_way_on = [(7, 0), (7, 2), (7, 4)]
    assert (7, 6) in seconds_of_turns(cross(banned=every_way_on))
    assert (7, 6) not in seconds_of_turns(cross(banned=[*every_way_on, (7, 6)]))


def test_a_banned_turn_is_driven_round() -> None:
    """From south to east by way of a dead end in the north, where one may turn round."""
    graph = cross(banned=[(7, 0)])
    way = TurnNetwork(graph, FREE).ways_to(snapped([(0, 0.5)]), origins=1)(snapped([(3, 0.5)]))
    assert int(way[0, 0]) >> 32 == 1000 * (5 + 10 + 10 + 5)
    assert (
        Network(graph).ways_to(snapped([(0, 0.5)]), origins=1)(snapped([(3, 0.5)])) >> 32 == 10_000
    )


def test_turns_are_the_profiles_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = cross(profile=replace(CAR, turning=SOME))
    monkeypatch.setattr(plain_network, "FEW", 0)
    assert Turns.of(graph).seconds.max() == 7
    assert Turns.of(graph, FREE).seconds.max() == 0
    assert Turns.of(cross(profile=replace(CAR, turning=None))).seconds.max() == 0
    way = TurnNetwork(graph).ways_to(snapped([(1, 1.0)]), origins=1)(snapped([(3, 1.0)]))
    assert int(way[0, 0]) >> 32 == 20_000


@given(turning_graphs(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_way_is_runs_and_turns_that_add_up(graph: RoadGraph, data: st.DataObject) -> None:
    if not len(graph.sections):
        return
    start, end = some_places(data, graph)[0], some_places(data, graph)[0]
    network, by_hand = TurnNetwork(graph, SOME), ByHand(graph, SOME)
    runs = runs_between(network, snapped([start]), snapped([end]))
    expected = by_hand.between(start, end)
    nodes = [by_hand.node_at(place) for place in (start, end)]
    if not runs:
        at_once = start == end or (nodes[0] is not None and nodes[0] == nodes[1])
        assert expected == (0 if at_once and expected < NEVER else NEVER)
        return
    weights = [network.weight_of(run) for run in runs]
    gone = [run.direction for run in runs]
    turns = [by_hand.after(*gone[:last])[gone[last]] for last in range(1, len(gone))]
    assert sum(weights) + sum(turns) == expected
    sides = [runs[0].direction >> 1, runs[0].first], [runs[-1].direction >> 1, runs[-1].last]
    for side, place, node in zip(sides, (start, end), nodes, strict=True):
        assert tuple(side) == place or by_hand.node_at(tuple(side)) == node is not None


def test_what_forbidden_turns_cut_off_is_unreachable() -> None:
    """East cannot be turned into; it is in the main component all the same."""
    graph = cross(banned=[(7, 0), (3, 0), (5, 0)])
    assert graph.component.max() == 0
    places = Points(np.array([1.0, 1.008]), np.array([-0.008, 0.0]))
    for limit_s in (np.inf, 1000.0):
        table = RoadTimes(graph, turns=True).table(places, places, limit_s=limit_s)
        assert table.status.tolist() == [
            [Reached.OK, Reached.UNREACHABLE],
            [Reached.OK, Reached.OK],
        ]
        assert np.isinf(table.seconds[0, 1])
    assert (RoadTimes(graph).table(places, places).status == Reached.OK).all()
