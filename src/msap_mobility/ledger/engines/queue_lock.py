"""The line in which the writers of a database stand, across processes: first come, first served.

SQLite lets one writer in at a time, but whoever asks at the right moment: with many, some wait for
seconds. Here each takes a ticket and goes in when those before it are done. What keeps the ledger
right is SQLite's own lock; the line only makes it fair. So where no line can be had (its file may
not be written), or its head is stuck for too long (a process stopped by a debugger), a writer goes
on without, and SQLite decides.

A process that has its turn and comes back at once may go on for a few milliseconds before the next
one goes in: a change of process costs as much as several commits, as it reads anew what the other
wrote. Who pauses, or comes after that time, stands in line again.

The file `<database>-queue` holds three numbers: the last ticket given, the last served, and when
the present turn ends. Who is in holds the door, one byte of the file, locked; who waits holds the
byte of its ticket; a turnstile byte is held for the moment in which a ticket is taken. The kernel
lets go the bytes of a process that dies, in line or inside: those behind it see that nobody is
left before them.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.byte_locks import ByteLocks
from msap_mobility.ledger.engines.fair_mutex import FairMutex
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.interrupts import Waiting

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["ENDING", "QueueLock", "queue_lock"]

ENDING = "-queue"
"""What is added to the name of the database to name the file of its line."""

_PATIENCE_S = 10.0  # as long as SQLite's own busy handler waits
_TURN_NS = 5_000_000  # eight writers at once: nobody waits longer than about 40 ms
_GAP_S = 0.0001  # who does not come again within that time has ended its turn
_STEP_S = 0.0005  # between two looks, for each that is before
_LONGEST_S = 0.01
_TICKETS = 1 << 20  # bytes that stand for tickets; numbers beyond begin again at the first
_TURNSTILE, _DOOR = _TICKETS, _TICKETS + 1  # the bytes after them
_GIVEN, _SERVED, _TURN_ENDS = 0, 1, 2  # the numbers of the file


def queue_lock(path: Path, *, patience_s: float = _PATIENCE_S) -> QueueLock:
    """The line before a database; a context manager that gives exclusive access in turn.

    Parameters
    ----------
    path
        The database.
    patience_s
        Seconds after which a writer goes on without its turn.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     line = queue_lock(Path(folder) / "accounts.sqlite")
    ...     with line:
    ...         print(line.in_turn)
    ...     line.close()
    True
    """
    return QueueLock(path, patience_s)


class QueueLock:
    """One user's place before a database, see `queue_lock`; used again and again.

    Locks of one file in one process share its line; a thread that has its turn may enter again.

    Parameters
    ----------
    path, patience_s
        See `queue_lock`.

    Raises
    ------
    Unusable
        On entering, in a process forked after this was made.
    """

    def __init__(self, path: Path, patience_s: float) -> None:
        self._path = path
        self._patience_s = patience_s
        self._process = os.getpid()
        self._line: _Line | None = None
        self._closed = False

    @property
    def in_turn(self) -> bool:
        """Whether the calling thread is inside and had its turn."""
        return self._line is not None and self._line.is_in_turn()

    @property
    def new_turn(self) -> bool:
        """Whether another process may have had a turn since this one's last."""
        return self._line is None or self._line.new_turn

    def __enter__(self) -> None:
        if self._process != os.getpid():
            raise Unusable("forked")
        if self._line is None and not self._closed:
            self._line = _share(self._path)
        if self._line is not None:
            self._line.enter(self._patience_s)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            self._line.leave()

    def close(self) -> None:
        """Let go of the file, once no lock of this process needs it."""
        line, self._line, self._closed = self._line, None, True
        if line is not None and self._process == os.getpid():
            _give_back(line)


