"""The process in which routes are chosen: programs come in, better choices go out.

Run as ``python -m msap_mobility.optimise.routing.native.master_process`` by `master`. It ends as
soon as its input does, so it does not outlive who started it. Nothing but numpy and HiGHS is
loaded.

A message is its length in 8 bytes and its content. Content from here is `READY` once, then for
each program `BETTER` with the rows of each better choice, then `DONE`.
"""

from __future__ import annotations

import io
import os
import signal
import threading
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.optimise.routing.native.covering import Columns, Covering
from msap_mobility.optimise.routing.native.master_search import Search

if TYPE_CHECKING:
    from typing import BinaryIO

    from numpy.typing import NDArray

    from msap_mobility.optimise.routing.native.covering import Int64

__all__ = ["BETTER", "DONE", "READY", "packed", "receive", "send"]

READY, BETTER, DONE = b"R", b"B", b"D"

_LENGTH = 8


def send(stream: BinaryIO, content: bytes) -> None:
    """Write one message."""
    stream.write(len(content).to_bytes(_LENGTH, "little") + content)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one message; nothing when there will be no more."""
    length = int.from_bytes(_exactly(stream, _LENGTH), "little")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        part = stream.read(length - len(content))
        if not part:
            return b""
        content += part
    return bytes(content)


def packed(
    columns: Columns, covering: Covering, best: Int64, *, work: int, until: float | None
) -> bytes:
    """A program as the content of a message."""
    buffer = io.BytesIO()
    np.savez(
        buffer,
        start=columns.start,
        unit=columns.unit,
        cost=columns.cost,
        kind=columns.kind,
        must=covering.must,
        worth=covering.worth,
        most=covering.most,
        routes=np.array(covering.routes),
        best=best,
        work=np.array(work),
        until=np.array(np.inf if until is None else until),
    )
    return buffer.getvalue()


def _unpacked(content: bytes, out: BinaryIO) -> Search:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        held: dict[str, NDArray[np.int64]] = dict(arrays)
    until = float(held["until"])
    return Search(
        columns=Columns(**{name: held[name] for name in ("start", "unit", "cost", "kind")}),
        covering=Covering(
            must=held["must"].astype(np.bool_),
            worth=held["worth"],
            most=held["most"],
            routes=int(held["routes"]),
        ),
        best=held["best"],
        work=int(held["work"]),
        until=None if until == np.inf else until,
        tell=lambda rows: send(out, BETTER + rows.astype("<i8").tobytes()),
    )


def _listen(heard: SimpleQueue[bytes]) -> None:
    """Pass programs on; end the process when there will be no more, whatever it is doing."""
    with os.fdopen(0, "rb", buffering=0, closefd=False) as stream:
        while content := receive(stream):
            heard.put(content)
    os._exit(0)


def _main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not mix with messages
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for who started this to say when to end
    import highspy  # noqa: F401, PLC0415 - loaded before it is needed

    send(out, READY)
    heard: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(heard,), daemon=True).start()
    while True:
        search = _unpacked(heard.get(), out)
        if search.until is None or monotonic() < search.until:
            search.run()
        send(out, DONE)


if __name__ == "__main__":
    _main()
