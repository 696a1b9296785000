"""A budget is read from text and refuses what makes no sense."""

from __future__ import annotations

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


@pytest.mark.parametrize("text", ["", "soon", "2000", "-5 s", "it"])
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(InputError) as caught:
        Budget.of(text)
    assert [fault.code for fault in caught.value.faults] == ["not_a_budget"]


def test_every_wrong_number_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Budget(iterations=0, starts=-1, workers=0)
    assert [fault.column for fault in caught.value.faults] == ["iterations", "starts", "workers"]


def test_a_budget_without_limit_is_refused() -> None:
    with pytest.raises(InputError):
        Budget()


@given(st.integers(1, 10**9), st.integers(1, 64), st.integers(1, 64))
def test_iterations_survive_the_text(iterations: int, starts: int, workers: int) -> None:
    budget = Budget.of(f"{iterations} it", starts=starts, workers=workers)
    assert (budget.iterations, budget.starts, budget.workers) == (iterations, starts, workers)
