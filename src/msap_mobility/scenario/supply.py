"""What a scenario offers people, and how they get there: its openings and its travel modes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.calendar import Cycle, EveryWeek, Hours, Rhythm
from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Mode, Points, Presence, Timetable
from msap_mobility.provenance import Source
from msap_mobility.scenario.folder import CALIBRATED
from msap_mobility.scenario.given_times import given_times, table_path
from msap_mobility.scenario.schema import SETTINGS
from msap_mobility.scenario.typed import MODES
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model import Homes, Maison, Place
    from msap_mobility.roads import CalibratedTimes, RoadTimes
    from msap_mobility.scenario.given_times import GivenTimes
    from msap_mobility.scenario.scenario import Scenario
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.wording import Lang

__all__ = [
    "UNKNOWN_HOURS",
    "maison_presences",
    "modes_to",
    "off_the_roads",
    "problem_of",
    "sources_of",
    "times_by",
    "timetable_of",
]

UNKNOWN_HOURS = (Rhythm(rule=EveryWeek(weekdays=(0, 1, 2, 3, 4)), hours=(Hours(32400, 61200),)),)
"""What a maison that publishes no hours may at best be open: Monday to Friday, 9:00 to 17:00. An
assumption: such openings are not `certain`, and count in the optimistic value only."""


def maison_presences(maison: Maison) -> tuple[Presence, ...]:
    """The door of a maison: its hours, or `UNKNOWN_HOURS` told as uncertain.

    Examples
    --------
    >>> from msap_mobility.model import Maison, Place
    >>> here = Place(id="m", name="Caravelles", lon=1.24, lat=49.72)
    >>> [door.certain for door in maison_presences(Maison(place=here, services=(), hours=None))]
    [False]
    """
    return tuple(
        Presence(
            place=maison.place.id,
            services=maison.services,
            rhythm=rhythm,
            channel="hub",
            certain=maison.hours is not None,
            source=maison.place.id,
        )
        for rhythm in (UNKNOWN_HOURS if maison.hours is None else maison.hours)
    )


def timetable_of(scenario: Scenario) -> Timetable:
    """The maisons' doors and the given tour, on the scenario's horizon.

    Its places are the maisons, and the places where the tour stops.

    Raises
    ------
    InputError
        If a rhythm cannot be laid on the horizon.
    """
    doors = [door for maison in scenario.maisons for door in maison_presences(maison)]
    visited = {presence.place for presence in scenario.tour}
    maisons = [maison.place for maison in scenario.maisons]
    stops = [stop.place for stop in scenario.stops if stop.place.id in visited]
    depots = [place for place in scenario.depots if place.id in visited]
    return Timetable.from_presences(
        [*doors, *scenario.tour], places=[*maisons, *stops, *depots], horizon=scenario.horizon
    )


def modes_to(scenario: Scenario, places: Sequence[Place]) -> tuple[Mode, ...]:
    """Every mode a group can use, with the times from all homes to `places`.

    Raises
    ------
    InputError
        ``roads_elsewhere``, ``times_without_homes``, and the faults of tables and servers.
    """
    _check_roads_are_here(scenario)
    used = {limit.mode for group in scenario.groups for limit in group.limits}
    homes, points = scenario.homes, Points.of(places)
    return tuple(
        Mode(
            id=mode,
            times=scenario.travel_times(mode).table(
                homes.points, points, limit_s=_longest_s(homes, mode)
            ),
        )
        for mode in MODES
        if mode in used
    )


def off_the_roads(scenario: Scenario, lang: Lang) -> tuple[str, ...]:
    """A sentence for each home and stop far from any road, or nearest to one that is cut off."""
    if scenario.roads == CALIBRATED:
        return ()
    from msap_mobility.roads import RoadTimes  # noqa: PLC0415 - heavy

    times = times_by("car", scenario)
    if not isinstance(times, RoadTimes):
        return ()
    homes, stops = scenario.homes, [stop.place for stop in scenario.stops]
    sides = (
        (homes.points, homes.ids.tolist()),
        (Points.of(stops), [place.name for place in stops]),
    )
    return tuple(
        line for points, names in sides for line in times.snap_report(points).lines(names, lang)
    )


def problem_of(scenario: Scenario) -> TourProblem:
    """What a tour has to solve on the scenario's cycle; built once for planning and checking."""
    return _problem(scenario, _changed_ns(scenario))


