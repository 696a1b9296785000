"""A budget is read from text and refuses what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.budget import Budget
from msap_mobility.errors import InputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 s", Budget(seconds=30)),
        ("2 min", Budget(seconds=120)),
        ("2000 it", Budget(iterations=2000)),
        ("20_000 iterations", Budget(iterations=20_000)),
        ("20 000 it", Budget(iterations=20_000)),
    ],
)
def test_budgets(text: str, expected: Budget) -> None:
    assert Budget.of(text) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "2000", "-5 s", "it", "9" * 5000 + " it", "9" * 5000 + " s"]
)
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Budget.of(text)
    assert [fault.code for fault in caught.value.faults] == ["not_a_budget"]


def test_every_wrong_number_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Budget(iterations=0, starts=-1, workers=0)
    assert [fault.column for fault in caught.value.faults] == ["iterations", "starts", "workers"]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"iterations": 1.5, "starts": 1.5, "workers": 1.5}, ["not_whole"] * 3),
        ({"iterations": float("inf"), "starts": float("nan")}, ["not_whole"] * 2),
        ({"iterations": "2000", "starts": None}, ["not_whole"] * 2),
        ({"seconds": float("nan")}, ["out_of_range"]),
        ({"seconds": float("inf")}, ["out_of_range"]),
        ({"seconds": 0}, ["out_of_range"]),
        ({"seconds": "30 s"}, ["not_a_number"]),
        ({"iterations": 2**53 + 1, "starts": 10_001, "workers": 1025}, ["out_of_range"] * 3),
    ],
)
def test_numbers_that_no_search_can_count(fields: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Budget(**fields)
    assert [fault.code for fault in caught.value.faults] == codes
    assert [fault.column for fault in caught.value.faults] == list(fields)


def test_a_budget_without_limit_is_refused() -> None:
    with pytest.raises(InputError):
        Budget()


@given(st.integers(1, 10**9), st.integers(1, 64), st.integers(1, 64))
def test_iterations_survive_the_text(iterations: int, starts: int, workers: int) -> None:
    budget = Budget.of(f"{iterations} it", starts=starts, workers=workers)
    assert (budget.iterations, budget.starts, budget.workers) == (iterations, starts, workers)
