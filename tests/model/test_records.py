"""The records of the model check their own fields, all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from msap_mobility.calendar import Cycle, Hours, Rhythm, Span
from msap_mobility.errors import InputError
from msap_mobility.model import (
    Crew,
    Group,
    Home,
    Homes,
    Limit,
    Place,
    Points,
    Presence,
    Reason,
    Service,
    Stop,
    Vehicle,
)
from msap_mobility.units import day

NAN, INF = float("nan"), float("inf")
HERE = Place(id="h", name="Ici", lon=1.2, lat=49.7)
AGENT: dict[str, Any] = {"id": "c", "name": "c", "vehicle": "v", "services": ()}
PEOPLE: dict[str, Any] = {
    "id": "g",
    "age": "under_65",
    "car": True,
    "alone": False,
    "limits": (),
}
DOOR: dict[str, Any] = {
    "place": "h",
    "services": (),
    "rhythm": Rhythm.of("Mo 9:00-12:00"),
}
HOMES = Homes.of(
    [Home(id=name, lon=1.0, lat=49.0, people=1, group="g") for name in ("a", "b")],
    groups=(Group(**PEOPLE),),
)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: Place(id="x", name="x", lon=181.0, lat=-91.0), ["out_of_range", "out_of_range"]),
        (lambda: Limit(mode="walk"), ["limit_without_value"]),
        (lambda: Limit(mode="walk", max_m=0.4), ["out_of_range"]),
        (lambda: Limit(mode="walk", max_m=1.5), ["not_whole"]),
        (lambda: Limit(mode="walk", max_m=INF, max_s=NAN), ["out_of_range"] * 2),
        (
            lambda: Stop(place=HERE, dwell_min_s=-1, dwell_max_s=-2, every_weeks=0),
            ["out_of_range"] * 3,
        ),
        (
            lambda: Stop(place=HERE, dwell_min_s=60, dwell_max_s=59, every_weeks=54),
            ["dwell_max_below_min", "out_of_range"],
        ),
        (
            lambda: Stop(place=HERE, dwell_max_s=86_401, dwell_min_s=0.5),  # type: ignore[arg-type]
            ["not_whole", "out_of_range"],
        ),
        (
            lambda: Vehicle(id="v", name="v", depot="h", capacity=0, setup_s=-1),
            ["out_of_range"] * 2,
        ),
        (
            lambda: Vehicle(id="v", name="v", depot="h", capacity=1_000_001, packing_s=86_401),
            ["out_of_range"] * 2,
        ),
        (lambda: Crew(**AGENT, weekdays=(9, 9, -1)), ["out_of_range"] * 3),
        (lambda: Crew(**AGENT, weekdays=(3, 1)), ["not_in_order"]),
        (lambda: Crew(**AGENT, weekdays=(1, 1)), ["not_in_order"]),
        (lambda: Crew(**AGENT, weekdays=()), ["nothing_given"]),
        (lambda: Crew(**AGENT, lunch_s=10**12), ["out_of_range"]),
        (
            lambda: Crew(
                id="c", name="c", vehicle="v", services=(), lunch_s=3600, lunch_window=Hours(0, 60)
            ),
            ["lunch_longer_than_window"],
        ),
        (lambda: Group(**PEOPLE, need=0.0), ["not_positive"]),
        (lambda: Group(**PEOPLE, need=INF), ["out_of_range"]),
        (lambda: Group(**PEOPLE, need=NAN), ["out_of_range"]),
        (lambda: Group(**{**PEOPLE, "need": "2"}), ["not_a_number"]),
        (
            lambda: Group(**{**PEOPLE, "limits": (Limit(mode="walk", max_m=8),) * 2}),
            ["two_limits"],
        ),
        (lambda: Group(**PEOPLE, hours=((7, Hours(0, 60)),)), ["out_of_range"]),
        (lambda: Group(**PEOPLE, hours=((1, Hours(0, 60)), (0, Hours(0, 60)))), ["not_in_order"]),
        (lambda: Group(**PEOPLE, hours=((1, Hours(0, 60)), (1, Hours(9, 60)))), ["hours_overlap"]),
        (
            lambda: Home(id="h", lon=999, lat=NAN, people=-4, group="g"),
            ["out_of_range"] * 3,
        ),
        (lambda: Home(id="h", lon=1.0, lat=49.0, people=INF, group="g"), ["out_of_range"]),
        (lambda: Points(np.array([1.0, NAN]), np.array([91.0, 49.0])), ["out_of_range"] * 2),
        (lambda: replace(HOMES, people=np.array([1.0, NAN])), ["out_of_range"]),
        (lambda: replace(HOMES, people=np.array([9e8, 9e8])), ["too_many_people"]),
        (lambda: Presence(**DOOR, capacity=3_000_000_000), ["out_of_range"]),
        (lambda: Presence(**DOOR, capacity=-1, notice_s=-1), ["out_of_range"] * 2),
        (lambda: Cycle(weeks=2, start=day("9999-12-27")), ["out_of_range"]),
        (lambda: Span(first=day("0001-01-01"), last=day("9999-12-31")), ["out_of_range"] * 2),
        (lambda: Cycle(weeks=0, start=day("2027-01-05")), ["out_of_range", "not_a_monday"]),
        (lambda: Span(first=day("2027-01-05"), last=day("2027-01-04")), ["ends_before_start"]),
    ],
)
def test_wrong_fields_are_told_all_at_once(make: Callable[[], object], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert [fault.code for fault in caught.value.faults] == codes
    assert all(fault.text("fr") and fault.text("en") for fault in caught.value.faults)


@pytest.mark.parametrize("name", ["caf;msa", " hall", "hall\n", "a\nb", ""])
@pytest.mark.parametrize(
    "make",
    [
        lambda name: Place(id=name, name="x", lon=1.0, lat=49.0),
        lambda name: Service(id=name, name="x"),
        lambda name: Group(**{**PEOPLE, "id": name}),
        lambda name: Vehicle(id=name, name="v", depot="h", capacity=1),
        lambda name: Crew(**{**AGENT, "id": name}),
    ],
)
def test_an_id_that_no_file_can_name_is_refused(make: Callable[[str], object], name: str) -> None:
    with pytest.raises(InputError) as caught:
        make(name)
    (fault,) = caught.value.faults
    assert (fault.code, fault.column, fault.value) == ("id_not_usable", "id", name)
    assert fault.text("fr") != fault.text("en")


def test_homes_name_every_unknown_group() -> None:
    rows = [Home(id=str(i), lon=1.0, lat=49.0, people=1, group="nobody") for i in range(2)]
    with pytest.raises(InputError) as caught:
        Homes.of(rows, groups=())
    assert [fault.code for fault in caught.value.faults] == ["unknown_group"] * 2


def test_a_year_of_a_span_is_as_long_with_daylight_saving() -> None:
    year = Span(first=day("2026-01-01"), last=day("2026-12-31"))
    assert year.length_s == 365 * 86_400
    summer = Span(first=day("2026-03-29"), last=day("2026-03-29"))
    winter = Span(first=day("2026-10-25"), last=day("2026-10-25"))
    assert (summer.length_s, winter.length_s) == (23 * 3600, 25 * 3600)


def test_a_reason_survives_json() -> None:
    reason = Reason(code="no_stop_within_reach", amount=1200, unit="m", where="h")
    assert Reason.from_dict(reason.to_dict()) == reason
