"""A clock set back keeps the order; a forked process opens the ledger anew."""

from __future__ import annotations

import os
import random
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.proof.verify import verify
from tests.ledger.faults.places import FIRST, SCHEME, open_journal, sale, told_of
from tests.ledger.stores import Clock, Store, fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.journal import Journal


def test_order_is_kept_when_the_clock_goes_back(store: Store) -> None:
    clock, draw = Clock(), random.Random(3)
    journal = store.create(SCHEME, FIRST, clock=clock)
    for turn in range(60):
        clock.now += draw.choice((-86_400_000_000, -1, 0, 1, 3_600_000_000))
        journal.post(sale(f"sale-{turn}", "purse/KM", 1))
    written = list(journal.entries())
    assert [each.entry.key for each in written[1:]] == [f"sale-{turn}" for turn in range(60)]
    assert all(a.recorded <= b.recorded for a, b in pairwise(written))
    assert all(a.seq + 1 == b.seq for a, b in pairwise(written))
    assert not verify(journal).findings


def test_a_hold_does_not_come_back_with_the_clock(store: Store) -> None:
    clock = Clock()
    journal = store.create(SCHEME, FIRST, clock=clock)
    journal.post(sale("sale", "purse/KM", 10))
    legs = {"purse/KM": -10, "person0/KM": 10}
    ends = clock.now + 60_000_000
    journal.post(Entry(key="hold", kind="hold", phase="reserve", legs=legs, expires=ends))
    clock.now = ends + 1
    journal.post(sale("later", "person1/KM", 1))
    clock.now -= 3_600_000_000
    journal.post(sale("back", "person1/KM", 1))
    assert journal.balance("purse/KM").available == 10
    assert not verify(journal).findings


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"])
def test_a_forked_process_is_told_to_open_it_again(kind: str) -> None:
    with fresh(kind) as store:
        journal = store.create(SCHEME, FIRST, clock=lambda: time.time_ns() // 1000)
        journal.post(sale("before", "purse/KM", 1))
        uses: list[Callable[[Journal], object]] = [
            lambda journal: journal.post(sale("within", "purse/KM", 1)),
            lambda journal: journal.balance("purse/KM"),
            lambda journal: journal.entry("before"),
            lambda journal: list(journal.entries()),
        ]
        assert [_code_in_a_fork(journal, use) for use in uses] == ["forked"] * 4
        assert _code_in_a_fork(journal, lambda journal: journal.close()) == ""
        if kind != "memory":
            assert _code_in_a_fork(journal, lambda _: _post_anew(told_of(store))) == ""
            assert journal.entry("anew") is not None
        assert not journal.post(sale("after", "purse/KM", 1)).replayed
        assert not verify(journal).findings


def _post_anew(place: str) -> None:
    journal = open_journal(place)
    journal.post(sale("anew", "purse/KM", 1))
    journal.close()


def _code_in_a_fork(journal: Journal, use: Callable[[Journal], object]) -> str:
    """Code of what a forked child is told; empty if it is let through."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        told = "no answer"
        try:
            use(journal)
            told = ""
        except Unusable as no:
            told = no.code
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
            told = repr(error)
        finally:
            os.write(into, told.encode())
            os._exit(0)
    os.close(into)
    told = os.read(out, 10_000).decode()
    os.close(out)
    os.waitpid(child, 0)
    return told
