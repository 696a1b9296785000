"""A plan becomes openings again: the same visits, told as rhythms."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.budget import Budget
from msap_mobility.calendar import Cycle, Rhythm
from msap_mobility.model import Stop
from msap_mobility.provenance import Provenance
from msap_mobility.tours.plan import plan_tour
from msap_mobility.tours.presences import presences
from msap_mobility.tours.tour import Round, TourPlan, Visit
from tests.tours.territory import random_problem, spot


def plan_of(days: dict[int, int], weeks: int = 4) -> TourPlan:
    """A plan that visits one hall on some days, opening at some hour."""
    rounds = [
        Round(
            day=day,
            vehicle="van",
            crew="agent",
            depart_s=0,
            return_s=80000,
            visits=(
                Visit(
                    place="hall",
                    arrive_s=hour * 3600 - 600,
                    open_s=hour * 3600,
                    close_s=hour * 3600 + 3600,
                    leave_s=hour * 3600 + 4200,
                    units=1,
                ),
            ),
            lunch=None,
            drive_s=0,
            drive_m=0,
        )
        for day, hour in days.items()
    ]
    return TourPlan(
        cycle=Cycle(weeks=weeks),
        rounds=tuple(rounds),
        services=("grocery",),
        people_reached=0,
        people_in_all=0,
        unserved=(),
        provenance=Provenance(verb="by_hand", inputs_hash=""),
    )


def told(days: dict[int, int], weeks: int = 4) -> list[str]:
    return [presence.rhythm.text() for presence in presences(plan_of(days, weeks))]


def test_even_visits_become_one_rhythm() -> None:
    assert told({1: 9, 8: 9, 15: 9, 22: 9}) == ["Tu 09:00-10:00"]
    assert told({8: 9, 22: 9}) == ["every 2 weeks from 2027-01-12 Tu 09:00-10:00"]
    assert told({8: 9}) == ["every 4 weeks from 2027-01-12 Tu 09:00-10:00"]


def test_uneven_visits_stay_apart() -> None:
    assert told({1: 9, 8: 9}) == [
        "every 4 weeks from 2027-01-05 Tu 09:00-10:00",
        "every 4 weeks from 2027-01-12 Tu 09:00-10:00",
    ]
    assert told({1: 9, 15: 14}) == [
        "every 4 weeks from 2027-01-05 Tu 09:00-10:00",
        "every 4 weeks from 2027-01-19 Tu 14:00-15:00",
    ]


def test_supply_receives_nobody() -> None:
    bank = Stop(place=spot("hall", 0, 0), kind="supply")
    assert presences(plan_of({1: 9}), [bank]) == ()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_openings_are_the_visits(seed: int) -> None:
    problem = random_problem(seed)
    plan = plan_tour(problem, budget=Budget(iterations=20))
    receiving = {stop.place.id for stop in problem.stops if stop.kind != "supply"}
    visits = sorted(
        (visit.place, tour.day * 86400 + visit.open_s, tour.day * 86400 + visit.close_s)
        for tour in plan.rounds
        for visit in tour.visits
        if visit.place in receiving
    )
    made = presences(plan, problem.stops)
    openings = sorted(
        (opening.place, opening.start_s, opening.end_s)
        for presence in made
        for opening in presence.openings(plan.cycle)
    )
    assert openings == visits
    for presence in made:
        assert (presence.channel, presence.services) == ("tour", plan.services)
        assert Rhythm.of(presence.rhythm.text()) == presence.rhythm
        first = next(presence.rhythm.dates(date(2027, 1, 4), date(2027, 2, 28)))
        assert first.weekday() == presence.rhythm.rule.weekdays[0]
