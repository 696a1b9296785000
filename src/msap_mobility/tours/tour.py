"""A planned tour, as records: what goes where, when, and who is left out.

This module holds data only. `tours.plan` makes it, `tours.check` verifies it, neither knows the
other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from msap_mobility.calendar import Cycle, Hours
from msap_mobility.model import Reason
from msap_mobility.provenance import Provenance

__all__ = ["Round", "TourPlan", "Unserved", "Visit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop of one round; times in seconds since midnight of its day.

    Parameters
    ----------
    place
        Id of the stop's place.
    arrive_s, leave_s
        When the van arrives and drives off.
    open_s, close_s
        When people are received: `open_s` is at least the set-up after `arrive_s`, `leave_s` at
        least the packing after `close_s`.
    units
        Units handed out (food baskets).
    """

    place: str
    arrive_s: int
    open_s: int
    close_s: int
    leave_s: int
    units: int

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "place": self.place,
            "arrive_s": self.arrive_s,
            "open_s": self.open_s,
            "close_s": self.close_s,
            "leave_s": self.leave_s,
            "units": self.units,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One vehicle's day, from the depot back to the depot.

    Parameters
    ----------
    day
        Day of the cycle, 0 = Monday of its first week.
    vehicle, crew
        Ids.
    depart_s, return_s
        Leaving the depot and being back, seconds since midnight.
    visits
        In driving order.
    lunch
        The break; None where the crew can lunch at the depot before or after the round.
    drive_s, drive_m
        Travel in all, seconds and metres.
    """

    day: int
    vehicle: str
    crew: str
    depart_s: int
    return_s: int
    visits: tuple[Visit, ...]
    lunch: Hours | None
    drive_s: int
    drive_m: int

    @property
    def weekday(self) -> int:
        """0 = Monday."""
        return self.day % 7

    @property
    def week(self) -> int:
        """Week of the cycle, 0 = the first."""
        return self.day // 7

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "day": self.day,
            "vehicle": self.vehicle,
            "crew": self.crew,
            "depart_s": self.depart_s,
            "return_s": self.return_s,
            "visits": [visit.to_dict() for visit in self.visits],
            "lunch_s": None if self.lunch is None else [self.lunch.start_s, self.lunch.end_s],
            "drive_s": self.drive_s,
            "drive_m": self.drive_m,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Round:
        """Read `to_dict` back."""
        fields = dict(data)
        lunch = fields.pop("lunch_s")
        fields["lunch"] = None if lunch is None else Hours(*lunch)
        fields["visits"] = tuple(Visit(**visit) for visit in data["visits"])
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """People the tour does not reach, counted by commune and reason.

    Already fit for publication: counts under the disclosure threshold are merged, see
    `coverage.disclosure`.

    Parameters
    ----------
    commune
        INSEE code, or empty where several communes are told together.
    homes, people
        How many.
    reason
        Why, and the smallest change that would reach the nearest of them.
    """

    commune: str
    homes: int
    people: float
    reason: Reason

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "commune": self.commune,
            "homes": self.homes,
            "people": self.people,
            "reason": self.reason.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Unserved:
        """Read `to_dict` back."""
        return cls(**{**data, "reason": Reason.from_dict(data["reason"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class TourPlan:
    """A tour on a cyclic calendar.

    Parameters
    ----------
    cycle
        The calendar it repeats on.
    rounds
        Sorted by day and vehicle; a vehicle that stays at home has no round that day.
    services
        What is offered at every stop.
    people_reached, people_in_all
        People with a visited stop within their limit, and everybody.
    unserved
        The others, and why.
    provenance
        Seed, iterations, objective (people's need reached), proven bound and gap.
    """

    cycle: Cycle
    rounds: tuple[Round, ...]
    services: tuple[str, ...]
    people_reached: float
    people_in_all: float
    unserved: tuple[Unserved, ...]
    provenance: Provenance

    @property
    def places(self) -> tuple[str, ...]:
        """Ids of the visited places, sorted."""
        return tuple(sorted({visit.place for tour in self.rounds for visit in tour.visits}))

    def to_dict(self) -> dict[str, Any]:
        """JSON data: equal for equal plans, whatever machine and hour made them."""
        return {
            "cycle": {
                "weeks": self.cycle.weeks,
                "start": self.cycle.start.isoformat(),
                "tz": self.cycle.tz,
            },
            "rounds": [tour.to_dict() for tour in self.rounds],
            "services": list(self.services),
            "people_reached": self.people_reached,
            "people_in_all": self.people_in_all,
            "unserved": [row.to_dict() for row in self.unserved],
            "provenance": self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TourPlan:
        """Read `to_dict` back."""
        cycle = Cycle(**{**data["cycle"], "start": date.fromisoformat(data["cycle"]["start"])})
        return cls(
            cycle=cycle,
            rounds=tuple(Round.from_dict(tour) for tour in data["rounds"]),
            services=tuple(data["services"]),
            people_reached=data["people_reached"],
            people_in_all=data["people_in_all"],
            unserved=tuple(Unserved.from_dict(row) for row in data["unserved"]),
            provenance=Provenance.from_dict(data["provenance"]),
        )
