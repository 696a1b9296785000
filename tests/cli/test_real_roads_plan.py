"""`msap plan` on real roads, homes from real buildings: the same commands, the same outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from msap_mobility.cli import main
from msap_mobility.roads import RoadTimes
from msap_mobility.scenario import Scenario
from msap_mobility.scenario.territory import Around, write_territory
from tests.real_data import real_data


def test_a_round_on_the_roads_of_liechtenstein(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extract = real_data("roads/liechtenstein.osm.pbf")
    write_territory(tmp_path / "country", Around(extract=extract, lon=9.5215, lat=47.141))
    scenario = Scenario.load(tmp_path / "country")
    assert isinstance(scenario.travel_times("car"), RoadTimes)
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        main(["plan", str(tmp_path / "country"), "--out", str(out), "--budget", "300 it"])
    assert ended.value.code == 0, capsys.readouterr().err
    saved = json.loads((out / "plan.json").read_text(encoding="utf-8"))["plan"]
    assert saved["rounds"]
    assert saved["people_reached"] > 0.5 * saved["people_in_all"]
    origins = {source["origin"] for source in saved["provenance"]["sources"]}
    assert any("OpenStreetMap" in origin for origin in origins)
    told = json.loads((out / "coverage.json").read_text(encoding="utf-8"))["comparison"]
    assert told["rows"][0]["reach"]["gained"] > 0
    assert (out / "report.html").stat().st_size > 100_000
    routes = json.loads((out / "tour.geojson").read_text(encoding="utf-8"))["features"]
    lines = [
        entry["geometry"]["coordinates"]
        for entry in routes
        if entry["geometry"]["type"] == "LineString"
    ]
    assert max(len(line) for line in lines) > 50  # along the roads, not as the crow flies

    (tmp_path / "country" / extract.name).unlink()
    faults = Scenario.check(tmp_path / "country")
    assert [fault.value for fault in faults] == [extract.name]
