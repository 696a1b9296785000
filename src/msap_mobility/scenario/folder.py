"""A scenario folder as bytes, bundled or not, and the bytes as the parts of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msap_mobility.errors import BrokenInvariant, Fault, Faults, InputError
from msap_mobility.formats.tables import read_table
from msap_mobility.model import Homes
from msap_mobility.scenario import records
from msap_mobility.scenario.coordinates import check_coordinates
from msap_mobility.scenario.references import check_references
from msap_mobility.scenario.schema import DEPOT, SETTINGS, TABLES
from msap_mobility.scenario.settings import Settings, read_settings
from msap_mobility.scenario.synthetic import synthetic_homes
from msap_mobility.scenario.toml_text import row_of
from msap_mobility.tours.demand import Demand

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from msap_mobility.formats.tables import Table

__all__ = ["bundled_names", "contents_of", "find_folder", "read_parts"]

T = TypeVar("T")
Row = Mapping[str, Any]
Make = Callable[[Row], T]

CALIBRATED = "calibrated"
"""What ``roads`` says where no road network is at hand."""

_OSM_ENDINGS = (".osm.pbf", ".osm", ".osm.gz")

README = "README.md"


def bundled_names() -> tuple[str, ...]:
    """The examples that come with the library.

    Examples
    --------
    >>> bundled_names()
    ('bellencombre', 'rurali_indre')
    """
    listed = files("msap_mobility.scenario").joinpath("bundled").iterdir()
    return tuple(sorted(entry.name for entry in listed if entry.joinpath(SETTINGS).is_file()))


def find_folder(name: str | Path) -> Traversable:
    """The scenario folder of that path if there is one, else the bundled example of that name.

    Raises
    ------
    InputError
        ``unknown_scenario``, with the names there are.
    """
    known = bundled_names()
    if Path(name, SETTINGS).is_file() or (Path(name).is_dir() and str(name) not in known):
        return Path(name)
    if str(name) in known:
        return files("msap_mobility.scenario").joinpath("bundled", str(name))
    details = {"known": ", ".join(known)}
    raise InputError([Fault(code="unknown_scenario", value=str(name), details=details)])


def contents_of(folder: Traversable) -> dict[str, bytes]:
    """The files of a folder that a scenario is made of, by name."""
    names = (SETTINGS, README, *TABLES)
    found = ((name, folder.joinpath(name)) for name in names)
    return {name: file.read_bytes() for name, file in found if file.is_file()}


def read_parts(contents: Mapping[str, bytes], folder: Traversable) -> dict[str, Any]:
    """The fields of a `Scenario`.

    Parameters
    ----------
    contents
        Of the files, by name.
    folder
        Where a road network that ``scenario.toml`` names lies.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    with Faults() as faults:
        settings = None
        if SETTINGS in contents:
            settings = read_settings(contents[SETTINGS], faults)
        tables = {
            name: read_table(contents[name], table.columns, file=name, faults=faults)
            for name, table in TABLES.items()
            if name in contents
        }
        _check_files(contents, settings, folder, faults)
        check_references(tables, settings, faults)
        check_coordinates(tables, settings.tz if settings else "", faults)
        parts = _records(tables, faults)
        homes = list(parts.pop("homes"))
        if settings is not None and settings.synthetic and "homes.csv" not in contents:
            with faults.also():
                homes = synthetic_homes(parts["communes"], settings.synthetic)
        if not faults.found and not homes:
            faults.add("no_homes", file="homes.csv")
    if settings is None:
        raise BrokenInvariant("settings that could not be read have a fault", file=SETTINGS)
    return {**parts, **_said(settings), "homes": Homes.of(homes, groups=settings.groups)}


def _check_files(
    contents: Mapping[str, bytes], settings: Settings | None, folder: Traversable, faults: Faults
) -> None:
    needed = {SETTINGS, *(name for name, table in TABLES.items() if table.required)}
    if settings is not None and settings.makes_homes and "homes.csv" not in contents:
        needed = {SETTINGS, "communes.csv"}
    if {"vehicles.csv", "crew.csv"} & set(contents):
        needed |= {"vehicles.csv", "crew.csv"}
    for name in sorted(needed - set(contents)):
        faults.add("missing_file", file=name, value=name)
    if settings is not None:
        _check_roads(contents[SETTINGS].decode("utf-8-sig"), settings, folder, faults)


def _check_roads(text: str, settings: Settings, folder: Traversable, faults: Faults) -> None:
    """The files ``scenario.toml`` names for the roads and the travel times are there."""
    roads, found = settings.roads, Faults(file=SETTINGS)
    with found.also(row=row_of(text, ("roads",)), column="roads"):
        _check_road_file(roads, folder)
    faults.found.extend(found.found)
    for number, rule in enumerate(settings.times):
        if rule.table and not folder.joinpath(rule.table).is_file():
            row = row_of(text, ("times", number, "table"))
            faults.add(
                "missing_file", file=SETTINGS, row=row, column="times.table", value=rule.table
            )


def _check_road_file(roads: str, folder: Traversable) -> None:
    if roads == CALIBRATED:
        return
    if not roads.lower().endswith(_OSM_ENDINGS):
        details = {"known": ", ".join(_OSM_ENDINGS)}
        raise InputError([Fault(code="roads_unknown", value=roads, details=details)])
    if not folder.joinpath(roads).is_file():
        raise InputError([Fault(code="missing_file", value=roads)])


def _records(tables: Mapping[str, Table], faults: Faults) -> dict[str, Any]:
    """The records of every table, those of rows with a fault left out."""

    def of(
        file: str, make: Make[T], wanted: Callable[[Row], bool] = lambda _: True
    ) -> tuple[T, ...]:
        return tuple(_made(tables[file], make, wanted, faults)) if file in tables else ()

    return {
        "communes": of("communes.csv", records.commune),
        "homes": of("homes.csv", records.home),
        "stops": of("places.csv", records.stop, lambda row: row["kind"] != DEPOT),
        "depots": of("places.csv", records.place, lambda row: row["kind"] == DEPOT),
        "maisons": of("maisons.csv", records.maison),
        "vehicles": of("vehicles.csv", records.vehicle),
        "crews": of("crew.csv", records.crew),
        "tour": of("timetable.csv", records.presence),
    }


def _made(table: Table, make: Make[T], wanted: Callable[[Row], bool], faults: Faults) -> list[T]:
    made: list[T] = []
    located = Faults(file=table.file)
    for number, row in table.records():
        if wanted(row):
            with located.also(row=number):
                made.append(make(row))
    faults.found.extend(located.found)
    return made


def _said(settings: Settings) -> dict[str, Any]:
    """What ``scenario.toml`` says, by field of `Scenario`."""
    return {
        "id": settings.id,
        "title": settings.title,
        "horizon": settings.horizon,
        "services": settings.services,
        "demand": settings.demand or Demand(),
        "disclosure_homes": settings.disclosure_homes,
        "roads": settings.roads,
        "times": settings.times,
        "sources": settings.sources,
    }
