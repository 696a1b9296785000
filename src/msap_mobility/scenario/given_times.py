"""Travel times that a scenario takes from elsewhere: a ready table, or a routing server."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points
from msap_mobility.scenario.schema import SETTINGS
from msap_mobility.scenario.toml_text import row_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from msap_mobility.model import Place, Route, TimesTable, TravelTimes
    from msap_mobility.provenance import Source
    from msap_mobility.scenario.scenario import Scenario

__all__ = ["ENDINGS", "GivenTimes", "TimesRule", "given_times"]

ENDINGS = (".csv", ".csv.gz", ".parquet", ".npz")
"""Of tables."""

_COSTING = {"car": "auto", "walk": "pedestrian"}
_PROFILE = {"car": "driving", "walk": "foot"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesRule:
    """Where the times of one mode come from: one of `table`, `osrm` and `valhalla`.

    Parameters
    ----------
    mode
        ``"car"`` or ``"walk"``.
    table
        A file of the scenario's folder.
    from_column, to_column, time_column, metres_column
        What its columns are called; no distances if the last is empty.
    unit
        Of its times.
    osrm, valhalla
        Address of a server.
    profile
        OSRM's profile or Valhalla's costing; empty = the usual one of the mode.
    max_snap_m
        A place further from the roads, or from the places of an npz table, is off them.

    Examples
    --------
    >>> TimesRule(mode="car", osrm="http://localhost:5000").key
    'osrm'
    """

    mode: str
    table: str = ""
    from_column: str = "from_id"
    to_column: str = "to_id"
    time_column: str = "travel_time_p50"
    metres_column: str = ""
    unit: Literal["min", "s"] = "min"
    osrm: str = ""
    valhalla: str = ""
    profile: str = ""
    max_snap_m: float = 1000.0

    @property
    def key(self) -> str:
        """Which of the three it names."""
        return next(name for name in ("table", "osrm", "valhalla") if getattr(self, name))


class GivenTimes:
    """Another engine's times, whose faults say where the scenario asks for them.

    Parameters
    ----------
    times
        The engine.
    place
        File, row and column that a fault without a place is given.
    """

    def __init__(self, times: TravelTimes, place: dict[str, Any]) -> None:
        self.times = times
        self._place = place

    def sources(self) -> tuple[Source, ...]:
        """What the times rest on."""
        sources: tuple[Source, ...] = self.times.sources()  # type: ignore[attr-defined]
        return sources

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,
    ) -> TimesTable:
        """As the engine's."""
        with self._placed():
            return self.times.table(origins, destinations, limit_s=limit_s, at=at)

    def route(self, a: Place, b: Place) -> Route:
        """As the engine's."""
        with self._placed():
            return self.times.route(a, b)

    @contextmanager
    def _placed(self) -> Iterator[None]:
        try:
            yield
        except InputError as error:
            placed = (
                fault if fault.file else replace(fault, **self._place) for fault in error.faults
            )
            raise InputError(placed) from error


def given_times(rule: TimesRule, scenario: Scenario) -> GivenTimes:
    """The engine a rule names; a table is read once, until its file changes.

    Raises
    ------
    InputError
        The faults of the table with its rows, ``times_without_homes``, ``id_in_two_files``.
    """
    changed = 0
    if rule.table:
        changed = table_path(rule, scenario).stat().st_mtime_ns
    return _given(rule, scenario, changed)


def table_path(rule: TimesRule, scenario: Scenario) -> Path:
    """Where the table of a rule lies."""
    return Path(str(scenario.folder.joinpath(rule.table)))


@lru_cache(maxsize=4)
def _given(rule: TimesRule, scenario: Scenario, _changed_ns: int) -> GivenTimes:
    place = _place(rule, scenario)
    if rule.table:
        return GivenTimes(_of_table(rule, scenario, place), place)
    return GivenTimes(_server(rule), place)


def _place(rule: TimesRule, scenario: Scenario) -> dict[str, Any]:
    """Where ``scenario.toml`` names what the rule does."""
    row = None
    settings = scenario.folder.joinpath(SETTINGS)
    if settings.is_file():
        number = scenario.times.index(rule)
        row = row_of(settings.read_text(encoding="utf-8-sig"), ("times", number, rule.key))
    return {"file": SETTINGS, "row": row, "column": f"times.{rule.key}"}


def _server(rule: TimesRule) -> TravelTimes:
    from msap_mobility.roads import OsrmTimes, ValhallaTimes  # noqa: PLC0415 - heavy

    if rule.osrm:
        profile = rule.profile or _PROFILE[rule.mode]
        return OsrmTimes(rule.osrm, profile=profile, mode=rule.mode, max_snap_m=rule.max_snap_m)
    costing = rule.profile or _COSTING[rule.mode]
    return ValhallaTimes(rule.valhalla, costing=costing, max_snap_m=rule.max_snap_m)


def _of_table(rule: TimesRule, scenario: Scenario, place: dict[str, Any]) -> TravelTimes:
    from msap_mobility.roads import MatrixTimes  # noqa: PLC0415 - heavy
    from msap_mobility.roads.exchange import OdColumns, read_od_table  # noqa: PLC0415 - heavy

    path = table_path(rule, scenario)
    if path.suffix.lower() == ".npz":
        times = MatrixTimes.read(path, mode=rule.mode, max_snap_m=rule.max_snap_m)
    else:
        columns = OdColumns(
            origin=rule.from_column,
            destination=rule.to_column,
            time=rule.time_column,
            metres=rule.metres_column,
            unit=rule.unit,
        )
        times = MatrixTimes(read_od_table(path, _listed(scenario), columns), mode=rule.mode)
    _check_homes(times, rule, scenario, place)
    return times


def _listed(scenario: Scenario) -> Any:
    """Homes and places by the ids that the scenario's own files give them."""
    from msap_mobility.roads.exchange import ListedPlaces  # noqa: PLC0415 - heavy

    homes, places = scenario.homes, scenario.places
    names = [*map(str, homes.ids.tolist()), *(place.id for place in places)]
    seen = set(names[: len(homes)])
    both = [place.id for place in places if place.id in seen]
    if both:
        raise InputError(
            [
                Fault(
                    code="id_in_two_files",
                    file="homes.csv",
                    column="id",
                    value=both[0],
                    details={"other": "places.csv, maisons.csv"},
                )
            ]
        )
    ids = np.empty(len(names), object)
    ids[:] = names
    at = Points.of(places)
    points = Points(
        np.concatenate((homes.lon, at.lon)).astype(np.float64),
        np.concatenate((homes.lat, at.lat)).astype(np.float64),
    )
    return ListedPlaces(ids=ids, points=points)


def _check_homes(times: Any, rule: TimesRule, scenario: Scenario, place: dict[str, Any]) -> None:
    """A table of another territory would leave everybody unreachable, without a word."""
    homes = len(scenario.homes)
    there = int(times.starts_at(scenario.homes.points).sum())
    if there < homes / 2:
        details = {"there": there, "homes": homes}
        fault = Fault(code="times_without_homes", value=rule.table, details=details, **place)
        raise InputError([fault])
