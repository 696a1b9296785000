"""Isochrones against exact times, and outlines against every square by itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from msap_mobility.errors import InputError
from msap_mobility.model import Points
from msap_mobility.roads import WALK, RoadGraph, RoadTimes
from msap_mobility.roads.contours import low_areas
from tests.real_data import real_data

fields = drawn.arrays(
    np.float64,
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    elements=st.sampled_from([0.0, 1.0, 2.0, 2.5, 3.0, 4.0, np.inf]),
)


@given(fields, st.sampled_from([0.0, 2.0, 2.25, 3.5, 9.0]))
@settings(max_examples=300, deadline=None)
def test_outlines_hold_what_is_low(field: np.ndarray, limit: float) -> None:
    area = low_areas(field, limit, west=10, south=20, side=4)
    assert area.is_valid
    rows, columns = np.indices(field.shape)
    inside = shapely.contains_xy(area, 10 + 4 * columns, 20 + 4 * rows)
    assert (inside == (field <= limit)).all()
    assert area.is_empty == (not inside.any())


def test_a_hole_and_an_island_in_it() -> None:
    field = np.zeros((7, 7))
    field[1:6, 1:6] = 9
    field[3, 3] = 0
    ring, island = sorted(low_areas(field, 1.0).geoms, key=lambda one: -one.area)
    assert len(ring.interiors) == 1
    assert not island.interiors
    assert shapely.Polygon(ring.interiors[0]).contains(island)


def share_wrong(times: RoadTimes, place: Points, limits: list[float], *, to: bool) -> list[float]:
    """Share of points about the area that its outline misplaces, against the exact times."""
    found = times.isochrones(place, limits, to=to)
    rng = np.random.default_rng(7)
    wrong = []
    for limit, area in zip(limits, found.areas, strict=True):
        assert area.is_valid
        west, south, east, north = area.bounds
        lon, lat = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
        points = Points(lon, lat)
        table = times.table(points, place) if to else times.table(place, points)
        exact = (table.seconds <= limit).any(axis=1 if to else 0)
        wrong.append(float((shapely.contains_xy(area, lon, lat) != exact).mean()))
    document = json.loads(found.to_geojson())
    for feature in document["features"]:
        assert shapely.from_geojson(json.dumps(feature["geometry"])).is_valid
    return wrong


@pytest.mark.parametrize(
    ("name", "profile"),
    [("meuse_montiers", None), ("andorra", None), ("liechtenstein", WALK)],
)
@pytest.mark.parametrize("to", [False, True])
def test_few_points_are_on_the_wrong_side(name: str, profile: object, *, to: bool) -> None:
    path = real_data(f"roads/{name}.osm.pbf")
    graph = RoadGraph.from_osm(path, profile) if profile else RoadGraph.from_osm(path)
    main = np.flatnonzero(graph.component == 0)
    some = main[[len(main) // 3, len(main) // 2]]
    times = RoadTimes(graph)
    places = Points(graph.lon[some] + 0.0005, graph.lat[some])
    assert max(share_wrong(times, places, [300.0, 600.0, 900.0], to=to)) < 0.02
    (one,) = (Points(places.lon[:1], places.lat[:1]),)
    assert max(share_wrong(times, one, [240.0, 1200.0], to=to)) < 0.02


def straight_road() -> RoadGraph:
    return RoadGraph.of_arcs(
        node_id=[1, 2],
        lon=[1.0, 1.1],
        lat=[45.0, 45.0],
        tails=[0, 1],
        heads=[1, 0],
        seconds=[600, 600],
        metres=[7880, 7880],
    )


def test_along_one_long_road_and_across_country() -> None:
    """Neither end is reached: the place's own road counts, and the fields beside it."""
    times = RoadTimes(straight_road())
    middle = Points(np.array([1.05]), np.array([45.0]))
    found = times.isochrones(middle, [120.0])
    (area,) = found.areas
    west, south, east, north = area.bounds
    assert (east - west) / 2 == pytest.approx(0.02, rel=0.02)  # 120 of 600 s each way
    off_road_m = 120 * 10 / 3.6
    assert (north - south) / 2 * 111_130 == pytest.approx(off_road_m, rel=0.05)
    inside = np.isfinite(found.seconds)
    assert inside.any()
    assert found.seconds[inside].max() <= 120
    assert found.lon.shape == found.lat.shape == found.seconds.shape


def test_off_the_network_nothing_is_within_reach() -> None:
    times = RoadTimes(straight_road())
    found = times.isochrones(Points(np.array([3.0]), np.array([46.0])), [60.0, 120.0])
    assert all(area.is_empty for area in found.areas)
    assert [f["geometry"]["coordinates"] for f in json.loads(found.to_geojson())["features"]] == [
        [],
        [],
    ]


@pytest.mark.parametrize("limits", [[], [0.0], [-5.0], [60.0, 60.0], [90.0, 60.0], [np.inf]])
def test_limits_that_are_none(limits: list[float]) -> None:
    times = RoadTimes(straight_road())
    with pytest.raises(InputError) as caught:
        times.isochrones(Points(np.array([1.05]), np.array([45.0])), limits)
    assert caught.value.faults[0].code == "isochrone_limits"


def test_minutes_of_cells_and_of_points_are_the_table_s() -> None:
    graph = RoadGraph.from_osm(real_data("roads/andorra.osm.pbf"))
    main = np.flatnonzero(graph.component == 0)
    times = RoadTimes(graph)
    place = Points(graph.lon[main[:2]], graph.lat[main[:2]])
    found = times.isochrones(place, [300.0, 600.0], cell_m=200)
    cells = found.cells()
    assert 0 < len(cells["minutes"]) == np.isfinite(found.seconds).sum() < found.seconds.size
    some = np.random.default_rng(0).choice(len(cells["minutes"]), 40)
    middles = Points(cells["lon"][some], cells["lat"][some])
    exact = times.table(place, middles).seconds.min(axis=0) / 60
    np.testing.assert_allclose(cells["minutes"][some], exact, atol=0.01)
    rng = np.random.default_rng(1)
    points = Points(
        rng.uniform(cells["lon"].min(), cells["lon"].max(), 200),
        rng.uniform(cells["lat"].min(), cells["lat"].max(), 200),
    )
    exact = times.table(place, points).seconds.min(axis=0)
    np.testing.assert_allclose(found.at(points), np.where(exact <= 600, exact, np.inf), atol=0.002)
    assert 0 < np.isinf(found.at(points)).sum() < 200


def test_minutes_as_csv() -> None:
    times = RoadTimes(straight_road())
    found = times.isochrones(Points(np.array([1.05]), np.array([45.0])), [120.0], cell_m=100)
    head, *rows = found.to_csv().splitlines()
    assert head == "lon,lat,minutes"
    assert len(rows) == len(found.cells()["lon"])
    assert all(0 <= float(row.split(",")[2]) <= 2 for row in rows)
    points = Points(np.array([1.05, 1.06, 1.09, 3.0]), np.array([45.0, 45.0, 45.0, 46.0]))
    told = found.to_csv(points, ["=here", "near", "far", "away"]).splitlines()
    assert told[0] == "name,lon,lat,minutes"
    assert told[1].startswith("'=here,1.05,45")  # no spreadsheet runs it
    here, near, far, away = (row.rsplit(",", 1)[1] for row in told[1:])
    assert float(here) == pytest.approx(0, abs=0.02)
    assert float(near) == pytest.approx(1, abs=0.02)
    assert (far, away) == ("", "")
