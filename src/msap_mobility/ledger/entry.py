"""What may be written in the journal: entries, the accounts they open, the coupons they move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MOST_UNITS", "AccountTerms", "Entry", "Holder", "Mark", "Phase"]

Phase = Literal["post", "reserve", "capture", "void", "expire", "reverse"]
"""``post`` moves money. ``reserve`` holds it back until ``capture`` moves it or ``void`` lets it go;
``expire`` is the void the ledger writes itself when the time of a hold is over. ``reverse`` is the
opposite of an entry posted by mistake."""

Holder = Literal["system", "person", "shop"]
"""Whose account it is: the scheme's own, a private person's, a shop's or another provider's."""

MOST_UNITS = 2**53 - 1
"""Largest amount and balance: what JavaScript and JSON readers still hold exactly."""

LONGEST = 200
"""Most characters of an id or a key."""

EXPIRED = "/expired"
"""End of the keys under which the ledger itself ends a hold whose time is over."""

_PHASES = get_args(Phase)
_HOLDERS = get_args(Holder)
_NEEDS_TARGET = ("capture", "void", "expire", "reverse")


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
            _check_name(faults, "account", self.id)
            _check_name(faults, "asset", self.asset)
            if self.holder not in _HOLDERS:
                faults.add("not_one_of", column="holder", value=self.holder, known=_HOLDERS)
            for column, limit in (("floor", self.floor), ("ceiling", self.ceiling)):
                if limit is not None:
                    _check_units(faults, column, limit)
            _check_units(faults, "weight", self.weight)
            if not faults.found and None not in (self.floor, self.ceiling):
                if self.floor > self.ceiling:  # type: ignore[operator]
                    faults.add("limits_crossed", value=self.floor, ceiling=self.ceiling)


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
            _check_name(faults, "serial", self.serial)
            _check_name(faults, "after", self.after)
            _check_text(faults, "before", self.before)


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
        if self._plain():
            return
        with Faults() as faults:
            _check_name(faults, "key", self.key, LONGEST + len(EXPIRED) * (self.phase == "expire"))
            _check_name(faults, "kind", self.kind)
            _check_legs(faults, self.legs)
            _check_text(faults, "ref", self.ref)
            _check_text(faults, "actor", self.actor)
            _check_data(faults, self.data or {})
            _check_instant(faults, "effective", self.effective)
            _check_instant(faults, "expires", self.expires)
            self._check_phase(faults)

    def _plain(self) -> bool:
        """Whether it is of the commonest sort and in order: told quickly, for batches."""
        if self.phase != "post" or self.target or self.data or self.expires is not None:
            return False
        if self.effective is not None or not self.legs or self.accounts or self.marks:
            return False
        for name in (self.key, self.kind):
            if type(name) is not str or not name.isprintable() or not 0 < len(name) <= LONGEST:
                return False
            if name[0] == " " or name[-1] == " ":
                return False
        if self.key.endswith(EXPIRED):
            return False
        for text in (self.ref, self.actor):
            if type(text) is not str or not text.isprintable() or len(text) > LONGEST:
                return False
        for account, amount in self.legs.items():
            if type(amount) is not int or not -MOST_UNITS <= amount <= MOST_UNITS or not amount:
                return False
            if type(account) is not str or not account.isprintable():
                return False
        return True

    def _check_phase(self, faults: Faults) -> None:
        if str(self.key).endswith(EXPIRED) != (self.phase == "expire"):
            faults.add("key_kept_back", column="key", value=self.key, ending=EXPIRED)
        if self.phase not in _PHASES:
            faults.add("not_one_of", column="phase", value=self.phase, known=_PHASES)
        if self.phase in _NEEDS_TARGET:
            _check_name(faults, "target", self.target)
        elif self.target:
            faults.add("target_not_wanted", column="target", value=self.target, phase=self.phase)
        if self.expires is not None and self.phase != "reserve":
            faults.add("expiry_not_wanted", column="expires", value=self.expires)
        if self.phase in ("void", "expire") and self.legs:
            faults.add("legs_not_wanted", column="legs", value=dict(self.legs), phase=self.phase)
        if self.phase in ("reserve", "capture", "reverse") and not self.legs:
            faults.add("legs_missing", column="legs", phase=self.phase)


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


def _check_name(faults: Faults, column: str, value: object, longest: int = LONGEST) -> None:
    if not isinstance(value, str) or not value or value != value.strip():
        faults.add("not_a_name", column=column, value=value)
    else:
        _check_text(faults, column, value, longest)


def _check_text(faults: Faults, column: str, value: object, longest: int = LONGEST) -> None:
    if not isinstance(value, str):
        faults.add("not_a_text", column=column, value=value)
    elif not value.isprintable():
        faults.add("not_printable", column=column, value=value)
    elif len(value) > longest:
        faults.add("text_too_long", column=column, value=value[:20], longest=longest)


def _check_units(faults: Faults, column: str, value: object) -> None:
    if type(value) is not int:  # True is not an amount either
        faults.add("not_whole", column=column, value=value)
    elif abs(value) > MOST_UNITS:
        faults.add("too_many_units", column=column, value=value, most=MOST_UNITS)


def _check_legs(faults: Faults, legs: Mapping[str, int]) -> None:
    for account, amount in legs.items():
        _check_name(faults, "account", account)
        _check_units(faults, str(account), amount)
        if amount == 0:
            faults.add("amount_zero", column=str(account), value=amount)


def _check_instant(faults: Faults, column: str, value: object) -> None:
    if value is not None:
        _check_units(faults, column, value)


def _check_data(faults: Faults, data: Mapping[str, str | int]) -> None:
    for name, value in _items(faults, data):
        _check_name(faults, "data", name)
        if isinstance(value, str):
            if "\0" in value or not _encodes(value):
                faults.add("not_printable", column=name, value=value)
        else:
            _check_units(faults, name, value)


def _items(faults: Faults, data: Mapping[str, str | int]) -> Iterable[tuple[str, str | int]]:
    if hasattr(data, "items"):
        return data.items()
    faults.add("not_a_mapping", column="data", value=data)
    return ()


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
