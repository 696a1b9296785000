"""Coverage tables and comparisons: right sums, nothing of a few households, and a way back."""

import csv
import io
import json
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle
from msap_mobility.coverage import Comparison, Coverage, CoverageTable, Indicators, compare, measure
from msap_mobility.errors import InputError
from msap_mobility.model import (
    Group,
    Home,
    Homes,
    Limit,
    Mode,
    Opening,
    Place,
    TimesTable,
    Timetable,
)
from msap_mobility.provenance import Provenance, Source

FOOT = (Limit(mode="walk", max_m=1000),)
GROUPS = tuple(
    Group(id=name, age=age, car=car, alone=alone, limits=FOOT, need=need)
    for name, age, car, alone, need in (
        ("frail", "65_plus", False, True, 3.0),
        ("elder", "65_plus", True, False, 1.0),
        ("family", "under_65", True, False, 1.0),
        ("student", "under_65", False, True, 1.0),
    )
)
COMMUNES = ("a", "b", "c")
THRESHOLD = 4
WEEK_H = 168


def homes_of(rows):
    """Homes of one person each from (group number, commune number) pairs."""
    return Homes.of(
        [
            Home(
                id=f"h{number}",
                lon=1.0,
                lat=49.0,
                people=1,
                group=GROUPS[group].id,
                commune=COMMUNES[commune],
            )
            for number, (group, commune) in enumerate(rows)
        ],
        groups=GROUPS,
    )


def found(levels):
    """Measures from a level per home: 0 = never reached, the higher the better."""
    level = np.array(levels, dtype=np.float64)
    with np.errstate(divide="ignore"):
        wait_s = np.where(level > 0, 90000 / level, np.inf)
    return Indicators(
        reached=level > 0, space_time=level / 10, wait_s=wait_s, visits_per_week=level
    )


def coverage_of(homes, low, high=None, **asked):
    low = found(low)
    return Coverage(
        homes=homes,
        low=low,
        high=low if high is None else found(high),
        services=asked.get("services", ()),
        stay_s=asked.get("stay_s", 0),
        provenance=Provenance(
            verb="coverage",
            inputs_hash="ab",
            sources=(Source.of(name="homes", standing="assumed"),),
        ),
    )


@st.composite
def populations(draw):
    size = draw(st.integers(4, 40))
    member = st.tuples(st.integers(0, 3), st.integers(0, 2))
    homes = homes_of(draw(st.lists(member, min_size=size, max_size=size)))
    level = st.lists(st.sampled_from([0, 0, 1, 2]), min_size=size, max_size=size)
    return homes, draw(level), draw(level)


def row_of(table, dimension, key):
    return next(row for row in table.by(dimension) if row.keys == (key,))


# Right sums.


def test_every_figure_by_hand():
    homes = homes_of([(0, 0), (0, 1), (1, 0), (2, 1)])
    table = coverage_of(homes, [2, 0, 1, 0]).table(threshold=1)
    total, frail = table.total.low, row_of(table, "group", "frail").low
    assert (table.total.homes, table.total.people) == (4, 4.0)
    assert (total.people_reached, total.people_never, total.share_reached) == (2, 2, 0.5)
    assert total.space_time == pytest.approx((3 * 0.2 + 0.1) / (3 + 3 + 1 + 1))
    assert total.mean_wait_s == pytest.approx((45000 + 90000) / 2)
    assert total.median_wait_s is None  # half are never reached
    assert total.visits_per_week == pytest.approx(3 / 4)
    assert (frail.share_reached, frail.space_time) == (0.5, pytest.approx(0.1))
    assert row_of(table, "car", "no").low == row_of(table, "group", "frail").low
    assert row_of(table, "commune", "b").low.mean_wait_s is None
    assert [row.keys for row in table.by("commune")] == [("a",), ("b",)]


def test_the_median_is_a_wait_that_most_people_keep_within():
    homes = homes_of([(0, 0)] * 3)
    assert coverage_of(homes, [0, 1, 2]).table(threshold=1).total.low.median_wait_s == 90000


@settings(deadline=None)
@given(populations())
def test_the_rows_of_a_dimension_add_up_to_the_whole(population):
    homes, levels, _ = population
    table = coverage_of(homes, levels).table(threshold=1)
    for dimension in ("age", "car", "alone", "group", "commune"):
        rows = table.by(dimension)
        assert sum(row.homes for row in rows) == table.total.homes
        assert sum(row.low.people_reached for row in rows) == table.total.low.people_reached


