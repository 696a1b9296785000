"""Whole numbers: what keeps the rules there keeps them in doubles, and exact stays exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.routing.ground import Aim, Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.whole import problem_of, scale_of
from msap_mobility.optimise.routing.problem import MANDATORY, UNLIMITED

PLACES = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]])


def ground_of(places: np.ndarray = PLACES, **changed: object) -> Ground:
    count = len(places) - 1
    fields: dict[str, object] = {
        "lengths": euclid(places),
        "timed": True,
        "visits": Visits.of(node=np.arange(1, count + 1), latest=100.0, service=0.3),
        "asked": Asked.of(visit=np.arange(count), vehicles=1),
        "fleet": Fleet.of(count=1, latest=200.0),
        "whole": False,
    }
    return Ground(**{**fields, **changed})  # type: ignore[arg-type]


def test_whole_lengths_stay_exact_and_others_are_not_shortened() -> None:
    problem = problem_of(ground_of())
    scale = scale_of(ground_of())
    assert scale == 10_000
    assert problem.duration_s[0, 0, 1] == 5 * scale
    assert problem.distance[0, 0, 1] == 5 * scale
    assert problem.duration_s[0, 0, 2] == 14_143  # the root of 2, up
    assert problem.distance[0, 0, 2] == 14_142  # to the nearest
    assert problem.tasks.service_s.tolist() == [3000, 3000]


@given(st.lists(st.tuples(st.floats(-99, 99), st.floats(-99, 99)), min_size=2, max_size=6))
def test_durations_are_never_shorter_and_never_a_unit_longer(
    places: list[tuple[float, float]],
) -> None:
    ground = ground_of(np.array(places))
    scale = scale_of(ground)
    told = problem_of(ground).duration_s[0] / scale
    assert (told >= ground.lengths - 1e-9).all()
    assert (told < ground.lengths + 1 / scale + 1e-9).all()


@given(st.floats(1.0, 5e6))
def test_horizons_fit_32_bits(latest: float) -> None:
    ground = ground_of(fleet=Fleet.of(count=1, latest=latest))
    assert latest * scale_of(ground) <= 2**30
    assert problem_of(ground).vehicles.latest_s[0] <= latest * scale_of(ground) + 1e-4


def test_limits_go_down_and_limited_lengths_up() -> None:
    ground = ground_of(fleet=Fleet.of(count=1, length=3.0000509, duration=1.9999909))
    problem, scale = problem_of(ground), scale_of(ground)
    assert problem.vehicles.max_distance.tolist() == [3_000_050]
    assert problem.vehicles.shift_s.tolist() == [1_999_990]
    assert problem.distance[0, 0, 2] == 1_414_214
    assert scale == 1_000_000


def test_what_only_costs_is_told_by_hundredths() -> None:
    assert scale_of(ground_of(timed=False)) == 100


def test_no_limit_stays_none() -> None:
    problem = problem_of(ground_of(visits=Visits.of(node=[1, 2]), timed=False))
    assert problem.vehicles.shift_s.tolist() == [UNLIMITED]
    assert len(problem.tasks.window_s) == 0
    assert not problem.duration_s.any()


def test_a_score_is_a_prize_and_driving_is_free() -> None:
    asked = Asked.of(visit=[0, 1], prize=[4, 2.5], vehicles=1)
    fleet = Fleet.of(count=1, length=12.0, per_length=0.0)
    problem = problem_of(ground_of(asked=asked, fleet=fleet, aim=Aim.SCORE))
    assert problem.requests.prize.tolist() == [40, 25]
    assert problem.vehicles.per_distance.tolist() == [0]
    assert problem.vehicles.max_distance.tolist() == [12 * 10**6]


def test_prizes_beside_costs_are_in_their_unit() -> None:
    problem = problem_of(ground_of(asked=Asked.of(visit=[0, 1], prize=[1.5, np.inf], vehicles=1)))
    assert problem.requests.prize.tolist() == [15_000, MANDATORY]


def test_a_vehicle_that_is_refused_lacks_a_skill() -> None:
    asked = Asked.of(visit=[0, 1], vehicles=3, refused=[[False, True, False], [False, True, True]])
    problem = problem_of(ground_of(asked=asked, fleet=Fleet.of(count=[1, 1, 1])))
    has, needs = problem.vehicles.skills, problem.requests.skills
    may = [[int(need) & ~int(skill) == 0 for skill in has] for need in needs]
    assert may == [[True, False, True], [True, False, False]]


def test_too_many_kinds_are_refused() -> None:
    asked = Asked.of(visit=[0], vehicles=64, refused=np.eye(1, 64, 63, dtype=bool))
    fleet = Fleet.of(count=np.ones(64, dtype=int))
    with pytest.raises(ValueError, match="more than 62 kinds"):
        problem_of(ground_of(PLACES[:2], asked=asked, fleet=fleet))
