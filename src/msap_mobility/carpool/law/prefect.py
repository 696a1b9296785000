"""The yearly report of transport of social utility to the prefect.

C. transports R3133-5 and arrêté of 17 October 2019: each year before 1 March, for the calendar year
before. The association adds its own particulars (name, RNA number, address, employees, volunteers,
members, statutes, its rules for taking people along).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.carpool.law.checks import check_day, check_flag, check_id, check_whole
from msap_mobility.carpool.law.prefect_report import PrefectReport
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

__all__ = ["TusDriver", "TusPassenger", "TusRide", "TusVehicle", "prefect_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TusDriver:
    """A driver: volunteer, or employed by the association.

    Raises
    ------
    InputError
        With every fault.
    """

    id: str
    volunteer: bool = True

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, "id", self.id)
            check_flag(faults, "volunteer", self.volunteer)


@dataclass(frozen=True, slots=True, kw_only=True)
class TusPassenger:
    """A beneficiary, and by which condition of R3133-1: residence, resources, or both.

    Raises
    ------
    InputError
        With every fault; one of the two must hold.
    """

    id: str
    by_residence: bool
    by_resources: bool

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, "id", self.id)
            check_flag(faults, "by_residence", self.by_residence)
            check_flag(faults, "by_resources", self.by_resources)
            if self.by_residence is False and self.by_resources is False:
                faults.add("law_not_eligible", column="by_residence", value=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TusVehicle:
    """A vehicle: the association's own, or lent to it without profit; seats with the driver's.

    Raises
    ------
    InputError
        With every fault.
    """

    id: str
    seats: int
    owned: bool = False

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, "id", self.id)
            check_whole(faults, "seats", self.seats, 2, 9)
            check_flag(faults, "owned", self.owned)


@dataclass(frozen=True, slots=True, kw_only=True)
class TusRide:
    """One ride that took place.

    Parameters
    ----------
    on
        Its day, in France.
    driver, passenger, vehicle
        Their ids.
    distance_m
        Metres, up to a hundred kilometres (R3133-4).
    asked_cents
        Asked of the passenger, euro cents.

    Raises
    ------
    InputError
        With every fault.
    """

    on: date
    driver: str
    passenger: str
    vehicle: str
    distance_m: int
    asked_cents: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_day(faults, "on", self.on)
            for column in ("driver", "passenger", "vehicle"):
                check_id(faults, column, getattr(self, column))
            check_whole(faults, "distance_m", self.distance_m, 1, 100_000)
            check_whole(faults, "asked_cents", self.asked_cents, 0, 1_000_000)


def prefect_report(
    year: int,
    rides: Iterable[TusRide],
    *,
    drivers: Iterable[TusDriver],
    passengers: Iterable[TusPassenger],
    vehicles: Iterable[TusVehicle],
) -> PrefectReport:
    """The figures of one calendar year: those who rode, drove and were driven in it, and no others.

    C. transports R3133-5; arrêté of 17 October 2019.

    Parameters
    ----------
    year
        The calendar year reported on.
    rides
        Any rides; those of other years are passed over.
    drivers, passengers, vehicles
        All who appear in the year's rides, and possibly more.

    Raises
    ------
    InputError
        With every fault: an id given twice, or one in a ride that is not among those given.

    Examples
    --------
    >>> from datetime import date
    >>> report = prefect_report(
    ...     2026,
    ...     [TusRide(on=date(2026, 3, 2), driver="jeanne", passenger="paul", vehicle="clio",
    ...              distance_m=12_000, asked_cents=120)],
    ...     drivers=[TusDriver(id="jeanne")],
    ...     passengers=[TusPassenger(id="paul", by_residence=True, by_resources=False)],
    ...     vehicles=[TusVehicle(id="clio", seats=5)],
    ... )
    >>> report.trips, report.mean_distance_m, report.due
    (1, 12000, datetime.date(2027, 2, 28))
    """
    with Faults() as faults:
        check_whole(faults, "year", year, 2019, 9998)
        known = {
            "driver": _by_id(faults, "drivers", drivers),
            "passenger": _by_id(faults, "passengers", passengers),
            "vehicle": _by_id(faults, "vehicles", vehicles),
        }
        of_year = [ride for ride in rides if ride.on.year == year]
        for row, ride in enumerate(of_year, start=1):
            for column, records in known.items():
                if getattr(ride, column) not in records:
                    faults.add("law_not_given", row=row, column=column, value=getattr(ride, column))
    return _count(year, of_year, known)


def _by_id(
    faults: Faults, column: str, records: Iterable[TusDriver | TusPassenger | TusVehicle]
) -> dict[str, TusDriver | TusPassenger | TusVehicle]:
    found: dict[str, TusDriver | TusPassenger | TusVehicle] = {}
    for record in records:
        if record.id in found:
            faults.add("law_given_twice", column=column, value=record.id)
        found[record.id] = record
    return found


def _count(
    year: int,
    rides: Sequence[TusRide],
    known: Mapping[str, Mapping[str, TusDriver | TusPassenger | TusVehicle]],
) -> PrefectReport:
    def seen(column: str) -> list[TusDriver | TusPassenger | TusVehicle]:
        return [known[column][id_] for id_ in {getattr(ride, column): None for ride in rides}]

    drivers = [one for one in seen("driver") if isinstance(one, TusDriver)]
    people = [one for one in seen("passenger") if isinstance(one, TusPassenger)]
    cars = [one for one in seen("vehicle") if isinstance(one, TusVehicle)]
    owned = [car.seats for car in cars if car.owned]
    lent = [car.seats for car in cars if not car.owned]
    return PrefectReport(
        year=year,
        volunteers=sum(driver.volunteer for driver in drivers),
        employed=sum(not driver.volunteer for driver in drivers),
        residence_only=sum(one.by_residence and not one.by_resources for one in people),
        resources_only=sum(one.by_resources and not one.by_residence for one in people),
        both=sum(one.by_residence and one.by_resources for one in people),
        owned_vehicles=len(owned),
        owned_seats=sum(owned),
        lent_vehicles=len(lent),
        lent_seats=sum(lent),
        trips=len(rides),
        distance_m=sum(ride.distance_m for ride in rides),
        contribution_cents=sum(ride.asked_cents for ride in rides),
    )
