"""Whatever happens in whatever order: the fund equals what circulates, to the cent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.ledger import DrivenRide, Ledger, Refused, SchemeRules
from msap_mobility.ledger.journal import instant_of
from tests.ledger.scheme.ledgers import AYEN, DAY, begun, changed, check_books, held, in_memory
from tests.ledger.stores import Clock, fresh

PERSONS = ("paul", "jeanne", "marc")
SHOPS = ("bakery", "garage")
SERIALS = [f"A{number:02d}" for number in range(24)]

persons = st.sampled_from(PERSONS)
shops = st.sampled_from(SHOPS)
anybody = st.sampled_from(PERSONS + SHOPS)
some = st.lists(st.sampled_from(SERIALS), min_size=1, max_size=4, unique=True)
names = st.integers(0, 5).map("r{}".format)
km = st.sampled_from(["1", "2", "3.5", "5", "10", "26"])
keys = st.sampled_from(["", "", "", "", "k1"])


@st.composite
def rules(draw: st.DrawFn) -> SchemeRules:
    """Rules of any sort: with or without currency, fees, terms, top-ups."""
    currency = draw(st.sampled_from([True, True, True, False]))
    each = draw(st.sampled_from([1, 1, 5]))
    return changed(
        AYEN,
        currency="YACA" if currency else None,
        accepted=draw(st.sampled_from(["currency", "coupons"])) if currency else "coupons",
        desk_exchange=currency and draw(st.sampled_from([True, True, False])),
        km_per_coupon=each,
        cents_per_coupon=draw(st.integers(1, 30)),
        booklets_km=[],
        rounding=draw(st.sampled_from(["exact", "up", "nearest"])),
        reconversion_fee_bp=draw(st.sampled_from([0, 200, 3333])),
        expiry_months=draw(st.sampled_from([None, 1])),
        payout_cents_per_km=draw(st.sampled_from([None, 40])) if currency else None,
    )


def verb(name: str, *given: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Any:
    """A call of a verb of the ledger."""
    return st.tuples(st.just(name), st.tuples(*given), st.fixed_dictionaries(named))


couples = st.permutations(PERSONS)
rides = st.builds(
    lambda name, couple, km: DrivenRide(id=name, rider=couple[0], driver=couple[1], km=km),
    names,
    couples,
    km,
)
paper = st.one_of(st.just(()), some)
figures = st.fixed_dictionaries(
    {},
    optional={
        "cents_per_coupon": st.integers(1, 30),
        "reconversion_fee_bp": st.integers(0, 10_000),
        "expiry_months": st.sampled_from([None, 1, 2]),
        "rounding": st.sampled_from(["exact", "up", "nearest"]),
    },
)
events = st.one_of(
    verb("sell_booklet", persons, st.sampled_from(["10", "20"]), serials=paper, key=keys),
    verb("promise_ride", rides),
    verb("promise_ride_for_a_day", rides),
    verb("cancel_ride", names),
    verb("settle", rides),
    verb("settle", rides, serials=some),
    verb("exchange", persons, coupons=st.integers(1, 4), key=keys),
    verb("exchange", persons, serials=some),
    verb("spend", persons, shops, st.integers(1, 9), key=keys),
    verb("spend", persons, shops, serials=some),
    verb("reconvert", anybody, st.integers(1, 5), key=keys),
    verb("reconvert", shops, serials=some),
    verb("print_coupons", some),
    verb("lose_coupons", some, member=st.one_of(st.none(), persons)),
    verb("cancel_coupons", some, member=st.one_of(st.none(), persons)),
    verb("expire_units"),
    verb("reverse_entry", st.integers(5, 40)),
    verb("later", st.integers(1, 40)),
    verb("amend", figures),
)


def happen(ledger: Ledger, clock: Clock, name: str, args: tuple, named: dict) -> None:
    """One event; refused is an answer, too."""
    clock.now += 1_000_000
    try:
        if name == "later":
            clock.now += args[0] * DAY
        elif name == "promise_ride_for_a_day":
            ledger.promise_ride(args[0], expires=instant_of(clock.now) + timedelta(days=1))
        elif name == "reverse_entry":
            written = ledger.journal.engine.reader.numbered(args[0])
            ledger.reverse(written.entry.key if written else "none")
        elif name == "amend":
            ledger.amend(changed(ledger.rules, **args[0]))
        elif name in ("spend", "reconvert") and isinstance(args[-1], int):
            each = ledger.rules.cents(1, ledger.rules.shop_asset)
            getattr(ledger, name)(*args[:-1], each * args[-1], **named)
        else:
            getattr(ledger, name)(*args, **named)
    except (Refused, InputError) as no:
        no.text("fr")


def begin(ledger: Ledger) -> None:
    """Two shops; twenty numbered coupons, some of them sold; a booklet for each person."""
    each = ledger.rules.km_per_coupon
    for shop in SHOPS:
        ledger.add_shop(shop)
    ledger.print_coupons(SERIALS[:20])
    ledger.sell_booklet("paul", km=14 * each, serials=SERIALS[:14])
    for person in PERSONS:
        ledger.sell_booklet(person, km=20 * each)


def check_paper(ledger: Ledger) -> None:
    """The account of the sold coupons holds as many as are sold."""
    known = [ledger.coupon(serial) for serial in SERIALS]
    assert held(ledger, "paper/KM") == sum(1 for each in known if each and each.state == "sold")


@settings(max_examples=70)
@given(rules(), st.lists(events, min_size=10, max_size=40))
def test_the_fund_is_what_circulates(of: SchemeRules, history: list[Any]) -> None:
    clock = Clock()
    with in_memory(of, clock) as ledger:
        begin(ledger)
        for event in history:
            happen(ledger, clock, *event)
            check_books(ledger)
            check_paper(ledger)


@settings(max_examples=4)
@given(rules(), st.lists(events, min_size=10, max_size=30))
def test_the_same_events_are_the_same_ledger_everywhere(of: SchemeRules, history: list) -> None:
    """Memory, SQLite and PostgreSQL end with the same hash."""
    heads = {}
    for kind in ("memory", "sqlite", "postgres"):
        clock = Clock()
        with pytest.MonkeyPatch.context() as patch, fresh(kind) as store:
            numbers = iter(range(10_000))
            patch.setattr(
                "msap_mobility.ledger.scheme.book.new_key",
                lambda kind, numbers=numbers: f"{kind}/{next(numbers)}",
            )
            ledger = begun(store, of, clock)
            begin(ledger)
            for event in history:
                happen(ledger, clock, *event)
            check_books(ledger)
            heads[kind] = ledger.journal.engine.reader.head()
    assert len(set(heads.values())) == 1, heads
