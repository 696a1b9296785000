"""The rules of posting: whether an entry may be written, and what its rows are.

One place for them all. An engine lends its eyes (`Sight`: what the database holds) and inserts the
rows it is given. The PostgreSQL engine does the same inside the database, for speed and so that
its users need no right to change anything; one suite of tests holds the two equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.canonical import (
    entry_texts,
    payload_hash,
    payload_text,
    record_hash,
)
from msap_mobility.ledger.entry import EXPIRED, MOST_UNITS, Entry
from msap_mobility.ledger.limits import broken_limit
from msap_mobility.ledger.outcome import Amount, Posted, Refusal
from msap_mobility.ledger.sight import Head, Rows, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.ledger.entry import AccountTerms, Mark
    from msap_mobility.ledger.sight import Sight

__all__ = ["Judge"]


class _Refuse(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values


class Judge:
    """Judges the entries of one transaction in order, each group whole or not at all.

    Parameters
    ----------
    scheme, name
        Number and name of the scheme.
    head
        Its last entry.
    sight
        What the database holds.
    standings
        Accounts already looked up; the judge keeps them current and adds to them.
    decimals
        Decimals of each asset; entries in others are refused.
    now
        The clock, microseconds since 1970 UTC. All that is judged is recorded at this instant, or
        at that of the last entry if the clock went back.
    trusting
        Take every key for new without looking. The engine learns of an old one when it inserts.

    Attributes
    ----------
    head, rows
        The last entry once all that was judged is written, and the rows to write.
    refused, held
        Whether any group was refused, and whether any hold began or ended.
    """

    def __init__(
        self,
        *,
        scheme: int,
        name: str,
        head: Head,
        sight: Sight,
        standings: dict[str, Standing],
        decimals: Mapping[str, int],
        now: int,
        trusting: bool = False,
    ) -> None:
        self.head = head
        self.rows = Rows()
        self._scheme = scheme
        self._name = name
        self._sight = sight
        self._standings = standings
        self._decimals = decimals
        self._now = max(now, head.recorded)
        self._trusting = trusting
        self._here: dict[str, tuple[Entry, Posted]] = {}  # written in this transaction
        self._closers: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self._undo: list[tuple[Standing, AccountTerms, int, int, int]] = []
        self._noted: list[tuple[dict[str, Any], str, Any]] = []
        self.refused = False
        self.held = False

    def expire(self) -> None:
        """Let go every hold whose time is over; first in every transaction that writes."""
        for key in tuple(self._sight.due(self.head.recorded, self._now)):
            end = Entry(key=key + EXPIRED, kind="expiry", legs={}, phase="expire", target=key)
            answer = self.group([end])
            if isinstance(answer, Refusal):
                raise BrokenInvariant("a hold ends when its time is over", why=answer.what())

    def group(self, entries: Sequence[Entry]) -> tuple[Posted, ...] | Refusal:
        """Take entries that belong together: all are written, or none.

        Returns
        -------
        tuple of Posted, or Refusal
            One answer for each entry, or why the first that cannot be written cannot.
        """
        head, lengths = self.head, self.rows.lengths()
        self._undo.clear()
        self._noted.clear()
        answers = []
        for entry in entries:
            try:
                answers.append(self._one(entry))
            except _Refuse as no:
                self._take_back(head, lengths)
                self.refused = True
                return Refusal(code=no.code, key=entry.key, values=no.values)
        return tuple(answers)

    def _take_back(self, head: Head, lengths: tuple[int, ...]) -> None:
        for standing, terms, posted, outgoing, incoming in reversed(self._undo):
            standing.terms, standing.posted = terms, posted
            standing.outgoing, standing.incoming = outgoing, incoming
        for noted, key, before in reversed(self._noted):
            if before is None:
                del noted[key]
            else:
                noted[key] = before
        self.rows.cut(lengths)
        self.head = head

    def _note(self, noted: dict[str, Any], key: str, value: object) -> None:
        """Remember `value` until the group is taken back."""
        self._noted.append((noted, key, noted.get(key)))
        noted[key] = value

    def _one(self, entry: Entry) -> Posted:
        earlier = self._earlier(entry)
        if earlier is not None:
            return earlier
        if entry.effective is not None and entry.effective > self._now:
            raise _Refuse("effective_in_future", effective=entry.effective, recorded=self._now)
        seq = self.head.seq + 1
        for terms in entry.accounts:
            self._declare(terms, seq)
        self._check_sums(entry.legs)
        if entry.phase == "post":
            balances = self._move_all(entry.legs, seq)
        else:
            balances = self._in_phase(entry, seq)
        for mark in entry.marks:
            self._change(mark, seq)
        return self._write(entry, seq, balances)

    def _earlier(self, entry: Entry) -> Posted | None:
        """The first answer to the same entry; a refusal if its key was used for another."""
        if entry.key in self._here:
            same, posted = self._here[entry.key]
            first = replace(posted, replayed=True)
        elif self._trusting:
            return None
        else:
            found = self._sight.written(entry.key)
            if found is None:
                return None
            same, first = found.entry, self._sight.answer(found)
        ours, theirs = payload_text(entry), payload_text(same)
        if ours != theirs:
            raise _Refuse(
                "key_reused",
                first=theirs,
                second=ours,
                first_hash=payload_hash(theirs),
                second_hash=payload_hash(ours),
            )
        return first

    def _met(self, account: str) -> Standing:
        """An account met for the first time, kept from now on."""
        standing = self._sight.standing(account)
        if standing is None:
            raise _Refuse("unknown_account", account=account)
        self._standings[account] = standing
        return standing

    def _check_sums(self, legs: Mapping[str, int]) -> None:
        """Each asset sums to zero, and so do the weighted legs: the fund covers what it backs."""
        sums: dict[str, int] = {}
        cover = 0
        for account, amount in legs.items():
            terms = (self._standings.get(account) or self._met(account)).terms
            sums[terms.asset] = sums.get(terms.asset, 0) + amount
            cover += terms.weight * amount
        for asset, total in sums.items():
            if total:
                raise _Refuse("unbalanced", asset=asset, off=self._amount(total, asset))
        if cover:
            raise _Refuse("cover_broken", off=cover)

    def _move_all(self, legs: Mapping[str, int], seq: int) -> dict[str, int]:
        """Move the accounts of an entry; the new posted balance of each."""
        return {account: self._move(account, seq, amount, 0, 0) for account, amount in legs.items()}

    def _move(self, account: str, seq: int, amount: int, outgoing: int, incoming: int) -> int:
        """Move one account within its limits; its new posted balance."""
        standing = self._standings.get(account) or self._met(account)
        posted = standing.posted + amount
        out = standing.outgoing + outgoing
        into = standing.incoming + incoming
        broken = broken_limit(standing.terms, posted, out, into)
        if broken:
            raise self._beyond(broken, standing, amount, outgoing, incoming)
        self._undo.append(
            (standing, standing.terms, standing.posted, standing.outgoing, standing.incoming),
        )
        standing.posted, standing.outgoing, standing.incoming = posted, out, into
        self.rows.legs.append((self._scheme, standing.no, seq, amount, posted, out, into))
        return posted

    def _beyond(
        self, code: str, standing: Standing, amount: int, outgoing: int, incoming: int
    ) -> _Refuse:
        """The refusal of a move that breaks a limit of its account."""
        terms = standing.terms
        values: dict[str, object] = {"account": terms.id}
        amounts: dict[str, int | None] = {}
        if code == "below_floor":
            available = standing.posted - standing.outgoing
            amounts = {"available": available, "needed": outgoing - amount, "floor": terms.floor}
        elif code == "above_ceiling":
            coming = standing.posted + standing.incoming
            amounts = {"posted": coming, "added": amount + incoming, "ceiling": terms.ceiling}
        elif code == "too_large":
            values["most"] = MOST_UNITS
        for name, units in amounts.items():
            values[name] = self._amount(units or 0, terms.asset)
        return _Refuse(code, **values)

    def _in_phase(self, entry: Entry, seq: int) -> dict[str, int]:
        """The moves of a hold, of its end, or of a reversal."""
        self.held = True
        if entry.phase == "reserve":
            return self._hold(entry, seq)
        target = self._target(entry)
        if entry.phase == "expire" and (target.expires is None or target.expires > self._now):
            raise _Refuse("not_over", target=entry.target, recorded=self._now)
        if entry.phase != "reverse":
            return self._end_hold(entry, target.legs, seq)
        if entry.legs != {account: -amount for account, amount in target.legs.items()}:
            raise _Refuse("not_the_opposite", target=entry.target)
        return self._move_all(entry.legs, seq)

    def _hold(self, entry: Entry, seq: int) -> dict[str, int]:
        if entry.expires is not None and entry.expires <= self._now:
            raise _Refuse("expires_in_past", expires=entry.expires, recorded=self._now)
        return {
            account: self._move(account, seq, 0, max(-amount, 0), max(amount, 0))
            for account, amount in entry.legs.items()
        }

    def _end_hold(self, entry: Entry, held: Mapping[str, int], seq: int) -> dict[str, int]:
        """Let go of all that was held, and move what is captured of it."""
        for account, amount in entry.legs.items():
            sign = 1 if held.get(account, 0) > 0 else -1
            if not 0 < sign * amount <= sign * held.get(account, 0):
                raise _Refuse("beyond_hold", account=account, target=entry.target)
        taken = entry.legs
        return {
            account: self._move(account, seq, taken.get(account, 0), min(was, 0), -max(was, 0))
            for account, was in held.items()
        }

    def _find(self, key: str) -> Entry:
        if key in self._here:
            return self._here[key][0]
        written = self._sight.written(key)
        if written is None:
            raise _Refuse("unknown_target", target=key)
        return written.entry

    def _target(self, entry: Entry) -> Entry:
        """The hold or the entry that this one ends or undoes, still open to it."""
        target = self._find(entry.target)
        undone = ("post", "capture") if entry.phase == "reverse" else ("reserve",)
        if target.phase not in undone:
            raise _Refuse(f"no_{entry.phase}", target=entry.target, phase=target.phase)
        closer = self._closers.get(entry.target) or self._sight.closer(entry.target)
        if closer is not None:
            raise _Refuse("already_closed", target=entry.target, closer=closer)
        self._note(self._closers, entry.target, entry.key)
        return target

    def _declare(self, terms: AccountTerms, seq: int) -> None:
        """Open an account, or give an open one new limits."""
        if terms.asset not in self._decimals:
            raise _Refuse("unknown_asset", asset=terms.asset)
        standing = self._standings.get(terms.id) or self._sight.standing(terms.id)
        if standing is None:
            no = self._sight.last_account() + len(self.rows.accounts) + 1
            standing = Standing(no, terms)
            self.rows.accounts.append(
                (self._scheme, no, terms.id, terms.asset, terms.holder, terms.weight),
            )
            self._check_limits(standing, terms)
        elif standing.terms == terms:
            return
        else:
            self._check_change(standing, terms)
        self._note(self._standings, terms.id, standing)
        self._undo.append(
            (standing, standing.terms, standing.posted, standing.outgoing, standing.incoming),
        )
        standing.terms = terms
        self.rows.terms.append(
            (self._scheme, standing.no, seq, terms.floor, terms.ceiling, int(terms.closed)),
        )

    def _check_change(self, standing: Standing, terms: AccountTerms) -> None:
        was = standing.terms
        if (was.asset, was.holder, was.weight) != (terms.asset, terms.holder, terms.weight):
            raise _Refuse("account_differs", account=terms.id)
        if terms.closed and (standing.posted or standing.outgoing or standing.incoming):
            raise _Refuse(
                "account_not_empty",
                account=terms.id,
                posted=self._amount(standing.posted, terms.asset),
            )
        self._check_limits(standing, terms)

    def _check_limits(self, standing: Standing, terms: AccountTerms) -> None:
        """New limits must hold for the balance as it is."""
        limits = replace(terms, closed=False) if terms.closed else terms
        if broken_limit(limits, standing.posted, standing.outgoing, standing.incoming):
            posted = self._amount(standing.posted, terms.asset)
            raise _Refuse("limit_unmet", account=terms.id, posted=posted)

    def _change(self, mark: Mark, seq: int) -> None:
        """A numbered coupon goes from one state to the next, from the right one only."""
        state = self._states.get(mark.serial)
        if state is None:
            state = self._sight.state(mark.serial)
        if state != mark.before:
            raise _Refuse(
                "coupon_state",
                serial=mark.serial,
                state=state,
                wanted=mark.before,
                after=mark.after,
            )
        self._note(self._states, mark.serial, mark.after)
        self.rows.marks.append((self._scheme, mark.serial, seq, mark.after))

    def _write(self, entry: Entry, seq: int, balances: dict[str, int]) -> Posted:
        recorded = self._now
        texts = entry_texts(entry)
        data, accounts, marks, legs = texts
        payload = payload_text(entry, texts)
        link = record_hash(self.head.hash, self._name, seq, recorded, payload)
        self.rows.entries.append(
            (
                self._scheme,
                seq,
                entry.key,
                entry.kind,
                entry.phase,
                entry.effective,
                recorded,
                entry.ref,
                entry.actor,
                data,
                entry.target or None,
                entry.expires,
                accounts,
                marks,
                legs,
                bytes.fromhex(link),
            ),
        )
        self.head = Head(seq, link, recorded)
        posted = Posted(entry.key, seq, recorded, link, balances)
        self._note(self._here, entry.key, (entry, posted))
        return posted

    def _amount(self, units: int, asset: str) -> Amount:
        return Amount(units, asset, self._decimals.get(asset, 0))
