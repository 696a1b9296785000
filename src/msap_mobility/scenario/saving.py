"""A scenario as the files of its folder: the same text for equal scenarios, on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.formats.tables import write_table
from msap_mobility.scenario import records, typed
from msap_mobility.scenario.schema import DEPOT, SETTINGS, TABLES
from msap_mobility.scenario.toml_text import write_toml

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from msap_mobility.scenario.scenario import Scenario

__all__ = ["files_of"]


def files_of(scenario: Scenario, *, also: Container[str] = ()) -> dict[str, str]:
    """File name to content.

    A table that holds nothing and may be absent is left out, unless it is one of `also`: then it
    is written empty, to take the place of an older one.
    """
    tables = {name: list(rows) for name, rows in _rows(scenario).items()}
    return {
        SETTINGS: write_toml(_settings(scenario)),
        **{
            name: write_table(rows, TABLES[name].columns)
            for name, rows in tables.items()
            if rows or TABLES[name].required or name in also
        },
    }


def _rows(scenario: Scenario) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    return {
        "communes.csv": map(records.commune_row, scenario.communes),
        "homes.csv": records.home_rows(scenario.homes),
        "places.csv": (
            *map(records.stop_row, scenario.stops),
            *(records.depot_row(place, DEPOT) for place in scenario.depots),
        ),
        "maisons.csv": map(records.maison_row, scenario.maisons),
        "vehicles.csv": map(records.vehicle_row, scenario.vehicles),
        "crew.csv": map(records.crew_row, scenario.crews),
        "timetable.csv": map(records.presence_row, scenario.tour),
    }


def _settings(scenario: Scenario) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "tz": scenario.horizon.tz,
        "roads": scenario.roads,
        "disclosure_homes": scenario.disclosure_homes,
        "title": dict(scenario.title),
        "horizon": typed.horizon_data(scenario.horizon),
        "services": [
            {"id": row.id, "name": row.name, "operator": row.operator} for row in scenario.services
        ],
        "groups": [typed.group_data(group) for group in scenario.groups],
        "demand": typed.demand_data(scenario.demand),
        **(
            {"times": [typed.times_data(rule) for rule in scenario.times]} if scenario.times else {}
        ),
        "sources": [source.to_dict() for source in scenario.sources],
    }
