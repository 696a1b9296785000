"""Small territories for the tests of tours: on a plane, with straight roads."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from msap_mobility.calendar import Cycle, EveryWeek, Hours, Rhythm
from msap_mobility.model import (
    Crew,
    Group,
    Home,
    Homes,
    Limit,
    Mode,
    Place,
    Points,
    Reached,
    Route,
    Stop,
    TimesTable,
    Vehicle,
)
from msap_mobility.tours.demand import Demand
from msap_mobility.tours.problem import TourProblem

KM_PER_DEGREE = 100.0

FRAIL = Group(
    id="frail", age="65_plus", car=False, alone=True, limits=(Limit(mode="walk", max_m=800),)
)
ABLE = Group(
    id="able", age="under_65", car=False, alone=False, limits=(Limit(mode="walk", max_m=2000),)
)
DRIVER = Group(
    id="driver", age="under_65", car=True, alone=False, limits=(Limit(mode="car", max_s=420),)
)
GROUPS = (FRAIL, ABLE, DRIVER)


class PlaneTimes:
    """Travel on a plane: straight lines at one speed."""

    def __init__(self, km_per_hour: float) -> None:
        self.km_per_hour = km_per_hour

    def table(
        self,
        origins: Points,
        destinations: Points,
        *,
        limit_s: float = np.inf,
        at: datetime | None = None,
    ) -> TimesTable:
        del limit_s, at
        east = origins.lon[:, None] - destinations.lon[None, :]
        north = origins.lat[:, None] - destinations.lat[None, :]
        km = KM_PER_DEGREE * np.hypot(east, north)
        return TimesTable(
            seconds=(km / self.km_per_hour * 3600).astype(np.float32),
            metres=(km * 1000).astype(np.float32),
            status=np.full(km.shape, Reached.OK, dtype=np.uint8),
        )

    def route(self, a: Place, b: Place) -> Route:
        km = KM_PER_DEGREE * math.hypot(a.lon - b.lon, a.lat - b.lat)
        return Route(
            seconds=km / self.km_per_hour * 3600,
            metres=km * 1000,
            line=((a.lon, a.lat), (b.lon, b.lat)),
            status=Reached.OK,
        )


def spot(name: str, x_km: float, y_km: float) -> Place:
    return Place(
        id=name, name=name.title(), lon=x_km / KM_PER_DEGREE, lat=y_km / KM_PER_DEGREE, commune=name
    )


def weekly(*weekdays: int, hours: tuple[tuple[int, int], ...]) -> Rhythm:
    """Hours of the clock (whole hours) on some weekdays."""
    return Rhythm(
        rule=EveryWeek(weekdays=tuple(sorted(weekdays))),
        hours=tuple(Hours(begin * 3600, end * 3600) for begin, end in hours),
    )


def hamlets(
    stops: list[Stop],
    rng: np.random.Generator,
    per_stop: int,
    *,
    spread_km: float = 1.0,
    people: float = 2.5,
) -> Homes:
    """Homes scattered around the stops, one in four of them frail."""
    rows = [
        Home(
            id=f"{stop.place.id}-{number}",
            lon=stop.place.lon + rng.normal(0, spread_km) / KM_PER_DEGREE,
            lat=stop.place.lat + rng.normal(0, spread_km) / KM_PER_DEGREE,
            people=people * float(rng.integers(1, 5)) / 2.5,
            group=("frail", "able", "able", "driver")[int(rng.integers(4))],
            commune=stop.place.id,
        )
        for stop in stops
        for number in range(per_stop)
    ]
    return Homes.of(rows, groups=GROUPS)


def crew(vehicle: str = "van", **changes: object) -> Crew:
    fields: dict[str, object] = {
        "id": f"crew-{vehicle}",
        "name": "L'équipe",
        "vehicle": vehicle,
        "services": ("grocery",),
        "weekdays": (0, 1, 3, 4),
    }
    return Crew(**{**fields, **changes})  # type: ignore[arg-type]


def van(name: str = "van", **changes: object) -> Vehicle:
    fields: dict[str, object] = {"id": name, "name": name, "depot": "depot", "capacity": 60}
    return Vehicle(**{**fields, **changes})  # type: ignore[arg-type]


def problem_of(
    stops: list[Stop],
    homes: Homes,
    *,
    vehicles: list[Vehicle] | None = None,
    crews: list[Crew] | None = None,
    cycle: Cycle | None = None,
    demand: Demand | None = None,
    depot: Place | None = None,
    **changes: object,
) -> TourProblem:
    places = Points.of([stop.place for stop in stops])
    return TourProblem.build(
        homes=homes,
        stops=stops,
        vehicles=vehicles or [van()],
        crews=crews or [crew()],
        depots=[depot or spot("depot", 0, 0)],
        modes=[
            Mode(id="walk", times=PlaneTimes(4).table(homes.points, places)),
            Mode(id="car", times=PlaneTimes(40).table(homes.points, places)),
        ],
        van_times=PlaneTimes(36),
        cycle=cycle or Cycle(weeks=2),
        demand=demand,
        **changes,  # type: ignore[arg-type]
    )


def forty_six_villages(seed: int = 0) -> TourProblem:
    """A synthetic territory of the size of CC Bray-Eawy: 46 villages within 16 km."""
    rng = np.random.default_rng(seed)
    stops = []
    for number in range(46):
        angle, radius = rng.uniform(0, 2 * math.pi), 16 * math.sqrt(rng.uniform())
        hours = None
        if number % 3 == 0:
            day = int(rng.integers(5))
            hours = (weekly(day, (day + 2) % 5, hours=((9, 12), (13, 17))),)
        place = spot(f"v{number}", radius * math.cos(angle), radius * math.sin(angle))
        stops.append(Stop(place=place, kind="room" if hours else "parked", hours=hours))
    homes = hamlets(stops, rng, 40, people=14.0)
    return problem_of(stops, homes, cycle=Cycle(weeks=2))


def random_problem(seed: int) -> TourProblem:
    """A small territory with some of every rule."""
    rng = np.random.default_rng(seed)
    weeks = int(rng.choice([1, 2, 4]))
    stops = [random_stop(rng, number, weeks) for number in range(int(rng.integers(1, 8)))]
    homes = hamlets(stops, rng, int(rng.integers(1, 30)), people=float(rng.choice([2.5, 30])))
    vehicles, crews = (
        [van(capacity=int(rng.integers(5, 60)))],
        [
            crew(
                weekdays=tuple(sorted(rng.choice(6, size=2, replace=False).tolist())),
                shift=Hours(30600, int(rng.integers(42000, 61200))),
                lunch_s=int(rng.choice([0, 2700])),
            )
        ],
    )
    if rng.random() < 0.5:
        vehicles.append(van("bus", setup_s=0, packing_s=0))
        crews.append(crew("bus", weekdays=(2,), shift=Hours(43200, 61200)))
    return problem_of(stops, homes, vehicles=vehicles, crews=crews, cycle=Cycle(weeks=weeks))


def random_stop(rng: np.random.Generator, number: int, weeks: int) -> Stop:
    hours = None
    if rng.random() < 0.4:
        begin = int(rng.integers(8, 15))
        hours = (weekly(int(rng.integers(6)), 6, hours=((begin, begin + 3),)),)
    return Stop(
        place=spot(f"s{number}", *rng.uniform(-15, 15, size=2).tolist()),
        kind="supply" if rng.random() < 0.1 else "room" if hours else "parked",
        hours=hours,
        every_weeks=int(rng.choice([week for week in (1, 2, 4) if weeks % week == 0])),
        must=bool(rng.random() < 0.15),
    )
