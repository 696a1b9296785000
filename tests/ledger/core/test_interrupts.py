"""Ctrl-C at whichever step: who posted in the main thread goes, and nobody waits for ever."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger import group_commit, interrupts
from msap_mobility.ledger.interrupts import Interrupts
from tests.ledger.core.test_group_commit import Desk, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEPS = {group_commit.__file__, interrupts.__file__}


class Stepping:
    """Interrupts the main thread before a step of the group commit, counted from 0."""

    def __init__(self, step: int) -> None:
        self.left = step
        self.interrupted = False

    def __call__(self, frame: Any, event: str, _: object) -> Stepping | None:
        if frame.f_code.co_filename not in STEPS:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == -1:
                self.interrupted = True
                signal.raise_signal(signal.SIGINT)
        return self


@contextmanager
def stepping(step: int) -> Iterator[Stepping]:
    former, steps = sys.gettrace(), Stepping(step)
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


def test_an_interrupt_is_held_back_but_where_it_is_let_through() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), Interrupts() as held:
        signal.raise_signal(signal.SIGINT)
        done.append("held back")
        try:
            held.let_through()
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append("tidied up")
    assert done == ["held back", "tidied up"]


def test_whoever_handles_interrupts_himself_is_asked_once() -> None:
    asked: list[int] = []
    former = signal.signal(signal.SIGINT, lambda signum, _: asked.append(signum))
    try:
        with Interrupts() as held:
            signal.raise_signal(signal.SIGINT)
            assert asked == []
            held.let_through()
            assert asked == [signal.SIGINT]
            held.hold_back()
        assert asked == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL])
def test_where_python_handles_none_nothing_is_changed(handler: signal.Handlers) -> None:
    former = signal.signal(signal.SIGINT, handler)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, former)


def test_other_threads_leave_the_signals_alone() -> None:
    found: list[Any] = []

    def run() -> None:
        with Interrupts() as held:
            held.let_through()
            found.append(signal.getsignal(signal.SIGINT))
            held.hold_back()

    handler = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [handler]
