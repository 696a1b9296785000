"""Fixtures of the ledger's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.stores import STORES, Clock, Store, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.journal import Journal


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty place for journals: memory, SQLite, PostgreSQL in turn."""
    with fresh(request.param) as store:
        yield store


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def journal(store: Store, clock: Clock) -> Journal:
    """A journal with the small scheme of `stores.SMALL`, read by `clock`."""
    return store.create(clock=clock)
