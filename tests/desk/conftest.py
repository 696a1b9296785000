"""Fixtures of the desk's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.places import PLACES, Place, fresh
from tests.ledger.stores import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.desk import Desk
    from msap_mobility.ledger import Ledger


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty place for a desk: memory, SQLite, PostgreSQL in turn."""
    with fresh(request.param) as place:
        yield place


@pytest.fixture(params=PLACES[1:])
def lasting(request: pytest.FixtureRequest) -> Iterator[Place]:
    """An empty place that outlives the program: SQLite, PostgreSQL in turn."""
    with fresh(request.param) as place:
        yield place


@pytest.fixture
def clock(place: Place) -> Clock:
    """The clock of the place."""
    assert isinstance(place.clock, Clock)
    return place.clock


@pytest.fixture
def ledger(place: Place) -> Ledger:
    """A ledger of Ayen's rules; Paul and Lucie have a booklet each."""
    ours = place.ledger()
    for name in ("paul", "lucie"):
        ours.sell_booklet(name, km=50)
    return ours


@pytest.fixture
def desk(place: Place) -> Desk:
    """A desk without a ledger."""
    return place.desk()


@pytest.fixture
def paying(place: Place, ledger: Ledger) -> Desk:
    """A desk that tells the ledger."""
    return place.desk(ledger)
