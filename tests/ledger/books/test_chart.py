"""The chart of general accounts: as usual, or an accountant's own."""

from __future__ import annotations

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.books.chart import Chart, Place, is_mirror
from msap_mobility.ledger.entry import AccountTerms


def test_as_usual():
    chart = Chart()
    fund = AccountTerms(id="fund/EUR", asset="EUR", weight=1)
    baker = AccountTerms(id="bakery/YACA", asset="YACA", holder="shop")
    assert chart.place(fund).account.number == "512200"
    assert chart.place(baker) == Place(chart.holders["shop"], "bakery")
    assert chart.holders["shop"].number == "467200"


def test_a_member_called_like_an_account_of_the_scheme_is_still_a_member():
    chart = Chart()
    banker = AccountTerms(id="bank/KM", asset="KM", holder="person")
    assert chart.place(banker) == Place(chart.holders["person"], "bank")


def test_ones_own_numbers_and_labels(tmp_path):
    path = tmp_path / "chart.toml"
    path.write_text(
        '[accounts]\nfund = "512900"\n"bank/EUR" = {number = "512110", label = "Crédit"}\n'
        '[holders]\nshop = "467800"\n[carried]\nprofit = "106800"\n'
        '[journals]\nledger = {code = "KM", label = "Covoiturage"}\n',
        encoding="utf-8",
    )
    chart = Chart.read(path)
    assert chart.accounts["fund"].number == "512900"
    assert chart.accounts["fund"].label == Chart().accounts["fund"].label
    assert chart.place(AccountTerms(id="bank/EUR", asset="EUR")).account.label == "Crédit"
    assert (chart.holders["shop"].number, chart.holders["person"].number) == ("467800", "467100")
    assert (chart.carried["profit"].number, chart.carried["loss"].number) == ("106800", "119000")
    assert (chart.journals["ledger"].number, chart.journals["opening"].number) == ("KM", "AN")


def test_every_fault_at_once():
    with pytest.raises(InputError) as caught:
        Chart.of(
            {
                "account": {},
                "accounts": {"fund": "51", "bank": 512100, "fees": {"number": "7A6", "name": "x"}},
                "holders": {"people": "467100"},
                "carried": 5,
                "journals": {"ledger": "a\tb"},
            },
            file="chart.toml",
        )
    told = [(fault.column, fault.code) for fault in caught.value.faults]
    assert sorted(told) == sorted(
        [
            ("account", "not_one_of"),
            ("accounts.fund", "not_in_the_plan"),
            ("accounts.bank", "not_a_name"),
            ("accounts.fees.name", "not_one_of"),
            ("accounts.fees", "not_in_the_plan"),
            ("holders.people", "not_one_of"),
            ("carried", "not_a_mapping"),
            ("journals.ledger", "not_a_name"),
        ]
    )
    assert {fault.file for fault in caught.value.faults} == {"chart.toml"}


@pytest.mark.parametrize("text", [b"[accounts", b"\xff"])
def test_what_is_no_toml_is_told(tmp_path, text):
    path = tmp_path / "chart.toml"
    path.write_bytes(text)
    with pytest.raises(InputError) as caught:
        Chart.read(path)
    assert caught.value.faults[0].code == "not_toml"
    assert "chart.toml" in caught.value.text("fr")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError) as caught:
        Chart.read(tmp_path / "none.toml")
    assert caught.value.faults[0].code == "chart_missing"


def test_mirrors_are_the_issues_and_what_the_fund_owes():
    mirrors = [
        name
        for name in ("issue/KM", "issue.12/KM", "backed/EUR", "issuer/KM", "fund/EUR")
        if is_mirror(name)
    ]
    assert mirrors == ["issue/KM", "issue.12/KM", "backed/EUR"]
