"""Short lives of an agent's program that is killed at a seam, or at any moment.

``python -m tests.desk.lives`` waits for lines of JSON: ``seed``, ``seam``, ``times``, ``place``. At
each it forks a child that opens desk and ledger of the place and goes on with the day (see
`tests.desk.day`). The child tells its process id; it kills itself when it comes to the seam so many
times, telling so before; or tells that the day is over. Its parent tells when it is gone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msap_mobility.desk.postgres_store import PostgresStore
from msap_mobility.desk.sqlite_store import SqliteStore
from msap_mobility.ledger import Ledger
from tests.desk.day import work
from tests.desk.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERBS = ("promise_ride", "cancel_ride", "settle")

SEAMS = [f"{when} {verb}" for when in ("before", "after") for verb in (*VERBS, "commit")]
"""Between what the desk writes and what the ledger is told, and around each commit of the desk."""


def armed(seam: str, times: int) -> None:
    """Have this process die when it comes to a seam so many times."""
    crossed = Counter[str]()

    def cross(name: str) -> None:
        crossed[name] += 1
        if name == seam and crossed[name] == times:
            os.write(1, b"at the seam\n")
            os.kill(os.getpid(), signal.SIGKILL)

    for store in (SqliteStore, PostgresStore):
        store.writing = _torn(store.writing, cross)  # type: ignore[method-assign,assignment]
    for verb in VERBS:
        setattr(Ledger, verb, _between(getattr(Ledger, verb), verb, cross))


def _torn(writing: Callable[..., Any], cross: Callable[[str], None]) -> Callable[..., Any]:
    @contextmanager
    def torn(self: object) -> Iterator[Any]:
        with writing(self) as run:
            yield run
            cross("before commit")
        cross("after commit")

    return torn


def _between(
    verb: Callable[..., Any], name: str, cross: Callable[[str], None]
) -> Callable[..., Any]:
    def between(*given: Any, **more: Any) -> Any:
        cross(f"before {name}")
        answer = verb(*given, **more)
        cross(f"after {name}")
        return answer

    return between


def live(seed: str, seam: str, times: int, place: str) -> None:
    armed(seam, times)
    where = Place.of(place)
    with where.ledger_again() as ledger, where.again(ledger) as desk:
        work(desk, seed)
    os.write(1, b"over\n")


def main() -> None:
    import psycopg  # noqa: F401 - the children need not load it

    print("warm", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.write(1, f"born {os.getpid()}\n".encode())
            try:
                live(**json.loads(line))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.write(1, b"\ngone\n")


if __name__ == "__main__":
    main()