@settings(deadline=None)
@given(populations(), st.randoms(use_true_random=False))
def test_the_order_of_homes_does_not_matter(population, random):
    homes, levels, _ = population
    order = list(range(len(homes)))
    random.shuffle(order)
    turned = homes_of(
        [(homes.group[i], COMMUNES.index(homes.communes[homes.commune[i]])) for i in order]
    )
    one = coverage_of(homes, levels).table(threshold=THRESHOLD)
    other = coverage_of(turned, [levels[i] for i in order]).table(threshold=THRESHOLD)
    assert [(row.dimension, row.keys, row.homes) for row in one.rows] == [
        (row.dimension, row.keys, row.homes) for row in other.rows
    ]
    for mine, theirs in zip(one.rows, other.rows, strict=True):
        if mine.low:
            assert theirs.low.space_time == pytest.approx(mine.low.space_time, rel=1e-12)


def test_homes_without_people_are_in_no_row():
    homes = homes_of([(0, 0), (1, 1)])
    homes.people[1] = 0
    table = coverage_of(homes, [1, 1]).table(threshold=1)
    assert [row.keys for row in table.by("commune")] == [("a",)]
    assert table.total.homes == 1


def test_where_nobody_lives_nothing_is_told():
    homes = homes_of([(0, 0)])
    homes.people[0] = 0
    (row,) = coverage_of(homes, [1]).table(threshold=1).rows
    assert (row.homes, row.people, row.low) == (0, 0.0, None)


def test_unknown_hours_give_two_sets_of_figures():
    homes = homes_of([(0, 0), (0, 1)])
    table = coverage_of(homes, [1, 0], [1, 2]).table(threshold=1)
    assert (table.total.low.share_reached, table.total.high.share_reached) == (0.5, 1.0)
    assert not table.total.certain
    assert row_of(table, "commune", "a").certain
    assert "(100.0%)" in table.summary("en")
    assert [line["hours"] for line in table.to_rows()[:2]] == ["known", "all"]


# Nothing of a few households.


def subsets(size):
    return chain.from_iterable(combinations(range(size), n) for n in range(1, size + 1))


class Attacker:
    """Reads every published sum, adds and subtracts, and knows what it means that one is zero."""

    def __init__(self, homes, kinds, kinds_count):
        shape = (len(GROUPS), len(COMMUNES), kinds_count)
        commune = [COMMUNES.index(homes.communes[number]) for number in homes.commune]
        self.counts = np.zeros(shape)
        np.add.at(self.counts, (homes.group, commune, kinds), 1)
        self.known = [np.ones(shape).ravel()]

    def mask(self, row, kinds):
        """The cells that a published number adds up."""
        mask = np.zeros(self.counts.shape, bool)
        for (g, group), (c, commune) in product(enumerate(GROUPS), enumerate(COMMUNES)):
            traits = {
                "all": "",
                "age": group.age,
                "car": "yes" if group.car else "no",
                "alone": "yes" if group.alone else "no",
                "group": group.id,
                "commune": commune,
            }
            if not row.keys or traits[row.dimension] in row.keys:
                mask[g, c, list(kinds)] = True
        return mask.ravel()

    def reads(self, row, kinds, people):
        mask = self.mask(row, kinds)
        assert self.counts.ravel()[mask].sum() == people
        self.known.append(mask.astype(float))
        if people == 0:  # so each of its cells is empty
            self.known += list(np.eye(len(mask))[mask])

    def finds_a_few(self):
        """Whether some set of groups, or of communes, is found with a count below the threshold."""
        _, sizes, space = np.linalg.svd(np.array(self.known), full_matrices=False)
        space = space[sizes > 1e-9]
        counts = self.counts.ravel()
        wanted = np.array(list(self._sums()))
        found = np.isclose(wanted @ space.T @ space, wanted, atol=1e-7).all(axis=1)
        return any(0 < count < THRESHOLD for count in wanted[found] @ counts)

    def _sums(self):
        """Every set of groups, and every set of communes, with every set of kinds."""
        groups, communes, kinds = self.counts.shape
        chosen = [(some, range(communes)) for some in subsets(groups)]
        chosen += [(range(groups), some) for some in subsets(communes)]
        for (group, commune), kind in product(chosen, subsets(kinds)):
            wanted = np.zeros(self.counts.shape)
            wanted[np.ix_(group, commune, kind)] = 1
            yield wanted.ravel()


