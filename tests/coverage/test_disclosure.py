"""No published count of a few households, whatever one adds and subtracts."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.coverage.disclosure import (
    compatible,
    is_safe,
    joint_classes,
    merge,
    publishable,
    tally,
)

THRESHOLD = 5


@st.composite
def tables(draw, most=6):
    """Households by area and class, many of them few."""
    classes = draw(st.integers(1, 4))
    count = st.sampled_from([0, 0, 1, 2, 4, 5, 6, 9, 30])
    rows = draw(st.lists(st.lists(count, min_size=classes, max_size=classes), max_size=most))
    return np.array(rows, dtype=np.int64).reshape(len(rows), classes)


def few(count):
    return 0 < count < THRESHOLD


def sets_of(size):
    return chain.from_iterable(combinations(range(size), n) for n in range(1, size + 1))


def deducible(known, wanted):
    """Whether `wanted` is a sum of multiples of the `known` rows."""
    return np.linalg.matrix_rank([*known, wanted]) == np.linalg.matrix_rank(known)


@settings(deadline=None)
@given(tables())
def test_no_row_tells_of_a_few_and_every_household_is_told_once(homes):
    areas = [f"area {number}" for number in range(len(homes))]
    rows = publishable(areas, homes, 2.5 * homes, threshold=THRESHOLD)
    assert not any(few(count) for row in rows for count in row.homes)
    if rows:
        told = [name for row in rows for name in row.areas]
        assert sorted(told) == [areas[n] for n in range(len(areas)) if homes[n].any()]
        assert np.sum([row.homes for row in rows], axis=0).tolist() == homes.sum(axis=0).tolist()
        assert np.sum([row.people for row in rows]) == pytest.approx(2.5 * homes.sum())
        assert all(len(row.areas) == 1 for row in rows[:-1])


@settings(deadline=None)
@given(tables())
def test_nothing_is_told_only_if_the_total_fails_itself(homes):
    rows = merge(homes, threshold=THRESHOLD)
    assert bool(rows) == (homes.any() and is_safe(homes.sum(axis=0), THRESHOLD))


@settings(deadline=None)
@given(tables())
def test_rows_that_are_safe_already_stand_alone(homes):
    safe = homes[[is_safe(row, THRESHOLD) and row.any() for row in homes]]
    assert merge(safe, threshold=THRESHOLD) == tuple((n,) for n in range(len(safe)))


@settings(deadline=None)
@given(tables())
def test_who_knows_the_totals_finds_nothing_more(homes):
    """Published rows and the total, added and subtracted, isolate no failing set of areas."""
    blocks = merge(homes, threshold=THRESHOLD)
    if not blocks:
        return
    rows = [np.isin(np.arange(len(homes)), block).astype(float) for block in blocks]
    known = [
        np.ones(len(homes)),
        *rows,
        *(np.eye(len(homes))[n] for n in np.flatnonzero(~homes.any(axis=1))),
    ]
    for chosen in sets_of(len(homes)):
        wanted = np.isin(np.arange(len(homes)), chosen).astype(float)
        if deducible(known, wanted):
            assert not any(few(count) for count in homes[list(chosen)].sum(axis=0))


@settings(deadline=None)
@given(tables(most=5), st.data())
def test_several_splits_side_by_side_isolate_nothing(homes, data):
    size = len(homes)
    partitions = []
    for _ in range(data.draw(st.integers(1, 3))):
        label = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
        blocks = [tuple(n for n in range(size) if label[n] == kind) for kind in range(3)]
        partitions.append([block for block in blocks if block])
    chosen = compatible(partitions, homes, threshold=THRESHOLD)
    if not chosen or size == 0:
        return
    sums = [block for number in chosen for block in partitions[number]]
    rows = [np.isin(np.arange(size), block).astype(float) for block in sums]
    for kind in range(homes.shape[1]):
        empty = {part for block in sums if homes[list(block), kind].sum() == 0 for part in block}
        known = [*rows, *(np.eye(size)[part] for part in empty)]
        for wanted in sets_of(size):
            vector = np.isin(np.arange(size), wanted).astype(float)
            if deducible(known, vector):
                assert not few(homes[list(wanted), kind].sum())


def test_two_margins_of_a_full_square_are_both_told():
    homes = np.array([[3, 40], [30, 40], [30, 40], [30, 40]])
    by_age, by_car = [(0, 1), (2, 3)], [(0, 2), (1, 3)]
    assert compatible([by_age, by_car], homes) == (0, 1)


def test_a_corner_of_the_square_that_is_empty_gives_another_away():
    homes = np.array([[3, 40], [30, 40], [30, 40]])
    assert compatible([[(0, 1), (2,)], [(0, 2), (1,)]], homes) == (0,)


def test_knowing_that_a_row_is_empty_helps_the_attacker():
    """With a = b = 0 known, {a, c, e} less {b, c} is e alone."""
    homes = np.array([[0, 40], [0, 40], [20, 40], [20, 40], [3, 40]])
    first, second = [(0, 1), (2, 3, 4)], [(0, 2, 4), (1, 3)]
    third = [(1, 2), (0, 3, 4)]
    assert compatible([first, second, third], homes) == (0, 1)
    homes[:2, 0] = 20
    assert compatible([first, second, third], homes) == (0, 1, 2)


def test_with_many_parts_only_one_split_is_told():
    homes = np.full((13, 2), 20)
    split = [tuple(range(5)), tuple(range(5, 13))]
    assert compatible([split, split], homes) == (0, 1)
    homes[0] = 3
    assert compatible([split, split], homes) == (0,)


def test_the_smallest_area_that_mends_is_taken():
    homes = np.array([[100, 3], [200, 0], [900, 40], [500, 30]])
    assert merge(homes) == ((1,), (2,), (0, 3))


def test_a_threshold_of_one_protects_nobody():
    assert merge(np.array([[1, 2], [3, 4]]), threshold=1) == ((0,), (1,))


def test_one_household_of_several_rows_counts_once():
    ids = np.array(["a", "a", "a", "b"])
    part, kind = np.array([0, 0, 0, -1]), np.array([0, 0, 1, 0])
    assert tally(ids, part, kind, parts=1).tolist() == [[1, 1]]


def test_joint_classes_are_the_finest():
    before = np.array([True, True, False, False])
    after = np.array([True, False, True, True])
    assert len(set(joint_classes(before, after))) == 3
