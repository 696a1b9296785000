"""Killed at any moment, a process takes nothing with it that was answered.

The number of kills is MSAP_KILLS for each store (25 if not set).
"""

from __future__ import annotations

import itertools
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.canonical import GENESIS, payload_text, record_hash
from msap_mobility.ledger.outcome import Refused
from msap_mobility.ledger.proof.verify import verify
from tests.ledger.faults.places import FIRST, SCHEME, open_journal, sale, told_of
from tests.ledger.stores import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.journal import Journal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked and killed")

ROOT = Path(__file__).parents[3]

KILLS = int(os.environ.get("MSAP_KILLS", "25"))
LIVES_OF_A_LEDGER = 25


@dataclass
class Life:
    """What a process asked and was told before it was killed."""

    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: dict[str, list[Entry]] = field(default_factory=dict)  # by thread, still unanswered
    answered: list[list[Entry]] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take in a line of the process."""
        word, name, *rest = line.split()[:-1]
        if word == "ask":
            self.asked[name] = pickle.loads(bytes.fromhex(rest[0]))
            return
        entries = self.asked.pop(name)
        if word == "told":
            self.answered.append(entries)
            for entry, answer in zip(entries, rest, strict=True):
                seq, link = answer.split(":")
                self.told[entry.key] = int(seq), link


class Lives:
    """Begins and kills lives at a place."""

    def __init__(self, place: str) -> None:
        command = [sys.executable, "-m", "tests.ledger.faults.lives", place]
        self._warm = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._warm.stdout is not None
        assert self._warm.stdin is not None
        self._out, self._in = self._warm.stdout, self._warm.stdin
        assert self._out.readline() == b"warm\n"

    def one(self, seed: str, threads: int, lines: int, after_s: float) -> Life:
        """A life that is killed so many seconds after it has spoken so many lines."""
        self._in.write(f"{seed} {threads}\n".encode())
        self._in.flush()
        child = int(self._out.readline().split()[1])
        kill = threading.Timer(after_s, os.kill, (child, signal.SIGKILL))
        life = Life()
        for spoken in itertools.count():
            if spoken == lines:
                kill.start()
            line = self._out.readline()
            if line == b"gone\n":
                break
            if line.endswith(b" .\n"):  # else cut off by the kill
                life.hear(line.decode())
        kill.join()
        return life

    def close(self) -> None:
        self._in.close()
        assert self._warm.wait(60) == 0
        self._out.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_kill_at_any_moment_loses_and_doubles_nothing(kind: str) -> None:
    draw = random.Random(f"{kind} {KILLS}")
    begun, heard = time.monotonic(), Counter[str]()
    for start in range(0, KILLS, LIVES_OF_A_LEDGER):
        with fresh(kind) as store:
            store.create(SCHEME, FIRST, clock=_now).close()
            place = told_of(store)
            told: dict[str, tuple[int, str]] = {}
            lives = Lives(place)
            for no in range(start, min(start + LIVES_OF_A_LEDGER, KILLS)):
                lines = draw.choice((0, *range(60), *range(60), 400))
                after_s = draw.uniform(0, draw.choice((0.0005, 0.005, 0.05)))
                life = lives.one(f"life{no}", draw.choice((1, 1, 4)), lines, after_s)
                told |= life.told
                journal = open_journal(place)
                _check(journal, told, life, heard)
                journal.close()
            lives.close()
    print(f"{kind}: {KILLS} kills, {dict(heard)}, {time.monotonic() - begun:.0f} s")
    assert heard["answers"] > 10 * KILLS, "killed too soon to have written anything"


def _now() -> int:
    return time.time_ns() // 1000


def _check(
    journal: Journal, told: dict[str, tuple[int, str]], life: Life, heard: Counter[str]
) -> None:
    """All that was told is there once and in order; what was asked can be asked again."""
    sound = verify(journal)
    assert not sound.findings, [finding.text() for finding in sound.findings]
    _check_by_hand(journal, told)
    heard["answers"] += len(life.told)
    for entries in life.asked.values():  # asked, and killed before the answer
        kept = journal.entry(entries[0].key) is not None
        heard["kept unheard" if kept else "lost unheard"] += 1
        try:
            first = journal.post_together(entries)
        except Refused:
            assert not kept
        else:
            again = journal.post_together(entries)
            assert all(each.replayed for each in again)
            assert all(each.replayed is kept for each in first)
            assert [each.hash for each in again] == [each.hash for each in first]
            told |= {each.key: (each.seq, each.hash) for each in first}
    if life.answered:
        entries = life.answered[-1]
        again = journal.post_together(entries)
        assert [(each.seq, each.hash) for each in again] == [told[each.key] for each in entries]
        assert all(each.replayed for each in again)
    before = journal.engine.reader.head().seq
    posted = journal.post(sale(f"after {life_name(life, before)}", "purse/KM", 1))
    assert posted.seq > before


def life_name(life: Life, head: int) -> str:
    """A key nobody used."""
    return f"{len(life.told)} answers, head {head}"


def _check_by_hand(journal: Journal, told: dict[str, tuple[int, str]]) -> None:
    """The chain, the sums and the balances, without the ledger's own verification."""
    previous, found, sums = GENESIS, {}, Counter[str]()
    holds: dict[str, Entry] = {}
    for number, written in enumerate(journal.entries(), start=1):
        entry = written.entry
        assert written.seq == number
        assert entry.key not in found
        found[entry.key] = written.seq, written.hash
        link = record_hash(previous, SCHEME, number, written.recorded, payload_text(entry))
        assert written.hash == link
        previous = link
        if entry.phase == "reserve":
            holds[entry.key] = entry
        elif entry.target in holds:
            del holds[entry.target]
        if entry.phase in ("post", "capture", "reverse"):
            sums.update(entry.legs)
            assert sum(entry.legs.values()) == 0
    assert {key: found.get(key) for key in told} == told
    outgoing = _outgoing(holds.values())
    for standing in journal.accounts():
        terms = standing.terms
        assert standing.posted == sums[terms.id]
        assert standing.outgoing == outgoing[terms.id]
        assert terms.floor is None or standing.posted - standing.outgoing >= terms.floor
    assert sums["fund/EUR"] == -6 * sums["issue/KM"]


def _outgoing(holds: Iterator[Entry] | Sequence[Entry]) -> Counter[str]:
    held: Counter[str] = Counter()
    for hold in holds:
        held.update({account: -amount for account, amount in hold.legs.items() if amount < 0})
    return held
