"""A small scenario folder as text, to be spoilt by tests; made up, of no real place."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from msap_mobility.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = """\
id = "small"
[title]
en = "Small"
fr = "Petit"
[horizon]
weeks = 2
start = "2027-01-04"
[[services]]
id = "grocery"
name = "Épicerie"
[[groups]]
id = "frail"
age = "65_plus"
car = false
alone = true
limits = { walk = "800 m" }
hours = "Mo-Fr 09:00-17:00"
[[groups]]
id = "adult"
age = "under_65"
car = true
alone = false
limits = { walk = "2 km", car = "10 min" }
[[sources]]
name = "everything"
standing = "assumed"
"""
SMALL: Mapping[str, str] = {
    "scenario.toml": SETTINGS,
    "communes.csv": "insee,name,lon,lat,population,area_km2\n00001,Alpha,1.2,49.7,500,10\n",
    "homes.csv": (
        "id,lon,lat,people,group,commune\n"
        "h1,1.2,49.7,1,frail,00001\n"
        "h2,1.201,49.701,2,adult,00001\n"
        "h3,1.26,49.72,2.5,adult,00001\n"
        "h4,1.25,49.72,1,frail,\n"
    ),
    "places.csv": (
        "id,name,lon,lat,commune,kind,hours,dwell_min,dwell_max,every_weeks,must\n"
        "hall,Salle,1.2,49.7,00001,room,Tu-Fr 09:00-17:00,30 min,2 h,2,no\n"
        "square,Place,1.25,49.72,,parked,,,,1,yes\n"
        "garage,Garage,1.21,49.71,,depot,,,,,\n"
    ),
    "maisons.csv": (
        "id,name,lon,lat,commune,services,hours\n"
        'centre,Centre,1.22,49.7,00001,grocery,"Mo-Fr 09:00-12:00,14:00-17:00"\n'
        "antenne,Antenne,1.23,49.7,,grocery,\n"
    ),
    "vehicles.csv": "id,name,depot,capacity\nvan,Camion,garage,60\n",
    "crew.csv": (
        "id,name,vehicle,services,days,shift\nagent,Agente,van,grocery,Tu-Fr,08:30-17:00\n"
    ),
    "timetable.csv": (
        "place,rhythm,services\nhall,every 2 weeks from 2027-01-07 Th 14:00-16:00,grocery\n"
    ),
}


@cache
def bundled(name: str) -> Scenario:
    """A bundled example, read once: scenarios do not change."""
    return Scenario.load(name)


def write_folder(folder: Path, files: Mapping[str, str | bytes] = SMALL) -> Path:
    """The folder with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def changed(name: str, old: str, new: str) -> dict[str, Any]:
    """`SMALL` with one text replaced in the table of that name, or in the settings."""
    file = "scenario.toml" if name == "settings" else f"{name}.csv"
    assert old in SMALL[file]
    return {**SMALL, file: SMALL[file].replace(old, new, 1)}
