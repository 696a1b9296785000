"""The tables of a desk, the same in SQLite and in PostgreSQL.

What happened to rides (``event``), who was phoned (``call``) and what the ledger was told
(``posted``) is only ever added to: triggers refuse the rest. Those rows name members by their ids
and hold no place. What is personal stands in columns of its own that can be blanked: names
(``contact``), places of offers, of requests and of rides (``data`` of ``offer``, ``request`` and
``agreed``). ``life`` is where each ride stands: it follows from the events, and is there to be
looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.desk.unusable import DeskUnusable
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.desk.store import Run

__all__ = ["SCHEMA_VERSION", "check", "make", "postgres_statements", "sqlite_statements"]

SCHEMA_VERSION = 1
"""What this code writes and reads."""

_KEPT = ("event", "call", "posted")

_TABLES = """
CREATE TABLE {p}setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
){strict};

CREATE TABLE {p}member (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    at BIGINT NOT NULL
){strict};

CREATE TABLE {p}contact (
    member TEXT PRIMARY KEY REFERENCES {p}member,
    data TEXT NOT NULL
){strict};

CREATE TABLE {p}offer (
    id TEXT PRIMARY KEY,
    driver TEXT NOT NULL REFERENCES {p}member,
    day TEXT NOT NULL,
    data TEXT NOT NULL,
    at BIGINT NOT NULL
){strict};

CREATE INDEX {p}offer_day ON {p}offer (day);

CREATE TABLE {p}withdrawn (
    offer TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL
){strict};

CREATE TABLE {p}request (
    id TEXT PRIMARY KEY,
    rider TEXT NOT NULL REFERENCES {p}member,
    day TEXT NOT NULL,
    party INTEGER NOT NULL,
    data TEXT NOT NULL,
    at BIGINT NOT NULL
){strict};

CREATE INDEX {p}request_day ON {p}request (day);

CREATE TABLE {p}event (
    n BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    ride TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    posting TEXT NOT NULL
){strict};

CREATE INDEX {p}event_ride ON {p}event (ride);

CREATE INDEX {p}event_posting ON {p}event (posting) WHERE posting <> '';

CREATE TABLE {p}life (
    ride TEXT PRIMARY KEY,
    request TEXT NOT NULL REFERENCES {p}request,
    leg TEXT NOT NULL,
    rider TEXT NOT NULL,
    stage TEXT NOT NULL,
    offer TEXT NOT NULL,
    driver TEXT NOT NULL,
    day TEXT NOT NULL,
    party INTEGER NOT NULL,
    metres BIGINT NOT NULL,
    n BIGINT NOT NULL
){strict};

CREATE INDEX {p}life_offer ON {p}life (offer);

CREATE INDEX {p}life_day ON {p}life (day);

CREATE INDEX {p}life_request ON {p}life (request);

CREATE INDEX {p}life_stage ON {p}life (stage);

CREATE TABLE {p}agreed (
    ride TEXT PRIMARY KEY,
    data TEXT NOT NULL
){strict};

CREATE TABLE {p}call (
    n BIGINT PRIMARY KEY,
    request TEXT NOT NULL,
    member TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL
){strict};

CREATE INDEX {p}call_request ON {p}call (request);

CREATE INDEX {p}call_at ON {p}call (at);

CREATE TABLE {p}posted (
    key TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    at BIGINT NOT NULL
){strict};
"""

_SQLITE_GUARD = """
CREATE TRIGGER {p}{table}_{verb} BEFORE {verb} ON {p}{table}
BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""

_POSTGRES_GUARD = """
CREATE FUNCTION {p}refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only' USING ERRCODE = 'restrict_violation';
END $$;
"""

_POSTGRES_TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {p}{table}
FOR EACH STATEMENT EXECUTE FUNCTION {p}refuse_change();
"""


def make(run: Run, statements: Iterable[str], place: str, *, there: bool) -> None:
    """Make the tables, unless there are some.

    Raises
    ------
    InputError
        ``desk_exists``.
    """
    if there:
        raise InputError([Fault(code="desk_exists", value=place)])
    for statement in statements:
        run(statement)
    run("INSERT INTO {p}setting VALUES ('version', ?)", (str(SCHEMA_VERSION),))


def check(run: Run, place: str, *, there: bool) -> None:
    """See that the tables are there and can be used.

    Raises
    ------
    InputError
        ``desk_missing``.
    DeskUnusable
        If a later version of the library made them.
    """
    if not there:
        raise InputError([Fault(code="desk_missing", value=place)])
    ((version,),) = run("SELECT value FROM {p}setting WHERE name = 'version'")
    if int(version) > SCHEMA_VERSION:
        raise DeskUnusable("later_version", place=place, version=version)


def sqlite_statements(prefix: str) -> list[str]:
    """What makes the tables in SQLite, their names preceded by `prefix`.

    Examples
    --------
    >>> sqlite_statements("desk_")[0].split("(")[0]
    'CREATE TABLE desk_setting '
    """
    guards = [
        _SQLITE_GUARD.format(p=prefix, table=table, verb=verb)
        for table in _KEPT
        for verb in ("UPDATE", "DELETE")
    ]
    return [*_tables(prefix, " STRICT").replace("BIGINT", "INTEGER").split(";\n\n"), *guards]


def postgres_statements(place: str) -> list[str]:
    """What makes the tables in a schema of PostgreSQL, which `place` names as SQL writes it."""
    tables = _tables("{p}", "")
    for name in _INDEXED:  # an index lies in the schema of its table and is named without it
        tables = tables.replace(f"CREATE INDEX {{p}}{name}", f"CREATE INDEX {name}")
    made = [f"CREATE SCHEMA IF NOT EXISTS {place}", *tables.split(";\n\n"), _POSTGRES_GUARD]
    guards = [_POSTGRES_TRIGGER.replace("{table}", table) for table in _KEPT]
    return [text.replace("{p}", f"{place}.") for text in (*made, *guards)]


_INDEXED = (
    "offer_day",
    "request_day",
    "event_ride",
    "event_posting",
    "life_offer",
    "life_day",
    "life_request",
    "life_stage",
    "call_request",
    "call_at",
)


def _tables(prefix: str, strict: str) -> str:
    return _TABLES.strip().rstrip(";").format(p=prefix, strict=strict)
