"""A ledger's SQLite file as SQLite sees it: whole pages, true indexes, all guards in place."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.engines.sqlite import told
from msap_mobility.ledger.engines.sqlite_posting import PREFIX
from msap_mobility.ledger.engines.sqlite_schema import SCHEMA_VERSION, statements
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.proof.finding import Findings
from msap_mobility.ledger.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    _Objects = dict[tuple[str, str], tuple[str, str | None]]

__all__ = ["check_file", "open_to_read", "readable", "reader_of", "schemes_in"]

_NO_ROOM = ("cannot_open", "read_only")
"""What SQLite says where it may not write beside a file."""

_TOUCH = "SELECT 1 FROM sqlite_schema LIMIT 1"

_PAGE = re.compile(r"\bpage (\d+)")

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name LIKE ?"


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in our words what SQLite says, also where it quotes text that is damaged itself.

    Raises
    ------
    Unusable
        Instead of SQLite's error.
    """
    try:
        with told(path):
            yield
    except UnicodeDecodeError as error:
        raise Unusable("damaged", path=str(path), said=str(error)) from error


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a file so that nothing in it can change.

    SQLite wants to write beside a file even to read it: the index of its write-ahead log. Where it
    may not (a DVD, a folder of the treasurer's), a file without such a log is read as one that
    nobody changes.

    Raises
    ------
    Unusable
        If it cannot be opened.
    """
    try:
        return _opened(path, "mode=ro")
    except Unusable as error:
        if error.code not in _NO_ROOM or path.with_name(f"{path.name}-wal").exists():
            raise
    return _opened(path, "immutable=1")


def _opened(path: Path, how: str) -> sqlite3.Connection:
    with readable(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{how}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
    try:
        with readable(path):
            connection.execute(_TOUCH).fetchall()
    except Unusable as error:
        if error.code in _NO_ROOM:
            connection.close()
            raise
    return connection  # what else is wrong is found, and told, by who reads


def reader_of(connection: sqlite3.Connection, path: Path, scheme: int) -> Reader:
    """Reads a scheme through `connection`."""

    def run(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with readable(path):
            return connection.execute(query, values).fetchall()

    return Reader(run, scheme, PREFIX)


def schemes_in(connection: sqlite3.Connection, path: Path) -> dict[str, int]:
    """Number of each scheme of the file, by its name.

    Raises
    ------
    Unusable
        If they cannot be read.
    """
    with readable(path):
        query = f"SELECT name, scheme FROM {PREFIX}scheme ORDER BY scheme"
        return dict(connection.execute(query).fetchall())


def check_file(path: Path) -> Findings:
    """What SQLite's own check finds, and which tables, indexes and triggers are not ours.

    May run in a thread of its own: it holds no lock of Python's while SQLite reads.
    """
    findings = Findings()
    try:
        with closing(open_to_read(path)) as connection, readable(path):
            for (line,) in connection.execute("PRAGMA integrity_check"):
                if line != "ok":
                    page = _PAGE.search(line)
                    findings.note("file_damaged", None, page[0] if page else "", said=line)
            _check_schema(connection, findings)
    except (Unusable, TypeError) as error:  # a version, or a name, that is no longer one
        findings.note("file_unreadable", None, "", said=_said(error))
    return findings


def _said(error: Exception) -> str:
    return str(error.values.get("said", error.code)) if isinstance(error, Unusable) else repr(error)


def _check_schema(connection: sqlite3.Connection, findings: Findings) -> None:
    versions = connection.execute(f"SELECT version, readable_from FROM {PREFIX}version").fetchall()
    newest = max((version for version, _ in versions), default=0)
    if newest != SCHEMA_VERSION or not all(0 < least <= most for most, least in versions):
        findings.note("version_wrong", None, "version", found=versions, ours=SCHEMA_VERSION)
        return
    found, wanted = _objects(connection), _ours()
    for kind, name in sorted(wanted.keys() - found.keys()):
        findings.note("guard_missing", None, f"{kind} {name}")
    for kind, name in sorted(found.keys() & wanted.keys()):
        if found[kind, name] != wanted[kind, name]:
            findings.note("guard_changed", None, f"{kind} {name}")
    for kind, name in sorted(found.keys() - wanted.keys()):
        if kind == "trigger":  # a host may add indexes; a trigger could write behind our back
            findings.note("guard_foreign", None, f"{kind} {name}")


def _objects(connection: sqlite3.Connection) -> _Objects:
    rows = connection.execute(_OBJECTS, (f"{PREFIX}%",)).fetchall()
    return {(kind, name): (table, sql) for kind, name, table, sql in rows}


@cache
def _ours() -> _Objects:
    """What this version makes, as SQLite itself writes it down."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in statements(PREFIX):
            fresh.execute(statement)
        return _objects(fresh)
