"""A tour in a file of its own: a saved plan (JSON), or a timetable (CSV)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import TEXT
from msap_mobility.formats.tables import Column, read_table, write_table
from msap_mobility.scenario import records
from msap_mobility.scenario.references import check_names
from msap_mobility.scenario.schema import TABLES
from msap_mobility.tours.tour import TourPlan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from msap_mobility.model import Presence
    from msap_mobility.scenario.scenario import Scenario

__all__ = ["SavedPlan", "read_saved_plan", "read_tour", "write_timetable"]

PLAN_SCHEMA = "msap.plan/1"
_COLUMNS = TABLES["timetable.csv"].columns
_NAME = Column(name="# name", kind=TEXT, required=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """A plan as ``plan.json`` holds it.

    Parameters
    ----------
    plan
        The plan itself.
    scenario
        What it was made from: the folder or bundled name given then; empty if the file does not
        say.
    """

    plan: TourPlan
    scenario: str


def read_saved_plan(path: Path) -> SavedPlan:
    """Read a ``plan.json``.

    Raises
    ------
    InputError
        ``missing_tour``, ``not_a_plan``.
    """
    content = _bytes(path)
    try:
        data = json.loads(content)
        plan = TourPlan.from_dict(data["plan"]) if data["schema"] == PLAN_SCHEMA else None
        scenario = data.get("run", {}).get("scenario", "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError([_not_a_plan(path, str(error))]) from None
    if plan is None:
        raise InputError([_not_a_plan(path, data["schema"])])
    return SavedPlan(plan=plan, scenario=scenario)


def read_tour(path: Path, scenario: Scenario) -> TourPlan | tuple[Presence, ...]:
    """Read a tour to be laid on `scenario`.

    Parameters
    ----------
    path
        A saved plan (``.json``), or a timetable in the format of ``timetable.csv``.
    scenario
        Has the places, services and groups a timetable names.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    if path.suffix.lower() == ".json":
        return read_saved_plan(path).plan
    with Faults(file=path.name) as faults:
        table = read_table(_bytes(path), _COLUMNS, file=path.name, faults=faults)
        check_names(table, "place", "place", [place.id for place in scenario.places], faults)
        services = [service.id for service in scenario.services]
        check_names(table, "services", "service", services, faults)
        check_names(table, "audience", "group", [group.id for group in scenario.groups], faults)
        tour = []
        for number, row in table.records():
            with faults.also(row=number):
                tour.append(records.presence(row))
    return tuple(tour)


def write_timetable(presences: Iterable[Presence], scenario: Scenario) -> str:
    """The presences as a ``timetable.csv``, the name of each place beside it as a remark.

    Examples
    --------
    >>> from msap_mobility.scenario import Scenario
    >>> scenario = Scenario.load("rurali_indre")
    >>> print(write_timetable(scenario.tour[:1], scenario), end="")
    place,rhythm,services,certain,tour,capacity,notice,audience,# name
    stop_36236,"1st Mo 10:00-12:30,...",france_services,no,ruralinette,,,,Vicq-Exemplet
    """
    names = {place.id: place.name for place in scenario.places}
    rows = map(records.presence_row, presences)
    named = ({**row, _NAME.name: names.get(row["place"], "")} for row in rows)
    return write_table(named, (*_COLUMNS, _NAME))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        fault = Fault(code="missing_tour", file=path.name, value=str(path))
        raise InputError([fault]) from None


def _not_a_plan(path: Path, value: object) -> Fault:
    return Fault(code="not_a_plan", file=path.name, value=value, details={"schema": PLAN_SCHEMA})
