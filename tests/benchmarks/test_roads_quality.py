"""The roads benchmark: how far times are apart, by hand, and what is skipped is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.roads_engines import absent
from benchmarks.roads_quality import Apart, places_on_roads
from benchmarks.table import Row, show
from msap_mobility.roads import RoadGraph
from tests.real_data import real_data


def test_how_far_times_are_apart() -> None:
    """Ways of two minutes, and those that one side does not know, are left out."""
    theirs = np.array([[100.0, 200.0, np.nan], [300.0, 120.0, 400.0]])
    ours = np.array([[150.0, 210.0, 500.0], [270.0, 999.0, np.inf]])
    apart = Apart.between(ours, theirs)
    assert apart.pairs == 2
    assert apart.median == pytest.approx(7.5)
    assert apart.most == pytest.approx(np.quantile([5, 10], 0.95))
    assert apart.same_nearest == 50.0


def test_the_same_times_are_not_apart() -> None:
    some = np.random.default_rng(0).uniform(130, 900, (30, 40))
    assert Apart.between(some, some) == (0, 0, 100, 1200)


def test_places_lieplaces_on_roads_of_the_main_part() -> None:
    graph = RoadGraph.from_osm(real_data("roads/meuse_montiers.osm.pbf"))
    origins, destinations = places_on_roads(graph)
    assert len(origins) == len(destinations) == 150
    assert len(set(zip(origins.lon.tolist(), origins.lat.tolist(), strict=True))) > 100
    again, _ = places_on_roads(graph)
    assert again.lon.tolist() == origins.lon.tolist()


def test_who_is_skipped_is_told_with_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = absent(["numpy", "no_such_engine"])
    assert skipped == {"no_such_engine": "not installed"}
    file = tmp_path / "rows.json"
    show([Row(case="a", metric="b", unit="s", ours=1.0)], json_file=file, skipped=skipped)
    assert "# skipped: no_such_engine (not installed)" in capsys.readouterr().out
    assert json.loads(file.read_text(encoding="utf-8"))["skipped"] == skipped
