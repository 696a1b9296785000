"""What may be written in the journal: entries, the accounts they open, the coupons they move."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import (
    LONGEST,
    MOST_UNITS,
    check_data,
    check_name,
    check_text,
    check_units,
    usable,
)

__all__ = ["MOST_UNITS", "AccountTerms", "Entry", "Holder", "Mark", "Phase"]

Phase = Literal["post", "reserve", "capture", "void", "expire", "reverse"]
"""``post`` moves money. ``reserve`` holds it back until ``capture`` moves it or ``void`` lets it
go; ``expire`` is the void the ledger writes itself when the time of a hold is over. ``reverse`` is
the opposite of an entry posted by mistake."""

Holder = Literal["system", "person", "shop"]
"""Whose account it is: the scheme's own, a private person's, a shop's or another provider's."""

EXPIRED = "/expired"
"""End of the keys under which the ledger itself ends a hold whose time is over."""

_PHASES = get_args(Phase)
_HOLDERS = get_args(Holder)
_NEEDS_TARGET = ("capture", "void", "expire", "reverse")

_Check = Callable[[Faults, Iterable[tuple[object, object]]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTerms:
    """An account opened by an entry, or the new limits of one already open.

    Parameters
    ----------
    id
        Unique in the scheme; by custom ``owner/ASSET`` ("paul/KM"). No personal name: the journal
        keeps it for ever.
    asset
        Code of what it holds: ``"EUR"``, ``"KM"``, ``"YACA"``.
    holder
        ``"system"``, ``"person"`` or ``"shop"``; the law asks (who may turn currency into euros).
    floor, ceiling
        Least available and greatest balance, minor units; None is without limit.
    weight
        Value in euro cents of one unit in the cover rule: the weighted legs of every entry sum to
        zero. 0 for accounts outside it.
    closed
        A closed account takes no further legs; it must be empty and hold nothing back.

    Raises
    ------
    InputError
        With every fault: an id or a code that cannot be used, limits out of order.

    Examples
    --------
    >>> AccountTerms(id="paul/KM", asset="KM", holder="person", floor=0).floor
    0
    """

    id: str
    asset: str
    holder: Holder = "system"
    floor: int | None = None
    ceiling: int | None = None
    weight: int = 0
    closed: bool = False

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_name(faults, "account", self.id)
            check_name(faults, "asset", self.asset)
            if self.holder not in _HOLDERS:
                faults.add("not_one_of", column="holder", value=self.holder, known=_HOLDERS)
            for column, limit in (("floor", self.floor), ("ceiling", self.ceiling)):
                if limit is not None:
                    check_units(faults, column, limit)
            check_units(faults, "weight", self.weight)
            if self.closed not in (True, False):
                faults.add("not_yes_no", column="closed", value=self.closed)
            if self._crossed() and not faults.found:
                faults.add("limits_crossed", value=self.floor, ceiling=self.ceiling)

    def _crossed(self) -> bool:
        floor, ceiling = self.floor, self.ceiling
        return isinstance(floor, int) and isinstance(ceiling, int) and floor > ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered paper coupon that changes state.

    Parameters
    ----------
    serial
        The number printed on it.
    before, after
        States; an empty `before` means that the number was never seen.

    Raises
    ------
    InputError
        If a serial or a state cannot be used.
    """

    serial: str
    before: str
    after: str

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_name(faults, "serial", self.serial)
            check_name(faults, "after", self.after)
            check_text(faults, "before", self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing asked of the journal: it is written whole or not at all.

    Parameters
    ----------
    key
        Idempotency key, unique in the scheme: "ride-17/settled". The same entry under the same key
        is answered as the first time and written once; another entry under it is refused.
    kind
        What happened, in the scheme's words: "booklet", "ride", "spend".
    legs
        Account id to signed amount, integer minor units; they sum to zero in each asset. For a
        ``reserve`` what is held back, for a ``capture`` what is really moved, for a ``void`` none.
    phase
        See `Phase`.
    effective
        When it happened, microseconds since 1970 UTC; None if it happens now. Never in the future.
    ref
        Number of the slip, the invoice, the cheque.
    actor
        Opaque id of who wrote it at the desk.
    data
        Further facts: texts and whole numbers. No personal data.
    target
        Key of the hold that is captured or voided, or of the entry that is reversed.
    expires
        Of a ``reserve``: when the hold lets go by itself, microseconds since 1970 UTC.
    accounts
        Accounts opened, or given new limits, before the legs are written.
    marks
        Numbered coupons that change state with it.

    Raises
    ------
    InputError
        With every fault: amounts that are not whole numbers (a float is never accepted), zero or
        beyond 2**53 - 1; texts with control characters; a phase without its target.

    Examples
    --------
    >>> entry = Entry(key="r1/settled", kind="ride", legs={"paul/KM": -25, "jeanne/KM": 25})
    >>> Entry(key="", kind="ride", legs={"paul/KM": 1.5})
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: column key: '' cannot name anything. ...
    column paul/KM: 1.5 is not a whole number. ...
    """

    key: str
    kind: str
    legs: Mapping[str, int]
    phase: Phase = "post"
    effective: int | None = None
    ref: str = ""
    actor: str = ""
    data: Mapping[str, str | int] | None = None
    target: str = ""
    expires: int | None = None
    accounts: tuple[AccountTerms, ...] = ()
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.legs, dict):  # a copy: the caller's may change after the checks
            object.__setattr__(self, "legs", self.legs.copy())
            if self._plain():
                return
        with Faults() as faults:
            self._check_texts(faults)
            self._check_mapping(faults, "legs", _check_legs)
            self._check_mapping(faults, "data", check_data)
            for column, instant in (("effective", self.effective), ("expires", self.expires)):
                if instant is not None:
                    check_units(faults, column, instant)
            self._check_phase(faults)
            _check_records(faults, "accounts", self.accounts, AccountTerms, "id")
            _check_records(faults, "marks", self.marks, Mark, "serial")

    def _plain(self) -> bool:
        """Whether it is of the commonest sort and in order: told quickly, for batches."""
        if self.phase != "post" or self.accounts != () or self.marks != () or self.data is not None:
            return False
        if self.target != "" or self.effective is not None or self.expires is not None:
            return False
        named = usable(self.key) and usable(self.kind) and not self.key.endswith(EXPIRED)
        told = (self.ref == "" or usable(self.ref)) and (self.actor == "" or usable(self.actor))
        if not named or not told:
            return False
        for account, amount in self.legs.items():
            if type(amount) is not int or not -MOST_UNITS <= amount <= MOST_UNITS or not amount:
                return False
            if not usable(account):
                return False
        return True

    def _check_texts(self, faults: Faults) -> None:
        longest = LONGEST + (len(EXPIRED) if self.phase == "expire" else 0)
        check_name(faults, "key", self.key, longest)
        check_name(faults, "kind", self.kind)
        check_text(faults, "ref", self.ref)
        check_text(faults, "actor", self.actor)

    def _check_mapping(self, faults: Faults, column: str, check: _Check) -> None:
        """Keep a copy of our own: the caller's may change after the checks."""
        value = getattr(self, column)
        if isinstance(value, Mapping):
            object.__setattr__(self, column, dict(value))
            check(faults, value.items())
        elif value is not None or column == "legs":
            faults.add("not_a_mapping", column=column, value=value)

    def _check_phase(self, faults: Faults) -> None:
        kept = f"{self.target}{EXPIRED}" if self.phase == "expire" else ""
        if str(self.key).endswith(EXPIRED) and self.key != kept:
            faults.add("key_kept_back", column="key", value=self.key, ending=EXPIRED)
        elif kept and self.key != kept:
            faults.add("key_of_expiry", column="key", value=self.key, wanted=kept)
        if self.phase not in _PHASES:
            faults.add("not_one_of", column="phase", value=self.phase, known=_PHASES)
        if self.phase in _NEEDS_TARGET:
            check_name(faults, "target", self.target)
        elif self.target != "":
            faults.add("target_not_wanted", column="target", value=self.target, phase=self.phase)
        if self.expires is not None and self.phase != "reserve":
            faults.add("expiry_not_wanted", column="expires", value=self.expires)
        if self.phase in ("void", "expire") and self.legs:
            faults.add("legs_not_wanted", column="legs", value=self.legs, phase=self.phase)
        if self.phase in ("reserve", "capture", "reverse") and not self.legs:
            faults.add("legs_missing", column="legs", phase=self.phase)


def _check_legs(faults: Faults, legs: Iterable[tuple[object, object]]) -> None:
    for account, amount in legs:
        check_name(faults, "account", account)
        check_units(faults, str(account), amount)
        if type(amount) is int and amount == 0:
            faults.add("amount_zero", column=str(account), value=amount)


def _check_records(
    faults: Faults,
    column: str,
    records: object,
    sort: type[AccountTerms | Mark],
    identity: str,
) -> None:
    """A tuple of records of one sort, none of them twice."""
    if not isinstance(records, tuple) or not all(isinstance(each, sort) for each in records):
        faults.add("not_records", column=column, value=records, sort=sort.__name__)
        return
    for name, times in Counter(getattr(each, identity) for each in records).items():
        if times > 1:
            faults.add("named_twice", column=column, value=name)


def data_text(data: Mapping[str, str | int] | None) -> str:
    """The further facts as one canonical line of JSON; empty if there are none.

    Examples
    --------
    >>> data_text({"km": 25, "by": "desk"})
    '{"by":"desk","km":25}'
    """
    if not data:
        return ""
    return json.dumps(dict(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
