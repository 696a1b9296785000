"""The tables and functions of a ledger in PostgreSQL, as SQL for whoever owns the database.

The library itself never migrates: the owner applies `schema_sql`, by hand or as a migration of the
host's own, and the programs that post need no right but to look and to call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from msap_mobility.errors import Fault, InputError

__all__ = ["SCHEMA", "SCHEMA_VERSION", "grants_sql", "quoted", "schema_sql"]

SCHEMA = "msap_ledger"
"""Name of the schema if no other is given; the SQL files are written with it."""

SCHEMA_VERSION = 1
"""What this code writes and reads."""

_FUNCTIONS = ("append_v1", "begin_v1", "note_member_v1")  # what the library calls

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,49}")


@dataclass(frozen=True, slots=True)
class _Migration:
    """What leads to a version: files of SQL, run in order.

    A version is readable from an older one as long as it only adds; then old and new code run
    together. Its last statement says so in the table ``version``.
    """

    version: int
    files: tuple[str, ...]


_MIGRATIONS = (_Migration(1, ("1_tables.sql", "1_forms.sql", "1_rules.sql", "1_append.sql")),)


def schema_sql(schema: str = SCHEMA, since: int = 0) -> str:
    """The SQL that makes the tables and functions, or brings older ones up to date.

    It begins and ends no transaction: run it in one (``psql --single-transaction``, a migration).

    Parameters
    ----------
    schema
        Name of the schema: small letters, digits and ``_``.
    since
        Version of the tables there are; 0 if there are none.

    Raises
    ------
    InputError
        If the schema's name cannot be used.

    Examples
    --------
    >>> print(schema_sql("coupons")[:60])
    -- Version 1, the tables. Rows are only added: triggers refu
    >>> 'CREATE TABLE "coupons".entry' in schema_sql("coupons")
    True
    >>> schema_sql(since=1)
    ''
    """
    name = quoted(schema)
    folder = files(__package__) / "postgres_sql"
    texts = [
        (folder / file).read_text(encoding="utf-8")
        for migration in _MIGRATIONS
        if migration.version > since
        for file in migration.files
    ]
    sql = "\n".join(texts).replace(f"'{SCHEMA}'", f"'{schema}'")
    return re.sub(rf"(?<!')\b{SCHEMA}\b", name, sql)


def grants_sql(role: str, schema: str = SCHEMA) -> str:
    """The SQL that lets a role look, post and begin schemes, and nothing else.

    Parameters
    ----------
    role
        Whom: small letters, digits and ``_``.
    schema
        As for `schema_sql`.

    Examples
    --------
    >>> print(grants_sql("desk"))
    GRANT USAGE ON SCHEMA "msap_ledger" TO "desk";
    GRANT SELECT ON ALL TABLES IN SCHEMA "msap_ledger" TO "desk";
    GRANT EXECUTE ON FUNCTION "msap_ledger".append_v1 TO "desk";
    GRANT EXECUTE ON FUNCTION "msap_ledger".begin_v1 TO "desk";
    GRANT EXECUTE ON FUNCTION "msap_ledger".note_member_v1 TO "desk";
    <BLANKLINE>
    """
    place, whom = quoted(schema), quoted(role)
    rights = [
        f"USAGE ON SCHEMA {place}",
        f"SELECT ON ALL TABLES IN SCHEMA {place}",
        *(f"EXECUTE ON FUNCTION {place}.{name}" for name in _FUNCTIONS),
    ]
    return "".join(f"GRANT {right} TO {whom};\n" for right in rights)


def quoted(name: str) -> str:
    """The name as SQL writes it.

    Raises
    ------
    InputError
        If it is more than small letters, digits and ``_``.

    Examples
    --------
    >>> quoted("msap_ledger")
    '"msap_ledger"'
    """
    if not _NAME.fullmatch(name):
        raise InputError([Fault(code="schema_name", value=name)])
    return f'"{name}"'
