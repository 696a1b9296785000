"""The search for columns in a process of its own, which can be killed the moment its time is up.

A branch-and-bound solver looks at its clock only now and then: a share of two seconds may become a
minute. So it runs as ``python -m msap_mobility.optimise.assignment.apart``, reads the program from
its input, and writes every report to its output as soon as there is one; the last one counts.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from msap_mobility.optimise.assignment.master import Report, search
from msap_mobility.optimise.assignment.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from msap_mobility.optimise.arrays import Int64

__all__ = ["search_apart"]

_LENGTH = 8  # bytes before each message
_STARTING_S = 0.5
_ASKING_S = 0.1
_TO_FINISH = 0.9
"""Share of the time after which the solver is asked to stop by itself."""


def search_apart(
    program: Program,
    chosen: Int64,
    *,
    seconds: float,
    should_stop: Callable[[], bool] = lambda: False,
) -> Report | None:
    """The last report of a search that ends, or is ended, within `seconds`; None if there is none.

    Parameters
    ----------
    program, chosen
        As for `master.search`.
    seconds
        From now to the end of the process, its start included.
    should_stop
        Asked several times a second; once it says so the search ends.
    """
    until = perf_counter() + seconds
    package = Path(__file__).parents[3]
    paths = [str(package), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    heard: SimpleQueue[Report | None] = SimpleQueue()
    listening = threading.Thread(
        target=_converse, args=(process, program, chosen, until, heard), daemon=True
    )
    listening.start()
    last: Report | None = None
    try:
        while not should_stop() and (left := until - perf_counter()) > 0:
            with suppress(Empty):
                report = heard.get(timeout=min(left, _ASKING_S))
                if report is None:
                    break
                last = report
    finally:
        process.kill()
        process.wait()
        listening.join()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not sent is lost
                if stream is not None:
                    stream.close()
    return last


def _converse(
    process: subprocess.Popen[bytes],
    program: Program,
    chosen: Int64,
    until: float,
    heard: SimpleQueue[Report | None],
) -> None:
    """Send the program, then pass on every report; None when there will be no more."""
    try:
        if process.stdin is not None and process.stdout is not None:
            seconds = _TO_FINISH * max(0.0, until - perf_counter() - _STARTING_S)
            sent = {**program._asdict(), "chosen": chosen, "seconds": np.array([seconds])}
            _send(process.stdin, sent)
            process.stdin.close()
            while (message := _receive(process.stdout)) is not None:
                heard.put(Report(**message))
    except (OSError, ValueError):  # killed while it spoke
        pass
    finally:
        heard.put(None)


def _send(stream: BinaryIO | Any, arrays: Mapping[str, Any]) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    content = buffer.getvalue()
    stream.write(len(content).to_bytes(_LENGTH, "little") + content)
    stream.flush()


def _receive(stream: BinaryIO | Any) -> dict[str, Any] | None:
    length = int.from_bytes(stream.read(_LENGTH), "little")
    content = stream.read(length)
    if length == 0 or len(content) < length:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def _main() -> None:
    """Read one program, report, end. Whatever else a library prints must not mix with reports."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    message = _receive(sys.stdin.buffer)
    if message is not None:
        seconds, chosen = float(message.pop("seconds")[0]), message.pop("chosen")
        program = Program(**message)
        search(
            program,
            chosen,
            seconds=seconds,
            nodes=None,
            report=lambda report: _send(out, report._asdict()),
        )


if __name__ == "__main__":
    _main()
