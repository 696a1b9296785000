"""Short lives of a process that posts all sorts of entries until it is killed.

``python -m tests.ledger.faults.lives PLACE`` waits for lines ``SEED THREADS`` on its input.
At each it forks a child, which tells its process id, and tells when it is gone. The child opens the
ledger and posts; what it asks and what it is answered goes to the standard output, a line each:
``ask`` and the entries, ``told`` and number and hash of each, ``no`` and why; a point ends each, so
that one cut off by the kill is seen.
"""

from __future__ import annotations

import itertools
import os
import pickle
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import AccountTerms, Entry, Mark
from msap_mobility.ledger.outcome import Posted, Refused
from tests.ledger.faults.places import PERSONS, open_journal, sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from msap_mobility.ledger.journal import Journal


class Poster:
    """Makes requests at random and remembers what later ones refer to."""

    def __init__(self, journal: Journal, name: str) -> None:
        self._journal = journal
        self._name = name
        self._draw = random.Random(name)
        self._numbers = itertools.count()
        self._holds: list[Entry] = []
        self._moved: list[Entry] = []
        self._sorts: list[Callable[[], list[Entry]]] = [
            lambda: [self._sale()],
            lambda: [self._ride()],
            lambda: [self._ride()],
            self._hold,
            self._hold,
            self._end_of_hold,
            self._end_of_hold,
            self._reversal,
            self._opening,
            lambda: [self._ride(amount=10**9)],  # refused
            lambda: [self._ride() for _ in range(self._draw.randrange(2, 40))],
            lambda: [self._sale(), *self._hold(), self._ride(), *self._opening()],
        ]

    def requests(self) -> Iterator[list[Entry]]:
        """Entries that belong together, without end."""
        while True:
            entries = self._draw.choice(self._sorts)()
            if entries:
                yield entries

    def post(self, entries: Sequence[Entry]) -> tuple[Posted, ...]:
        """Post them and remember holds and moves."""
        answers = self._journal.post_together(entries)
        self._holds += [entry for entry in entries if entry.phase == "reserve"]
        self._moved += [entry for entry in entries if entry.kind == "ride"]
        return answers

    def _key(self) -> str:
        return f"{self._name}-{next(self._numbers)}"

    def _sale(self) -> Entry:
        return sale(self._key(), self._draw.choice(PERSONS), self._draw.randrange(20, 60))

    def _legs(self, amount: int) -> dict[str, int]:
        source, target = self._draw.sample(PERSONS, 2)
        return {source: -amount, target: amount}

    def _ride(self, amount: int = 1) -> Entry:
        return Entry(key=self._key(), kind="ride", legs=self._legs(amount))

    def _hold(self) -> list[Entry]:
        expires = None
        if self._draw.random() < 0.5:  # some are over while others are written
            expires = time.time_ns() // 1000 + self._draw.choice((5_000, 3_600_000_000))
        legs = self._legs(self._draw.randrange(1, 4))
        return [Entry(key=self._key(), kind="booking", phase="reserve", legs=legs, expires=expires)]

    def _end_of_hold(self) -> list[Entry]:
        if not self._holds:
            return []
        hold = self._holds.pop(self._draw.randrange(len(self._holds)))
        phase = self._draw.choice(("capture", "void"))
        legs = (
            {}
            if phase == "void"
            else {account: amount // abs(amount) for account, amount in hold.legs.items()}
        )
        return [
            Entry(key=self._key(), kind="settled", phase=phase, target=hold.key, legs=legs)  # type: ignore[arg-type]
        ]

    def _reversal(self) -> list[Entry]:
        if not self._moved:
            return []
        ride = self._moved.pop(self._draw.randrange(len(self._moved)))
        legs = {account: -amount for account, amount in ride.legs.items()}
        return [Entry(key=self._key(), kind="mistake", phase="reverse", target=ride.key, legs=legs)]

    def _opening(self) -> list[Entry]:
        key = self._key()
        terms = AccountTerms(id=f"{key}/KM", asset="KM", holder="shop", floor=0)
        return [
            Entry(
                key=key,
                kind="opening",
                legs={},
                accounts=(terms,),
                marks=(Mark(serial=key, before="", after="printed"),),
            )
        ]


def live(place: str, seed: str, threads: int) -> None:
    """Post until killed."""
    journal = open_journal(place)
    writing = threading.Lock()

    def tell(*words: str) -> None:
        with writing:
            os.write(1, (" ".join(words) + " .\n").encode())

    def work(no: int) -> None:
        name = f"{seed}-{no}"
        poster = Poster(journal, name)
        for entries in poster.requests():
            tell("ask", name, pickle.dumps(entries).hex())
            try:
                answers = poster.post(entries)
            except Refused as no_:
                tell("no", name, no_.refusal.code)
            else:
                tell("told", name, *(f"{each.seq}:{each.hash}" for each in answers))

    others = [threading.Thread(target=work, args=(no,)) for no in range(1, threads)]
    for other in others:
        other.start()
    work(0)


def main() -> None:
    place = sys.argv[1]
    print("warm", flush=True)
    for line in sys.stdin:
        seed, threads = line.split()
        child = os.fork()
        if child == 0:
            os.write(1, f"born {os.getpid()}\n".encode())
            try:
                live(place, seed, int(threads))
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        os.write(1, b"\ngone\n")


if __name__ == "__main__":
    main()
