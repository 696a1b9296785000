"""From tags, points and relations of a small `.osm` to sections, delays and banned turns."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.roads import BICYCLE, CAR, VAN, WALK, Profile, RoadGraph
from msap_mobility.roads.maxspeed import FRANCE_90

STEP_M = 788.47  # 0.01° of longitude at 45° north (WGS84)


def tagged(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


class Sketch:
    """Nodes 1, 2, … from west to east and what is drawn through them."""

    def __init__(self, nodes: int = 9) -> None:
        self.marks: dict[int, dict[str, str]] = {i: {} for i in range(1, nodes + 1)}
        self.ways: list[str] = []
        self.relations: list[str] = []

    def way(self, number: int, refs: str, **tags: str) -> Sketch:
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
        tags = {key.replace("__", ":"): value for key, value in tags.items()}
        if "route" not in tags:
            tags = {"highway": "tertiary", **tags}
        self.ways.append(f'<way id="{number}">{nodes}{tagged(tags)}</way>')
        return self

    def mark(self, node: int, **tags: str) -> Sketch:
        self.marks[node] = {key.replace("__", ":"): value for key, value in tags.items()}
        return self

    def turn(self, come: int, via: str, go: int, what: str, **tags: str) -> Sketch:
        between = "".join(
            f'<member type="{"way" if one.startswith("w") else "node"}" ref="{one.lstrip("w")}"'
            ' role="via"/>'
            for one in via.split(",")
        )
        members = (
            f'<member type="way" ref="{come}" role="from"/>{between}'
            f'<member type="way" ref="{go}" role="to"/>'
        )
        tags = {"type": "restriction", **({"restriction": what} if what else {}), **tags}
        tags = {key.replace("__", ":"): value for key, value in tags.items()}
        self.relations.append(f'<relation id="1">{members}{tagged(tags)}</relation>')
        return self

    def graph(self, tmp_path: Path, profile: Profile = CAR) -> RoadGraph:
        nodes = "".join(
            f'<node id="{i}" lon="{1 + i / 100}" lat="{45 + (i % 3) / 1e7}">{tagged(tags)}</node>'
            for i, tags in self.marks.items()
        )
        path = tmp_path / "sketch.osm"
        path.write_text(
            f"<osm>{nodes}{''.join(self.ways)}{''.join(self.relations)}</osm>", encoding="utf-8"
        )
        return RoadGraph.from_osm(path, profile)


def ends(graph: RoadGraph) -> list[tuple[int, int]]:
    ids, roads = graph.node_id.tolist(), graph.sections
    return [(ids[a], ids[b]) for a, b in zip(roads.tail.tolist(), roads.head.tolist(), strict=True)]


def test_two_pieces_of_one_road_are_one_section(tmp_path: Path) -> None:
    graph = (
        Sketch()
        .way(1, "1 2 3", name="Rue Haute")
        .way(2, "5 4 3", name="Rue Haute", maxspeed="20")
        .way(3, "5 6", name="Rue Basse")
        .graph(tmp_path)
    )
    assert sorted(ends(graph)) == [(1, 5), (5, 6)]
    row = ends(graph).index((1, 5))
    roads = graph.sections
    assert [round(100 * (lon - 1)) for lon, _ in roads.line(row)] == [1, 2, 3, 4, 5]
    assert roads.along_m[row] == pytest.approx(4 * STEP_M, abs=0.05)
    seconds = 2 * STEP_M / (40 / 3.6) + 2 * STEP_M / (16 / 3.6)
    assert roads.along_s[row] == pytest.approx(seconds, rel=1e-5)
    assert {roads.names[i] for i in roads.name} == {"Rue Haute", "Rue Basse"}
    assert roads.names[0] == ""


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ({}, {}, True),
        ({"oneway": "yes"}, {"oneway": "yes"}, True),
        ({"oneway": "yes"}, {"oneway": "-1"}, False),
        ({"oneway": "yes"}, {}, False),
        ({}, {"highway": "residential"}, False),
        ({"ref": "D 54"}, {"ref": "D 55"}, False),
        ({"ref": "D 54", "name": "Rue Haute"}, {"name": "Rue Haute"}, True),
    ],
)
def test_only_what_goes_on_alike_is_joined(
    tmp_path: Path, first: dict[str, str], second: dict[str, str], joined: bool
) -> None:
    graph = Sketch().way(1, "1 2", **first).way(2, "2 3", **second).graph(tmp_path)
    assert len(graph.sections) == (1 if joined else 2)


def test_one_way_pieces_drawn_against_one_another_are_one_road(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2", oneway="yes").way(2, "3 2", oneway="-1", maxspeed="20")
    graph = sketch.graph(tmp_path)
    assert ends(graph) == [(1, 3)]
    seconds = STEP_M / (40 / 3.6) + STEP_M / (16 / 3.6)
    assert graph.sections.along_s == pytest.approx(seconds, rel=1e-5)
    assert np.isinf(graph.sections.against_s).all()


def test_a_ring_of_two_pieces_and_a_loop_at_a_junction(tmp_path: Path) -> None:
    ring = Sketch().way(1, "1 2 3").way(2, "3 4 1").graph(tmp_path)
    assert sorted(ends(ring)) == [(1, 3), (3, 1)]
    loop = Sketch().way(1, "1 2").way(2, "2 3 4").way(3, "4 5 2").graph(tmp_path)
    assert sorted(ends(loop)) == [(1, 2), (2, 2)]
    assert loop.sections.along_m.sum() == pytest.approx(STEP_M * (1 + 1 + 1 + 1 + 3), abs=0.1)


@pytest.mark.parametrize(
    ("tags", "profile", "seconds"),
    [
        ({"barrier": "gate"}, CAR, 60.0),
        ({"barrier": "lift_gate"}, CAR, 60.0),
        ({"barrier": "cattle_grid"}, CAR, 0.0),
        ({"barrier": "toll_booth"}, CAR, 0.0),
        ({"barrier": "bollard"}, CAR, np.inf),
        ({"barrier": "bollard", "bollard": "rising"}, CAR, 0.0),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, CAR, 0.0),
        ({"barrier": "gate", "access": "private"}, CAR, np.inf),
        ({"barrier": "never heard of"}, CAR, np.inf),
        ({"barrier": "bollard"}, BICYCLE, 0.0),
        ({"barrier": "wall"}, WALK, np.inf),
        ({"barrier": "gate", "foot": "no"}, WALK, np.inf),
        ({"highway": "traffic_signals"}, CAR, 2.0),
        ({"highway": "traffic_signals"}, WALK, 0.0),
        ({"highway": "crossing", "motor_vehicle": "no"}, CAR, 0.0),
        ({"highway": "bus_stop"}, CAR, 0.0),
    ],
)
def test_points_on_a_road(
    tmp_path: Path, tags: dict[str, str], profile: Profile, seconds: float
) -> None:
    """Between junctions they are in the time of the section; where they close it, it is cut."""
    plain = Sketch().way(1, "1 2 3").graph(tmp_path, profile).sections
    marked = Sketch().way(1, "1 2 3").mark(2, **tags).graph(tmp_path, profile)
    if np.isinf(seconds):
        assert len(marked.sections) == 2
        assert sorted(marked.component_sizes.tolist()) == [2, 2]
        assert sorted(abs(one) for one in marked.node_id.tolist())[:3] == [1, 2, 3]
        assert len(set(marked.node_id.tolist())) == 4
    else:
        roads = marked.sections
        assert roads.along_s - plain.along_s == pytest.approx(seconds)
        assert roads.against_s - plain.against_s == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("node", "tags", "along", "against"),
    [
        (2, {"highway": "traffic_signals", "traffic_signals__direction": "forward"}, 2, 0),
        (2, {"highway": "traffic_signals", "direction": "backward"}, 0, 2),
        (2, {"highway": "stop", "direction": "forward"}, 2, 0),
        (2, {"highway": "stop"}, 0, 2),  # nearer to the beginning
        (4, {"highway": "stop"}, 2, 0),
        (4, {"highway": "give_way"}, 1, 0),
    ],
)
def test_signs_stop_those_who_see_them(
    tmp_path: Path, node: int, tags: dict[str, str], along: float, against: float
) -> None:
    plain = Sketch().way(1, "1 2 3 4 5").graph(tmp_path).sections
    marked = Sketch().way(1, "1 2 3 4 5").mark(node, **tags).graph(tmp_path).sections
    assert marked.along_s - plain.along_s == pytest.approx(along)
    assert marked.against_s - plain.against_s == pytest.approx(against)


def test_the_nearer_junction_is_so_by_distance_not_by_points(tmp_path: Path) -> None:
    """Points 1, 2, 3, 4 and 9: the sign at 4 is the last but one, and nearer to the first."""
    sketch = Sketch().way(1, "1 2 3 4 9")
    plain = sketch.graph(tmp_path).sections
    marked = sketch.mark(4, highway="stop").graph(tmp_path).sections
    assert marked.along_s - plain.along_s == pytest.approx(0)
    assert marked.against_s - plain.against_s == pytest.approx(2)


def test_a_traffic_light_at_a_junction_delays_whoever_goes_on(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2").way(2, "2 3").way(3, "2 4").mark(2, highway="traffic_signals")
    graph = sketch.graph(tmp_path)
    assert graph.delay_s.tolist() == [0, 2, 0, 0]
    between = Sketch().way(1, "1 2").way(2, "2 3").mark(2, highway="traffic_signals")
    assert between.graph(tmp_path).delay_s.tolist() == [0, 2, 0]


FERRY_M = STEP_M
BOTH_S = CAR.boarding_s


@pytest.mark.parametrize(
    ("tags", "profile", "seconds"),
    [
        ({"duration": "00:20", "motor_vehicle": "yes"}, CAR, 1200 + BOTH_S),
        ({"motor_vehicle": "yes"}, CAR, FERRY_M / (15 / 3.6) + BOTH_S),
        ({"motorcar": "yes", "duration": "soon"}, CAR, FERRY_M / (15 / 3.6) + BOTH_S),
        ({}, CAR, None),
        ({"motor_vehicle": "no"}, CAR, None),
        ({"hgv": "yes"}, CAR, None),
        ({"hgv": "yes", "duration": "5"}, VAN, 300 + BOTH_S),
        ({"duration": "PT10M"}, WALK, 600 + BOTH_S),
        ({"duration": "PT10M", "foot": "no"}, WALK, None),
        ({"duration": "PT10M"}, replace(WALK, boarding_s=120.0), 720),
        ({"duration": "PT10M"}, replace(WALK, ferry_km_per_h=0.0), None),
    ],
)
def test_ferries(
    tmp_path: Path, tags: dict[str, str], profile: Profile, seconds: float | None
) -> None:
    sketch = Sketch().way(1, "1 2").way(2, "2 3", route="ferry", **tags).way(3, "3 4")
    graph = sketch.graph(tmp_path, profile)
    roads = graph.sections
    of_ferry = [i for i, kind in enumerate(roads.kind) if roads.kinds[kind] == "ferry"]
    if seconds is None:
        assert of_ferry == []
    else:
        assert roads.along_s[of_ferry] == pytest.approx(seconds, rel=1e-4)
        assert roads.against_s[of_ferry] == pytest.approx(seconds, rel=1e-4)


def test_a_ferry_that_calls_on_the_way_boards_once(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2").way(2, "2 3 4", route="ferry", foot="yes", duration="0:30")
    sketch.way(3, "3 5", route="ferry", foot="yes", duration="0:05").way(4, "4 6")
    graph = sketch.graph(tmp_path, WALK)
    seconds = dict(zip(ends(graph), graph.sections.along_s.tolist(), strict=True))
    assert seconds[2, 3] + seconds[3, 4] == pytest.approx(1800 + 600)
    assert seconds[3, 5] == pytest.approx(300)


CROSS = "1 2|2 3|2 4|2 5"


def crossing(**tags: str) -> Sketch:
    """Ways 1 to 4 meet at node 2, from the nodes 1, 3, 4 and 5."""
    sketch = Sketch()
    for number, refs in enumerate(CROSS.split("|"), start=1):
        sketch.way(number, refs, **tags)
    return sketch


def banned(graph: RoadGraph) -> set[tuple[int, int, int]]:
    """Banned turns as the nodes one comes from, turns at and goes to."""
    pairs = ends(graph)

    def run(direction: int) -> tuple[int, int]:
        a, b = pairs[direction >> 1]
        return (b, a) if direction & 1 else (a, b)

    found = set()
    for come, go in graph.banned.tolist():
        assert run(come)[1] == run(go)[0]
        found.add((*run(come), run(go)[1]))
    return found


@pytest.mark.parametrize(
    ("what", "tags", "profile", "expected"),
    [
        ("no_left_turn", {}, CAR, {(1, 2, 4)}),
        ("no_right_turn", {}, VAN, {(1, 2, 4)}),
        ("no_straight_on", {}, BICYCLE, {(1, 2, 4)}),
        ("no_left_turn", {}, WALK, set()),
        ("only_right_turn", {}, CAR, {(1, 2, 1), (1, 2, 3), (1, 2, 5)}),
        ("no_left_turn", {"except": "bicycle;psv"}, CAR, {(1, 2, 4)}),
        ("no_left_turn", {"except": "bicycle;psv"}, BICYCLE, set()),
        ("no_left_turn", {"except": "psv; motorcar"}, CAR, set()),
        ("", {"restriction__hgv": "no_left_turn"}, CAR, set()),
        ("", {"restriction__hgv": "no_left_turn"}, VAN, {(1, 2, 4)}),
        ("", {"restriction__bicycle": "no_left_turn"}, BICYCLE, {(1, 2, 4)}),
        ("give_way", {}, CAR, set()),
    ],
)
def test_turn_restrictions(
    tmp_path: Path,
    what: str,
    tags: dict[str, str],
    profile: Profile,
    expected: set[tuple[int, int, int]],
) -> None:
    graph = crossing().turn(1, "2", 3, what, **tags).graph(tmp_path, profile)
    assert banned(graph) == expected
    assert graph.sources[0].note.en == ""


def test_no_u_turn(tmp_path: Path) -> None:
    graph = crossing().turn(1, "2", 1, "no_u_turn").graph(tmp_path)
    assert banned(graph) == {(1, 2, 1)}


def test_a_restricted_node_is_kept_and_joined_sections_know_their_ends(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2").way(2, "2 3").way(3, "3 4").way(4, "4 5")
    graph = sketch.turn(2, "3", 3, "no_straight_on").graph(tmp_path)
    assert sorted(ends(graph)) == [(1, 3), (3, 5)]
    assert banned(graph) == {(1, 3, 5)}


@pytest.mark.parametrize("via", ["w2", "9"])
def test_restrictions_that_cannot_be_read_are_counted(tmp_path: Path, via: str) -> None:
    graph = crossing().turn(1, via, 3, "no_left_turn").graph(tmp_path)
    assert banned(graph) == set()
    note = graph.sources[0].note
    assert "0 are kept to, 0 of them through whole roads; not kept to: 1 that leave" in note.en
    numbers = [word for word in note.fr.split() if word.isdigit()]
    assert numbers == [word for word in note.en.split() if word.isdigit()]


def block(**tags: str) -> Sketch:
    """Along 1, 2, 3 and 4, 5 and 6 beside it, and from 2 to 5: a way round in the middle."""
    sketch = Sketch().way(1, "1 2", **tags).way(2, "2 3", **tags).way(3, "2 8 5", **tags)
    return sketch.way(4, "5 4", **tags).way(5, "5 6", **tags)


def gone(graph: RoadGraph) -> set[tuple[int, ...]]:
    """Banned ways as the nodes they run through."""
    pairs = [pair for a, b in ends(graph) for pair in ((a, b), (b, a))]
    ways = [[pairs[one] for one in way if one >= 0] for way in graph.banned.tolist()]
    assert all(one[1] == other[0] for way in ways for one, other in pairwise(way))
    return {(way[0][0], *(end for _, end in way)) for way in ways}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("no_u_turn", {(1, 2, 5, 4)}),
        ("only_right_turn", {(1, 2, 5, 6), (1, 2, 5, 2)}),
    ],
)
def test_a_restriction_through_a_road(
    tmp_path: Path, what: str, expected: set[tuple[int, ...]]
) -> None:
    graph = block().turn(1, "w3", 4, what).graph(tmp_path)
    assert gone(graph) == expected
    assert "1 are kept to, 1 of them through whole roads" in graph.sources[0].note.en


def test_a_restriction_through_roads_that_others_cross(tmp_path: Path) -> None:
    """Through two roads, told in any order; one of them in two pieces."""
    sketch = block().way(6, "8 9").turn(2, "w3,w4", 7, "no_left_turn").way(7, "4 7")
    graph = sketch.graph(tmp_path)
    assert gone(graph) == {(3, 2, 8, 5, 4, 7)}
    also = block().way(6, "8 9").turn(2, "w4,w3", 7, "no_left_turn").way(7, "4 7")
    assert gone(also.graph(tmp_path)) == {(3, 2, 8, 5, 4, 7)}


def test_a_restriction_through_a_road_one_may_not_go_through(tmp_path: Path) -> None:
    one_way = block().turn(4, "w3", 1, "no_u_turn")
    one_way.ways[2] = one_way.ways[2].replace("</way>", '<tag k="oneway" v="yes"/></way>')
    graph = one_way.graph(tmp_path)
    assert gone(graph) == set()
    assert "1 that leave open" in graph.sources[0].note.en
    footway = block().turn(4, "w3", 1, "no_u_turn")
    footway.ways[2] = footway.ways[2].replace("tertiary", "footway")
    graph = footway.graph(tmp_path)
    assert gone(graph) == set()
    assert graph.sources[0].note.en == ""


def test_a_road_that_meets_the_first_twice_leaves_open_which_way(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2 3 4 2").way(2, "2 5").way(3, "5 6").turn(1, "w2", 3, "no_u_turn")
    assert gone(sketch.graph(tmp_path)) == set()


@pytest.mark.parametrize(
    ("tags", "profile", "count"),
    [
        ({"restriction__conditional": "no_left_turn @ (07:00-09:00)"}, CAR, 1),
        ({"restriction__conditional": "no_left_turn @ (07:00-09:00)"}, WALK, 0),
        ({"restriction__hgv__conditional": "no_left_turn @ (weight>7.5)"}, VAN, 1),
        ({"restriction__hgv__conditional": "no_left_turn @ (weight>7.5)"}, CAR, 0),
        ({"restriction__conditional": "none @ (Su)", "except": "motorcar"}, BICYCLE, 1),
    ],
)
def test_restrictions_at_some_hours_are_counted(
    tmp_path: Path, tags: dict[str, str], profile: Profile, count: int
) -> None:
    graph = crossing().turn(1, "2", 3, "", **tags).graph(tmp_path, profile)
    assert banned(graph) == set()
    note = graph.sources[0].note
    assert (f"{count} that hold at some hours" in note.en) == bool(count)
    assert (f"{count} qui ne valent qu'à certaines heures" in note.fr) == bool(count)


def test_a_restriction_that_always_holds_is_kept_whatever_else_it_says(tmp_path: Path) -> None:
    also = {"restriction__conditional": "none @ (Su)"}
    graph = crossing().turn(1, "2", 3, "no_left_turn", **also).graph(tmp_path)
    assert banned(graph) == {(1, 2, 4)}
    assert graph.sources[0].note.en == ""


def test_a_way_that_goes_on_through_the_turn_leaves_open_which_one(tmp_path: Path) -> None:
    sketch = Sketch().way(1, "1 2 3").way(2, "2 4").turn(1, "2", 2, "no_left_turn")
    graph = sketch.graph(tmp_path)
    assert banned(graph) == set()
    assert "1 that leave open which turn" in graph.sources[0].note.en
    one_way = Sketch().way(1, "1 2 3", oneway="yes").way(2, "2 4").turn(1, "2", 2, "no_left_turn")
    assert banned(one_way.graph(tmp_path)) == {(1, 2, 4)}


def test_a_restriction_on_a_road_of_others_says_nothing(tmp_path: Path) -> None:
    sketch = crossing().way(7, "2 6", highway="footway").turn(7, "2", 3, "no_left_turn")
    graph = sketch.graph(tmp_path)
    assert banned(graph) == set()
    assert graph.sources[0].note.en == ""


def test_the_law_of_the_departement(tmp_path: Path) -> None:
    for profile, km_per_h in ((CAR, 64), (replace(CAR, limits=FRANCE_90), 72)):
        graph = Sketch().way(1, "1 2", maxspeed="FR:rural").graph(tmp_path, profile)
        assert graph.sections.along_s[0] == pytest.approx(STEP_M / (km_per_h / 3.6), rel=1e-4)


def test_pieces_cut_off_are_told_with_their_roads(tmp_path: Path) -> None:
    sketch = (
        Sketch().way(1, "5 6", name="Rue Basse").way(2, "1 2 3", name="Rue Haute", oneway="yes")
    )
    sketch.way(3, "3 4").way(4, "7 8 9", name="Allée close").mark(8, barrier="bollard")
    main, *cut_off = sketch.graph(tmp_path).pieces()
    assert (main.nodes, main.sections, main.names) == (3, 2, ("Rue Haute",))
    assert main.km == pytest.approx(3 * STEP_M / 1000, rel=1e-5)
    assert (main.lon, main.lat) == (1.01, 45 + 1e-7)
    assert [piece.names for piece in cut_off] == [
        ("Rue Basse",),
        ("Allée close",),
        ("Allée close",),
    ]
    assert [piece.nodes for piece in cut_off] == [2, 2, 2]


MARKS = ({}, {}, {}, {"barrier": "gate"}, {"barrier": "bollard"}, {"highway": "traffic_signals"})
ROADS = (
    {},
    {"oneway": "yes"},
    {"oneway": "-1"},
    {"oneway": "-1", "maxspeed": "20"},
    {"ref": "D 1"},
)


@given(
    st.lists(
        st.tuples(st.lists(st.integers(1, 8), min_size=2, max_size=6), st.sampled_from(ROADS)),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.sampled_from(MARKS), min_size=8, max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_cut_and_joined_roads_take_as_long_as_their_steps(
    ways: list[tuple[list[int], dict[str, str]]], marks: list[dict[str, str]]
) -> None:
    """Against a graph of every step from point to point, in which nothing is cut or joined."""
    sketch, steps = Sketch(8), nx.MultiDiGraph()
    for node, tags in enumerate(marks, start=1):
        sketch.mark(node, **tags)
    for number, (refs, tags) in enumerate(ways):
        sketch.way(number, " ".join(map(str, refs)), **tags)
        speeds = CAR.speeds_km_per_h({"highway": "tertiary", **tags})
        for a, b in pairwise(refs):
            metres = STEP_M * abs(a - b)
            for tail, head, speed in ((a, b, speeds[0]), (b, a, speeds[1])):
                if speed > 0 and a != b:
                    seconds = metres / (speed / 3.6) + CAR.point_s(marks[head - 1])
                    steps.add_edge(tail, head, weight=seconds)
    with TemporaryDirectory() as folder:
        if not steps:
            with pytest.raises(InputError):
                sketch.graph(Path(folder))
            return
        graph = sketch.graph(Path(folder))
    steps.remove_nodes_from([one for one in list(steps) if np.isinf(CAR.point_s(marks[one - 1]))])
    ours = graph.to_networkx()
    nodes = [one for one in graph.node_id.tolist() if one in steps]
    for start in nodes:
        expected = nx.single_source_dijkstra_path_length(steps, start)
        found = nx.single_source_dijkstra_path_length(ours, start, weight="travel_time")
        for end in nodes:
            assert found.get(end, np.inf) == pytest.approx(expected.get(end, np.inf), rel=1e-4)
