"""Journals with the scheme in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.books.scenes import SCHEME, at, year
from tests.ledger.stores import Clock, Store, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.journal import Journal


@pytest.fixture
def clock() -> Clock:
    return Clock(at(2026, 9, 1))


@pytest.fixture
def lived(store: Store, clock: Clock) -> Journal:
    """A journal of two years, on each store."""
    journal = store.create(first=SCHEME, clock=clock)
    year(journal, clock)
    return journal


@pytest.fixture
def memory() -> Iterator[Store]:
    """A place in memory, where the kind of store is of no account."""
    with fresh("memory") as store:
        yield store


@pytest.fixture
def remembered(memory: Store, clock: Clock) -> Journal:
    """The same two years in memory."""
    journal = memory.create(first=SCHEME, clock=clock)
    year(journal, clock)
    return journal
