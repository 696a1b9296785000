"""Killed anywhere, a desk and its ledger end as if nothing had happened.

The number of kills is MSAP_DESK_KILLS for each store (50 if not set): half of them at seams, half
at any moment.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk.day import LAST, set_up, work
from tests.desk.lives import SEAMS
from tests.desk.places import Place, fresh
from tests.desk.scenes import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.desk import Desk
    from msap_mobility.ledger import Ledger

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked and killed")

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("MSAP_DESK_KILLS", "50"))
HOLDS = ("promised", "driven", "confirmed")


class Lives:
    """Begins lives, and kills them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.desk.lives"]
        self._warm = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._in, self._out = self._warm.stdin, self._warm.stdout
        assert self._out.readline() == b"warm\n"

    def one(
        self, place: Place, seed: str, seam: str = "", times: int = 1, after_s: float = 0
    ) -> str:
        """A life killed when it comes to a seam so many times, or some time after its birth.

        Returns
        -------
        str
            ``"over"`` if the day was over first, else the name of the seam, or empty.
        """
        told = {"seed": seed, "seam": seam, "times": times, "place": place.told()}
        self._in.write(json.dumps(told).encode() + b"\n")
        self._in.flush()
        child = int(self._out.readline().split()[1])
        kill = threading.Timer(after_s, os.kill, (child, signal.SIGKILL))
        if after_s:
            kill.start()
        ended = ""
        while (line := self._out.readline().decode()) != "gone\n":
            if line == "at the seam\n":
                ended = seam
            elif line == "over\n":
                ended = "over"
        if after_s:
            kill.cancel()
            kill.join()
        return ended

    def close(self) -> None:
        self._in.close()
        assert self._warm.wait(60) == 0
        self._out.close()


def account(desk: Desk, ledger: Ledger) -> dict[str, Any]:
    """Where everything stands: what happened to each ride, each entry, each balance."""
    rides = [life.ride for life in desk.lives_on(DAY, LAST)]
    return {
        "events": {
            each: [(event.kind, event.by, event.data) for event in desk.events(each)]
            for each in rides
        },
        "lives": desk.lives_on(DAY, LAST),
        "cars": desk.rides(DAY, LAST),
        "entries": {
            each.entry.key: (each.entry.kind, each.entry.phase, dict(each.entry.legs))
            for each in ledger.journal.entries()
        },
        "balances": {
            each.terms.id: (each.posted, each.outgoing, each.incoming)
            for each in ledger.journal.accounts()
        },
    }


def check(desk: Desk, ledger: Ledger) -> None:
    """After a kill and the replay: what is promised is held, what is settled is paid, no more."""
    held = paid = 0
    for life in desk.lives_on(DAY, LAST):
        entries = ledger.journal.entry
        assert (entries(f"{life.ride}/settled") is not None) == (life.stage == "settled")
        paid += (life.stage == "settled") * round(life.metres / 1000)
        promised = entries(f"{life.ride}/promised")
        if life.stage in HOLDS and life.rider == "paul":
            assert promised is not None
            held += abs(promised.entry.legs["paul/KM"])
        else:
            closer = ledger.journal.engine.reader.closer(f"{life.ride}/promised")
            assert promised is None or closer is not None
    assert ledger.balance("issue/KM")["KM"].outgoing == 0
    assert ledger.balance("paul")["KM"].outgoing == held
    drivers = [name for name in ("jeanne/KM", "marc/KM") if name in all_accounts(ledger)]
    assert sum(ledger.balance(name)["KM"].posted for name in drivers) == paid
    cover = ledger.cover()
    assert cover.fund_cents == cover.total_cents
    assert ledger.verify().findings == ()


def all_accounts(ledger: Ledger) -> set[str]:
    return {each.terms.id for each in ledger.journal.accounts()}


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    """How the day ends when nobody is killed."""
    with fresh("memory") as place:
        ledger = place.ledger()
        desk = place.desk(ledger)
        set_up(desk, ledger)
        work(desk, "undisturbed")
        check(desk, ledger)
        return account(desk, ledger)


def test_the_order_of_the_day_does_not_matter(undisturbed: dict[str, Any]) -> None:
    with fresh("memory") as place:
        ledger = place.ledger()
        desk = place.desk(ledger)
        set_up(desk, ledger)
        work(desk, "another order")
        assert account(desk, ledger) == undisturbed
    stages = Counter(life.stage for life in undisturbed["lives"])
    assert stages == {"settled": 6, "cancelled": 3, "no_show": 2}
    assert undisturbed["balances"]["paul/KM"] == (200 - 8 - 9 - 8 - 8 - 8, 0, 0)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_anywhere_it_ends_the_same(kind: str, undisturbed: dict[str, Any]) -> None:
    draw, ends, killed, days = random.Random(f"{kind} {KILLS}"), Counter[str](), 0, 0
    lives, seams = Lives(), itertools.cycle(SEAMS)
    while killed < KILLS or not ends.keys() >= {*SEAMS, ""}:
        days += 1
        assert days <= KILLS, f"nobody is ever killed at {set(SEAMS) - ends.keys()}"
        with fresh(kind) as place:
            place.clock = None
            with place.ledger() as ledger, place.desk(ledger) as desk:
                set_up(desk, ledger)
            while (end := a_life(lives, place, draw, seams, f"{kind}{days}")) != "over":
                killed += 1
                ends[end] += 1
                if draw.random() < 0.5:
                    with place.ledger_again() as ledger, place.again(ledger) as desk:
                        check(desk, ledger)
            with place.ledger_again() as ledger, place.again(ledger) as desk:
                check(desk, ledger)
                assert account(desk, ledger) == undisturbed
    lives.close()
    print(f"{kind}: {killed} kills in {days} days, {dict(ends)}")


def a_life(lives: Lives, place: Place, draw: random.Random, seams: Iterator[str], seed: str) -> str:
    if draw.random() < 0.5:
        return lives.one(place, seed, next(seams), draw.randrange(1, 3))
    return lives.one(place, seed, after_s=draw.uniform(0.001, 0.15))
