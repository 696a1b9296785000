"""Who can get where: the rule itself, against a plain double loop."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.coverage import reach as reach_module
from msap_mobility.coverage import reachable
from msap_mobility.errors import InputError
from msap_mobility.model import Group, Home, Homes, Limit, Mode, TimesTable

WALKER = Group(
    id="walker", age="65_plus", car=False, alone=True, limits=(Limit(mode="walk", max_m=800),)
)
DRIVER = Group(
    id="driver",
    age="under_65",
    car=True,
    alone=False,
    limits=(Limit(mode="walk", max_m=2000), Limit(mode="car", max_s=900, max_m=10000)),
)
STRANDED = Group(id="stranded", age="65_plus", car=False, alone=True, limits=())
GROUPS = (WALKER, DRIVER, STRANDED)


def homes_of(groups):
    rows = [
        Home(id=f"h{number}", lon=1.0, lat=49.0, people=1, group=GROUPS[group].id)
        for number, group in enumerate(groups)
    ]
    return Homes.of(rows, groups=GROUPS)


def mode_of(name, seconds, metres, **more):
    seconds, metres = np.array(seconds, np.float32), np.array(metres, np.float32)
    status = np.where(np.isfinite(seconds), 0, 1).astype(np.uint8)
    return Mode(id=name, times=TimesTable(seconds=seconds, metres=metres, status=status), **more)


def pairs_of(reach):
    return {
        (int(home), int(place)): (float(seconds), int(mode))
        for home, place, seconds, mode in zip(
            reach.home, reach.place, reach.seconds, reach.mode, strict=True
        )
    }


def by_hand(homes, places_count, modes):
    """The rule as it is written, one pair at a time."""
    found = {}
    for home in range(len(homes)):
        for place in range(places_count):
            for number, mode in enumerate(modes):
                seconds = float(mode.times.seconds[home, place])
                metres = float(mode.times.metres[home, place])
                for limit in homes.groups[homes.group[home]].limits:
                    if limit.mode != mode.id or not math.isfinite(seconds):
                        continue
                    if limit.max_s is not None and seconds > limit.max_s:
                        continue
                    if limit.max_m is not None and metres > limit.max_m:
                        continue
                    if seconds < found.get((home, place), (math.inf, -1))[0]:
                        found[home, place] = (seconds, number)
    return found


@st.composite
def cases(draw):
    groups = draw(st.lists(st.integers(0, 2), max_size=6))
    places_count = draw(st.integers(0, 5))
    cell = st.sampled_from([0.0, 300.0, 800.0, 801.0, 900.0, 901.0, 2000.0, 10001.0, math.inf])
    modes = []
    for name in ("walk", "car", "bike"):
        seconds = [[draw(cell) for _ in range(places_count)] for _ in groups]
        metres = [[s if math.isinf(s) else draw(cell) for s in row] for row in seconds]
        shape = (len(groups), places_count)
        modes.append(mode_of(name, np.reshape(seconds, shape), np.reshape(metres, shape)))
    return homes_of(groups), places_count, modes


@settings(deadline=None)
@given(cases(), st.sampled_from([1, 7, 1 << 21]))
def test_equals_the_double_loop_whatever_the_chunks(case, cells_at_once):
    homes, places_count, modes = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach_module, "_CELLS_AT_ONCE", cells_at_once)
        reach = reachable(homes, places_count, modes)
    assert pairs_of(reach) == by_hand(homes, places_count, modes)
    assert len(reach) == len(homes)
    for home in range(len(homes)):
        assert (np.diff(reach.places_of(home)) > 0).all()


def test_array_types_are_the_promised_ones():
    reach = reachable(homes_of([0, 1]), 1, [mode_of("walk", [[0], [10]], [[0], [10]])])
    assert [reach.indptr.dtype, reach.place.dtype] == [np.int64, np.int32]
    assert [reach.seconds.dtype, reach.mode.dtype] == [np.float32, np.int8]


def test_zero_distance_is_a_real_pair():
    reach = reachable(homes_of([0]), 2, [mode_of("walk", [[0, math.inf]], [[0, math.inf]])])
    assert pairs_of(reach) == {(0, 0): (0.0, 0)}


def test_the_first_mode_wins_a_tie():
    same = [[600]]
    modes = [mode_of("car", same, same), mode_of("walk", same, same)]
    assert pairs_of(reachable(homes_of([1]), 1, modes)) == {(0, 0): (600.0, 0)}


def test_both_parts_of_a_limit_bind():
    near_but_slow = mode_of("car", [[901]], [[500]])
    fast_but_far = mode_of("car", [[500]], [[10001]])
    for mode in (near_but_slow, fast_but_far):
        assert pairs_of(reachable(homes_of([1]), 1, [mode])) == {}


def test_every_wrong_mode_is_told_at_once():
    modes = [
        mode_of("walk", [[1, 2]], [[1, 2]]),
        mode_of("car", [[1]], [[1]], chance=np.array([0.5])),
        mode_of("car", [[1]], [[1]]),
    ]
    with pytest.raises(InputError) as caught:
        reachable(homes_of([0]), 1, modes)
    assert [fault.code for fault in caught.value.faults] == [
        "times_of_other_size",
        "mode_by_chance",
        "mode_twice",
    ]
    assert "2 places, not for 1 homes" in caught.value.text("en")
    assert "deux fois" in caught.value.text("fr")
