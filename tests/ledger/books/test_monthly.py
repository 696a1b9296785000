"""Once a month: a statement of each account of a member or a shop."""

from __future__ import annotations

import json

import pytest

from msap_mobility.ledger.books.monthly import Monthly, monthly
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.statement_record import Statement
from msap_mobility.ledger.outcome import Refused


def test_all_accounts_of_a_member_and_no_others(lived):
    october = monthly(lived, "jeanne", 2026, 10)
    assert [each.account for each in october.statements] == ["jeanne/KM", "jeanne/YACA"]
    assert [each.closing for each in october.statements] == [0, 150]


def test_a_month_begins_at_midnight_in_france(remembered):
    november, december = (monthly(remembered, "jeanne", 2026, month) for month in (11, 12))
    assert [line.key for line in november.statements[1].lines] == ["s1"]
    assert [line.key for line in december.statements[1].lines] == ["t1"]


def test_it_reads_back_and_is_a_table(remembered):
    told = monthly(remembered, "bakery", 2026, 12)
    assert Monthly.from_dict(json.loads(json.dumps(told.to_dict()))) == told
    assert "bakery/YACA\nJour;" in told.to_csv("fr")


def test_an_owner_without_an_account_is_refused(remembered):
    with pytest.raises(Refused) as caught:
        monthly(remembered, "pau", 2026, 12)
    assert caught.value.refusal.values == {"account": "pau"}


def test_the_account_above_a_table_is_no_formula():
    period = Period.month(2026, 12)
    whose = {"account": "=1+1/KM", "asset": "KM", "holder": "person", "decimals": 0}
    state = {"by": "effective", "opening": 0, "closing": 0, "lines": (), "read_at": 1}
    one = Statement(period=period, **whose, **state)
    table = Monthly(owner="=1+1", period=period, statements=(one,)).to_csv("en")
    assert table.startswith("'=1+1/KM\n")
