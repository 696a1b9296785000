"""What is read from a journal, in SQL that every engine understands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.canonical import GENESIS, read_legs, read_marks, read_terms
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.outcome import Posted
from msap_mobility.ledger.sight import Head, Standing, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Run = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


__all__ = ["Reader"]

_WRONG = (AttributeError, TypeError, ValueError)
"""What a row raises that does not hold what it must: only in a damaged database."""

_ENTRY = """
    seq, key, kind, phase, effective, recorded, ref, actor, data, target, expires, accounts, marks,
    legs, hash
"""

_STANDING = """
    SELECT a.id, a.account, a.asset, a.holder, a.weight, t.floor, t.ceiling, t.closed,
           l.posted, l.outgoing, l.incoming
    FROM {p}account a
    JOIN {p}terms t ON t.scheme = a.scheme AND t.account = a.account AND t.seq = (
        SELECT max(seq) FROM {p}terms WHERE scheme = a.scheme AND account = a.account)
    LEFT JOIN {p}leg l ON l.scheme = a.scheme AND l.account = a.account AND l.seq = (
        SELECT max(seq) FROM {p}leg WHERE scheme = a.scheme AND account = a.account)
"""

_QUERIES = {
    "scheme": "SELECT scheme FROM {p}scheme WHERE name = ?",
    "schemes": "SELECT name FROM {p}scheme ORDER BY scheme",
    "head": """SELECT seq, hash, recorded FROM {p}entry
               WHERE id > ? AND id <= ? ORDER BY id DESC LIMIT 1""",
    "written": f"SELECT {_ENTRY} FROM {{p}}entry WHERE scheme = ? AND key = ?",
    "numbered": f"SELECT {_ENTRY} FROM {{p}}entry WHERE id = ?",
    "page": f"""SELECT {_ENTRY} FROM {{p}}entry
                WHERE id > ? AND id <= ? ORDER BY id LIMIT ?""",
    "standing": f"{_STANDING} WHERE a.scheme = ? AND a.id = ?",
    "standings": f"{_STANDING} WHERE a.scheme = ? ORDER BY a.account",
    "last_account": "SELECT coalesce(max(account), 0) FROM {p}account WHERE scheme = ?",
    "balance_in": """SELECT posted, outgoing, incoming FROM {p}leg
                     WHERE scheme = ? AND account = ? AND seq <= ? ORDER BY seq DESC LIMIT 1""",
    "closer": "SELECT key FROM {p}entry WHERE scheme = ? AND target = ?",
    "state": """SELECT state FROM {p}coupon
                WHERE scheme = ? AND serial = ? ORDER BY seq DESC LIMIT 1""",
    "trail": "SELECT seq, state FROM {p}coupon WHERE scheme = ? AND serial = ? ORDER BY seq",
    "in_state": """SELECT c.serial, c.seq FROM {p}coupon c
                   WHERE c.scheme = ? AND c.state = ? AND c.seq <= ? AND c.seq = (
                       SELECT max(seq) FROM {p}coupon
                       WHERE scheme = c.scheme AND serial = c.serial)
                   ORDER BY c.serial""",
    "spent_since": """SELECT coalesce(sum(-amount), 0) FROM {p}leg
                      WHERE scheme = ? AND account = ? AND seq > ? AND amount < 0""",
    "noted": "SELECT id, name, contact FROM {p}member WHERE scheme = ? ORDER BY id",
    "noted_of": "SELECT name, contact FROM {p}member WHERE scheme = ? AND id = ?",
    "due": """SELECT key FROM {p}entry e
              WHERE scheme = ? AND expires > ? AND expires <= ? AND NOT EXISTS (
                  SELECT 1 FROM {p}entry c WHERE c.scheme = e.scheme AND c.target = e.key)
              ORDER BY expires, seq""",
    "next_due": """SELECT min(expires) FROM {p}entry e
                   WHERE scheme = ? AND expires > ? AND NOT EXISTS (
                       SELECT 1 FROM {p}entry c WHERE c.scheme = e.scheme AND c.target = e.key)""",
    # Numbers grow with the time recorded, so a bisection finds the last before an instant
    # without an index of its own to keep.
    "seq_at": """WITH RECURSIVE bisect(low, high) AS (
                     SELECT CAST(0 AS BIGINT), CAST(? AS BIGINT)
                     UNION ALL
                     SELECT CASE WHEN e.recorded <= ? THEN e.seq ELSE low END,
                            CASE WHEN e.recorded <= ? THEN high ELSE e.seq - 1 END
                     FROM bisect JOIN {p}entry e ON e.id = ? + (low + high + 1) / 2
                     WHERE low < high)
                 SELECT max(low) FROM bisect""",
}

_MANY = f"{_STANDING} WHERE a.scheme = ? AND a.id IN ({', '.join('?' * 100)})"


_MOST_ENTRIES = 1 << 40  # of a scheme


class Reader:
    """Reads one scheme through any connection.

    Parameters
    ----------
    run
        Runs a query with its values and gives all rows.
    scheme
        Number of the scheme.
    prefix
        What precedes the names of the tables: ``"ledger_"``, or a schema and a dot.
    placeholder
        How the driver writes a value's place: ``"?"`` or ``"%s"``.
    """

    def __init__(self, run: Run, scheme: int, prefix: str, placeholder: str = "?") -> None:
        self._run = run
        self._scheme = scheme
        self._prefix = prefix
        self._placeholder = placeholder
        self._first = scheme * _MOST_ENTRIES  # ids of the scheme's entries: this plus their number
        self._last = self._first + _MOST_ENTRIES - 1
        self._sql = {
            name: text.format(p=prefix).replace("?", placeholder)
            for name, text in {**_QUERIES, "many": _MANY}.items()
        }

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query of the caller's own.

        Parameters
        ----------
        query
            ``{p}`` before the name of each table, ``{first}`` for what the id of an entry is beyond
            its number, ``?`` for each value; the first value is the number of the scheme.
        *values
            The others.
        """
        text = query.format(p=self._prefix, first=self._first).replace("?", self._placeholder)
        return self._run(text, (self._scheme, *values))

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._run(self._sql[query], (self._scheme, *values))

    def _numbers(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of entries found by id, which has the scheme in it."""
        return self._run(self._sql[query], values)

    def head(self) -> Head:
        """The last entry; number 0 before the first."""
        rows = self._numbers("head", self._first, self._last)
        if not rows:
            return Head(0, GENESIS, 0)
        seq, link, recorded = rows[0]
        return Head(seq, bytes(link).hex(), recorded)

    def standing(self, account: str) -> Standing | None:
        """The account under this id, or None."""
        rows = self._rows("standing", account)
        return _standing(rows[0]) if rows else None

    def standings(self) -> list[Standing]:
        """Every account of the scheme, in the order they were opened."""
        return [_standing(row) for row in self._rows("standings")]

    def standings_of(self, accounts: Sequence[str]) -> Iterator[Standing]:
        """Those of these accounts that exist."""
        if len(accounts) < 8:  # a few are found sooner one by one
            found = map(self.standing, accounts)
            yield from (each for each in found if each)
            return
        for start in range(0, len(accounts), 100):
            ids = accounts[start : start + 100]
            padded = (*ids, *([ids[-1]] * (100 - len(ids))))  # one statement, whatever the number
            yield from map(_standing, self._rows("many", *padded))

    def written(self, key: str) -> Written | None:
        """The entry under this key, or None."""
        rows = self._rows("written", key)
        return _written(rows[0]) if rows else None

    def numbered(self, seq: int) -> Written | None:
        """The entry of this number, or None."""
        if not 0 < seq < _MOST_ENTRIES:  # beyond lie the entries of other schemes
            return None
        rows = self._numbers("numbered", self._first + seq)
        return _written(rows[0]) if rows else None

    def entries(self, after: int = 0, page: int = 1000) -> Iterator[Written]:
        """The entries after number `after`, in order."""
        after = min(max(after, 0), _MOST_ENTRIES)
        while rows := self._numbers("page", self._first + after, self._last, page):
            yield from map(_written, rows)
            after = rows[-1][0]

    def answer(self, written: Written) -> Posted:
        """What was answered when the entry was written, marked as said again."""
        touched = written.entry.legs
        if written.entry.phase in ("capture", "void", "expire"):
            hold = self.written(written.entry.target)
            touched = hold.entry.legs if hold else {}
        balances = {}
        for account in touched:
            standing = self.standing(account)
            if standing is not None:
                balances[account] = self.balance_in(standing.no, written.seq)[0]
        return Posted(
            written.entry.key, written.seq, written.recorded, written.hash, balances, True
        )

    def balance_in(self, no: int, seq: int) -> tuple[int, int, int]:
        """Posted, outgoing and incoming of account number `no` once entry `seq` was written."""
        rows = self._rows("balance_in", no, seq)
        return rows[0] if rows else (0, 0, 0)

    def seq_at(self, recorded: int) -> int:
        """Number of the last entry recorded at `recorded` or before; 0 if there is none."""
        values = self.head().seq, recorded, recorded, self._first
        return int(self._numbers("seq_at", *values)[0][0])

    def closer(self, target: str) -> str | None:
        """Key of the entry that closed this hold, or reversed this entry."""
        rows = self._rows("closer", target)
        return rows[0][0] if rows else None

    def state(self, serial: str) -> str:
        """State of a numbered coupon; empty if it was never seen."""
        rows = self._rows("state", serial)
        return rows[0][0] if rows else ""

    def trail(self, serial: str) -> list[tuple[int, str]]:
        """Numbers of the entries that moved a coupon, and its state after each; oldest first."""
        return [(seq, state) for seq, state in self._rows("trail", serial)]

    def in_state(self, state: str, until: int) -> list[tuple[str, int]]:
        """Coupons in `state` since an entry not after `until`, with that entry's number."""
        return [(serial, seq) for serial, seq in self._rows("in_state", state, until)]

    def spent_since(self, no: int, seq: int) -> int:
        """What left account number `no` after entry `seq`, minor units."""
        return int(self._rows("spent_since", no, seq)[0][0])

    def noted(self) -> list[tuple[str, str, str]]:
        """Id, name and contact of everyone noted, in the order of the ids."""
        return [(member, name, contact) for member, name, contact in self._rows("noted")]

    def noted_of(self, member: str) -> tuple[str, str] | None:
        """Name and contact noted for a member, or None."""
        rows = self._rows("noted_of", member)
        return (rows[0][0], rows[0][1]) if rows else None

    def last_account(self) -> int:
        """The greatest account number; 0 if there is none."""
        return int(self._rows("last_account")[0][0])

    def due(self, since: int, until: int) -> Iterable[str]:
        """Keys of the open holds that end after `since` and not after `until`, in that order."""
        return [row[0] for row in self._rows("due", since, until)]

    def next_due(self, since: int) -> int | None:
        """When the next open hold ends after `since`; None if none does."""
        found = self._rows("next_due", since)[0][0]
        return None if found is None else int(found)


def _standing(row: tuple[Any, ...]) -> Standing:
    name, no, asset, holder, weight, floor, ceiling, closed, posted, outgoing, incoming = row
    try:
        terms = AccountTerms(
            id=name,
            asset=asset,
            holder=holder,
            floor=floor,
            ceiling=ceiling,
            weight=weight,
            closed=bool(closed),
        )
    except _WRONG as error:
        raise Unusable("row_unreadable", said=repr(error)) from error
    return Standing(no, terms, posted or 0, outgoing or 0, incoming or 0)


def _written(row: tuple[Any, ...]) -> Written:
    try:
        return _read(row)
    except _WRONG as error:
        raise Unusable("row_unreadable", said=repr(error)) from error


def _read(row: tuple[Any, ...]) -> Written:
    seq, key, kind, phase, effective, recorded, ref, actor, data, target, expires = row[:11]
    accounts, marks, legs, link = row[11:]
    entry = Entry(
        key=key,
        kind=kind,
        legs=read_legs(legs),
        phase=phase,
        effective=effective,
        ref=ref,
        actor=actor,
        data=json.loads(data) if data else None,
        target=target or "",
        expires=expires,
        accounts=read_terms(accounts),
        marks=read_marks(marks),
    )
    return Written(seq, recorded, bytes(link).hex(), entry)
