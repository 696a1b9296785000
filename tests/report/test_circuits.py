"""Rounds that come again are one circuit; nothing of the plan is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.report.circuits import circuits_of, letter_of
from msap_mobility.report.phrases import circuit_name, listed, weeks_phrase
from tests.report.tiny_story import PLACES, PLAN, Crow


def circuits(plan=PLAN, **more):
    return circuits_of(plan, places=PLACES, depots={"van": "maison"}, times=Crow(), **more)


def test_equal_rounds_of_two_weeks_are_one_circuit():
    assert [(tour.letter, tour.days) for tour in circuits()] == [
        ("A", (1, 15)),
        ("B", (3, 17)),
        ("C", (8,)),
    ]
    assert circuits()[0].dates == (date(2027, 1, 5), date(2027, 1, 19))
    assert circuits()[0].weeks == (1, 3)


@given(st.permutations(PLAN.rounds))
def test_the_order_of_the_rounds_changes_nothing(rounds):
    assert circuits(replace(PLAN, rounds=tuple(rounds))) == circuits()


def test_a_minute_later_is_another_circuit():
    late = replace(PLAN.rounds[3], depart_s=PLAN.rounds[3].depart_s - 60)
    rounds = (*PLAN.rounds[:3], late, PLAN.rounds[4])
    assert [tour.days for tour in circuits(replace(PLAN, rounds=rounds))] == [
        (1,),
        (3, 17),
        (8,),
        (15,),
    ]


def test_every_visit_of_the_plan_is_told_once():
    told = sorted(
        (day, call.place.id, call.open_s)
        for tour in circuits()
        for day in tour.days
        for call in tour.calls
    )
    planned = sorted(
        (tour.day, visit.place, visit.open_s) for tour in PLAN.rounds for visit in tour.visits
    )
    assert told == planned


def test_the_line_runs_from_the_depot_through_the_stops_and_back():
    tour = circuits()[0]
    corners = [(place.lon, place.lat) for place in (tour.depot, *(c.place for c in tour.calls))]
    assert [*dict.fromkeys(tour.line)] == corners
    assert tour.line[0] == tour.line[-1] == corners[0]


def test_nobody_is_received_where_the_van_is_supplied():
    serving = {
        call.place.id: call.serves for tour in circuits(supplies={"hall"}) for call in tour.calls
    }
    assert serving == {"hall": False, "square": True, "nasty": True}


@given(st.integers(0, 20_000))
def test_letters_count_on_without_repeating(number):
    letters = letter_of(number)
    value = 0
    for letter in letters:
        value = 26 * value + ord(letter) - ord("A") + 1
    assert value - 1 == number


def test_phrases():
    assert listed([], "fr") == ""
    assert listed(["a", "b"], "en") == "a and b"
    assert weeks_phrase([2], 4, "fr") == "semaine 2"
    assert circuit_name(circuits()[0], 4, "fr") == "A – mardi, semaines 1 et 3"
