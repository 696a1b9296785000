"""A fresh place for a desk and its ledger: memory, a SQLite file, PostgreSQL.

Tests take the fixture `place` (see `conftest.py`); property tests open one themselves:
``with fresh("sqlite") as place: desk = place.desk()``. A place is told as one text, so that another
process finds it too: ``of(told)``.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from msap_mobility.desk import Desk
from msap_mobility.ledger import Ledger, SchemeRules
from tests.ledger import postgres_server
from tests.ledger.stores import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLACES = ("memory", "sqlite", "postgres")

Closes = Desk | Ledger


@dataclass
class Place:
    """Where a desk and its ledger are, empty at first; what was opened is closed with it.

    Both are in one SQLite file, or in two schemas of one database.
    """

    kind: str
    where: str = ""
    schema: str = ""
    clock: Callable[[], int] | None = field(default_factory=Clock)
    opened: list[Closes] = field(default_factory=list)

    def desk(self, ledger: Ledger | None = None) -> Desk:
        """A new desk."""
        return self._keep(Desk.create(self.where or None, ledger=ledger, **self._more("desk")))

    def again(self, ledger: Ledger | None = None) -> Desk:
        """The desk opened again, as another program would; not in memory."""
        return self._keep(Desk.open(self.where, ledger=ledger, **self._more("desk")))

    def ledger(self, rules: SchemeRules | None = None) -> Ledger:
        """A new ledger."""
        rules = rules or SchemeRules.ayen()
        where = self.where or ":memory:"
        return self._keep(Ledger.create(where, rules=rules, **self._more("ledger")))

    def ledger_again(self) -> Ledger:
        """The ledger opened again."""
        return self._keep(Ledger.open(self.where, **self._more("ledger")))

    def told(self) -> str:
        """The place as a text for another process, which has the clock of the machine."""
        return json.dumps({"kind": self.kind, "where": self.where, "schema": self.schema})

    @classmethod
    def of(cls, told: str) -> Self:
        """The place that was told."""
        return cls(**json.loads(told), clock=None)

    def _more(self, part: str) -> dict[str, Any]:
        more: dict[str, Any] = {} if self.clock is None else {"clock": self.clock}
        return more | ({"schema": f"{self.schema}_{part}"} if self.schema else {})

    def _keep(self, new: Any) -> Any:
        self.opened.append(new)
        return new


@contextmanager
def fresh(kind: str) -> Iterator[Place]:
    """An empty place, gone afterwards. Skips where there is no PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="msap-desk-") as folder:
        place = Place(kind)
        if kind == "sqlite":
            place.where = str(Path(folder, "desk.sqlite"))
        if kind == "postgres":
            given = postgres_server.dsn()
            from psycopg.conninfo import conninfo_to_dict

            place.where = "postgresql:///?" + urlencode(conninfo_to_dict(given))
            place.schema = postgres_server.new_schema_name()
        try:
            yield place
        finally:
            for each in reversed(place.opened):
                each.close()
            if kind == "postgres":
                for part in ("desk", "ledger"):
                    postgres_server.drop(f"{place.schema}_{part}")
