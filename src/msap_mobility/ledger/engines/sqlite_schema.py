"""The tables of a ledger in SQLite. None is ever updated: triggers refuse it, rows are only added.

A scheme's number is in every key, so nothing of one can reach into another. The running balances
stand in the leg that made them: the present one is an account's last leg, a past one the last
before. The `id` of an entry joins scheme and number in one integer, so that the journal grows at
its end only and a commit writes few pages.
"""

from __future__ import annotations

__all__ = ["SCHEMA_VERSION", "TABLES", "statements"]

SCHEMA_VERSION = 1

TABLES = ("scheme", "account", "terms", "entry", "leg", "coupon")
"""The append-only tables."""

_DDL = """
CREATE TABLE {p}version (
    version INTEGER PRIMARY KEY,
    readable_from INTEGER NOT NULL
) STRICT;

CREATE TABLE {p}scheme (
    scheme INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE {p}account (
    scheme INTEGER NOT NULL REFERENCES {p}scheme,
    account INTEGER NOT NULL,
    id TEXT NOT NULL,
    asset TEXT NOT NULL,
    holder TEXT NOT NULL CHECK (holder IN ('system', 'person', 'shop')),
    weight INTEGER NOT NULL,
    PRIMARY KEY (scheme, account),
    UNIQUE (scheme, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE {p}entry (
    id INTEGER PRIMARY KEY CHECK (id = (scheme << 40) + seq),
    scheme INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    effective INTEGER CHECK (effective <= recorded),
    recorded INTEGER NOT NULL,
    ref TEXT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    target TEXT,
    expires INTEGER,
    accounts TEXT NOT NULL,
    marks TEXT NOT NULL,
    legs TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE UNIQUE INDEX {p}entry_key ON {p}entry (scheme, key);

CREATE UNIQUE INDEX {p}entry_target ON {p}entry (scheme, target) WHERE target IS NOT NULL;

CREATE INDEX {p}entry_expires ON {p}entry (scheme, expires) WHERE expires IS NOT NULL;

CREATE INDEX {p}entry_effective ON {p}entry (scheme, effective) WHERE effective IS NOT NULL;

CREATE TABLE {p}terms (
    scheme INTEGER NOT NULL,
    account INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    floor INTEGER,
    ceiling INTEGER,
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    PRIMARY KEY (scheme, account, seq),
    FOREIGN KEY (scheme, account) REFERENCES {p}account (scheme, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE {p}leg (
    scheme INTEGER NOT NULL,
    account INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    posted INTEGER NOT NULL CHECK (abs(posted) <= 9007199254740991),
    outgoing INTEGER NOT NULL CHECK (outgoing BETWEEN 0 AND 9007199254740991),
    incoming INTEGER NOT NULL CHECK (incoming BETWEEN 0 AND 9007199254740991),
    PRIMARY KEY (scheme, account, seq),
    FOREIGN KEY (scheme, account) REFERENCES {p}account (scheme, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE {p}coupon (
    scheme INTEGER NOT NULL REFERENCES {p}scheme,
    serial TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (scheme, serial, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER {p}leg_limits BEFORE INSERT ON {p}leg
BEGIN
    SELECT RAISE(ABORT, 'limit')
    FROM (
        SELECT floor, ceiling, closed FROM {p}terms
        WHERE scheme = NEW.scheme AND account = NEW.account AND seq <= NEW.seq
        ORDER BY seq DESC LIMIT 1
    )
    WHERE closed OR NEW.posted - NEW.outgoing < floor OR NEW.posted + NEW.incoming > ceiling;
END;

CREATE TRIGGER {p}entry_gap BEFORE INSERT ON {p}entry
WHEN NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM {p}entry WHERE id = NEW.id - 1)
BEGIN SELECT RAISE(ABORT, 'gap'); END;

CREATE TABLE {p}member (
    scheme INTEGER NOT NULL REFERENCES {p}scheme,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    PRIMARY KEY (scheme, id)
) STRICT, WITHOUT ROWID;
"""

_GUARD = """
CREATE TRIGGER {p}{table}_{verb} BEFORE {verb} ON {p}{table}
BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""


def statements(prefix: str) -> list[str]:
    """The statements that make the tables, their names preceded by `prefix`.

    Examples
    --------
    >>> statements("ledger_")[0].split("(")[0]
    'CREATE TABLE ledger_version '
    """
    guards = [
        _GUARD.format(p=prefix, table=table, verb=verb)
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]
    return [
        text.strip().rstrip(";") + ";" for text in _DDL.format(p=prefix).split(";\n\n")
    ] + guards
