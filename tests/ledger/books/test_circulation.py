"""The circulation of a toy scheme, computed by hand; and what is told of persons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from msap_mobility.errors import InputError
from msap_mobility.ledger.books.circulation import Circulation, circulation
from msap_mobility.ledger.books.circulation_record import DECLARATION
from msap_mobility.ledger.books.period import Period, midnight
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import instant_of, microseconds
from tests.ledger.books.scenes import DAY, SCHEME, at, events, legs_of, play, post
from tests.ledger.stores import Clock, fresh, person

FIRST = midnight(date(2026, 12, 1))
TEN_DAYS = {"since": FIRST, "until": midnight(date(2026, 12, 11))}


def day(number, hours=0):
    """The beginning of a day of the ten, from 0."""
    return microseconds(FIRST) + number * DAY + hours * DAY // 24


def toy(journal, clock):
    """300 cents circulate before; 300 more from day 2; 100 leave on day 9."""
    post(journal, clock, day(-5), "b1", "booklet", 50)
    post(journal, clock, day(2), "b2", "booklet", 50)
    post(journal, clock, day(3), "r1", "ride", 25)  # 150 cents
    post(journal, clock, day(4), "x1", "exchange", 25)
    post(journal, clock, day(5), "s1", "spend", 150)
    post(journal, clock, day(6), "v1", "supply", 50)
    post(journal, clock, day(7), "s2", "ride", 10)
    legs = {account: -units for account, units in legs_of("ride", 10).items()}
    journal.post(Entry(key="s2/r", kind="reverse", legs=legs, phase="reverse", target="s2"))
    post(journal, clock, day(9), "q1", "reconvert", 1)  # 100 cents
    post(journal, clock, day(12), "late", "ride", 5, effective=day(8))  # 30 cents
    post(journal, clock, day(12), "after", "booklet", 7)


def test_figures_computed_by_hand(store, clock):
    journal = store.create(first=SCHEME, clock=clock)
    toy(journal, clock)
    told = circulation(journal, **TEN_DAYS)
    assert [(each.asset, each.units, each.cents) for each in told.circulating] == [
        ("KM", 75, 450),
        ("YACA", 50, 50),
    ]
    assert (told.fund, told.owed, told.cover) == (500, 500, 1.0)
    assert told.mean == pytest.approx((300 * 2 + 600 * 7 + 500 * 1) / 10, abs=1e-6)
    assert told.mean_days == 10
    assert (told.issued, told.reconverted, told.lapsed) == (300, 100, 0)
    assert told.paid == 150 + 150 + 50 + 30
    assert told.velocity == pytest.approx(380 / 530)
    assert told.multiplier == pytest.approx(380 / 300)
    assert told.leakage == pytest.approx(1 / 3)
    assert [(each.owner, each.cents, each.share) for each in told.shops] == [
        ("bakery", 150, 0.75),
        ("garage", 50, 0.25),
    ]
    assert told.payments_12_months == 380
    assert not told.payments_to_declare
    assert not told.currency_to_declare


def test_a_short_history_is_averaged_over_its_own_time(store, clock):
    """300 cents circulate on the last two days and a half of ten, and are paid once."""
    journal = store.create(first=SCHEME, clock=clock)
    post(journal, clock, day(7, 12), "b1", "booklet", 50)
    post(journal, clock, day(8), "r1", "ride", 25)  # 150 cents
    told = circulation(journal, **TEN_DAYS)
    assert (told.mean, told.mean_days, told.velocity) == (300, 3, 0.5)
    assert "over 3 days" in told.summary("en")
    assert "sur 3 jours" in told.summary("fr")


def test_what_lapses_is_no_leakage(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    post(journal, clock, day(0), "b1", "booklet", 50)
    post(journal, clock, day(1), "l1", "lapse", 20)
    told = circulation(journal, **TEN_DAYS)
    assert (told.issued, told.reconverted, told.lapsed, told.leakage) == (300, 0, 120, 0.0)


def test_paper_coupons_are_paid_when_they_are_handed_over_only(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    post(journal, clock, day(0), "b1", "paper", 50)
    post(journal, clock, day(1), "r1", "paper-ride", 10)
    journal.post(Entry(key="lost", kind="lost", legs={"paper/KM": -5, "paul/KM": 5}))
    told = circulation(journal, **TEN_DAYS)
    assert (told.issued, told.paid) == (300, 60)


def test_twelve_months_reach_back_before_the_period(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    clock.now = at(2025, 12, 1)
    post(journal, clock, at(2025, 12, 2), "b1", "booklet", 50)
    post(journal, clock, at(2025, 12, 5), "r0", "ride", 1)
    post(journal, clock, at(2025, 12, 15), "r1", "ride", 2)
    post(journal, clock, day(1), "r2", "ride", 3)
    told = circulation(journal, **TEN_DAYS)
    assert (told.paid, told.payments_12_months) == (18, 30)


def test_nothing_at_all(memory, clock):
    told = circulation(memory.create(first=SCHEME, clock=clock), **TEN_DAYS)
    assert (told.cover, told.velocity, told.multiplier, told.leakage) == (None,) * 4
    assert told.shops == told.dormant_shops == ()
    assert (told.mean, told.mean_days) == (0, 0)
    assert "–" in told.summary("fr")


def crowd(memory, clock, count, moving):
    """`count` persons with a coupon each, of whom the first `moving` bought another one lately."""
    people = [person(f"p{number}/KM") for number in range(count)]
    others = [each for each in SCHEME.accounts if each.holder != "person"]
    journal = memory.create(first=replace(SCHEME, accounts=(*others, *people)), clock=clock)
    clock.now = at(2026, 1, 10)
    for number, each in enumerate(people):
        _buy(journal, f"a{number}", each.id)
    clock.now = day(1)
    for each in people[:moving]:
        _buy(journal, f"b{each.id}", each.id)
    return circulation(journal, **TEN_DAYS)


def _buy(journal, key, account):
    legs = {"issue/KM": -1, account: 1, "fund/EUR": 6, "backed/EUR": -6}
    journal.post(Entry(key=key, kind="booklet", legs=legs))


@pytest.fixture
def clock():
    return Clock(at(2025, 1, 1))


@pytest.mark.parametrize(
    ("count", "moving", "persons", "active", "dormant"),
    [
        (10, 0, None, None, None),
        (11, 0, 11, None, 11),
        (30, 10, 30, None, None),
        (30, 11, 30, 11, 19),
        (30, 20, 30, None, None),
        (30, 30, 30, 30, None),
    ],
)
def test_no_small_count_of_persons_nor_its_complement(
    memory, clock, count, moving, persons, active, dormant
):
    told = crowd(memory, clock, count, moving)
    assert (told.persons, told.active_persons, told.dormant_persons) == (persons, active, dormant)
    assert told.dormant_persons_cents == (None if dormant is None else 6 * dormant)
    for lang in ("en", "fr"):
        assert ("fewer than 11" in told.summary("en")) == (None in (persons, active, dormant))
        assert not any(f"p{number}" in told.summary(lang) for number in range(count))


def test_a_shop_whose_units_lie_still_is_named(remembered):
    until = midnight(date(2027, 12, 1))
    told = circulation(remembered, since=midnight(date(2027, 1, 1)), until=until, dormant_days=300)
    (bakery,) = told.dormant_shops
    assert (bakery.owner, bakery.cents) == ("bakery", 50)
    assert bakery.days == 364


def test_above_a_million_euros(remembered):
    told = circulation(remembered, **TEN_DAYS)
    rich = replace(told, payments_12_months=DECLARATION + 1)
    assert rich.payments_to_declare
    assert not replace(told, payments_12_months=DECLARATION).payments_to_declare
    assert "L521-3" in rich.summary("en")
    assert rich.summary("fr") != told.summary("fr")


def test_it_reads_back(remembered):
    told = circulation(remembered, **TEN_DAYS)
    assert Circulation.from_dict(json.loads(json.dumps(told.to_dict()))) == told


def test_a_leap_day_has_a_year_before_it(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    until = midnight(date(2028, 2, 29))
    assert circulation(journal, since=FIRST, until=until).payments_12_months == 0


def test_a_period_that_cannot_be(remembered):
    with pytest.raises(InputError):
        circulation(remembered, since=FIRST, until=FIRST - timedelta(days=1))


@given(happens=events)
def test_cover_is_whole_and_flows_explain_the_stock(happens):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        whole = Period(since=instant_of(at(2026, 6, 1)), until=instant_of(at(2030, 1, 1)))
        told = circulation(journal, since=whole.since, until=whole.until)
        assert told.fund == told.owed == told.issued - told.reconverted - told.lapsed
        assert told.paid >= 0
        assert (
            told.owed
            == -6 * journal.balance("issue/KM").posted - journal.balance("issue/YACA").posted
        )
