"""One commit for all who wait: callers of the same moment share the price of the disk."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.interrupts import Interrupts, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry

    Groups = Sequence[Sequence[Entry]]

__all__ = ["GroupCommit"]

MOST_TOGETHER = 1000
"""Groups of entries written in one commit."""

_LONGEST_MOMENT_S = 0.005  # what a leader waits for company, at most


class _Waiting:
    """A caller's groups; once `woken`, it has its answers or an error, or it must lead.

    A caller who is `gone` was interrupted: nobody is to wait for him.
    """

    __slots__ = ("answers", "error", "gone", "groups", "woken")

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.answers: list[Answer] | None = None
        self.error: Exception | None = None
        self.gone = False
        self.woken = threading.Lock()
        self.woken.acquire()


_NOBODY_ELSE = _Waiting(())
"""Leads while a caller who found nobody writes at once."""


class GroupCommit:
    """Writes what several threads bring in one go.

    It has no thread of its own: who finds nobody writing leads, writes for all who wait, and hands
    the lead to the first of those who came meanwhile. Alone, a caller writes at once.

    Callers who were just served together often come again together. So a leader waits for as many
    a moment, no longer than a commit takes: one commit for all is sooner done than two in turn.
    And who is served wakes the next, so that no crowd of threads disturbs whoever writes.

    A caller may be interrupted (Ctrl-C) while he waits and before he goes, and nowhere else.
    Whether his entries were written he does not know then: he asks again under the same keys. Those
    for whom he was to write are written for by the next.

    Parameters
    ----------
    append
        Writes groups of entries and gives an answer to each, all of them on disk.
    """

    def __init__(self, append: Callable[[Groups], list[Answer]]) -> None:
        self._append = append
        self._lock = threading.Lock()
        self._leader: _Waiting | None = None  # the first in line, whenever there is a line
        self._line: deque[_Waiting] = deque()
        self._served: deque[_Waiting] = deque()  # they have their answers, and are still asleep
        self._came = threading.Condition(self._lock)
        self._expected = 0  # callers in line
        self._moment_s = 0.0

    def __call__(self, groups: Groups) -> list[Answer]:
        """Bring groups of entries; returns their answers once they are on disk."""
        with Interrupts():
            return self._bring(groups)

    def _bring(self, groups: Groups) -> list[Answer]:
        with self._lock:
            alone = self._leader is None and self._expected < 2
            if alone:
                self._leader = _NOBODY_ELSE
        if alone:
            return self._write_alone(groups)
        mine = _Waiting(groups)
        with self._lock:
            self._line.append(mine)
            if len(self._line) == self._expected:
                self._came.notify()
            self._leader = self._leader or mine
            leads = self._leader is mine
        try:
            if not leads:
                with Waiting():
                    mine.woken.acquire()
            while mine.answers is None:
                if mine.error is not None:
                    raise mine.error
                self._lead()
        finally:
            if mine.answers is None or self._leader is mine:
                self._leave(mine)
            self._wake_next()
        return mine.answers

    def _write_alone(self, groups: Groups) -> list[Answer]:
        """Write while nobody waits; who comes meanwhile leads next."""
        try:
            return self._append(list(groups))
        finally:
            self._hand_on(())

    def _lead(self) -> None:
        """Write for those who wait, the leader among them, then hand the lead on."""
        with self._lock:
            self._came.wait_for(lambda: len(self._line) >= self._expected, self._moment_s)
            served = [self._line.popleft() for _ in range(min(MOST_TOGETHER, len(self._line)))]
        begun = time.monotonic()
        try:
            self._serve(served)
        except BaseException:
            with self._lock:  # an interrupt: who was not served goes back into line
                self._line.extendleft(
                    each
                    for each in reversed(served[1:])
                    if each.answers is None and not each.error and not each.gone
                )
            raise
        finally:
            self._moment_s = min(time.monotonic() - begun, _LONGEST_MOMENT_S)
            self._hand_on(served)

    def _serve(self, served: Sequence[_Waiting]) -> None:
        try:
            answers = iter(self._append([group for each in served for group in each.groups]))
        except Exception as error:  # noqa: BLE001 - whatever it is, each caller gets his own
            if len(served) == 1:
                served[0].error = error
            elif _is_of_the_place(error):  # to try each would only make all of them wait
                for each in served:
                    each.error = copy(error)
            else:  # one may have spoilt it for all: each on its own
                for each in served:
                    self._serve([each])
            return
        for each in served:
            each.answers = [next(answers) for _ in each.groups]

    def _hand_on(self, served: Sequence[_Waiting]) -> None:
        with self._lock:
            self._served.extend(
                each
                for each in served[1:]
                if not each.gone and (each.answers is not None or each.error is not None)
            )
            self._expected = min(len(served) + len(self._line), MOST_TOGETHER)
            self._leader = self._line[0] if self._line else None
            if self._leader is not None:
                self._leader.woken.release()

    def _wake_next(self) -> None:
        """Wake one of those who are served."""
        with suppress(IndexError):
            self._served.popleft().woken.release()

    def _leave(self, mine: _Waiting) -> None:
        """A caller goes with an error or an interrupt: the lead does not go with him."""
        with self._lock:
            mine.gone = True
            for waiting in (self._line, self._served):
                if mine in waiting:
                    waiting.remove(mine)
            leads = self._leader is mine
        if leads:
            self._hand_on(())


def _is_of_the_place(error: Exception) -> bool:
    """Whether the file or the server is the matter, whatever was to be written."""
    return isinstance(error, Unusable) and error.code != "database_error"
