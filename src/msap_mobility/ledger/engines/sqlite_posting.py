"""One transaction's postings through a SQLite cursor, whoever began the transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.judge import Judge
from msap_mobility.ledger.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.ledger.engines.protocol import Answer
    from msap_mobility.ledger.entry import Entry
    from msap_mobility.ledger.sight import Head, Rows, Standing

__all__ = ["PREFIX", "Doubt", "SqlitePosting"]

PREFIX = "ledger_"
"""What the tables' names begin with, so that they can live beside a host's own."""

_ENTRY = f"""INSERT INTO {PREFIX}entry VALUES (
    (?1 << 40) + ?2, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"""
_LEG = f"INSERT INTO {PREFIX}leg VALUES (?, ?, ?, ?, ?, ?, ?)"
_ACCOUNT = f"INSERT INTO {PREFIX}account VALUES (?, ?, ?, ?, ?, ?)"
_TERMS = f"INSERT INTO {PREFIX}terms VALUES (?, ?, ?, ?, ?, ?)"
_COUPON = f"INSERT INTO {PREFIX}coupon VALUES (?, ?, ?, ?)"

_NOTE = f"""
    INSERT INTO {PREFIX}member VALUES (?, ?, ?, ?)
    ON CONFLICT (scheme, id) DO UPDATE SET name = excluded.name, contact = excluded.contact
"""

_MOST_KNOWN = 20_000  # accounts kept in memory


class Doubt(Exception):  # noqa: N818 - a signal between the engines and their posting
    """A key taken for new may be old: roll back, look, and judge again."""


class SqlitePosting:
    """Judges groups of entries and inserts their rows, inside a transaction begun by the caller.

    It remembers how accounts stood after the last entry it wrote. As nothing in a ledger is ever
    changed but by adding an entry, that memory is right as long as this entry is still the last.
    Whoever wrote last alone takes it to be so without looking: if another wrote meanwhile, the
    next number is taken and the database refuses it.

    Parameters
    ----------
    cursor
        A cursor of the connection that writes.
    scheme, name, decimals
        Number and name of the scheme, decimals of its assets.
    """

    def __init__(
        self,
        cursor: sqlite3.Cursor,
        scheme: int,
        name: str,
        decimals: Mapping[str, int],
    ) -> None:
        self._cursor = cursor
        self._scheme = scheme
        self._name = name
        self._decimals = decimals
        self.reader = Reader(self._run, scheme, PREFIX)
        self._known: dict[str, Standing] = {}
        self._head: Head | None = None
        self._alone = False
        self._next_due: int | None = None

    def post(self, groups: Sequence[Sequence[Entry]], now: int, *, trusting: bool) -> list[Answer]:
        """Judge and insert; the caller commits, or rolls back and calls `forget`.

        Raises
        ------
        Doubt
            If `trusting`, and an entry was refused, its key is not new, or another wrote meanwhile.
        """
        head = self._head if self._head and self._alone and trusting else self._look_at_head()
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        self._look_up(groups)
        judge = Judge(
            scheme=self._scheme,
            name=self._name,
            head=head,
            sight=self.reader,
            standings=self._known,
            decimals=self._decimals,
            now=now,
            trusting=trusting,
        )
        due = self._next_due is not None and self._next_due <= max(now, head.recorded)
        try:
            if due:
                judge.expire()
            answers = [judge.group(group) for group in groups]
            if trusting and judge.refused:
                raise Doubt
            self._insert(judge.rows)
        except (sqlite3.IntegrityError, BrokenInvariant):
            if trusting:  # what was remembered may be out of date
                raise Doubt from None
            raise
        self._head = judge.head
        if due or judge.held:
            self._next_due = self.reader.next_due(judge.head.recorded)
        return answers

    def note_member(self, member: str, name: str, contact: str) -> None:
        """Insert or overwrite the name and the contact of a member; the caller commits."""
        self._cursor.execute(_NOTE, (self._scheme, member, name, contact))

    def forget(self) -> None:
        """Drop what was remembered: the transaction did not end in a commit."""
        self._known.clear()
        self._head = None

    def look_again(self) -> None:
        """Another may have written: look at the head before trusting what is remembered."""
        self._alone = False

    def _look_at_head(self) -> Head:
        head = self.reader.head()
        self._alone = head == self._head
        if not self._alone:
            self._known.clear()
            self._next_due = self.reader.next_due(head.recorded)
        return head

    def _look_up(self, groups: Sequence[Sequence[Entry]]) -> None:
        """Fetch the accounts of many entries in few queries."""
        known = self._known
        wanted = {
            account
            for group in groups
            for entry in group
            for account in entry.legs
            if account not in known
        }
        if len(wanted) > 1:
            for standing in self.reader.standings_of(sorted(wanted)):
                known[standing.terms.id] = standing

    def _insert(self, rows: Rows) -> None:
        many = self._cursor.executemany
        if rows.accounts:
            many(_ACCOUNT, rows.accounts)
        many(_ENTRY, rows.entries)
        if rows.terms:
            many(_TERMS, rows.terms)
        rows.legs.sort()  # an account's legs lie together
        many(_LEG, rows.legs)
        if rows.marks:
            many(_COUPON, rows.marks)

    def _run(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._cursor.execute(query, values).fetchall()