@settings(deadline=None, max_examples=60)
@given(populations())
def test_an_attacker_with_a_table_finds_no_few_households(population):
    homes, levels, _ = population
    attacker = Attacker(homes, [int(level > 0) for level in levels], 2)
    for row in coverage_of(homes, levels).table(threshold=THRESHOLD).rows:
        if row.low is not None and row.step == 0:
            attacker.reads(row, (1,), row.low.people_reached)
            attacker.reads(row, (0,), row.low.people_never)
    assert not attacker.finds_a_few()


@settings(deadline=None, max_examples=60)
@given(populations())
def test_nor_with_the_figures_of_unknown_hours_beside_it(population):
    homes, levels, others = population
    high = np.maximum(levels, others)
    kinds = [int(b > 0) + int(a > 0) for b, a in zip(levels, high, strict=True)]
    attacker = Attacker(homes, kinds, 3)
    for row in coverage_of(homes, levels, high).table(threshold=THRESHOLD).rows:
        if row.low is not None and row.step == 0:
            attacker.reads(row, (2,), row.low.people_reached)
            attacker.reads(row, (1, 2), row.high.people_reached)
            attacker.reads(row, (0,), row.high.people_never)
    assert not attacker.finds_a_few()


@settings(deadline=None, max_examples=40)
@given(populations())
def test_an_attacker_with_all_three_tables_of_a_comparison_finds_none_either(population):
    homes, before, after = population
    kinds = [2 * (b > 0) + (a > 0) for b, a in zip(before, after, strict=True)]
    attacker = Attacker(homes, kinds, 4)
    told = compare(coverage_of(homes, before), coverage_of(homes, after), threshold=THRESHOLD)
    for table, reached in ((told.before, (2, 3)), (told.after, (1, 3))):
        for row in table.rows:
            if row.low is not None and row.step == 0:
                attacker.reads(row, reached, row.low.people_reached)
    for row in told.rows:
        if row.reach is not None and row.step == 0:
            for kind, name in enumerate(("never", "gained", "lost", "kept")):
                attacker.reads(row, (kind,), getattr(row.reach, name))
    assert not attacker.finds_a_few()


def test_two_tables_made_apart_would_tell_of_a_few():
    """Why `compare` makes its own: the difference of two harmless tables is one household."""
    homes = homes_of([(0, 0)] * 20)
    before, after = [1] * 10 + [0] * 10, [1] * 11 + [0] * 9
    assert all(
        coverage_of(homes, levels).table(threshold=5).total.low for levels in (before, after)
    )
    told = compare(coverage_of(homes, before), coverage_of(homes, after), threshold=5)
    assert told.total.reach is None
    assert told.before.total.low is None
    assert told.after.total.low.people_reached == 11
    assert told.summary("en").endswith("tell of fewer than 5 households: the change is not shown.")


# Before and after.


def test_who_gains_and_who_loses_by_hand():
    homes = homes_of([(0, 0), (0, 1), (1, 0), (2, 1), (3, 2)])
    told = compare(
        coverage_of(homes, [0, 2, 2, 1, 0]), coverage_of(homes, [1, 0, 1, 2, 0]), threshold=1
    )
    reach, wait = told.total.reach, told.total.wait
    assert (reach.gained, reach.lost, reach.kept, reach.never) == (1, 1, 2, 1)
    assert (wait.better, wait.same, wait.worse) == (2, 1, 2)
    assert told.total.space_time == wait
    assert told.total.wait_change_s == pytest.approx((45000 - 45000) / 2)
    assert row_of(told, "commune", "a").wait_change_s == 45000
    assert row_of(told, "commune", "b").reach.lost == 1
    assert row_of(told, "commune", "c").wait_change_s is None
    text = told.summary("en", {"a": "Ayen", "b": "Brive"})
    assert "A shorter wait, people by commune: Ayen (1), Brive (1)." in text
    assert "A longer wait, people by commune: Ayen (1), Brive (1)." in text
    assert "Ayen (1), Brive (1)" in told.summary("fr", {"a": "Ayen", "b": "Brive"})


