"""A booking that is over keeps nothing back, though no entry has ended it yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from msap_mobility.ledger.journal import instant_of
from tests.ledger.scheme.ledgers import begun, check_books, ride
from tests.ledger.stores import NOON, Clock

HOUR = 3_600_000_000
NOW = instant_of(NOON)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(store, clock):
    """Two rides are booked: until an hour from now, and until three hours from now."""
    ledger = begun(store, clock=clock)
    ledger.sell_booklet("paul", km=50)
    ledger.promise_ride(ride("r1", km=10), expires=NOW + timedelta(hours=1))
    ledger.promise_ride(ride("r2", km=20), expires=NOW + timedelta(hours=3))
    yield ledger
    check_books(ledger)


def kept(ledger, at=None) -> tuple[int, int]:
    """Held back from Paul, and on its way to Jeanne."""
    paul, jeanne = (ledger.balance(who, at=at)["KM"] for who in ("paul", "jeanne"))
    return paul.outgoing, jeanne.incoming


def test_it_is_free_when_its_time_is_over(ledger, clock) -> None:
    assert kept(ledger) == (30, 30)
    clock.now = NOON + HOUR - 1
    assert kept(ledger) == (30, 30)
    clock.now = NOON + HOUR
    assert kept(ledger) == (20, 20)
    clock.now = NOON + 3 * HOUR
    assert kept(ledger) == (0, 0)
    assert ledger.balance("paul")["KM"].available == 50


def test_the_posting_that_ends_it_changes_nothing(ledger, clock) -> None:
    clock.now = NOON + 2 * HOUR
    before = kept(ledger)
    ledger.add_shop("bakery")
    assert ledger.journal.entry("r1/promised/expired") is not None
    assert kept(ledger) == before == (20, 20)


@pytest.mark.parametrize("ended", [False, True])
def test_at_a_past_or_later_moment(ledger, clock, ended: bool) -> None:
    if ended:
        clock.now = NOON + 4 * HOUR
        ledger.add_shop("bakery")
    moments = {0.5: 30, 1: 20, 2: 20, 3: 0, 5: 0}
    assert {hours: kept(ledger, NOW + timedelta(hours=hours))[0] for hours in moments} == moments


def test_what_was_settled_or_cancelled_in_time_is_not_taken_off_twice(ledger, clock) -> None:
    clock.now = NOON + HOUR // 2
    ledger.settle(ride("r1", km=10))
    ledger.cancel_ride("r2")
    for hours in (0.75, 1, 3, 9):
        assert kept(ledger, NOW + timedelta(hours=hours)) == (0, 0)
    assert kept(ledger, NOW + timedelta(hours=0.25)) == (30, 30)
    clock.now = NOON + 9 * HOUR
    assert kept(ledger) == (0, 0)
