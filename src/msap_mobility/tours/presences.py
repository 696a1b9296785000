"""A plan as its villagers read it: who comes where, on which days, at what hours."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.calendar import EveryWeek, Hours, Rhythm
from msap_mobility.model import Presence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msap_mobility.calendar import Cycle
    from msap_mobility.model import Stop
    from msap_mobility.tours.tour import TourPlan

__all__ = ["presences"]


def presences(plan: TourPlan, stops: Iterable[Stop] = ()) -> tuple[Presence, ...]:
    """The recurring openings a plan makes, in the order of their first visit.

    Visits of a place at the same hours, evenly spaced over the cycle, become one presence ("every
    second Tuesday"); others one each, once a cycle.

    Parameters
    ----------
    plan
        A planned tour.
    stops
        Its candidate stops: a stop of the kind "supply" receives nobody, so it makes none.

    Returns
    -------
    tuple of Presence
        Channel "tour", the vehicle's id as their source.

    Examples
    --------
    >>> from msap_mobility.calendar import Cycle
    >>> from msap_mobility.provenance import Provenance
    >>> from msap_mobility.tours.tour import Round, TourPlan, Visit
    >>> visit = Visit(place="hall", arrive_s=35400, open_s=36000, close_s=39600, leave_s=40200,
    ...               units=8)
    >>> def on(day):
    ...     return Round(day=day, vehicle="van", crew="agent", depart_s=34200, return_s=41400,
    ...                  visits=(visit,), lunch=None, drive_s=2400, drive_m=30000)
    >>> plan = TourPlan(cycle=Cycle(weeks=4), rounds=(on(3), on(17)), services=("grocery",),
    ...                 people_reached=0, people_in_all=0, unserved=(),
    ...                 provenance=Provenance(verb="plan_tour", inputs_hash=""))
    >>> [presence.rhythm.text() for presence in presences(plan)]
    ['every 2 weeks from 2027-01-07 Th 10:00-11:00']
    """
    nobody = {stop.place.id for stop in stops if not stop.serves}
    days_of: dict[tuple[str, str, int, Hours], list[int]] = defaultdict(list)
    for tour in sorted(plan.rounds, key=lambda tour: (tour.day, tour.vehicle)):
        for visit in tour.visits:
            if visit.place not in nobody:
                hours = Hours(visit.open_s, visit.close_s)
                days_of[visit.place, tour.vehicle, tour.weekday, hours].append(tour.day)
    return tuple(
        Presence(
            place=place,
            services=plan.services,
            rhythm=Rhythm(rule=rule, hours=(hours,)),
            channel="tour",
            source=vehicle,
        )
        for (place, vehicle, _, hours), days in days_of.items()
        for rule in _rules(days, plan.cycle)
    )


def _rules(days: list[int], cycle: Cycle) -> Iterator[EveryWeek]:
    """Rules for days of one weekday: a single one if they are evenly spaced round the cycle."""
    gaps = {later - day for day, later in pairwise([*days, days[0] + cycle.days])}
    alone = len(gaps) > 1
    interval = cycle.weeks if alone else gaps.pop() // 7
    for day in days if alone else days[:1]:
        anchor = cycle.start + timedelta(days=day)
        yield EveryWeek(
            weekdays=(day % 7,), interval=interval, anchor=None if interval == 1 else anchor
        )
