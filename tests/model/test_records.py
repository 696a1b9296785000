"""The records of the model check their own fields, all at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from msap_mobility.calendar import Cycle, Hours, Span
from msap_mobility.errors import InputError
from msap_mobility.model import Crew, Group, Home, Homes, Limit, Place, Reason, Stop, Vehicle
from msap_mobility.units import day

HERE = Place(id="h", name="Ici", lon=1.2, lat=49.7)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda: Place(id="x", name="x", lon=181.0, lat=-91.0), ["out_of_range", "out_of_range"]),
        (lambda: Limit(mode="walk"), ["limit_without_value"]),
        (lambda: Limit(mode="walk", max_m=0.0), ["not_positive"]),
        (lambda: Limit(mode="walk", max_s=float("nan")), ["not_positive"]),
        (
            lambda: Stop(place=HERE, dwell_min_s=-1, dwell_max_s=-2, every_weeks=0),
            ["negative_dwell", "dwell_max_below_min", "out_of_range"],
        ),
        (
            lambda: Vehicle(id="v", name="v", depot="h", capacity=0, setup_s=-1),
            ["not_positive", "out_of_range"],
        ),
        (
            lambda: Crew(
                id="c", name="c", vehicle="v", services=(), lunch_s=3600, lunch_window=Hours(0, 60)
            ),
            ["lunch_longer_than_window"],
        ),
        (
            lambda: Group(id="g", age="under_65", car=True, alone=False, limits=(), need=0.0),
            ["not_positive"],
        ),
        (lambda: Cycle(weeks=0, start=day("2027-01-05")), ["out_of_range", "not_a_monday"]),
        (lambda: Span(first=day("2027-01-05"), last=day("2027-01-04")), ["ends_before_start"]),
    ],
)
def test_wrong_fields_are_told_all_at_once(make: Callable[[], object], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert [fault.code for fault in caught.value.faults] == codes
    assert all(fault.text("fr") and fault.text("en") for fault in caught.value.faults)


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