@settings(deadline=None)
@given(populations(), st.sampled_from([1, THRESHOLD]))
def test_forth_and_back_are_each_others_mirror(population, threshold):
    homes, *levels = population
    before, after = (coverage_of(homes, level) for level in levels)
    forth = compare(before, after, threshold=threshold)
    back = compare(after, before, threshold=threshold)
    if forth.total.reach is None:
        assert back.total.reach is None
        return
    assert (forth.before, forth.after) == (back.after, back.before)
    for one, other in zip(forth.rows, back.rows, strict=True):
        assert (one.keys, one.homes, one.step) == (other.keys, other.homes, other.step)
        if one.reach is None:
            assert one.step > 0
            assert other.reach is None
        else:
            assert (one.reach.gained, one.reach.lost) == (other.reach.lost, other.reach.gained)
        for name in ("wait", "space_time"):
            mine, theirs = getattr(one, name), getattr(other, name)
            if mine is not None:
                assert (mine.better, mine.worse) == (theirs.worse, theirs.better)
        if one.wait_change_s is not None:
            assert other.wait_change_s == -one.wait_change_s


def test_the_same_coverage_twice_changes_nothing():
    homes = homes_of([(0, 0), (1, 1)])
    once = coverage_of(homes, [1, 0])
    total = compare(once, once, threshold=1).total
    assert (total.reach.gained, total.reach.lost) == (0, 0)
    assert total.wait.same == total.space_time.same == 2


def test_unknown_hours_are_compared_closed_or_open():
    homes = homes_of([(0, 0), (0, 0)])
    before, after = coverage_of(homes, [0, 0], [1, 0]), coverage_of(homes, [1, 0], [1, 0])
    assert compare(before, after, threshold=1).total.reach.gained == 1
    assert compare(before, after, threshold=1, optimistic=True).total.reach.gained == 0


def test_other_homes_or_another_question_are_refused_together():
    before = coverage_of(homes_of([(0, 0), (1, 1)]), [1, 1])
    after = coverage_of(homes_of([(0, 0), (2, 1)]), [1, 1], stay_s=60)
    with pytest.raises(InputError) as caught:
        compare(before, after)
    assert [fault.code for fault in caught.value.faults] == [
        "not_the_same_homes",
        "not_the_same_question",
    ]
    assert "group" in caught.value.text("en")
    assert "60 s" in caught.value.text("fr")


# A way back, and words.


@settings(deadline=None)
@given(populations(), st.sampled_from([1, THRESHOLD]))
def test_json_is_strict_and_leads_back(population, threshold):
    homes, levels, others = population
    high = np.maximum(levels, others)
    before, after = coverage_of(homes, levels, high), coverage_of(homes, others)
    table = before.table(threshold=threshold)
    told = compare(before, after, threshold=threshold)
    for result, kind in ((table, CoverageTable), (told, Comparison)):
        text = json.dumps(result.to_dict(), allow_nan=False)
        assert kind.from_dict(json.loads(text)) == result
        assert "h0" not in text
        for lang in ("en", "fr"):
            assert result.summary(lang)


def test_csv_rows_have_one_shape():
    homes = homes_of([(0, 0), (0, 1)])
    rows = coverage_of(homes, [1, 0]).table(threshold=2).to_rows()
    rows += coverage_of(homes, [1, 0], [1, 2]).table(threshold=1).to_rows()
    assert len({tuple(row) for row in rows}) == 1
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writerows(rows)
    assert "inf" not in out.getvalue()


def test_the_whole_way_from_openings_to_french_sentences():
    homes = homes_of([(0, 0)] * 12 + [(1, 1)] * 12)
    metres = np.where(np.arange(24) < 12, 100, 5000).astype(np.float32).reshape(-1, 1)
    times = TimesTable(seconds=metres, metres=metres, status=np.zeros((24, 1), np.uint8))
    place = Place(id="p", name="P", lon=1.0, lat=49.0)
    thursday = Opening(place="p", services=("a",), start_s=3 * 86400, end_s=3 * 86400 + 10800)
    empty, weekly = (
        measure(
            homes,
            Timetable.of(openings, places=[place], horizon=Cycle(weeks=1)),
            [Mode(id="walk", times=times)],
        )
        for openings in ([], [thursday])
    )
    assert weekly.summary("fr").splitlines()[0] == (
        "Sur 24 personnes, 12 (50,0\u202f%) ont à leur portée un lieu qui ouvre."
    )
    told = compare(empty, weekly)
    assert row_of(told, "commune", "a").reach.gained == 12
    assert row_of(told, "commune", "b").reach.never == 12
    assert "12 personnes sont nouvellement desservies." in told.summary("fr")
    assert told.after.total.low.space_time == pytest.approx(12 * 3 * 3 / WEEK_H / (12 * 3 + 12))
