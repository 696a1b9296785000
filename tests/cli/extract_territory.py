"""A scenario folder from an OpenStreetMap extract: roads as they are, homes from its buildings.

What a building tells of the people in it is assumed: 2.4 of them, of a group that goes round. The
communes are the named villages, each building belonging to the nearest.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.formats import osm
from msap_mobility.scenario import Scenario
from msap_mobility.scenario.folder import find_folder

if TYPE_CHECKING:
    from msap_mobility.formats.osm import OsmPoints

LIVED_IN = {"yes", "house", "detached", "residential", "apartments", "terrace"}
GROUPS = ("frail", "senior_car", "adult", "adult_car", "adult_car", "adult_car", "adult_car")
EVERY = 3  # every third building is enough for a test


def territory(extract: Path, folder: Path, depot: str) -> Scenario:
    """Write the folder and read it back; `depot` is the village the van starts from."""
    villages = osm.read_points(
        extract, lambda tags: tags.get("place") in {"town", "village"} and "name" in tags
    )
    settings = find_folder("bellencombre").joinpath("scenario.toml").read_text(encoding="utf-8")
    head, _, rest = settings.partition("[synthetic]")
    sources = rest[rest.index("[[sources]]") :]
    head = head.replace('roads = "calibrated"', f'roads = "{extract.name}"')
    folder.mkdir()
    shutil.copy(extract, folder / extract.name)
    files = {
        "scenario.toml": head.replace("Europe/Paris", "Europe/Vaduz") + sources,
        "homes.csv": _homes(osm.buildings(extract), villages),
        "places.csv": _places(villages),
        "maisons.csv": _maison(villages, depot),
        "vehicles.csv": "id,name,depot,capacity,setup,packing\nvan,Van,m,60,10 min,10 min\n",
        "crew.csv": (
            "id,name,vehicle,services,days,shift,lunch,lunch_window\n"
            "crew,Crew,van,grocery,Tu-Fr,08:30-17:00,45 min,11:30-14:00\n"
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Scenario.load(folder)


def _homes(buildings: OsmPoints, villages: OsmPoints) -> str:
    lived_in = [n for n, tags in enumerate(buildings.tags) if tags.get("building") in LIVED_IN]
    lines = ["id,lon,lat,people,group,commune"]
    for count, n in enumerate(lived_in[::EVERY]):
        lon, lat = buildings.lon[n], buildings.lat[n]
        village = int(np.argmin((villages.lon - lon) ** 2 * 0.46 + (villages.lat - lat) ** 2))
        group = GROUPS[count % len(GROUPS)]
        home = f"{buildings.id[n]},{lon:.5f},{lat:.5f},2.4,{group},{villages.id[village]}"
        lines.append(home)
    return "\n".join(lines) + "\n"


def _places(villages: OsmPoints) -> str:
    lines = ["id,name,lon,lat,commune,kind,hours,dwell_min,dwell_max,every_weeks,must"]
    for name, lon, lat, tags in zip(
        villages.id, villages.lon, villages.lat, villages.tags, strict=True
    ):
        place = f"{name},{tags['name']},{lon:.5f},{lat:.5f},{name}"
        lines.append(f"{place},room,Mo-Fr 09:00-17:00,30 min,180 min,2,no")
    return "\n".join(lines) + "\n"


def _maison(villages: OsmPoints, depot: str) -> str:
    n = next(n for n, tags in enumerate(villages.tags) if tags["name"] == depot)
    lon, lat = villages.lon[n], villages.lat[n]
    return (
        "id,name,lon,lat,commune,services,hours\n"
        f"m,{depot},{lon:.5f},{lat:.5f},{villages.id[n]},paperwork,Mo-Fr 09:00-12:00\n"
    )
