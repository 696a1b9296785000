"""What one file of a scenario says of another: every id named must be there, and only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.formats.tables import nearest
from msap_mobility.scenario.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.errors import Faults
    from msap_mobility.formats.tables import Table
    from msap_mobility.scenario.settings import Settings

__all__ = ["check_names", "check_references"]

_PLACES = ("places.csv", "maisons.csv")

# file, column, what it names
_NAMED = (
    ("homes.csv", "group", "group"),
    ("homes.csv", "commune", "commune"),
    ("maisons.csv", "services", "service"),
    ("vehicles.csv", "depot", "place"),
    ("crew.csv", "vehicle", "vehicle"),
    ("crew.csv", "services", "service"),
    ("timetable.csv", "place", "place"),
    ("timetable.csv", "services", "service"),
    ("timetable.csv", "audience", "group"),
)


def check_references(
    tables: Mapping[str, Table], settings: Settings | None, faults: Faults
) -> None:
    """Note ids that stand twice, and names of things that are not there.

    A name is looked up only where its list could be read: one missing file is one fault, not one
    for each row that refers to it.

    Parameters
    ----------
    tables, settings
        What could be read of the folder.
    faults
        Receives ``duplicate_id``, ``id_in_two_files``, ``unknown_group``, ``unknown_commune``,
        ``unknown_service``, ``unknown_place``, ``unknown_vehicle``, ``vehicle_without_crew``.
    """
    for file, table in tables.items():
        _check_twice(file, table, faults)
    _check_both(tables, faults)
    known = {
        "group": settings.group_ids if settings else (),
        "service": settings.service_ids if settings else (),
        "commune": _ids(tables, "communes.csv"),
        "vehicle": _ids(tables, "vehicles.csv"),
        "place": tuple(name for file in _PLACES for name in _ids(tables, file)),
    }
    for file, column, noun in _NAMED:
        if known[noun] and file in tables and column in tables[file].columns:
            check_names(tables[file], column, noun, known[noun], faults)
    _check_crews(tables, faults)


def _ids(tables: Mapping[str, Table], file: str) -> tuple[str, ...]:
    if file not in tables:
        return ()
    return tuple(name for _, name in tables[file].each(TABLES[file].key))


def _check_twice(file: str, table: Table, faults: Faults) -> None:
    key = TABLES[file].key
    first: dict[str, int] = {}
    for row, name in table.each(key) if key else ():
        if name in first:
            faults.add(
                "duplicate_id", file=file, row=row, column=key, value=name, first_row=first[name]
            )
        first.setdefault(name, row)


def _check_both(tables: Mapping[str, Table], faults: Faults) -> None:
    """A maison and a place must not share an id: openings name either."""
    places = set(_ids(tables, "places.csv"))
    for row, name in tables["maisons.csv"].each("id") if "maisons.csv" in tables else ():
        if name in places:
            faults.add(
                "id_in_two_files",
                file="maisons.csv",
                row=row,
                column="id",
                value=name,
                other="places.csv",
            )


def check_names(table: Table, column: str, noun: str, known: Sequence[str], faults: Faults) -> None:
    """Note ``unknown_<noun>`` for each name in a column that is not one of `known`.

    Parameters
    ----------
    table, column
        Where the names stand: one in a cell, or a list of ids.
    noun
        What they name.
    known
        The ids there are.
    faults
        Receives the faults.
    """
    listed = set(known)
    for row, value in table.each(column):
        for name in (value,) if isinstance(value, str) else value:
            if name and name not in listed:
                faults.add(
                    f"unknown_{noun}",
                    file=table.file,
                    row=row,
                    column=column,
                    value=name,
                    known=_offer(name, known),
                )


def _offer(name: str, known: Sequence[str]) -> str:
    """The names to choose from: all of a few; of many the one most alike, or the first ones."""
    if len(known) <= 8:
        return ", ".join(known)
    return nearest(name, known) or ", ".join((*known[:8], "…"))


def _check_crews(tables: Mapping[str, Table], faults: Faults) -> None:
    if not {"vehicles.csv", "crew.csv"} <= set(tables):
        return
    driven = {name for _, name in tables["crew.csv"].each("vehicle")}
    for row, name in tables["vehicles.csv"].each("id"):
        if name not in driven:
            faults.add(
                "vehicle_without_crew", file="vehicles.csv", row=row, column="id", value=name
            )
