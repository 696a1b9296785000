"""What can be wrong between the inputs of a tour, each sound by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from msap_mobility.calendar import Cycle
    from msap_mobility.model import Crew, Homes, Mode, Place, Stop, Vehicle

__all__ = ["tell_faults"]


def tell_faults(
    *,
    homes: Homes,
    stops: Sequence[Stop],
    vehicles: Sequence[Vehicle],
    crews: Sequence[Crew],
    depots: Sequence[Place],
    modes: Sequence[Mode],
    cycle: Cycle,
    services: Sequence[str],
    step_s: int,
) -> None:
    """Raise one `InputError` with everything that does not fit together, or do nothing."""
    with Faults() as faults:
        _ids(faults, "stops", (stop.place.id for stop in stops))
        _ids(faults, "depots", (place.id for place in depots))
        _ids(faults, "vehicles", (vehicle.id for vehicle in vehicles))
        _ids(faults, "crews", (crew.id for crew in crews))
        _tables(faults, modes, (len(homes), len(stops)))
        _fleet(faults, vehicles, crews, depots)
        _crews(faults, crews, services)
        _stops(faults, stops, cycle)
        if not (0 < step_s <= 3600 and 3600 % step_s == 0):
            faults.add("out_of_range", column="step", value=step_s, least=1, most=3600)


def _ids(faults: Faults, column: str, ids: Iterable[str]) -> None:
    for name, times in Counter(ids).items():
        if times > 1:
            faults.add("tour_id_repeated", column=column, value=name, times=times)


def _tables(faults: Faults, modes: Sequence[Mode], shape: tuple[int, int]) -> None:
    for mode in modes:
        if mode.times.shape != shape:
            faults.add(
                "tour_table_shape",
                column="modes",
                value=mode.id,
                found=" × ".join(map(str, mode.times.shape)),
                expected=" × ".join(map(str, shape)),
            )


def _fleet(
    faults: Faults, vehicles: Sequence[Vehicle], crews: Sequence[Crew], depots: Sequence[Place]
) -> None:
    depot_ids = {place.id for place in depots}
    vehicle_ids = {vehicle.id for vehicle in vehicles}
    for vehicle in vehicles:
        if vehicle.depot not in depot_ids:
            faults.add(
                "tour_unknown_depot",
                column="depot",
                value=vehicle.depot,
                vehicle=vehicle.id,
                known=", ".join(sorted(depot_ids)),
            )
        if all(crew.vehicle != vehicle.id for crew in crews):
            faults.add("tour_vehicle_without_crew", column="vehicles", value=vehicle.id)
    for crew in crews:
        if crew.vehicle not in vehicle_ids:
            faults.add(
                "tour_crew_without_vehicle",
                column="vehicle",
                value=crew.vehicle,
                crew=crew.id,
                known=", ".join(sorted(vehicle_ids)),
            )
    days = Counter((crew.vehicle, day) for crew in crews for day in set(crew.weekdays))
    for (name, day), number in days.items():
        if number > 1:
            faults.add("tour_two_crews", column="weekdays", value=name, day=day, number=number)


def _crews(faults: Faults, crews: Sequence[Crew], services: Sequence[str]) -> None:
    for crew in crews:
        for service in services:
            if service not in crew.services:
                faults.add("tour_service_not_given", column="services", value=service, crew=crew.id)


def _stops(faults: Faults, stops: Sequence[Stop], cycle: Cycle) -> None:
    for stop in stops:
        if cycle.weeks % stop.every_weeks:
            faults.add(
                "tour_rhythm_off_cycle",
                column="every_weeks",
                value=stop.every_weeks,
                place=stop.place.id,
                weeks=cycle.weeks,
            )
        for rhythm in stop.hours or ():
            with faults.also():
                list(rhythm.intervals(cycle))