@lru_cache(maxsize=1)
def _problem(scenario: Scenario, _changed_ns: int) -> TourProblem:
    """A scenario is frozen: its problem stays the same until a file of its times changes."""
    from msap_mobility.tours.problem import TourProblem  # noqa: PLC0415 - heavy

    if not isinstance(scenario.horizon, Cycle):
        fault = Fault(code="no_cycle", file=SETTINGS, column="horizon", value=scenario.id)
        raise InputError([fault])
    return TourProblem.build(
        homes=scenario.homes,
        stops=scenario.stops,
        vehicles=scenario.vehicles,
        crews=scenario.crews,
        depots=_depots(scenario),
        modes=modes_to(scenario, [stop.place for stop in scenario.stops]),
        van_times=scenario.travel_times("car"),
        cycle=scenario.horizon,
        demand=scenario.demand,
        threshold=scenario.disclosure_homes,
        sources=sources_of(scenario),
        inputs_hash=scenario.inputs_hash,
    )


def sources_of(scenario: Scenario) -> tuple[Source, ...]:
    """What the inputs rest on, the travel times and the doors of unknown hours included."""
    unknown = [maison.place.name for maison in scenario.maisons if maison.hours is None]
    assumed = [
        Source(
            name=Words.saying("scenario.unknown_hours.name", n=len(unknown)),
            standing="assumed",
            note=Words.saying("scenario.unknown_hours.note", names=", ".join(unknown)),
        )
    ]
    times = {source for mode in MODES for source in times_by(mode, scenario).sources()}
    ordered = sorted(times, key=lambda source: (source.name, source.note))
    return (*scenario.sources, *(assumed if unknown else ()), *ordered)


def times_by(mode: str, scenario: Scenario) -> CalibratedTimes | RoadTimes | GivenTimes:
    """Travel times by `mode`: given, on the scenario's roads, or calibrated for want of any."""
    from msap_mobility import roads  # noqa: PLC0415 - heavy

    for rule in scenario.times:
        if rule.mode == mode:
            return given_times(rule, scenario)
    if scenario.roads == CALIBRATED:
        return roads.CalibratedTimes(mode="car" if mode == "car" else "walk")
    return _on_roads(mode, _road_file(scenario), _roads_changed_ns(scenario))


def _road_file(scenario: Scenario) -> Path:
    return Path(str(scenario.folder.joinpath(scenario.roads)))


def _roads_changed_ns(scenario: Scenario) -> int:
    """When the road file was last written; 0 without one."""
    return 0 if scenario.roads == CALIBRATED else _road_file(scenario).stat().st_mtime_ns


def _changed_ns(scenario: Scenario) -> int:
    """When the road file or a table of times was last written; 0 without any."""
    tables = [table_path(rule, scenario) for rule in scenario.times if rule.table]
    return max((_roads_changed_ns(scenario), *(table.stat().st_mtime_ns for table in tables)))


def _check_roads_are_here(scenario: Scenario) -> None:
    """An extract of another territory would leave everybody unreachable, without a word."""
    on_roads = [mode for mode in MODES if mode not in {rule.mode for rule in scenario.times}]
    if scenario.roads == CALIBRATED or not len(scenario.homes) or not on_roads:
        return
    times = _on_roads(on_roads[-1], _road_file(scenario), _roads_changed_ns(scenario))
    near = int(times.snap(scenario.homes.points).is_near.sum())
    if near < len(scenario.homes) / 2:
        fault = Fault(
            code="roads_elsewhere",
            file=SETTINGS,
            column="roads",
            value=scenario.roads,
            details={"near": near, "homes": len(scenario.homes)},
        )
        raise InputError([fault])


@lru_cache(maxsize=4)
def _on_roads(mode: str, file: Path, _changed_ns: int) -> RoadTimes:
    """A network is read once for each mode, until the file changes."""
    from msap_mobility import roads  # noqa: PLC0415 - heavy

    profile = roads.CAR if mode == "car" else roads.WALK
    return roads.RoadTimes.from_osm(file, profile)


def _depots(scenario: Scenario) -> tuple[Place, ...]:
    """Where the vehicles start, each place once."""
    names = dict.fromkeys(vehicle.depot for vehicle in scenario.vehicles)
    return tuple(scenario.place(name) for name in names)


def _longest_s(homes: Homes, mode: str) -> float:
    """The longest trip any group takes by `mode`, seconds; infinite if one is limited in metres."""
    limits = [limit for group in homes.groups for limit in group.limits if limit.mode == mode]
    return max(np.inf if limit.max_s is None else limit.max_s for limit in limits)
