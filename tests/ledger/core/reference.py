"""The ledger as one would explain it: a few dictionaries, copied before anything is touched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import MOST_UNITS, AccountTerms, Entry, data_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class No(Exception):  # noqa: N818
    """An entry is refused; its only argument is the code."""


@dataclass(frozen=True)
class Told:
    """What was answered to an entry."""

    seq: int
    recorded: int
    hash: str
    balances: dict[str, int]


def check(code: str, fine: bool) -> None:
    """Refuse with `code` unless all is fine."""
    if not fine:
        raise No(code)


@dataclass
class Reference:
    """One scheme. Every value in its dictionaries is immutable, so that shallow copies do."""

    name: str
    assets: tuple[str, ...]
    terms: dict[str, AccountTerms] = field(default_factory=dict)
    posted: dict[str, int] = field(default_factory=Counter)
    outgoing: dict[str, int] = field(default_factory=Counter)
    incoming: dict[str, int] = field(default_factory=Counter)
    entries: dict[str, Entry] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    closers: dict[str, str] = field(default_factory=dict)
    coupons: dict[str, str] = field(default_factory=dict)
    past: tuple[tuple[int, dict[str, tuple[int, int, int]]], ...] = ()
    hash: str = "0" * 64

    def append(self, groups: Iterable[Sequence[Entry]], now: int) -> list[list[Told] | str]:
        """Post groups, each whole or not at all; the answers, or the code of the refusal."""
        for key in self.due(now):
            self.write(
                Entry(key=f"{key}/expired", kind="expiry", legs={}, phase="expire", target=key), now
            )
        return [self._group(group, now) for group in groups]

    def due(self, now: int) -> list[str]:
        """The open holds whose time is over, the first first."""
        over = {key: each.expires for key, each in self.entries.items() if each.expires}
        open_ones = (key for key in over if key not in self.closers)
        return sorted((key for key in open_ones if over[key] <= now), key=over.__getitem__)

    def _group(self, group: Sequence[Entry], now: int) -> list[Told] | str:
        before = {
            each.name: value.copy()
            if isinstance(value := getattr(self, each.name), dict)
            else value
            for each in fields(self)
        }
        try:
            return [self.write(entry, now) for entry in group]
        except No as no:
            vars(self).update(before)
            return str(no)

    def write(self, entry: Entry, now: int) -> Told:
        """Post one entry, or raise `No` with everything half done."""
        if entry.key in self.entries:
            check("key_reused", chained(entry) == chained(self.entries[entry.key]))
            return self.told[entry.key]
        recorded = max(now, self.past[-1][0]) if self.past else now
        check("effective_in_future", (entry.effective or 0) <= recorded)
        for terms in entry.accounts:
            self._declare(terms)
        self._balanced(entry)
        moves = self._moves(entry, recorded)
        for account, (amount, out, into) in moves.items():
            self._move(account, amount, out, into)
        for mark in entry.marks:
            check("coupon_state", self.coupons.get(mark.serial, "") == mark.before)
            self.coupons[mark.serial] = mark.after
        return self._record(entry, recorded, moves)

    def _declare(self, new: AccountTerms) -> None:
        check("unknown_asset", new.asset in self.assets)
        old = self.terms.get(new.id, new)
        same = (old.asset, old.holder, old.weight) == (new.asset, new.holder, new.weight)
        check("account_differs", same)
        posted, out, into = self.balance(new.id)
        if old != new:
            check("account_not_empty", not new.closed or (posted, out, into) == (0, 0, 0))
        low, high = new.floor, new.ceiling
        check("limit_unmet", low is None or posted - out >= low)
        check("limit_unmet", high is None or posted + into <= high)
        self.terms[new.id] = new

    def _balanced(self, entry: Entry) -> None:
        check("unknown_account", all(account in self.terms for account in entry.legs))
        sums: dict[str, int] = Counter()
        for account, amount in entry.legs.items():
            sums[self.terms[account].asset] += amount
        check("unbalanced", not any(sums.values()))
        cover = sum(self.terms[account].weight * amount for account, amount in entry.legs.items())
        check("cover_broken", cover == 0)

    def _moves(self, entry: Entry, recorded: int) -> dict[str, tuple[int, int, int]]:
        """What changes of each account: posted, outgoing, incoming."""
        legs, phase = entry.legs, entry.phase
        if phase == "post":
            return {account: (amount, 0, 0) for account, amount in legs.items()}
        if phase == "reserve":
            check("expires_in_past", entry.expires is None or entry.expires > recorded)
            return {name: (0, max(-held, 0), max(held, 0)) for name, held in legs.items()}
        check("unknown_target", entry.target in self.entries)
        target = self.entries[entry.target]
        ends = ("post", "capture") if phase == "reverse" else ("reserve",)
        check(f"no_{phase}", target.phase in ends)
        check("already_closed", entry.target not in self.closers)
        if phase == "expire":
            check("not_over", target.expires is not None and target.expires <= recorded)
        if phase == "reverse":
            opposite = {account: -amount for account, amount in target.legs.items()}
            check("not_the_opposite", legs == opposite)
            return {account: (amount, 0, 0) for account, amount in legs.items()}
        held = target.legs
        for name, amount in legs.items():
            within = (
                range(1, held[name] + 1) if held.get(name, -1) > 0 else range(held.get(name, 0), 0)
            )
            check("beyond_hold", amount in within)
        return {
            name: (legs.get(name, 0), min(hold, 0), min(-hold, 0)) for name, hold in held.items()
        }

    def _move(self, account: str, amount: int, out: int, into: int) -> None:
        terms = self.terms[account]
        self.posted[account] += amount
        self.outgoing[account] += out
        self.incoming[account] += into
        posted, outgoing, incoming = self.balance(account)
        check("closed_account", not terms.closed)
        check("below_floor", terms.floor is None or posted - outgoing >= terms.floor)
        check("above_ceiling", terms.ceiling is None or posted + incoming <= terms.ceiling)
        check("too_large", max(abs(posted), outgoing, incoming) <= MOST_UNITS)

    def balance(self, account: str) -> tuple[int, int, int]:
        """Posted, outgoing, incoming."""
        return self.posted[account], self.outgoing[account], self.incoming[account]

    def _record(self, entry: Entry, recorded: int, moved: Iterable[str]) -> Told:
        seq = len(self.past) + 1
        asked = chained(entry)
        place = f"{len(self.name)}:{self.name}{seq};{recorded};"
        text = f"1:{self.hash}{place}{len(asked)}:{asked}"
        self.hash = sha256(text.encode()).hexdigest()
        self.past = (*self.past, (recorded, {name: self.balance(name) for name in self.terms}))
        self.entries[entry.key] = entry
        if entry.target:
            self.closers[entry.target] = entry.key
        balances = {name: self.posted[name] for name in moved}
        self.told[entry.key] = Told(seq, recorded, self.hash, balances)
        return self.told[entry.key]


def chained(entry: Entry) -> str:
    """The hashed text of what was asked, written a second time on its own."""

    def text(value: object) -> str:
        return f"{len(str(value))}:{value}"

    def number(value: int | None) -> str:
        return f"{'' if value is None else value};"

    def lines(rows: Iterable[Iterable[object]]) -> str:
        return "\n".join(
            "\t".join("" if cell is None else str(cell) for cell in row) for row in rows
        )

    accounts = (
        (each.id, each.asset, each.holder, each.floor, each.ceiling, each.weight)
        + (("closed",) if each.closed else ("",))
        for each in entry.accounts
    )
    coupons = ((each.serial, each.before, each.after) for each in entry.marks)
    return "".join(
        (
            *(text(entry.key), text(entry.kind), text(entry.phase), number(entry.effective)),
            *(text(entry.ref), text(entry.actor), text(data_text(entry.data)), text(entry.target)),
            *(number(entry.expires), text(lines(accounts)), text(lines(coupons))),
            text(lines(sorted(entry.legs.items()))),
        )
    )
