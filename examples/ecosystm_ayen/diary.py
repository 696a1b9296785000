"""What is done: so that a program that was killed goes on where it was."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Diary"]

_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS step (
    id TEXT PRIMARY KEY, fund_cents INTEGER NOT NULL, circulating_cents INTEGER NOT NULL
) STRICT;
COMMIT;
"""


class Diary:
    """The steps that are done, in a SQLite file, each with what was in the fund after it.

    A step is written down once it is done. So the only one that may be done twice is the one in
    which the program was killed, and each is such that twice is once.
    """

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(_TABLES)

    def agree(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Keep what the year is made of; what an earlier run kept stays, and is given back."""
        self._file.executemany("INSERT OR IGNORE INTO setting VALUES (?, ?)", settings.items())
        return dict(self._file.execute("SELECT name, value FROM setting"))

    def done(self) -> frozenset[str]:
        """Ids of the steps that are done."""
        return frozenset(id_ for (id_,) in self._file.execute("SELECT id FROM step"))

    def write(self, step: str, fund_cents: int, circulating_cents: int) -> None:
        """A step is done."""
        self._file.execute(
            "INSERT INTO step VALUES (?, ?, ?)", (step, fund_cents, circulating_cents)
        )

    def covered(self) -> tuple[int, int]:
        """After how many steps the fund equalled what circulated, and of how many."""
        row = self._file.execute(
            "SELECT coalesce(sum(fund_cents = circulating_cents), 0), count(*) FROM step"
        )
        equal, steps = row.fetchone()
        return equal, steps

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
