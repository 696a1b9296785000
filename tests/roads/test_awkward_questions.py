"""Nobody, one place, the same place many times: every question has its answer, by every engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Points, Reached
from msap_mobility.roads import CalibratedTimes, MatrixTimes, RoadGraph, RoadTimes
from msap_mobility.roads.room import free_bytes
from tests.real_data import real_data
from tests.roads.random_graphs import on_a_road
from tests.roads.test_road_times import crossroads

NOBODY = Points(np.empty(0), np.empty(0))


def on_roads(*, turns: bool) -> tuple[RoadTimes, Points]:
    graph = crossroads()
    rows = on_a_road(graph)
    return RoadTimes(graph, turns=turns), Points(graph.lon[rows], graph.lat[rows])


@pytest.mark.parametrize("turns", [False, True])
def test_nobody_asks_and_nothing_is_asked_for(*, turns: bool) -> None:
    times, places = on_roads(turns=turns)
    some = len(places)
    assert times.table(NOBODY, NOBODY).shape == (0, 0)
    assert times.table(NOBODY, places).shape == (0, some)
    assert times.nearest(NOBODY, places, k=2).seconds.shape == (0, 2)
    found = times.nearest(places, NOBODY)
    assert found.facility.tolist() == [[-1]] * some
    assert np.isinf(found.seconds).all()
    of_all = times.nearest_of_all(NOBODY, k=2)
    assert np.isinf(of_all.of_nodes.seconds).all()
    assert (of_all.at(places).facility == -1).all()
    assert times.nearest_of_all(places).at(NOBODY).seconds.shape == (0, 1)
    assert times.reach(NOBODY).at(places).shape == (0, some)
    assert times.reach(places).at(NOBODY).shape == (some, 0)
    assert np.isinf(times.reach(NOBODY, as_one=True).at(places)).all()
    assert times.isochrones(NOBODY, [60.0]).areas[0].is_empty
    assert times.detour(NOBODY, places, NOBODY).shape == (0, some)
    assert times.detour(places, NOBODY, places).shape == (some, 0)
    assert len(times.snap_report(NOBODY)) == 0
    assert times.seconds_by_kind(NOBODY, NOBODY).seconds.shape == (0,)


@pytest.mark.parametrize("turns", [False, True])
def test_one_place_and_itself(*, turns: bool) -> None:
    times, places = on_roads(turns=turns)
    one = Points(places.lon[:1], places.lat[:1])
    table = times.table(one, one)
    assert (table.seconds.item(), table.metres.item(), table.status.item()) == (0, 0, Reached.OK)
    assert times.nearest(one, one, k=3).facility.tolist() == [[0, -1, -1]]
    assert times.reach(one).at(one).tolist() == [[0.0]]
    here = Place(id="here", name="", lon=float(one.lon[0]), lat=float(one.lat[0]))
    assert times.route(here, here).seconds == 0
    assert times.directions(here, here).metres == 0
    assert times.detour(one, one, one).seconds.tolist() == [[0.0]]


@pytest.mark.parametrize("turns", [False, True])
def test_the_same_place_many_times_is_answered_as_often(*, turns: bool) -> None:
    times, places = on_roads(turns=turns)
    again = np.repeat(np.arange(len(places)), 7)  # more than are searched one by one
    many = Points(places.lon[again], places.lat[again])
    expected = RoadTimes(times.graph, turns=turns).table(places, places).seconds
    np.testing.assert_array_equal(times.table(many, many).seconds, expected[np.ix_(again, again)])
    np.testing.assert_array_equal(times.reach(many).at(many), expected[np.ix_(again, again)])
    found = times.nearest(places, many, k=7)
    assert np.isfinite(found.seconds).all()
    for row, facilities in enumerate(found.facility):
        assert len(set(facilities.tolist())) == 7
        np.testing.assert_array_equal(found.seconds[row], expected[row, again[facilities]])
        np.testing.assert_array_equal(found.seconds[row], np.sort(np.repeat(expected[row], 7))[:7])


def test_the_other_engines_likewise() -> None:
    a = Place(id="a", name="", lon=1.0, lat=45.0)
    b = Place(id="b", name="", lon=1.1, lat=45.0)
    both, twice = Points.of([a, b]), Points.of([a, b, a])
    known = CalibratedTimes().table(both, both)
    for times in (CalibratedTimes(), MatrixTimes.of_times(known, [a, b], [a, b])):
        assert times.table(NOBODY, NOBODY).shape == (0, 0)
        assert times.table(NOBODY, both).shape == (0, 2)
        table = times.table(twice, twice)
        np.testing.assert_array_equal(table.seconds[2], table.seconds[0])
        assert table.seconds[0].tolist() == [0.0, table.seconds[0, 1], 0.0]


@pytest.mark.parametrize("engine", ["calibrated", "roads", "matrix"])
def test_a_table_that_does_not_fit_is_refused_before_any_is_taken(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million by a million: taken at once, it would be nine terabytes."""
    a = Place(id="a", name="", lon=1.0, lat=45.0)
    known = CalibratedTimes().table(Points.of([a]), Points.of([a]))
    times = {
        "calibrated": CalibratedTimes(),
        "roads": RoadTimes(crossroads()),
        "matrix": MatrixTimes.of_times(known, [a], [a]),
    }[engine]
    monkeypatch.setattr("msap_mobility.roads.room.free_bytes", lambda: 1e9)
    many = Points(np.full(30_000, 1.0), np.full(30_000, 45.0))
    with pytest.raises(InputError) as caught:
        times.table(many, many)
    (fault,) = caught.value.faults
    assert fault.code == "too_big_for_memory"
    assert 0 < fault.details["fitting"] < 30_000
    assert free_bytes() > 0


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_extract_is_refused_and_nothing_of_it_is_kept(
    tmp_path: Path, share: float
) -> None:
    whole = real_data("roads/meuse_montiers.osm.pbf").read_bytes()
    path, folder = tmp_path / "cut.osm.pbf", tmp_path / "kept"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError) as caught:
        RoadTimes.from_osm(path, folder=folder)
    assert caught.value.faults[0].code == "osm_file_damaged"
    assert not folder.exists()


