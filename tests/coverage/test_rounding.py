"""Rounded rows: true within their step, and nothing of a few households follows from them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.coverage import Coverage, Indicators, compare
from msap_mobility.coverage.audit import GroupCounts, PublishedRow, exposes
from msap_mobility.coverage.rounding import STEPS, fewest_homes, rounded_share, step_for
from msap_mobility.model import Group, Home, Homes, Limit
from msap_mobility.provenance import Provenance
from msap_mobility.scenario import Scenario
from tests.coverage.interval_attacker import IntervalAttacker, reached_after, reached_before

FOOT = (Limit(mode="walk", max_m=1000),)
GROUPS = tuple(
    Group(id=name, age=age, car=car, alone=alone, limits=FOOT)
    for name, age, car, alone in (
        ("frail", "65_plus", False, True),
        ("senior", "65_plus", False, False),
        ("senior_car", "65_plus", True, False),
        ("adult", "under_65", False, False),
        ("adult_car", "under_65", True, False),
    )
)
THRESHOLD = 4
LEVELS = ((0, 0), (0, 1), (1, 1), (1, 2), (1, 0))
"""Before and after: never, gained, kept, sooner, lost."""


def coverages(counts):
    """Before and after of so many one-person homes by group and pair of levels."""
    rows = [
        (group, *LEVELS[pair])
        for group, pair in np.ndindex(*counts.shape)
        for _ in range(counts[group, pair])
    ]
    homes = Homes.of(
        [
            Home(id=f"h{n}", lon=1.0, lat=49.0, people=1, group=GROUPS[group].id, commune="a")
            for n, (group, _, _) in enumerate(rows)
        ],
        groups=GROUPS,
    )
    return tuple(coverage_of(homes, [row[column] for row in rows]) for column in (1, 2))


def coverage_of(homes, levels):
    level = np.array(levels, dtype=np.float64)
    with np.errstate(divide="ignore"):
        wait_s = np.where(level > 0, 90_000 / level, np.inf)
    found = Indicators(
        reached=level > 0, space_time=level / 10, wait_s=wait_s, visits_per_week=level
    )
    return Coverage(
        homes=homes,
        low=found,
        high=found,
        services=(),
        stay_s=0,
        provenance=Provenance(verb="coverage", inputs_hash="ab"),
    )


@st.composite
def populations(draw):
    """Groups of enough homes for a step, with classes of a few."""
    often_few = st.sampled_from([0, 0, 1, 2, 3, 3, 5, 9, 20, 45])
    lost = st.sampled_from([0, 0, 0, 2, 6])
    return np.array(
        [[*(draw(often_few) for _ in range(4)), draw(lost)] for _ in range(len(GROUPS))]
    )


@settings(deadline=None, max_examples=25)
@given(populations())
def test_who_bounds_every_count_finds_no_few_households(counts):
    if not counts.any():
        return
    before, after = coverages(counts)
    told = compare(before, after, threshold=THRESHOLD)
    attacker = IntervalAttacker(before, after)
    attacker.reads_table(told.before, reached_before)
    attacker.reads_table(told.after, reached_after)
    attacker.reads_changes(told)
    assert attacker.finds(THRESHOLD) == []


@settings(deadline=None, max_examples=60)
@given(populations())
def test_nor_does_he_in_a_single_table(counts):
    if not counts.any():
        return
    before, after = coverages(counts)
    attacker = IntervalAttacker(before, after)
    attacker.reads_table(after.table(threshold=THRESHOLD), reached_after)
    assert attacker.finds(THRESHOLD) == []


@cache
def demo():
    scenario = Scenario.load("bellencombre")
    plan = scenario.plan_tour(budget="300 it")
    before, after = scenario.without_tour().coverage(), scenario.coverage(plan)
    return before, after


def attacker_of_the_demo(threshold):
    before, after = demo()
    told = compare(before, after, threshold=threshold)
    attacker = IntervalAttacker(before, after)
    attacker.reads_table(told.before, reached_before)
    attacker.reads_table(told.after, reached_after)
    attacker.reads_changes(told)
    return attacker


def test_the_demo_tells_of_every_group_and_of_no_few_households():
    before, after = demo()
    told = compare(before, after)
    assert [row.keys for row in told.by("group")] == [(g.id,) for g in before.homes.groups]
    assert {row.dimension for row in told.rows} >= {"age", "car", "alone", "group"}
    assert any(row.step for row in told.rows)
    assert any(attacker_of_the_demo(11).few(11)), "there is something to find"
    assert attacker_of_the_demo(11).finds(11) == []


def test_without_protection_he_would_find_some():
    assert attacker_of_the_demo(1).finds(11)


def test_exact_rows_stay_exact_and_rounded_ones_are_true_within_their_step():
    before, after = demo()
    told, exact = compare(before, after), compare(before, after, threshold=1)
    true = {(row.dimension, row.keys): row for row in exact.after.rows}
    for row in told.after.rows:
        if row.dimension == "commune":
            continue
        of_row = true[row.dimension, row.keys]
        if row.step == 0:
            assert row == of_row
            continue
        assert (row.homes, row.people) == (of_row.homes, of_row.people)
        assert abs(row.low.share_reached - of_row.low.share_reached) <= row.step / 2
        assert row.low.share_reached / row.step == pytest.approx(
            round(row.low.share_reached / row.step)
        )
        assert row.step in STEPS
        assert row.step * row.homes >= 22


def test_where_some_gain_and_others_lose_the_change_of_a_rounded_row_is_withheld():
    counts = np.array([[30, 30, 30, 0, 10]] * 5)
    counts[0, 2] = 2
    both = compare(*coverages(counts), threshold=THRESHOLD).by("group")
    counts[:, 4] = 0
    gain_only = compare(*coverages(counts), threshold=THRESHOLD).by("group")
    assert both[0].step
    assert both[0].reach is None
    assert gain_only[0].step
    assert gain_only[0].reach.gained > 0
    assert gain_only[0].reach.lost == 0
    assert gain_only[0].wait is None


def test_a_group_too_small_for_any_step_is_told_with_another():
    counts = np.array([[30, 30, 30, 0, 0]] * 5)
    counts[0] = [1, 1, 1, 0, 0]
    told = coverages(counts)[1].table(threshold=THRESHOLD)
    assert ("frail",) not in [row.keys for row in told.by("group")]
    assert all(row.homes >= 4 * THRESHOLD for row in told.by("group"))


def test_the_audit_is_what_makes_a_step_coarser():
    """5 and 8 are not reached, 13 in all: of the second, 3 to 10 would follow from a step of 20."""
    homes = np.array([[95, 5], [92, 8]])
    counts = GroupCounts(homes=homes, people=2.5 * homes, reached=np.array([[True, False]]))

    def found(step):
        rows = [PublishedRow((0,), step), PublishedRow((1,), step)]
        return exposes(rows, [(0,), (1,)], counts, 11)

    assert found(0.2)
    assert not found(0.5)


@given(st.integers(0, 20_000), st.integers(1, 30))
def test_the_step_is_the_smallest_that_stands_for_twice_the_threshold(homes, threshold):
    step = step_for(homes, threshold)
    if step is None:
        assert homes < fewest_homes(threshold)
        return
    assert homes >= fewest_homes(threshold)
    assert step * homes >= 2 * threshold
    assert not any(finer * homes >= 2 * threshold for finer in STEPS if finer < step)


@given(st.floats(0, 1), st.sampled_from(STEPS))
def test_a_rounded_share_is_the_nearest_multiple(share, step):
    rounded = rounded_share(share, step)
    assert 0 <= rounded <= 1
    assert abs(rounded - share) <= step / 2 + 1e-8
