"""A scenario: the typed inputs of a folder, and the verbs that need nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msap_mobility.budget import Budget
from msap_mobility.calendar import Cycle
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.files import content_hash, publish
from msap_mobility.scenario.folder import (
    CALIBRATED,
    contents_of,
    find_folder,
    read_parts,
)
from msap_mobility.scenario.saving import files_of
from msap_mobility.scenario.schema import TABLES
from msap_mobility.tours.demand import Demand
from msap_mobility.tours.tour import TourPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from msap_mobility.calendar import Horizon
    from msap_mobility.coverage import Coverage
    from msap_mobility.model import (
        Crew,
        Group,
        Homes,
        Maison,
        Place,
        Presence,
        Service,
        Stop,
        Timetable,
        TravelTimes,
        Vehicle,
    )
    from msap_mobility.provenance import Source
    from msap_mobility.scenario.commune import Commune
    from msap_mobility.scenario.given_times import TimesRule
    from msap_mobility.tours.check import Violation
    from msap_mobility.tours.problem import TourProblem
    from msap_mobility.wording import Lang

__all__ = ["Scenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """A territory and what it has: homes, maisons, candidate stops, vans and crews.

    Made by `load`. Two scenarios are the same if their `inputs_hash` is.

    Parameters
    ----------
    id
        A short name.
    title
        What people call it, by language.
    horizon
        A cycle of weeks (a tour can be planned) or a span of dates (a given tour is measured).
    services
        What people come for.
    homes
        Who lives where, and the groups they belong to.
    communes
        Names and populations, for reports and maps.
    stops
        Where a van may stop.
    depots
        Places where vans sleep, beside the maisons and stops.
    maisons
        Fixed houses.
    vehicles, crews
        The fleet and who drives it.
    tour
        A tour that is given: what ``timetable.csv`` says; of the channel ``"tour"``.
    demand
        What a visit is expected to bring.
    disclosure_homes
        Fewest households a published figure may rest on.
    roads
        ``"calibrated"``, or an OpenStreetMap file in `folder`.
    times
        Modes whose travel times are not found on `roads`: from a table or a routing server.
    sources
        What the inputs rest on, assumptions included.
    folder
        Where it was read.

    Raises
    ------
    InputError
        ``not_of_a_tour``, for each presence of the tour that has another channel.

    Examples
    --------
    >>> scenario = Scenario.load("bellencombre")
    >>> len(scenario.stops), scenario.homes.total
    (48, 24737.0)
    """

    id: str
    title: Mapping[str, str]
    horizon: Horizon
    services: tuple[Service, ...]
    homes: Homes
    communes: tuple[Commune, ...] = ()
    stops: tuple[Stop, ...] = ()
    depots: tuple[Place, ...] = ()
    maisons: tuple[Maison, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    crews: tuple[Crew, ...] = ()
    tour: tuple[Presence, ...] = ()
    demand: Demand = field(default_factory=Demand)
    disclosure_homes: int = 11
    roads: str = CALIBRATED
    times: tuple[TimesRule, ...] = ()
    sources: tuple[Source, ...] = ()
    folder: Traversable = field(default_factory=Path)

    def __post_init__(self) -> None:
        with Faults() as faults:
            for presence in self.tour:
                if presence.channel != "tour":
                    name, channel = presence.place, presence.channel
                    faults.add("not_of_a_tour", column="tour", value=name, channel=channel)

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """Read a folder, or a bundled example.

        Parameters
        ----------
        name
            A folder, or one of `folder.bundled_names`; a folder of that name comes first.

        Raises
        ------
        InputError
            With every fault of every file.
        """
        folder = find_folder(name)
        return cls(**read_parts(contents_of(folder), folder), folder=folder)

    @classmethod
    def check(cls, name: str | Path) -> tuple[Fault, ...]:
        """Every fault of a folder; none if it can be loaded and, if it has vehicles, planned.

        Examples
        --------
        >>> [fault.code for fault in Scenario.check("belencombre")]
        ['unknown_scenario']
        """
        try:
            scenario = cls.load(name)
            scenario.check_times()
            scenario.check_planning()
        except InputError as error:
            return error.faults
        return ()

    def check_times(self) -> None:
        """Read the tables of travel times, if there are any; servers are not asked.

        Raises
        ------
        InputError
            With every fault of every table.
        """
        from msap_mobility.scenario.given_times import given_times  # noqa: PLC0415 - heavy

        with Faults() as faults:
            for rule in self.times:
                with faults.also():
                    given_times(rule, self)

    def check_planning(self) -> None:
        """Find what only planning would meet: a rhythm that does not divide the cycle, say.

        Nothing is looked at where nothing can be planned: without vehicles, or on dates.

        Raises
        ------
        InputError
            As `problem`.
        """
        if self.vehicles and isinstance(self.horizon, Cycle):
            self.problem()

    @classmethod
    def new(cls, folder: str | Path, template: str = "bellencombre") -> Self:
        """Write a folder to start from: a bundled example, its remarks kept, its homes written out.

        Parameters
        ----------
        folder
            Must be absent or empty.
        template
            One of `folder.bundled_names`.

        Raises
        ------
        InputError
            ``folder_not_empty``, ``unknown_scenario``.
        """
        target = Path(folder)
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InputError([Fault(code="folder_not_empty", value=str(target))])
        scenario = cls.load(template)
        homes = files_of(scenario)["homes.csv"]
        publish(target, {**contents_of(scenario.folder), "homes.csv": homes})
        return cls.load(target)

    def save(self, folder: str | Path) -> None:
        """Write all files of the folder, whole; what `load` reads back is the same scenario.

        Synthetic homes are written out as any others. A road network and tables of travel times are
        not copied: they must lie in `folder` already, or be put there.
        """
        target = Path(folder)
        files = files_of(self, also=[name for name in TABLES if (target / name).exists()])
        publish(target, files)

    @property
    def inputs_hash(self) -> str:
        """Hash of the content of all files, as `save` writes them, and of what the times rest on.

        That is the road network and tables of travel times; of a routing server, its address only.
        Remarks, the order of columns and the kind of line ends do not change it.
        """
        network = [] if self.roads == CALIBRATED else [self._network.read_bytes()]
        tables = (rule.table for rule in self.times if rule.table)
        network += [self.folder.joinpath(table).read_bytes() for table in tables]
        files = files_of(self).items()
        return content_hash(*(part for pair in files for part in pair), *network)

    def place(self, id: str) -> Place:  # noqa: A002 - the field's own word
        """The maison, stop or depot of that id.

        Raises
        ------
        InputError
            ``unknown_place``.
        """
        for place in self.places:
            if place.id == id:
                return place
        raise InputError([Fault(code="unknown_place", value=id, details={"known": ""})])

    @property
    def places(self) -> tuple[Place, ...]:
        """All places: of maisons, of stops, and the depots."""
        maisons = (maison.place for maison in self.maisons)
        return (*maisons, *(stop.place for stop in self.stops), *self.depots)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Who the people are: the groups of the homes."""
        return self.homes.groups

    @property
    def commune_names(self) -> Mapping[str, str]:
        """Name of each commune, by INSEE code."""
        return {commune.insee: commune.name for commune in self.communes}

    @property
    def has_homes_file(self) -> bool:
        """Whether the homes were read from ``homes.csv`` and not made up."""
        return self.folder.joinpath("homes.csv").is_file()

    @property
    def _network(self) -> Traversable:
        return self.folder.joinpath(self.roads)

    def travel_times(self, mode: str) -> TravelTimes:
        """Travel times by ``"car"`` or ``"walk"``, as `times` says or on the scenario's roads."""
        from msap_mobility.scenario.supply import times_by  # noqa: PLC0415 - heavy

        return times_by(mode, self)

    def off_the_roads(self, lang: Lang = "en") -> tuple[str, ...]:
        """A sentence for each home and stop that cars do not get to, or to a road further off."""
        from msap_mobility.scenario.supply import off_the_roads  # noqa: PLC0415 - heavy

        return off_the_roads(self, lang)

    def timetable(self) -> Timetable:
        """The openings of the maisons and of the given tour, on the horizon."""
        from msap_mobility.scenario.supply import timetable_of  # noqa: PLC0415 - heavy

        return timetable_of(self)

    def problem(self) -> TourProblem:
        """What a tour has to solve here.

        Raises
        ------
        InputError
            ``no_cycle`` on a span of dates, and as `TourProblem.build`.
        """
        from msap_mobility.scenario.supply import problem_of  # noqa: PLC0415 - heavy

        return problem_of(self)

    def plan_tour(
        self,
        *,
        budget: Budget | str = "2000 it",
        seed: int = 0,
        progress: Callable[[float, float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        iterations_by_start: Sequence[int] | None = None,
    ) -> TourPlan:
        """Plan a tour; see `tours.plan_tour`."""
        from msap_mobility.tours.plan import plan_tour  # noqa: PLC0415 - heavy

        return plan_tour(
            self.problem(),
            budget=Budget.of(budget) if isinstance(budget, str) else budget,
            seed=seed,
            progress=progress,
            should_stop=should_stop,
            iterations_by_start=iterations_by_start,
        )

    def check_plan(self, plan: TourPlan) -> tuple[Violation, ...]:
        """The rules a plan breaks here; see `tours.check_plan`."""
        from msap_mobility.tours.check import check_plan  # noqa: PLC0415 - heavy

        return check_plan(plan, self.problem())

    def with_tour(self, tour: TourPlan | Sequence[Presence]) -> Self:
        """The same scenario with `tour`, planned or read, as its given tour."""
        from msap_mobility.tours.presences import presences  # noqa: PLC0415 - heavy

        given = presences(tour, self.stops) if isinstance(tour, TourPlan) else tour
        return replace(self, tour=tuple(replace(presence, channel="tour") for presence in given))

    def without_tour(self) -> Self:
        """The same scenario with its maisons alone."""
        return replace(self, tour=())

    def coverage(
        self, plan: TourPlan | None = None, *, services: tuple[str, ...] = (), stay_s: int = 0
    ) -> Coverage:
        """Who reaches what: today, or with `plan` in the place of the given tour.

        Parameters
        ----------
        plan
            None = the given tour, if there is one.
        services, stay_s
            See `coverage.measure`.
        """
        from msap_mobility.coverage import measure  # noqa: PLC0415 - heavy
        from msap_mobility.scenario.supply import modes_to, sources_of  # noqa: PLC0415 - heavy

        scenario = self if plan is None else self.with_tour(plan)
        timetable = scenario.timetable()
        return measure(
            self.homes,
            timetable,
            modes_to(scenario, timetable.places),
            services=services,
            stay_s=stay_s,
            sources=sources_of(scenario),
        )
