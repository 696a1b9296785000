"""A mutex for the threads of one process that serves them in the order they came."""

from __future__ import annotations

import threading
from collections import deque

from msap_mobility.ledger.interrupts import Waiting

__all__ = ["FairMutex"]


class FairMutex:
    """Held by one thread at a time, first come first served; its holder may take it again.

    Examples
    --------
    >>> mutex = FairMutex()
    >>> mutex.take(1.0), mutex.is_mine()
    (True, True)
    >>> mutex.let_go()
    >>> mutex.is_mine()
    False
    """

    def __init__(self) -> None:
        self.depth = 0  # how often its holder took it; 0 if nobody holds it
        self._holder = 0  # identity of a thread
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        """How many threads wait for it."""
        return len(self._waiting)

    def is_mine(self) -> bool:
        """Whether the calling thread holds it."""
        return self._holder == threading.get_ident()

    def take(self, patience_s: float) -> bool:
        """Wait for it, for so many seconds at most; says whether the thread has it now."""
        me = threading.get_ident()
        if self._holder == me:
            self.depth += 1
            return True
        with self._guard:
            if not self._holder and not self._waiting:
                self._holder, self.depth = me, 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            with Waiting():
                mine.acquire(timeout=patience_s)
        except BaseException:  # an interrupt: who was called must call the next
            if self._step_up(mine, me):
                self.let_go()
            raise
        return self._step_up(mine, me)

    def let_go(self) -> None:
        """Give it back, as often as it was taken; then the next has it."""
        self.depth -= 1
        if self.depth:
            return
        with self._guard:
            self._holder = 0
            if self._waiting:
                self._waiting[0].release()

    def _step_up(self, mine: threading.Lock, me: int) -> bool:
        """Leave those who wait: as the holder if it is free and one's own turn, or for good."""
        with self._guard:
            first = not self._holder and self._waiting[0] is mine
            self._waiting.remove(mine)
            if first:
                self._holder, self.depth = me, 1
            return first
