"""Bounds and options against every choice and every way."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.optimise.routing.timing.bounds import Bounds
from msap_mobility.optimise.routing.timing.settle import require_all, settle
from msap_mobility.optimise.routing.timing.system import Differences, System

MOMENTS, HORIZON = 5, 30


@st.composite
def systems(draw: st.DrawFn) -> Differences:
    system = System(horizon=HORIZON)
    options = [*system.choice(2), *system.choice(3)]
    moment = st.integers(0, MOMENTS - 1)
    for _ in range(draw(st.integers(1, 9))):
        first, second = draw(st.lists(moment, min_size=2, max_size=2, unique=True))
        among = draw(st.lists(st.sampled_from(options), unique=True, max_size=3))
        added = {option: draw(st.integers(1, 25)) for option in among}
        system.least(first, second, draw(st.integers(-30, 12)), added)
    return system.differences()


def longest_ways(rows: Differences, chosen: tuple[int, ...]) -> np.ndarray | None:
    """Floyd and Warshall; None if a cycle never ends."""
    ways = np.full((MOMENTS, MOMENTS), -HORIZON)
    ways[0] = 0
    np.fill_diagonal(ways, 0)
    apart = rows.apart + rows.added[:, list(chosen)].sum(axis=1)
    np.maximum.at(ways, (rows.first, rows.second), apart)
    for middle in range(MOMENTS):
        ways = np.maximum(ways, np.add.outer(ways[:, middle], ways[middle]))
    return None if (np.diagonal(ways) > 0).any() else ways


@settings(max_examples=100)
@given(systems())
def test_what_settles_holds_for_every_choice_and_loses_none(rows: Differences) -> None:
    settled = settle(rows, MOMENTS, HORIZON)
    for chosen in product(*rows.groups):
        ways = longest_ways(rows, chosen)
        if ways is None:
            continue
        assert settled is not None
        assert settled.alive[list(chosen)].all()
        assert (settled.bounds.apart <= ways).all()
    if settled is not None:
        left = [*settled.open_groups, *([option] for option in settled.sure.tolist())]
        assert len(left) == len(rows.groups)


@settings(max_examples=100)
@given(systems(), st.integers(0, 1), st.integers(2, 4))
def test_bounds_are_the_longest_ways(rows: Differences, one: int, other: int) -> None:
    bounds, ways = Bounds(MOMENTS, HORIZON), longest_ways(rows, (one, other))
    apart = rows.apart + rows.added[:, [one, other]].sum(axis=1)
    assert require_all(bounds, rows, apart) == (ways is not None)
    if ways is not None:
        assert (bounds.apart == ways).all()


def test_an_option_that_comes_too_late_is_dropped() -> None:
    """Moment 1 within one of three windows and 10 before moment 2, which is over by 30."""
    system = System(horizon=100)
    early, late, never = system.choice(3)
    system.least(0, 1, 0, {early: 5, late: 20, never: 21})
    system.least(1, 2, 10)
    system.most(0, 2, 30)
    settled = settle(system.differences(), 3, 100)
    assert settled is not None
    assert settled.alive.tolist() == [True, True, False]
    assert settled.bounds.apart[0].tolist() == [0, 5, 15]
