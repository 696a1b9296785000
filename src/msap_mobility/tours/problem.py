"""What a tour has to solve, as the planner and the checker both read it.

The only place where travel times stop being floats: they become whole seconds, rounded up, and
everything after counts in integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.model import Points
from msap_mobility.tours.demand import Demand
from msap_mobility.tours.faults import tell_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.calendar import Cycle
    from msap_mobility.model import (
        Crew,
        Homes,
        Mode,
        Place,
        Stop,
        TimesTable,
        TravelTimes,
        Vehicle,
    )
    from msap_mobility.model.home import FloatArray, IntArray
    from msap_mobility.provenance import Source

__all__ = ["NO_WAY_S", "TourProblem"]

NO_WAY_S = 1_000_000
"""Travel time, seconds, that stands for "no way": longer than any shift, safe to add in int32."""

SecondsTable = np.ndarray[tuple[int, int], np.dtype[np.int32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TourProblem:
    """Homes, candidate stops, vans, crews, calendar: everything a plan must respect.

    Made by `build`, which tells every fault of the inputs at once.

    Parameters
    ----------
    homes, stops, vehicles, crews
        As given, in this order everywhere.
    depots
        Places the vehicles start from, `Vehicle.depot` names them.
    cycle
        The calendar the tour repeats on.
    services
        What is offered at every stop.
    modes
        How people come: times from every home (rows) to every stop (columns).
    reach_start, reach_stop
        Who can come where within the limits of their group: home h reaches the stops
        ``reach_stop[reach_start[h]:reach_start[h + 1]]``. Only where `Stop.serves`.
    travel_s, travel_m
        int32, van travel between the locations: the stops, then the depots. `NO_WAY_S` where
        there is no way.
    families
        Expected at one visit, per stop.
    dwell_s, units
        int32 per stop: serving time, and units handed out, of one visit.
    step_s
        Opening hours fall on multiples of this since midnight, as on a poster.
    threshold
        Fewest households a published count may tell.
    sources, inputs_hash
        Carried into the plan's provenance.
    """

    homes: Homes
    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    crews: tuple[Crew, ...]
    depots: tuple[Place, ...]
    cycle: Cycle
    services: tuple[str, ...]
    modes: tuple[Mode, ...]
    reach_start: IntArray
    reach_stop: IntArray
    travel_s: SecondsTable
    travel_m: SecondsTable
    families: FloatArray
    dwell_s: IntArray
    units: IntArray
    step_s: int
    threshold: int
    sources: tuple[Source, ...]
    inputs_hash: str

    @classmethod
    def build(
        cls,
        *,
        homes: Homes,
        stops: Sequence[Stop],
        vehicles: Sequence[Vehicle],
        crews: Sequence[Crew],
        depots: Sequence[Place],
        modes: Sequence[Mode],
        van_times: TravelTimes,
        cycle: Cycle,
        demand: Demand | None = None,
        services: Sequence[str] | None = None,
        step_s: int = 300,
        threshold: int = 11,
        sources: Sequence[Source] = (),
        inputs_hash: str = "",
    ) -> TourProblem:
        """Put a problem together.

        Parameters
        ----------
        homes, stops, vehicles, crews, depots, cycle, threshold, sources, inputs_hash
            See the class.
        modes
            Their tables have the homes as rows and the `stops` as columns.
        van_times
            Of the vehicles, between stops and depots.
        demand
            `Demand()` if None.
        services
            If None, the services every crew can give.
        step_s
            Five minutes by default: a poster says 10:05, not 10:07 and 23 seconds.

        Raises
        ------
        InputError
            With every fault found: unknown depot or vehicle, ids that occur twice, a vehicle
            without crew or with two on one day, a stop whose rhythm or hours do not fit the
            cycle, a service a crew cannot give, tables of the wrong shape.
        """
        given = _given_by_all(crews) if services is None else tuple(services)
        tell_faults(
            homes=homes,
            stops=stops,
            vehicles=vehicles,
            crews=crews,
            depots=depots,
            modes=modes,
            cycle=cycle,
            services=given,
            step_s=step_s,
        )
        reach_start, reach_stop = _reach(homes, stops, modes)
        visitors = np.repeat(homes.people, np.diff(reach_start))
        people = np.bincount(reach_stop, visitors, minlength=len(stops)).astype(np.float64)
        families, dwell_s, units = _visits(people, stops, demand or Demand(), step_s)
        points = Points.of([*(stop.place for stop in stops), *depots])
        travel_s, travel_m = _whole(van_times.table(points, points))
        return cls(
            homes=homes,
            stops=tuple(stops),
            vehicles=tuple(vehicles),
            crews=tuple(crews),
            depots=tuple(depots),
            cycle=cycle,
            services=given,
            modes=tuple(modes),
            reach_start=reach_start,
            reach_stop=reach_stop,
            travel_s=travel_s,
            travel_m=travel_m,
            families=families,
            dwell_s=dwell_s,
            units=units,
            step_s=step_s,
            threshold=threshold,
            sources=tuple(sources),
            inputs_hash=inputs_hash,
        )

    def depot_location(self, vehicle: Vehicle) -> int:
        """Row of the vehicle's depot in `travel_s`."""
        ids = [place.id for place in self.depots]
        return len(self.stops) + ids.index(vehicle.depot)

    def reached_from(self, home: int) -> IntArray:
        """Numbers of the stops that the people of one home row can reach."""
        return self.reach_stop[self.reach_start[home] : self.reach_start[home + 1]]

    def homes_reached(self, stops: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which home rows reach at least one of these stops."""
        visited = np.zeros(len(self.stops), dtype=np.bool_)
        visited[list(stops)] = True
        home = np.repeat(np.arange(len(self.homes)), np.diff(self.reach_start))
        reached = np.zeros(len(self.homes), dtype=np.bool_)
        reached[home[visited[self.reach_stop]]] = True
        return reached

    @property
    def need(self) -> FloatArray:
        """People times the need of their group, per home row."""
        by_group = np.array([group.need for group in self.homes.groups], dtype=np.float64)
        return self.homes.people * by_group[self.homes.group]


def _given_by_all(crews: Sequence[Crew]) -> tuple[str, ...]:
    if not crews:
        return ()
    common = set.intersection(*(set(crew.services) for crew in crews))
    return tuple(service for service in crews[0].services if service in common)


def _reach(homes: Homes, stops: Sequence[Stop], modes: Sequence[Mode]) -> tuple[IntArray, IntArray]:
    """The CSR of homes × stops, stops that serve nobody left out."""
    from msap_mobility.coverage.reach import reachable  # noqa: PLC0415 - keeps import light

    reach = reachable(homes, len(stops), modes)
    serves = np.array([stop.serves for stop in stops], dtype=np.bool_)
    kept = serves[reach.place] if stops else np.zeros(0, dtype=np.bool_)
    home = reach.home[kept]
    start = np.zeros(len(homes) + 1, dtype=np.int32)
    np.cumsum(np.bincount(home, minlength=len(homes)), out=start[1:])
    return start, reach.place[kept]


def _visits(
    people: FloatArray, stops: Sequence[Stop], demand: Demand, step_s: int
) -> tuple[FloatArray, IntArray, IntArray]:
    """Families, serving time and units of one visit of each stop, from who can reach it."""
    families = np.array([demand.families(float(number)) for number in people], dtype=np.float64)
    dwell = [
        demand.dwell_s(number, stop, step_s=step_s) if stop.serves else stop.dwell_min_s
        for stop, number in zip(stops, families.tolist(), strict=True)
    ]
    units = [demand.units(number) for number in families.tolist()]
    return families, np.array(dwell, dtype=np.int32), np.array(units, dtype=np.int32)


def _whole(table: TimesTable) -> tuple[SecondsTable, SecondsTable]:
    """Whole seconds and metres, rounded up; staying where one is costs nothing."""
    seconds = np.ceil(np.minimum(table.seconds, NO_WAY_S)).astype(np.int32)
    metres = np.ceil(np.where(np.isfinite(table.metres), table.metres, 0)).astype(np.int32)
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    return seconds, metres
