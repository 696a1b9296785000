"""Ledgers for the tests of the scheme: in memory, or on whatever store is given."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import DrivenRide, Ledger, Refused, SchemeRules
from msap_mobility.ledger.scheme.editions import first_entry
from tests.ledger.stores import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger import Refusal
    from tests.ledger.stores import Store

AYEN = SchemeRules.ayen()
ARGENCES = SchemeRules.argences()
CENTRE = SchemeRules.centre()

DAY = 86_400_000_000
"""Microseconds of a day."""


def changed(rules: SchemeRules, **figures: Any) -> SchemeRules:
    """The same rules with other figures."""
    return SchemeRules.from_dict({**rules.to_dict(), **figures})


def begun(store: Store, rules: SchemeRules = AYEN, clock: Clock | None = None) -> Ledger:
    """A scheme of these rules on a store; closed with it."""
    clock = clock or Clock()
    return Ledger(store.create(rules.name, first_entry(rules), clock), clock)


def in_memory(rules: SchemeRules = AYEN, clock: Clock | None = None) -> Ledger:
    """A scheme of these rules in memory."""
    return Ledger.create(None, rules=rules, clock=clock or Clock())


def ride(name: str = "r1", km: Any = 25, rider: str = "paul", driver: str = "jeanne") -> DrivenRide:
    """A ride of Paul with Jeanne, unless told otherwise."""
    return DrivenRide(id=name, rider=rider, driver=driver, km=km)


def held(ledger: Ledger, account: str) -> int:
    """Posted balance of an account; 0 if it is not open."""
    try:
        return ledger.journal.balance(account).posted
    except Refused:
        return 0


def serials(first: int, last: int) -> str:
    """A series of numbers of coupons."""
    return f"A{first:03d}..A{last:03d}"


@dataclass
class No:
    """Where a refusal is put once it has happened."""

    refusal: Refusal | None = None

    def said(self, lang: Any) -> str:
        """The refusal in a language."""
        assert self.refusal is not None
        return self.refusal.text(lang)


@contextmanager
def refused(code: str, ledger: Ledger) -> Iterator[No]:
    """The block is refused with this code, tells so in both languages, and writes nothing."""
    no = No()
    before = ledger.journal.engine.reader.head()
    with pytest.raises(Refused) as raised:
        yield no
    assert raised.value.refusal.code == code
    no.refusal = raised.value.refusal
    english, french = no.said("en"), no.said("fr")
    assert english != french
    assert not re.search(r"[{}]", english + french)
    assert ledger.journal.engine.reader.head() == before


@contextmanager
def wrong(*codes: str) -> Iterator[None]:
    """The block is wrong input, with exactly these faults, each with its value."""
    with pytest.raises(InputError) as raised:
        yield
    assert [fault.code for fault in raised.value.faults] == list(codes)
    assert raised.value.text("fr") != raised.value.text("en")


def check_books(ledger: Ledger) -> None:
    """The fund equals what circulates, to the cent, and every asset sums to zero."""
    cover = ledger.cover()
    assert cover.fund_cents == cover.total_cents
    assert cover.objection is None
    assert held(ledger, "backed/EUR") == -cover.fund_cents
    standings = ledger.journal.accounts()
    sums: dict[str, int] = {}
    for each in standings:
        sums[each.terms.asset] = sums.get(each.terms.asset, 0) + each.posted
        assert each.terms.floor is None or each.posted - each.outgoing >= each.terms.floor
    assert not any(sums.values())
