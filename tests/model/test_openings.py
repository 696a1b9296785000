"""Openings and timetables: records and arrays say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle, EveryWeek, Hours, MonthlyWeekday, Rhythm
from msap_mobility.errors import InputError
from msap_mobility.model import Opening, Place, Presence, Timetable

PLACES = tuple(Place(id=name, name=name.upper(), lon=1.0, lat=45.0) for name in ("a", "b", "c"))
CYCLE = Cycle(weeks=2)
names = st.lists(st.sampled_from(["caf", "grocery", "msa"]), unique=True).map(
    lambda found: tuple(sorted(found)),
)


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    start_s = draw(st.integers(0, CYCLE.period_s - 2))
    return Opening(
        place=draw(st.sampled_from(["a", "b", "c"])),
        services=draw(names),
        start_s=start_s,
        end_s=draw(st.integers(start_s + 1, CYCLE.period_s)),
        channel=draw(st.sampled_from(["hub", "tour"])),
        capacity=draw(st.none() | st.integers(0, 50)),
        notice_s=draw(st.integers(0, 86_400)),
        audience=draw(st.just(()) | st.just(("frail",))),
        certain=draw(st.booleans()),
        source=draw(st.sampled_from(["", "van"])),
    )


@given(st.lists(openings(), max_size=8))
def test_records_survive_the_arrays(rows: list[Opening]) -> None:
    table = Timetable.of(rows, places=PLACES, horizon=CYCLE)
    assert sorted(table.openings(), key=repr) == sorted(rows, key=repr)
    assert len(table) == len(rows)


@given(st.lists(openings(), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(rows: list[Opening], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = Timetable.of(rows, places=PLACES, horizon=CYCLE)
    other = Timetable.of(shuffled, places=PLACES, horizon=CYCLE)
    np.testing.assert_array_equal(one.place, other.place)
    np.testing.assert_array_equal(one.start_s, other.start_s)
    np.testing.assert_array_equal(one.end_s, other.end_s)


def test_wrong_openings_are_told_all_at_once() -> None:
    rows = [
        Opening(place="z", services=(), start_s=0, end_s=10),
        Opening(place="a", services=(), start_s=10, end_s=10),
    ]
    with pytest.raises(InputError) as caught:
        Timetable.of(rows, places=PLACES, horizon=CYCLE)
    assert [fault.code for fault in caught.value.faults] == ["unknown_place", "ends_before_start"]


def test_more_services_than_a_mask_holds_are_refused() -> None:
    rows = [Opening(place="a", services=(f"s{i}",), start_s=0, end_s=1) for i in range(65)]
    with pytest.raises(InputError) as caught:
        Timetable.of(rows, places=PLACES, horizon=CYCLE)
    assert caught.value.faults[0].value == 65


def test_sixty_four_services_fit() -> None:
    rows = [Opening(place="a", services=(f"s{i:02d}",), start_s=i, end_s=i + 1) for i in range(64)]
    table = Timetable.of(rows, places=PLACES, horizon=CYCLE)
    assert [opening.services for opening in table.openings()] == [row.services for row in rows]


def test_presences_are_laid_on_the_cycle() -> None:
    thursdays = Presence(
        place="b",
        services=("grocery",),
        channel="tour",
        source="van",
        rhythm=Rhythm(rule=EveryWeek(weekdays=(3,)), hours=(Hours(48_600, 59_400),)),
    )
    table = Timetable.from_presences([thursdays], places=PLACES, horizon=CYCLE)
    day = 86_400
    assert table.start_s.tolist() == [3 * day + 48_600, 10 * day + 48_600]
    assert table.bounds_s == (0, 14 * day)


def test_every_rhythm_that_does_not_fit_the_cycle_is_named() -> None:
    second_thursdays = Presence(
        place="b",
        services=(),
        rhythm=Rhythm(rule=MonthlyWeekday(weekday=3, nth=(2,)), hours=(Hours(0, 60),)),
    )
    with pytest.raises(InputError) as caught:
        Timetable.from_presences([second_thursdays] * 2, places=PLACES, horizon=CYCLE)
    assert [fault.code for fault in caught.value.faults] == ["not_on_this_cycle"] * 2
