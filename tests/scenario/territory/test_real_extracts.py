"""Real extracts: as many homes as the buildings can hold, and none of them exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from msap_mobility.formats import osm
from msap_mobility.scenario import Scenario
from msap_mobility.scenario.territory import Around, write_territory
from tests.real_data import real_data


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [
        ("meuse_montiers", 5.266, 48.5345),
        ("liechtenstein", 9.5215, 47.141),
        ("andorra", 1.5218, 42.5063),
    ],
)
def test_homes_are_plausible_and_not_exact(
    tmp_path: Path, name: str, lon: float, lat: float
) -> None:
    extract = real_data(f"roads/{name}.osm.pbf")
    found = write_territory(tmp_path / name, Around(extract=extract, lon=lon, lat=lat))
    scenario = Scenario.load(tmp_path / name)
    buildings = osm.buildings(extract)
    addresses = osm.read_points(extract, lambda tags: "addr:housenumber" in tags)
    assert found.buildings <= len(buildings)
    assert 0.3 * found.buildings < len(scenario.homes) < found.buildings
    assert found.off_road < 0.01 * found.households
    homes = set(zip(scenario.homes.lon.tolist(), scenario.homes.lat.tolist(), strict=True))
    for real in (buildings, addresses):
        exact = zip(np.round(real.lon, 5).tolist(), np.round(real.lat, 5).tolist(), strict=True)
        assert not homes & set(exact)
    assert len(homes) == found.places
    assert found.few < 0.55 * found.places
    assert len(scenario.stops) == found.stops <= 60
    assert (tmp_path / name / extract.name).read_bytes() == extract.read_bytes()
