"""The rounds of a plan as people know them: one circuit, one letter, on these dates.

A round that comes again in another week of the cycle, stop for stop and minute for minute, is the
same circuit. Map, tables, calendar and exports are all made from these records, so that they
cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from msap_mobility.calendar import Hours
    from msap_mobility.model import Place, Route, TravelTimes
    from msap_mobility.tours.tour import Round, TourPlan, Visit

__all__ = ["Call", "Circuit", "circuits_of"]

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One stop of a circuit.

    Parameters
    ----------
    order
        1 = the first stop after the depot.
    place
        Where.
    arrive_s, open_s, close_s, leave_s
        Seconds since midnight; people are received from `open_s` to `close_s`.
    units
        Units handed out.
    serves
        Whether people are received; False where the van is only supplied.
    leg_m, leg_s
        Way from the stop before (or the depot): metres, seconds at the wheel.
    """

    order: int
    place: Place
    arrive_s: int
    open_s: int
    close_s: int
    leave_s: int
    units: int
    serves: bool
    leg_m: float
    leg_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One round and the days it is driven.

    Parameters
    ----------
    letter
        A, B, C … in the order of the calendar.
    days
        Days of the cycle, 0 = Monday of its first week; all on one weekday.
    dates
        Of those days in the first cycle.
    vehicle, crew
        Ids.
    depot
        Where it begins and ends.
    depart_s, return_s
        Seconds since midnight.
    calls
        In driving order.
    home_m, home_s
        Way back to the depot.
    lunch
        The break; None = none on the way.
    drive_m, drive_s
        Of the whole round, as the plan counts them.
    line
        (lon, lat) pairs of the whole way.
    """

    letter: str
    days: tuple[int, ...]
    dates: tuple[date, ...]
    vehicle: str
    crew: str
    depot: Place
    depart_s: int
    return_s: int
    calls: tuple[Call, ...]
    home_m: float
    home_s: float
    lunch: Hours | None
    drive_m: int
    drive_s: int
    line: Line

    @property
    def weekday(self) -> int:
        """0 = Monday."""
        return self.days[0] % 7

    @property
    def weeks(self) -> tuple[int, ...]:
        """Weeks of the cycle it is driven in, the first being 1."""
        return tuple(day // 7 + 1 for day in self.days)


def circuits_of(
    plan: TourPlan,
    *,
    places: Mapping[str, Place],
    depots: Mapping[str, str],
    supplies: Collection[str] = frozenset(),
    times: TravelTimes,
) -> tuple[Circuit, ...]:
    """The circuits of a plan, in the order of their first day.

    Parameters
    ----------
    plan
        The tour.
    places
        By id: every stop and depot.
    depots
        Place id of the depot, by vehicle id.
    supplies
        Ids of places where the van is only supplied.
    times
        Of the vehicles, for the way between two stops.
    """
    alike: dict[tuple[object, ...], list[Round]] = {}
    for tour in sorted(plan.rounds, key=lambda tour: (tour.day, tour.vehicle)):
        alike.setdefault(_sameness(tour), []).append(tour)
    return tuple(
        _circuit(
            letter_of(number),
            rounds,
            start=plan.cycle.start,
            depot=places[depots[rounds[0].vehicle]],
            places=places,
            supplies=supplies,
            times=times,
        )
        for number, rounds in enumerate(alike.values())
    )


def letter_of(number: int) -> str:
    """A to Z, then AA, AB and so on.

    Examples
    --------
    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'AA')
    """
    lead, last = divmod(number, 26)
    return (letter_of(lead - 1) if lead else "") + chr(ord("A") + last)


def _sameness(tour: Round) -> tuple[object, ...]:
    told = (tour.weekday, tour.vehicle, tour.crew, tour.depart_s, tour.return_s)
    return (*told, tour.visits, tour.lunch, tour.drive_m, tour.drive_s)


def _circuit(
    letter: str,
    rounds: list[Round],
    *,
    start: date,
    depot: Place,
    places: Mapping[str, Place],
    supplies: Collection[str],
    times: TravelTimes,
) -> Circuit:
    first = rounds[0]
    stops = [places[visit.place] for visit in first.visits]
    legs = [times.route(a, b) for a, b in zip([depot, *stops], [*stops, depot], strict=True)]
    calls = [
        _call(order, visit, place, leg, serves=place.id not in supplies)
        for order, (visit, place, leg) in enumerate(
            zip(first.visits, stops, legs[:-1], strict=True), start=1
        )
    ]
    return Circuit(
        letter=letter,
        days=tuple(tour.day for tour in rounds),
        dates=tuple(start + timedelta(days=tour.day) for tour in rounds),
        vehicle=first.vehicle,
        crew=first.crew,
        depot=depot,
        depart_s=first.depart_s,
        return_s=first.return_s,
        calls=tuple(calls),
        home_m=legs[-1].metres,
        home_s=legs[-1].seconds,
        lunch=first.lunch,
        drive_m=first.drive_m,
        drive_s=first.drive_s,
        line=tuple(pair for leg in legs for pair in leg.line),
    )


def _call(order: int, visit: Visit, place: Place, leg: Route, *, serves: bool) -> Call:
    return Call(
        order=order,
        place=place,
        arrive_s=visit.arrive_s,
        open_s=visit.open_s,
        close_s=visit.close_s,
        leave_s=visit.leave_s,
        units=visit.units,
        serves=serves,
        leg_m=leg.metres,
        leg_s=leg.seconds,
    )
