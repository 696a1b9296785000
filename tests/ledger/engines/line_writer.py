"""A process that stands in line before a database: told through its arguments what to do.

``line_writer.py DATABASE append NAME FILE``: go in once, append NAME to FILE.
``line_writer.py DATABASE count TIMES FILE``: go in so many times, each adding one to FILE's number.
``line_writer.py DATABASE hold``: go in, tell it, and stay.
``line_writer.py DATABASE pass TIMES``: go in and out so many times.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from msap_mobility.ledger.engines.queue_lock import queue_lock


def main() -> None:
    database, verb, *rest = sys.argv[1:]
    line = queue_lock(Path(database), patience_s=60)
    if verb == "append":
        with line, Path(rest[1]).open("a", encoding="utf-8") as file:
            file.write(rest[0])
    elif verb == "count":
        number = Path(rest[1])
        for _ in range(int(rest[0])):
            with line:  # read and write, not one step: only exclusion keeps the count right
                number.write_text(str(int(number.read_text(encoding="utf-8")) + 1), "utf-8")
    elif verb == "hold":
        with line:
            print("inside", flush=True)
            time.sleep(600)
    elif verb == "pass":
        for _ in range(int(rest[0])):
            with line:
                pass
    line.close()


if __name__ == "__main__":
    main()
