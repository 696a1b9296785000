"""Ctrl-C at whichever step: who posted in the main thread goes, and nobody waits for ever."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger import group_commit, interrupts
from msap_mobility.ledger.interrupts import Interrupts, Waiting
from msap_mobility.ledger.proof.verify import verify
from tests.ledger.core.test_group_commit import Desk, until
from tests.ledger.stores import fresh, ride, sale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.outcome import Posted

LINE = group_commit.__file__, interrupts.__file__
LEDGER = (str(Path(group_commit.__file__).parent),)


class Stepping:
    """Interrupts the main thread before a step within some files, counted from 0."""

    def __init__(self, step: int, files: tuple[str, ...]) -> None:
        self.left = step
        self.files = files
        self.interrupted = False

    def __call__(self, frame: Any, event: str, _: object) -> Stepping | None:
        if not frame.f_code.co_filename.startswith(self.files):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == -1:
                self.interrupted = True
                signal.raise_signal(signal.SIGINT)
        return self


@contextmanager
def stepping(step: int, files: tuple[str, ...] = LINE) -> Iterator[Stepping]:
    former, steps = sys.gettrace(), Stepping(step, files)
    sys.settrace(steps)
    try:
        yield steps
    finally:
        sys.settrace(former)


def main_alone(desk: Desk) -> None:
    """The main thread writes; two come meanwhile."""
    until(lambda: desk.busy.is_set() or "main" in desk.outcomes)
    desk.bring("a", waits=False)


def main_leads(desk: Desk) -> None:
    """The main thread is the first in line, and leads for two more."""
    until(lambda: bool(desk.commit._line) or "main" in desk.outcomes)
    desk.bring("a")


def main_is_served(desk: Desk) -> None:
    """The main thread is the second of three in line: another leads."""
    until(lambda: len(desk.commit._line) > 1 or "main" in desk.outcomes)


SCENES: dict[Callable[[Desk], None], tuple[str, ...]] = {
    main_alone: (),
    main_leads: ("first",),
    main_is_served: ("first", "a"),
}


@pytest.mark.parametrize("scene", SCENES)
def test_at_whichever_step_an_interrupt_comes(scene: Callable[[Desk], None]) -> None:
    handler = signal.getsignal(signal.SIGINT)
    for step in count():
        desk = Desk()
        for number, word in enumerate(SCENES[scene]):
            desk.bring(word, waits=number > 0)

        def others(desk: Desk = desk) -> None:
            scene(desk)
            desk.bring("b", waits=False)
            desk.go.set()

        beside = threading.Thread(target=others, daemon=True)
        beside.start()
        with stepping(step) as steps:
            try:
                desk.outcomes["main"] = desk.commit(("main",))  # type: ignore[arg-type]
            except KeyboardInterrupt as error:
                desk.outcomes["main"] = error
        beside.join(60)
        assert not beside.is_alive()
        assert signal.getsignal(signal.SIGINT) is handler
        told = desk.finish()
        mine = told.pop("main")
        assert told == {word: [word.upper()] for word in told}, step
        assert set(told) >= {"a", "b"}
        assert desk.commit(("later",)) == ["LATER"]  # type: ignore[arg-type, comparison-overlap]
        assert isinstance(mine, KeyboardInterrupt) == steps.interrupted, step
        if not steps.interrupted:
            assert mine == ["MAIN"]
            break
    assert step > 100


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_at_many_steps_of_a_posting_an_interrupt_leaves_the_journal_whole(kind: str) -> None:
    """Every eleventh: afterwards another thread posts, and what was interrupted is asked again."""
    with fresh(kind) as store:
        journal = store.create()
        journal.post(sale(km=10_000))
        for step in count(0, 11):
            with stepping(step, LEDGER) as steps:
                try:
                    journal.post(ride(f"main/{step}", 1))
                except KeyboardInterrupt:
                    told = True
                else:
                    told = False
            assert told == steps.interrupted, step
            for key in (f"main/{step}", f"other/{step}"):
                assert _posted_beside(journal, key).key == key, step
            if not told:
                break
        assert step > 500
        assert journal.balance("paul/KM").posted == 10_000 - 2 * (step // 11 + 1)
        assert verify(journal).sound


def _posted_beside(journal: Journal, key: str) -> Posted:
    """The answer to another thread."""
    answers: list[Posted] = []
    _beside(lambda: answers.append(journal.post(ride(key, 1))))
    return answers[0]


def _beside(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


def test_an_interrupt_is_held_back_until_the_next_wait() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), Interrupts():
        signal.raise_signal(signal.SIGINT)
        done.append("held back")
        try:
            with Waiting():
                done.append("never")
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append("tidied up")
    assert done == ["held back", "tidied up"]


def test_one_who_waits_is_interrupted_at_once() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), Interrupts(), Interrupts(), Waiting():
        signal.raise_signal(signal.SIGINT)
        done.append("never")
    assert done == []
    assert Interrupts.present is None


def test_whoever_handles_interrupts_himself_is_asked_once() -> None:
    asked: list[int] = []
    former = signal.signal(signal.SIGINT, lambda signum, _: asked.append(signum))
    try:
        with Interrupts():
            signal.raise_signal(signal.SIGINT)
            assert asked == []
            with Waiting():
                assert asked == [signal.SIGINT]
        assert asked == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL])
def test_where_python_handles_none_nothing_is_changed(handler: signal.Handlers) -> None:
    former = signal.signal(signal.SIGINT, handler)
    try:
        with Interrupts(), Waiting():
            assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, former)


def test_other_threads_leave_the_signals_alone() -> None:
    found: list[Any] = []

    def run() -> None:
        with Interrupts(), Waiting():
            found.append((signal.getsignal(signal.SIGINT), Interrupts.present))

    handler = signal.getsignal(signal.SIGINT)
    _beside(run)
    assert found == [(handler, None)]
    with Interrupts() as mine:
        _beside(run)
        signal.raise_signal(signal.SIGINT)  # the wait of another thread let none through
        held = mine._held
        mine._held = None
    assert found[1][1] is mine
    assert held is not None
