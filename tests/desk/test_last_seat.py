"""Two agents who book the last seat, or the same passenger, at once: one gets it, one is told."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING

from msap_mobility.desk import Desk
from tests.desk.scenes import BY, DAY, done, offer, people, request, ride, stages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.places import Place

ROOT = Path(__file__).parents[2]
ROUNDS = 40
LAST = DAY + timedelta(days=ROUNDS)
KM = 8


class Agent:
    """The other end of `tests.desk.agent`."""

    def __init__(self, place: Place) -> None:
        command = [sys.executable, "-m", "tests.desk.agent", place.told()]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    def tell(self, *words: object) -> None:
        print(*words, file=self._in, flush=True)

    def hear(self) -> str:
        return self._out.readline().strip()

    def close(self) -> None:
        self._in.close()
        assert self._process.wait(60) == 0
        self._out.close()


@contextmanager
def agents(place: Place) -> Iterator[tuple[Agent, Agent]]:
    two = Agent(place), Agent(place)
    assert [each.hear() for each in two] == ["ready", "ready"]
    yield two
    for each in two:
        each.close()


def set_up(place: Place) -> Desk:
    """Rounds of one-seat cars and passengers, who have coupons for all of them."""
    ledger = place.ledger()
    for name in ("paul", "lucie"):
        for number in range(2 * ROUNDS * KM // 50 + 1):
            ledger.sell_booklet(name, km=50, key=f"{name}-{number}")
    desk = place.desk(ledger)
    people(desk)
    for number in range(ROUNDS):
        depart = f"{DAY + timedelta(days=number)} 08:10"
        for name in (f"a{number}", f"b{number}"):
            done(desk.add_offer(offer(name, depart=depart), by=BY))
        done(desk.ask(request(f"p{number}", "paul", depart=depart), by=BY))
        done(desk.ask(request(f"l{number}", "lucie", depart=depart), by=BY))
    return desk


def at_once(two: tuple[Agent, Agent], first: str, second: str) -> list[str]:
    """What each of two agents is answered who book at the same instant."""
    instant = time.time() + 0.02
    for agent, told in zip(two, (first, second), strict=True):
        agent.tell(instant, told)
    return [agent.hear() for agent in two]


def test_the_last_seat_is_given_once(lasting: Place) -> None:
    lasting.clock = None
    desk = set_up(lasting)
    with agents(lasting) as two:
        for number in range(ROUNDS):
            heard = at_once(two, f"p{number} a{number}", f"l{number} a{number}")
            assert sorted(heard) == ["promised", "seat_taken"]
    aboard = Counter(ride.offer for ride in desk.rides(DAY, LAST) for _ in ride.requests)
    assert aboard == {f"a{number}": 1 for number in range(ROUNDS)}
    check_holds(lasting, ROUNDS)


def test_nobody_is_promised_two_seats(lasting: Place) -> None:
    lasting.clock = None
    desk = set_up(lasting)
    with agents(lasting) as two:
        for number in range(ROUNDS):
            heard = at_once(two, f"p{number} a{number}", f"p{number} b{number}")
            assert sorted(heard) == ["out_of_turn", "promised"]
    riding = Counter(name for ride in desk.rides(DAY, LAST) for name in ride.requests)
    assert riding == {f"p{number}": 1 for number in range(ROUNDS)}
    check_holds(lasting, ROUNDS)


def check_holds(place: Place, promised: int) -> None:
    """Every promise is held once."""
    with place.ledger_again() as ledger:
        held = sum(ledger.balance(name)["KM"].outgoing for name in ("paul", "lucie"))
        assert held == promised * KM
        assert ledger.verify().findings == ()


def test_threads_at_one_desk_share_it(place: Place) -> None:
    """Eight threads book the last seat of one car after the other."""
    desk, names = place.desk(), [f"r{number}" for number in range(8)]
    people(desk)
    asked = [request(name, "paul") for name in names]
    for each in asked:
        done(desk.ask(each, by=BY))
    for turn in range(4):
        car = offer(f"o{turn}", depart=f"{DAY + timedelta(days=turn)} 08:10")
        done(desk.add_offer(car, by=BY))
        waiting = [each for each in asked if stages(desk, each.id) == ["asked"]]
        together = Barrier(len(waiting))

        def book(each: object, car: object = car, together: Barrier = together) -> None:
            together.wait()
            desk.book(each.id, ride(car, each), by=BY)  # type: ignore[attr-defined,arg-type]

        threads = [Thread(target=book, args=(each,)) for each in waiting]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(stages(desk, *names)) == {"promised": turn + 1, "asked": 7 - turn}
    assert [len(ride.requests) for ride in desk.rides(DAY, LAST)] == [1, 1, 1, 1]
