"""What an entry does besides moving money: holds, reversals, coupons, further facts."""

from __future__ import annotations

import json
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msap_mobility.ledger.proof.accounts import Accounts
    from msap_mobility.ledger.proof.chain import Row
    from msap_mobility.ledger.proof.finding import Findings
    from msap_mobility.ledger.proof.pages import Pages
    from msap_mobility.ledger.proof.stored import Stored

__all__ = ["Phases", "legs_of"]

_BY_KEY = "SELECT seq, phase, legs FROM {p}entry WHERE scheme = ? AND key = ?"

_ENDED_BY_TIME = "/expired"


class Phases:
    """Follows holds, reversals and coupons from entry to entry.

    Parameters
    ----------
    accounts
        What holds keep back is noted there.
    coupons
        The table of coupons.
    pages
        Where entries that are reversed are looked up.
    findings
        Where what is wrong is noted.

    Attributes
    ----------
    next_end
        When the next hold may end by its time, microseconds since 1970 UTC; infinite without one.
    """

    def __init__(
        self, accounts: Accounts, coupons: Stored, pages: Pages, findings: Findings
    ) -> None:
        self._accounts = accounts
        self._coupons = coupons
        self.next_end: float = inf
        self._pages = pages
        self._findings = findings
        self._held: dict[str, tuple[dict[str, int], int | None]] = {}
        self._ends: list[tuple[int, str]] = []  # when holds end, the first first
        self._reversed: set[str] = set()
        self._states: dict[str, str] = {}

    def take(self, row: Row) -> str:
        """Follow an entry that is more than a plain move.

        Parameters
        ----------
        row
            Of the table of entries.

        Returns
        -------
        str
            The legs that are left to be moved as they stand; empty if all is done.
        """
        seq, key, _, phase, effective, recorded = row[:6]
        data, target, expires, accounts, marks, legs = row[8:14]
        if effective is not None and effective > recorded:
            self._note("effective_late", effective=effective, recorded=recorded)
        if data:
            self._facts(seq, data)
        if accounts:
            self._accounts.declare(accounts)
        if marks:
            self._mark(marks)
        self._outline(phase, target, expires, legs)
        if phase == "reverse":
            self._reverse(target, legs)
        elif phase == "reserve":
            self._hold(key, legs, recorded, expires)
        elif phase in ("capture", "void", "expire"):
            self._end(row)
        elif phase != "post":
            self._note("unknown_phase", phase=phase)
        return legs if phase in ("post", "reverse") else ""

    def _note(self, code: str, **values: Any) -> None:
        self._findings.note(code, self._accounts.seq, "entry", **values)

    def _outline(self, phase: str, target: str | None, expires: int | None, legs: str) -> None:
        """Target, end and legs stand where the phase asks for them, and nowhere else."""
        aims = phase in ("capture", "void", "expire", "reverse")
        if aims != bool(target) or (target is not None and not target):
            self._note("target_misplaced", phase=phase)
        if expires is not None and phase != "reserve":
            self._note("expiry_misplaced", phase=phase)
        if bool(legs) == (phase in ("void", "expire")) and phase != "post":
            self._note("legs_misplaced", phase=phase)

    def _facts(self, seq: int, data: str) -> None:
        """Further facts are one object of texts and whole numbers; the first has the assets."""
        facts = json.loads(data)
        if not isinstance(facts, dict) or not all(
            type(value) in (str, int) for value in facts.values()
        ):
            raise ValueError(data)
        if seq == 1:
            assets = (name.partition("/") for name in facts)
            self._accounts.assets = frozenset(
                asset for word, _, asset in assets if word == "decimals"
            )

    def _mark(self, marks: str) -> None:
        """Coupons leave the state they are in, and the table has the next."""
        for line in marks.split("\n"):
            serial, before, after = line.split("\t")
            state = self._states.get(serial, "")
            if state != before:
                place = f"coupon {serial}"
                self._findings.note(
                    "coupon_state", self._accounts.seq, place, state=state, before=before
                )
            self._states[serial] = after
            self._coupons.explain(
                (serial, self._accounts.seq), (after,), self._accounts.seq, serial
            )

    def _hold(
        self,
        key: str,
        text: str,
        recorded: int,
        expires: int | None,
    ) -> None:
        if expires is not None and expires <= recorded:
            self._note("expiry_past", expires=expires, recorded=recorded)
        legs = legs_of(text)
        self._accounts.weigh(legs)
        self._held[key] = legs, expires
        if expires is not None:
            heappush(self._ends, (expires, key))
            self.next_end = self._ends[0][0]
        for account, amount in legs.items():
            self._accounts.move(account, 0, max(-amount, 0), max(amount, 0))

    def _end(self, row: Row) -> None:
        """All that was held is let go; what is captured of it moves."""
        _, key, _, phase, _, recorded, *_ = row
        target, legs = row[9], legs_of(row[13])
        self._accounts.weigh(legs)
        if target not in self._held:
            self._no_hold(target)
            return
        held, expires = self._held.pop(target)
        if phase == "expire" and (expires is None or recorded < expires or not _named(key, target)):
            self._note("expired_early", target=target)
        for account, amount in legs.items():
            was = held.get(account, 0)
            if not 0 < amount * was <= was * was:
                self._note("beyond_hold", account=account, target=target)
        for account, was in held.items():
            self._accounts.move(account, legs.get(account, 0), min(was, 0), -max(was, 0))

    def overdue(self, recorded: int) -> None:
        """Note the holds still open whose time was over when the present entry was recorded."""
        while self._ends and self._ends[0][0] <= recorded:
            expires, key = heappop(self._ends)
            if key in self._held:
                self._note("not_ended", target=key, expires=expires)
        self.next_end = self._ends[0][0] if self._ends else inf

    def _no_hold(self, target: str) -> None:
        """Why there is nothing to end: no such entry before this one, no hold, or ended before."""
        seq, phase, _ = self._find(target)
        if not 0 < seq < self._accounts.seq:
            self._note("target_unknown", target=target)
        elif phase != "reserve":
            self._note("target_unfit", target=target, phase=phase)
        else:
            self._note("closed_twice", target=target)

    def _reverse(self, target: str, text: str) -> None:
        seq, phase, legs = self._find(target)
        if not 0 < seq < self._accounts.seq:
            self._note("target_unknown", target=target)
            return
        if phase not in ("post", "capture"):
            self._note("target_unfit", target=target, phase=phase)
        if target in self._reversed:
            self._note("closed_twice", target=target)
        self._reversed.add(target)
        if legs_of(text) != {account: -amount for account, amount in legs_of(legs).items()}:
            self._note("not_opposite", target=target)

    def _find(self, key: str) -> tuple[int, str, str]:
        rows = self._pages.ask(_BY_KEY, key)
        return rows[0] if rows else (0, "", "")


def legs_of(text: str) -> dict[str, int]:
    r"""Account to amount of the legs of an entry.

    Examples
    --------
    >>> legs_of("jeanne/KM\t25\npaul/KM\t-25")
    {'jeanne/KM': 25, 'paul/KM': -25}
    """
    pairs = (line.split("\t") for line in text.split("\n") if text)
    return {account: int(amount) for account, amount in pairs}


def _named(key: str, target: str) -> bool:
    return key == target + _ENDED_BY_TIME
