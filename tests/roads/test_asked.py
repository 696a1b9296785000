"""What cannot be asked is refused in words; a limit beyond all ways is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Place, Points
from msap_mobility.roads import CalibratedTimes, MatrixTimes, RoadTimes, Trips
from tests.roads.random_graphs import on_a_road
from tests.roads.test_road_times import crossroads


def on_roads(*, turns: bool = False) -> tuple[RoadTimes, Points]:
    graph = crossroads()
    rows = on_a_road(graph)
    return RoadTimes(graph, turns=turns), Points(graph.lon[rows], graph.lat[rows])


def codes_of(ask: Any, *asked: Any, **how: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        ask(*asked, **how)
    for fault in caught.value.faults:
        assert fault.text("fr") != fault.text("en")
    return [fault.code for fault in caught.value.faults]


@pytest.mark.parametrize("k", [0, -1, 1.5])
def test_none_or_a_part_of_a_place_is_not_looked_for(k: Any) -> None:
    times, places = on_roads()
    for ask in (times.nearest, CalibratedTimes().nearest):
        assert codes_of(ask, places, places, k) == ["nearest_how_many"]
    assert codes_of(times.nearest_of_all, places, k) == ["nearest_how_many"]


def test_more_nearest_than_memory_holds_are_refused() -> None:
    times, places = on_roads()
    assert codes_of(times.nearest, places, places, 10**13) == ["too_big_for_memory"]


@pytest.mark.parametrize("turns", [False, True])
def test_a_limit_is_a_number(*, turns: bool) -> None:
    times, places = on_roads(turns=turns)
    here = [Place(id="here", name="", lon=1.0, lat=45.0)]
    given = MatrixTimes.of_times(CalibratedTimes().table(*[Points.of(here)] * 2), here, here)
    for ask in (times.table, times.nearest, CalibratedTimes().nearest, given.table):
        assert codes_of(ask, places, places, limit_s=np.nan) == ["limit_not_a_number"]
    for ask in (times.reach, times.nearest_of_all):
        assert codes_of(ask, places, limit_s=np.nan) == ["limit_not_a_number"]


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("limit_s", [1e7, 1e12, 1e30])
def test_a_limit_beyond_all_ways_cuts_nothing(limit_s: float, *, turns: bool) -> None:
    times, places = on_roads(turns=turns)
    free, cut = times.table(places, places), times.table(places, places, limit_s=limit_s)
    assert (free.seconds == cut.seconds).all()
    free_s, cut_s = times.reach(places).node_s, times.reach(places, limit_s=limit_s).node_s
    assert (free_s == cut_s).all()
    near = [times.nearest_of_all(places, 2, limit_s=most).of_nodes for most in (np.inf, limit_s)]
    assert (near[0].facility == near[1].facility).all()


@pytest.mark.parametrize("cell_m", [0, -5, np.nan, np.inf])
def test_a_cell_has_a_side(cell_m: float) -> None:
    times, places = on_roads()
    assert codes_of(times.isochrones, places, [60], cell_m=cell_m) == ["isochrone_cell"]


def test_each_row_has_its_partner() -> None:
    times, places = on_roads()
    one = Points(places.lon[:1], places.lat[:1])
    assert codes_of(times.seconds_by_kind, places, one) == ["not_one_each"]
    assert codes_of(times.detour, places, one, one) == ["not_one_each"]
    assert codes_of(times.snap_report(places).lines, ["one"]) == ["not_one_each"]
    assert codes_of(times.isochrones(one, [60]).to_csv, places, ["one"]) == ["not_one_each"]


def test_a_table_has_a_row_for_each_origin_and_a_column_for_each_destination() -> None:
    times, places = on_roads()
    one = Points(places.lon[:1], places.lat[:1])
    here = [Place(id="here", name="", lon=1.0, lat=45.0)]
    table = times.table(places, one)
    assert codes_of(Trips.of_table, table, one, places) == ["table_of_other_shape"]
    assert codes_of(MatrixTimes.of_times, table, here, here) == ["table_of_other_shape"]