def test_an_extract_without_roads_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    path, folder = tmp_path / "fields.osm", tmp_path / "kept"
    path.write_text('<osm><node id="1" lon="1" lat="45"/></osm>', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        RoadTimes.from_osm(path, folder=folder)
    assert caught.value.faults[0].code == "osm_without_roads"
    assert not folder.exists()


@pytest.mark.parametrize("twice", ["way", "nodes", "refs", "all"])
def test_what_stands_twice_in_an_extract_changes_no_answer(tmp_path: Path, twice: str) -> None:
    """Extracts glued together hold the same ways and nodes again."""
    points = "".join(f'<node id="{i}" lon="{1 + i / 100}" lat="45"/>' for i in range(1, 6))

    def way(number: int, refs: str) -> str:
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs.split())
        return f'<way id="{number}">{nodes}<tag k="highway" v="tertiary"/></way>'

    ways = [way(1, "1 2 3"), way(2, "3 4"), way(3, "2 5")]
    plain, again = points + "".join(ways), points + "".join(ways)
    if twice == "way":
        again += ways[0]
    elif twice == "nodes":
        again = points + again
    elif twice == "refs":
        again = points + way(1, "1 1 2 2 2 3") + way(2, "3 4 4") + ways[2]
    else:
        again += plain
    lon = np.array([1.01, 1.015, 1.02, 1.027, 1.03, 1.04, 1.05])
    places = Points(lon, np.full(7, 45.0002))
    tables = []
    for name, text in (("plain.osm", plain), ("again.osm", again)):
        (tmp_path / name).write_text(f"<osm>{text}</osm>", encoding="utf-8")
        tables.append(RoadTimes(RoadGraph.from_osm(tmp_path / name)).table(places, places))
    one, other = tables
    assert (one.status == Reached.OK).all()
    np.testing.assert_array_equal(other.status, one.status)
    np.testing.assert_allclose(other.seconds, one.seconds, atol=0.003)
    np.testing.assert_allclose(other.metres, one.metres, atol=0.05)
