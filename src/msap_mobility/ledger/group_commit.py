"""One commit for all who wait: callers of the same moment share the price of the disk."""

from __future__ import annotations

import threading
from collections import deque
from copy import copy
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.unusable import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry

    Groups = Sequence[Sequence[Entry]]

__all__ = ["GroupCommit"]

MOST_TOGETHER = 1000
"""Groups of entries written in one commit."""


class _Waiting:
    """A caller's groups; once `woken`, it has its answers or an error, or it must lead."""

    __slots__ = ("answers", "error", "groups", "woken")

    def __init__(self, groups: Groups) -> None:
        self.groups = groups
        self.answers: list[Answer] | None = None
        self.error: Exception | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


_NOBODY_ELSE = _Waiting(())
"""Leads while a caller who found nobody writes at once."""


class GroupCommit:
    """Writes what several threads bring in one go.

    It has no thread of its own: who finds nobody writing leads, writes for all who wait, and hands
    the lead to the first of those who came meanwhile. Alone, a caller writes at once.

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

    def __call__(self, groups: Groups) -> list[Answer]:
        """Bring groups of entries; returns their answers once they are on disk."""
        with self._lock:
            alone = self._leader is None
            if alone:
                self._leader = _NOBODY_ELSE
        if alone:
            return self._write_alone(groups)
        mine = _Waiting(groups)
        with self._lock:
            self._line.append(mine)
            self._leader = self._leader or mine
            leads = self._leader is mine
        try:
            if not leads:
                mine.woken.acquire()
            while mine.answers is None:
                if mine.error is not None:
                    raise mine.error
                self._lead()
        finally:
            if mine.answers is None or self._leader is mine:
                self._leave(mine)
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
            served = [self._line.popleft() for _ in range(min(MOST_TOGETHER, len(self._line)))]
        try:
            self._serve(served)
        except BaseException:
            with self._lock:  # an interrupt: who was not served goes back into line
                self._line.extendleft(
                    each for each in reversed(served[1:]) if each.answers is None and not each.error
                )
            raise
        finally:
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
        for each in served[1:]:
            if each.answers is not None or each.error is not None:
                each.woken.release()
        with self._lock:
            self._leader = self._line[0] if self._line else None
            if self._leader is not None:
                self._leader.woken.release()

    def _leave(self, mine: _Waiting) -> None:
        """A caller goes with an error or an interrupt: the lead does not go with him."""
        with self._lock:
            if mine in self._line:
                self._line.remove(mine)
            leads = self._leader is mine
        if leads:
            self._hand_on(())


def _is_of_the_place(error: Exception) -> bool:
    """Whether the file or the server is the matter, whatever was to be written."""
    return isinstance(error, Unusable) and error.code != "database_error"
