"""The best plan that can be put together from routes met on the way.

A set covering program over the routes, solved in a process of its own that is started when a
`Master` is entered, kept between calls, and killed the moment its time is up: a solver looks at
its clock only now and then.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, cast

import numpy as np

from msap_mobility.optimise.routing.native import master_process
from msap_mobility.optimise.routing.native.covering import Columns, Covering
from msap_mobility.optimise.routing.native.master_process import (
    BETTER,
    DONE,
    READY,
    packed,
    receive,
    send,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import BinaryIO, Self

    from msap_mobility.optimise.routing.native.covering import Int64

__all__ = ["Columns", "Covering", "Master"]

_TO_FINISH = 0.9
"""Share of the time after which the process is to stop by itself."""

_ASKING_S = 0.5
_ENDING_S = 1.0
_MOST_DEATHS = 3


class Master:
    """Puts plans together while it is entered; outside, and where it cannot, it finds none.

    Examples
    --------
    >>> columns = Columns(
    ...     start=np.array([0, 2, 3, 4]),
    ...     unit=np.array([0, 1, 0, 1]),
    ...     cost=np.array([9, 4, 4]),
    ...     kind=np.array([0, 0, 0]),
    ... )
    >>> covering = Covering(
    ...     must=np.array([True, True]), worth=np.array([0, 0]), most=np.array([2]), routes=2
    ... )
    >>> with Master() as master:
    ...     master.solve(covering, columns, [0], work=1_000, seconds=None)
    (1, 2)
    """

    __slots__ = ("_deaths", "_process")

    def __init__(self) -> None:
        self._process: _Process | None = None
        self._deaths = 0

    def __enter__(self) -> Self:
        """Start the process, without waiting for it."""
        self._deaths = 0
        self._process = _started()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process."""
        self._end()

    def solve(
        self,
        covering: Covering,
        columns: Columns,
        incumbent: Sequence[int],
        *,
        work: int,
        seconds: float | None,
    ) -> tuple[int, ...] | None:
        """Choose routes that cost less than those in hand.

        Parameters
        ----------
        covering, columns
            What is asked, and the routes to choose from.
        incumbent
            Rows of `columns`: the plan in hand. If it is not allowed, every allowed choice is
            better.
        work
            Simplex iterations. Without `seconds` the same input gives the same answer. Over 100
            to 400 units 10,000 take one to three seconds; the linear program alone takes 1,000
            to 3,000 for up to 20,000 columns, and nothing is found with less.
        seconds
            From now to the answer, whether or not the process is done or has even started.

        Returns
        -------
        tuple of int or None
            Rows of `columns`, ascending. Together they cover every unit that must be; a unit may
            be in several. None: nothing better was found.
        """
        until = None if seconds is None else monotonic() + seconds
        process = self._process
        best = np.array(incumbent, dtype=np.int64)
        if process is None or process.owner != os.getpid() or work <= 0 or len(columns) == 0:
            return None
        stopping = None if seconds is None else monotonic() + _TO_FINISH * seconds
        content = packed(columns, covering, best, work=work, until=stopping)
        try:
            found = self._answer(process, content, until)
        except BaseException:
            self._end()
            self._process = _started()
            raise
        return _better(covering, columns, best, found)

    def _answer(self, process: _Process, content: bytes, until: float | None) -> Int64 | None:
        """The last better choice told before the process is done, dead or out of time."""
        answers = process.ask(content, until)
        last: Int64 | None = None
        while True:
            left = _ASKING_S if until is None else until - monotonic()
            if left <= 0:
                if process.is_ready:  # else it is just starting, and will be ready another time
                    self._end()
                    self._process = _started()
                return last
            over = process.is_over  # asked first: what was said before the end is heard
            try:
                answer = answers.get(timeout=min(left, 0.0 if over else _ASKING_S))
            except Empty:
                if not over:
                    continue
                answer = None
            if answer is None:
                self._replace_dead(process)
                return last
            if answer == DONE:
                return last
            last = np.frombuffer(answer[1:], dtype="<i8").astype(np.int64)

    def _replace_dead(self, process: _Process) -> None:
        """Start another process, unless the last never worked or too many have died."""
        self._deaths += 1
        self._end()
        if process.is_ready and self._deaths < _MOST_DEATHS:
            self._process = _started()

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
        self._process = None


def _better(
    covering: Covering, columns: Columns, best: Int64, found: Int64 | None
) -> tuple[int, ...] | None:
    """What was found, if it is allowed and costs less: nobody's word is taken for it."""
    if found is None or len(np.unique(found)) < len(found):
        return None
    before, after = covering.cost_of(columns, best), covering.cost_of(columns, found)
    if after is None or (before is not None and after >= before):
        return None
    return tuple(sorted(found.tolist()))


class _Process:
    """A process that chooses routes, and the thread that talks with it."""

    __slots__ = ("_asked", "_process", "_talking", "is_ready", "owner")

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.owner = os.getpid()
        self.is_ready = False
        self._process = process
        self._asked: SimpleQueue[tuple[bytes, float | None, SimpleQueue[bytes | None]] | None] = (
            SimpleQueue()
        )
        self._talking = threading.Thread(target=self._talk, daemon=True)
        self._talking.start()

    @property
    def is_over(self) -> bool:
        """Whether no answer will come any more."""
        return not self._talking.is_alive()

    def ask(self, content: bytes, until: float | None) -> SimpleQueue[bytes | None]:
        """Ask for choices; they will be in the queue, then `DONE`, or None if it dies meanwhile."""
        answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._asked.put((content, until, answers))
        return answers

    def end(self) -> None:
        """Kill the process; one that belongs to the process this was forked from is left alone."""
        if self.owner != os.getpid():
            return
        self._asked.put(None)
        self._process.kill()
        self._process.wait()
        self._talking.join(_ENDING_S)
        if not self._talking.is_alive():
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was not sent is lost
                    cast("BinaryIO", stream).close()

    def _talk(self) -> None:
        inward = cast("BinaryIO", self._process.stdin)
        outward = cast("BinaryIO", self._process.stdout)
        answers: SimpleQueue[bytes | None] | None = None
        try:
            self.is_ready = receive(outward) == READY
            while self.is_ready and (asked := self._asked.get()) is not None:
                content, until, answers = asked
                if until is None or monotonic() < until:
                    send(inward, content)
                    while (answer := receive(outward))[:1] == BETTER:
                        answers.put(answer)
                    if answer != DONE:
                        break
                answers.put(DONE)
                answers = None
        except (OSError, ValueError):  # killed while it spoke
            pass
        finally:
            if answers is not None:
                answers.put(None)


def _started() -> _Process | None:
    """A process that is starting; None where this program is no Python that could be started."""
    name = Path(sys.executable or "").name.lower()
    if getattr(sys, "frozen", False) or not name.startswith(("python", "pypy")):
        return None  # a frozen program would start itself again
    package = Path(__file__).parents[4]
    paths = [*(os.path.abspath(path) for path in sys.path if path), str(package)]  # noqa: PTH100
    try:
        process = subprocess.Popen(  # noqa: S603 - a module of this package
            [sys.executable, "-P", "-W", "ignore", "-m", master_process.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError):
        return None
    return _Process(process)
