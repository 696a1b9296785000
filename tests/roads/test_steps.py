"""Routes step by step: what the steps say adds up, and the turns are those one makes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from msap_mobility.model import Place, Reached
from msap_mobility.roads import RoadGraph, RoadTimes
from msap_mobility.roads.sections import Sections
from msap_mobility.roads.steps import OFF_ROAD
from tests.real_data import real_data
from tests.roads.random_graphs import on_a_road, road_graphs


def place(lon: float, lat: float) -> Place:
    return Place(id="x", name="", lon=float(lon), lat=float(lat))


def adds_up(times: RoadTimes, a: Place, b: Place) -> None:
    route, told = times.route(a, b), times.directions(a, b)
    assert told.status is route.status
    assert told.seconds == pytest.approx(route.seconds, abs=2e-3, rel=1e-6)
    assert told.metres == pytest.approx(route.metres, abs=0.02, rel=1e-6)
    if route.status is not Reached.OK:
        assert told.steps == ()
        return
    assert told.steps[0].turn == "depart"
    assert told.steps[0].line[0] == (a.lon, a.lat)
    assert told.steps[-1].line[-1] == (b.lon, b.lat)
    for step, following in pairwise(told.steps):
        assert step.line[-1] == pytest.approx(following.line[0], abs=1e-9)
    for lang in ("en", "fr"):
        assert len(told.text(lang).splitlines()) == len(told.steps)


@given(road_graphs(), st.data(), st.booleans())
@settings(max_examples=120, deadline=None)
def test_steps_add_up_to_the_route(graph: RoadGraph, data: st.DataObject, turns: bool) -> None:
    known = on_a_road(graph)
    assume(known)
    at_node = st.sampled_from(known).map(lambda row: place(graph.lon[row], graph.lat[row]))
    about = st.builds(place, st.floats(0.99, 1.06), st.floats(44.995, 45.01))
    a, b = data.draw(at_node | about), data.draw(at_node | about)
    adds_up(RoadTimes(graph, turns=turns, main_only=data.draw(st.booleans())), a, b)


@pytest.mark.parametrize("turns", [False, True])
def test_real_routes_add_up_and_are_as_long_as_drawn(*, turns: bool) -> None:
    graph = RoadGraph.from_osm(real_data("roads/andorra.osm.pbf"))
    times = RoadTimes(graph, turns=turns)
    rng = np.random.default_rng(4)
    main = np.flatnonzero(graph.component == 0)
    named = 0
    for first, last in rng.choice(main, (25, 2)):
        a, b = (
            place(graph.lon[row] + rng.normal(0, 5e-4), graph.lat[row]) for row in (first, last)
        )
        adds_up(times, a, b)
        told = times.directions(a, b)
        for step in told.steps:
            length = Geod(ellps="WGS84").line_length(*np.array(step.line).T)
            assert length == pytest.approx(step.metres, rel=1e-3, abs=0.5)
        named += sum(bool(step.road) for step in told.steps)
        roads = [step for step in told.steps if step.kind != OFF_ROAD]
        assert len(roads) < 80
    assert named > 50


def a_cross() -> RoadGraph:
    """North, east, south and west of a middle; east is called D 54, north Rue Haute."""
    lon, lat = [1.0, 1.0, 1.014, 1.0, 0.986], [45.0, 45.01, 45.0, 44.99, 45.0]
    sections = Sections.straight(
        lon=lon,
        lat=lat,
        tail=[0, 0, 0, 0],
        head=[1, 2, 3, 4],
        along_s=[60.0] * 4,
        against_s=[60.0] * 4,
        along_m=[1100.0] * 4,
        against_m=[1100.0] * 4,
    )
    named = Sections(
        **{
            name: getattr(sections, name)
            for name in Sections.__slots__
            if name not in ("name", "names")
        },
        name=np.array([1, 2, 0, 2], np.int32),
        names=("", "Rue Haute", "D 54"),
    )
    return RoadGraph.of_sections(node_id=range(5), lon=lon, lat=lat, sections=named)


@pytest.mark.parametrize(
    ("ends", "english", "french"),
    [
        ((3, 1), "Go on along Rue Haute: 1.1 km, 1 min.", "Continuez par Rue Haute"),
        ((3, 2), "Turn right into D 54: 1.1 km, 1 min.", "Tournez à droite, D 54"),
        ((3, 4), "Turn left into D 54: 1.1 km, 1 min.", "Tournez à gauche, D 54"),
        ((2, 3), "Turn left into the road: 1.1 km, 1 min.", "Tournez à gauche, la route"),
    ],
)
def test_turns_are_told(ends: tuple[int, int], english: str, french: str) -> None:
    graph = a_cross()
    a, b = (place(graph.lon[row], graph.lat[row]) for row in ends)
    told = RoadTimes(graph).directions(a, b)
    assert told.text("en").splitlines()[1] == english
    assert told.text("fr").splitlines()[1].startswith(french)


def test_one_road_is_one_step() -> None:
    graph = a_cross()
    (step,) = RoadTimes(graph).directions(place(0.99, 45.0), place(1.01, 45.0)).steps
    assert step.road == "D 54"
    assert step.metres == pytest.approx(1100 * 20 / 14, rel=1e-3)


def test_off_the_road_is_told_and_counted() -> None:
    graph = a_cross()
    told = RoadTimes(graph).directions(place(0.99, 45.001), place(1.0, 45.01))
    first = told.steps[0]
    assert first.kind == OFF_ROAD
    assert first.metres == pytest.approx(111, rel=0.01)
    assert "off the road" in first.text("en")
    assert [step.turn for step in told.steps] == ["depart", "left", "left"]
