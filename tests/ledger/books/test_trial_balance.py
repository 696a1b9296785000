"""The trial balance balances, ties to the fund, and is what the statements say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import BrokenInvariant, InputError
from msap_mobility.ledger.books.chart import Chart
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.statement import balance_on
from msap_mobility.ledger.books.trial_balance import TrialBalance, trial_balance
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.journal import instant_of
from tests.ledger.books.scenes import SCHEME, at, events, legs_of, play
from tests.ledger.stores import Clock, fresh


@given(
    happens=events,
    hours=st.integers(0, 400 * 24),
    by=st.sampled_from(["effective", "recorded"]),
)
def test_debits_equal_credits_at_every_instant(happens, hours, by):
    with fresh("memory") as store:
        clock = Clock(at(2026, 9, 1))
        journal = store.create(first=SCHEME, clock=clock)
        play(journal, clock, happens)
        until = instant_of(at(2026, 8, 1) + hours * 3_600_000_000)
        told = trial_balance(journal, until, by=by)  # its own checks: balanced, tied to the fund
        just_before = instant_of(at(2026, 8, 1) + hours * 3_600_000_000 - 1)
        rows = {(row.number, row.auxiliary): row.cents for row in told.rows}
        for account, place in {
            "fund/EUR": ("512200", ""),
            "bank/EUR": ("512100", ""),
            "fees/EUR": ("706000", ""),
        }.items():
            assert rows.get(place, 0) == balance_on(journal, account, just_before, by=by)
        coupons = balance_on(journal, "paul/KM", just_before, by=by)
        assert rows.get(("467100", "paul"), 0) == -6 * coupons


def test_of_a_scheme_that_has_lived(lived):
    told = trial_balance(lived)
    assert [(row.number, row.auxiliary, row.debit, row.credit) for row in told.rows] == [
        ("467100", "jeanne", 0, 30),
        ("467100", "paul", 0, 108),
        ("467200", "bakery", 0, 50),
        ("512100", "", 514, 0),
        ("512200", "", 188, 0),
        ("706000", "", 0, 2),
        ("756000", "", 0, 500),
        ("758000", "", 0, 12),
    ]
    assert told.fund == told.owed == 188
    assert [row.cents for row in told.by_account() if row.number == "467100"] == [-138]


def test_late_paper_counts_when_it_happened(remembered):
    until = Period.year(2026).until
    happened, written = (
        trial_balance(remembered, until, by=by) for by in ("effective", "recorded")
    )
    cents = [
        next(row.cents for row in told.rows if row.auxiliary == "paul")
        for told in (happened, written)
    ]
    assert cents == [-120, -150]


def test_before_the_first_entry_it_is_empty(remembered):
    told = trial_balance(remembered, instant_of(0))
    assert (told.rows, told.debit, told.fund) == ((), 0, 0)


def test_it_reads_back_and_is_a_table(remembered):
    told = trial_balance(remembered, Period.year(2026).until)
    assert TrialBalance.from_dict(json.loads(json.dumps(told.to_dict()))) == told
    assert told.to_csv("fr").splitlines()[-1] == ";Total;;7,52;7,52"


def test_one_that_does_not_balance_cannot_be(remembered):
    told = trial_balance(remembered)
    with pytest.raises(BrokenInvariant, match="balances"):
        replace(told, rows=told.rows[1:])
    with pytest.raises(BrokenInvariant, match="fund"):
        replace(told, fund=told.fund + 1)


def test_accounts_the_chart_lacks_are_all_told(memory, clock):
    own = [AccountTerms(id=f"{name}/KM", asset="KM") for name in ("gifts", "stock")]
    first = replace(SCHEME, accounts=(*SCHEME.accounts, *own))
    journal = memory.create(first=first, clock=clock)
    with pytest.raises(InputError) as caught:
        trial_balance(journal)
    assert [fault.value for fault in caught.value.faults] == ["gifts/KM", "stock/KM"]
    chart = Chart.of({"accounts": {"gifts": "657100", "stock/KM": "467900"}})
    assert trial_balance(journal, chart=chart).rows == ()


def test_units_outside_the_cover_are_worth_nothing(memory, clock):
    hours = [
        AccountTerms(id="paul/H", asset="H", holder="person"),
        AccountTerms(id="bank/H", asset="H"),
    ]
    first = replace(
        SCHEME, accounts=(*SCHEME.accounts, *hours), data={**SCHEME.data, "decimals/H": 0}
    )
    journal = memory.create(first=first, clock=clock)
    journal.post(Entry(key="h", kind="help", legs={"paul/H": 3, "bank/H": -3}))
    assert trial_balance(journal).rows == ()


def test_a_coupon_keeps_the_value_it_was_moved_at(memory, clock):
    journal = memory.create(first=SCHEME, clock=clock)
    journal.post(Entry(key="b1", kind="booklet", legs=legs_of("booklet", 10)))
    journal.post(Entry(key="l1", kind="lapse", legs=legs_of("lapse", 10)))
    before = clock.now + 1
    clock.now += 10
    new = (
        AccountTerms(id="issue/KM", asset="KM", weight=6, closed=True),
        AccountTerms(id="issue.2/KM", asset="KM", weight=9),
    )
    journal.post(Entry(key="rules/2", kind="amend", legs={}, accounts=new))
    legs = {"issue.2/KM": -10, "paul/KM": 10, "fund/EUR": 90, "backed/EUR": -90}
    journal.post(Entry(key="b2", kind="booklet", legs=legs))
    assert {row.number: row.cents for row in trial_balance(journal).rows} == {
        "467100": -90,
        "512100": 60,
        "512200": 90,
        "758000": -60,
    }
    earlier = trial_balance(journal, instant_of(before))
    assert {row.number: row.cents for row in earlier.rows} == {"512100": 60, "758000": -60}
