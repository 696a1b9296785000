"""Many processes at once: nothing lost, nothing twice, no floor broken."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.proof.verify import verify
from tests.ledger.faults.places import FIRST, PERSONS, SCHEME, sale, told_of
from tests.ledger.stores import Store, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A ledger that other processes can open."""
    with fresh(request.param) as store:
        store.create(SCHEME, FIRST, clock=lambda: time.time_ns() // 1000)
        yield store


def crowd(store: Store, verb: str, processes: int, times: int) -> list[list[str]]:
    """What each of so many processes tells, having begun together."""
    command = [sys.executable, "-m", "tests.ledger.faults.crowd", told_of(store), verb]
    children = [
        subprocess.Popen(
            [*command, str(no), str(times)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for no in range(processes)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [child.communicate(timeout=120)[0].split() for child in children]
    assert [child.returncode for child in children] == [0] * processes
    return told


def test_eight_processes_draw_from_one_purse(shared: Store) -> None:
    journal = shared.opened[0]
    journal.post(sale("filling", "purse/KM", 250))
    told = crowd(shared, "draw", processes=8, times=40)
    assert sum(int(got) for got, *_ in told) == 250
    refusals = Counter(code for _, *codes in told for code in codes)
    assert refusals == {"below_floor": 8 * 40 - 250}
    assert journal.balance("purse/KM").posted == 0
    given = Counter[str]()
    for no, (got, *_) in enumerate(told):
        given[PERSONS[no % len(PERSONS)]] += int(got)
    assert {person: journal.balance(person).posted for person in PERSONS} == given
    assert not verify(journal).findings


def test_the_same_keys_from_two_processes_are_written_once(shared: Store) -> None:
    one, other = ([line.split(":") for line in told[1:]] for told in crowd(shared, "same", 2, 60))
    assert [each[:2] for each in one] == [each[:2] for each in other]
    assert [{a[2], b[2]} for a, b in zip(one, other, strict=True)] == [{"False", "True"}] * 60
    assert shared.opened[0].balance(PERSONS[0]).posted == 60


def test_the_same_keys_for_different_entries_go_to_one_only(shared: Store) -> None:
    one, other = (told[1:] for told in crowd(shared, "clash", 2, 60))
    assert [{a, b} for a, b in zip(one, other, strict=True)] == [{"mine", "key_reused"}] * 60
    wanted = sum(1 if word == "mine" else 2 for word in one)
    assert shared.opened[0].balance(PERSONS[0]).posted == wanted