class _Line:
    """What a process has of one line: one place, passed among its threads in turn."""

    def __init__(self, locks: ByteLocks) -> None:
        self.locks = locks
        self.threads = FairMutex()
        self.users = 0
        self.new_turn = True
        self._inside = False  # False if the holder goes on without its turn
        self._turn_ends = 0  # by `time.monotonic_ns`, one clock for all processes
        self._ticket = 0

    def is_in_turn(self) -> bool:
        return self.threads.is_mine() and self._inside

    def enter(self, patience_s: float) -> None:
        threads = self.threads
        again = threads.is_mine()
        until = time.monotonic() + patience_s
        if threads.take(patience_s) and not again:
            try:
                self._pass_processes(until)
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        threads = self.threads
        if not threads.is_mine():
            return  # it went on without its turn
        try:
            if self._inside and threads.depth == 1:
                self._leave_door()
        finally:
            threads.let_go()

    def _pass_processes(self, until: float) -> None:
        """Go through the door: at once if the turn is still one's own, else in line."""
        self.new_turn = True
        try:
            given, served, _ = self.locks.numbers()
            may = given == served or time.monotonic_ns() < self._turn_ends
            if may and self._take_door():
                self._go_in()
            else:
                self._stand_in_line(_Pause(until))
        except OSError:
            return  # as if there were no line
        finally:
            self._drop_ticket()

    def _stand_in_line(self, pause: _Pause) -> None:
        """Take a ticket and go in when its turn comes, or return when patience ends."""
        self._take_ticket(pause)
        was_free = False
        while self._ticket:
            _, served, turn_ends = self.locks.numbers()
            left_ns = turn_ends - time.monotonic_ns()
            ahead = 0 if self._is_first(served) else self._ticket - 1 - served
            free = ahead == 0 and self._take_door()
            if free and (was_free or left_ns <= 0):
                self._go_in()
                self.locks.put(_SERVED, self._ticket)
                return
            if free:  # whoever has the turn may be about to come again
                self._leave_door()
            was_free = free
            quick = free or left_ns <= 0
            if pause.over(ahead, _GAP_S if quick else min(_STEP_S, left_ns / 1e9)):
                return

    def _take_door(self) -> bool:
        self._inside = self.locks.take(_DOOR)
        return self._inside

    def _leave_door(self) -> None:
        self._inside = False
        self.locks.let_go(_DOOR)

    def _go_in(self) -> None:
        now = time.monotonic_ns()
        self.new_turn = now >= self._turn_ends
        if self.new_turn:
            self._turn_ends = now + _TURN_NS
            self.locks.put(_TURN_ENDS, self._turn_ends)

    def _take_ticket(self, pause: _Pause) -> None:
        """Take a ticket, unless patience ends at the turnstile."""
        locks = self.locks
        try:
            while not locks.take(_TURNSTILE):
                if pause.over(0, _GAP_S):
                    return
            given, served, _ = locks.numbers()
            mine = max(given, served) + 1
            self._ticket = mine
            if not locks.take(mine % _TICKETS):  # a million are out: the numbers are none of ours
                self._ticket = 0
            locks.put(_GIVEN, mine)
        finally:
            locks.let_go(_TURNSTILE)

    def _drop_ticket(self) -> None:
        """Let go the byte of the ticket: those behind pass, whether or not it was served."""
        ticket, self._ticket = self._ticket, 0
        if ticket:
            self.locks.let_go(ticket % _TICKETS)

    def _is_first(self, served: int) -> bool:
        """Whether all tickets before one's own were served, or their owners are dead."""
        before = self._ticket - 1
        if served >= before:
            return True
        first = max(served + 1, before - _TICKETS + 2) % _TICKETS
        last = before % _TICKETS
        if first <= last:
            return self._all_free(first, last)
        return self._all_free(first, _TICKETS - 1) and self._all_free(0, last)

    def _all_free(self, first: int, last: int) -> bool:
        count = last - first + 1
        free = self.locks.take(first, count)
        if free:
            self.locks.let_go(first, count)
        return free


class _Pause:
    """Short sleeps while waiting, longer far from the door and where nothing moves."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._ahead = 0
        self._since = time.monotonic()

    def over(self, ahead: int, least_s: float) -> bool:
        """Sleep a little, as so many are before in line; True at once if patience is over."""
        now = time.monotonic()
        if ahead != self._ahead:
            self._ahead, self._since = ahead, now
        if now >= self._until:
            return True
        nap_s = max(least_s, ahead * _STEP_S, (now - self._since) / 16)
        with Waiting():
            time.sleep(min(nap_s, _LONGEST_S))
        return False


_lines: dict[tuple[int, int], _Line] = {}
_lines_guard = threading.Lock()
_strays: list[ByteLocks] = []  # opened in vain; closing one would let go the locks of its twin


def _share(path: Path) -> _Line | None:
    """The line of this process before a database; None if there can be none."""
    beside = path.resolve()
    file = beside.with_name(beside.name + ENDING)
    with _lines_guard:
        try:
            found = _known(file) or _begin(file, beside)
        except OSError:
            return None
        found.users += 1
        return found


def _known(file: Path) -> _Line | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return _lines.get((found.st_dev, found.st_ino))


def _begin(file: Path, beside: Path) -> _Line:
    locks = ByteLocks(file, beside)
    line = _lines.get(locks.identity)
    if line is not None:
        _strays.append(locks)
        return line
    return _lines.setdefault(locks.identity, _Line(locks))


def _give_back(line: _Line) -> None:
    with _lines_guard:
        line.users -= 1
        if not line.users and not line.threads.depth:
            _lines.pop(line.locks.identity, None)
            line.locks.close()


def _forget_all() -> None:
    """In a forked child: the lines are the parent's, and so may be a held guard."""
    global _lines_guard  # noqa: PLW0603 - a lock held by a thread that is not here
    _lines_guard = threading.Lock()
    for line in _lines.values():
        line.locks.close()
    _lines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
