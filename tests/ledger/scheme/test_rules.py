"""Rules are data: they read back, carry their grounds, and all that is wrong is told at once."""

from __future__ import annotations

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.ledger.scheme.rules import bundled
from tests.ledger.scheme.ledgers import (
    ARGENCES,
    AYEN,
    CENTRE,
    begun,
    changed,
    check_books,
    held,
    in_memory,
    refused,
    ride,
    wrong,
)

ALL = {"ayen": AYEN, "argences": ARGENCES, "centre": CENTRE}


@pytest.mark.parametrize("name", ALL)
def test_rules_read_back(name: str) -> None:
    rules = ALL[name]
    assert SchemeRules.from_dict(rules.to_dict()) == rules
    assert hash(SchemeRules.of(bundled(name))) == hash(rules)
    assert rules.name == name


@pytest.mark.parametrize("name", ALL)
def test_every_ground_says_what_it_rests_on(name: str) -> None:
    grounds = ALL[name].grounds
    assert {ground.standing for ground in grounds} == {"observed", "assumed"}
    assert all(ground.source for ground in grounds)
    assert {"cents_per_coupon", "km_per_coupon"} <= {ground.figure for ground in grounds}


def test_the_figures_of_the_sources() -> None:
    assert (AYEN.km_per_coupon, AYEN.cents_per_coupon, AYEN.booklets_km) == (1, 6, (50, 100))
    assert (AYEN.longest_ride_km, AYEN.currency_cents, AYEN.desk_exchange) == (25, 100, True)
    assert (ARGENCES.km_per_coupon, ARGENCES.cents_per_coupon) == (5, 25)
    assert (ARGENCES.currency, ARGENCES.accepted, ARGENCES.desk_exchange) == (
        None,
        "coupons",
        False,
    )
    assert CENTRE.dues_required


def test_rules_are_read_from_a_file(tmp_path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(bundled("ayen"), encoding="utf-8")
    assert SchemeRules.of(path) == SchemeRules.of(str(path)) == AYEN


def test_all_faults_at_once_with_the_file(tmp_path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        'km_per_coupon = 0\ncents_per_coupon = "six"\nprice = 3\ncoupon = "km"\n'
        'rounding = "down"\nbooklets_km = 50\ndesk_exchange = 1\ntimezone = "Europe/Ayen"\n'
        '[grounds]\nnothing = {}\ncoupon = { standing = "guessed", source = "x" }\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as raised:
        SchemeRules.of(path)
    found = {(fault.code, fault.column) for fault in raised.value.faults}
    assert found == {
        ("rule_unknown", "price"),
        ("rule_missing", "name"),
        ("rule_unknown", "grounds.nothing"),
        ("not_one_of", "grounds.coupon"),
        ("not_an_asset_code", "coupon"),
        ("rule_out_of_range", "km_per_coupon"),
        ("not_whole", "cents_per_coupon"),
        ("not_true_false", "desk_exchange"),
        ("not_one_of", "rounding"),
        ("not_a_list", "booklets_km"),
        ("unknown_time_zone", "timezone"),
    }
    assert {fault.file for fault in raised.value.faults} == {"rules.toml"}


@pytest.mark.parametrize(
    ("figures", "codes"),
    [
        ({"currency": None}, ["currency_missing", "currency_missing"]),
        ({"currency": None, "payout_cents_per_km": 9}, ["currency_missing"] * 3),
        ({"booklets_km": [50, 7], "km_per_coupon": 5}, ["booklet_not_whole"]),
        ({"payout_cents_per_km": 5}, ["payout_below_price"]),
        ({"dues_required": True}, ["dues_missing"]),
        ({"currency": "KM"}, ["codes_alike"]),
        ({"currency": "EUR"}, ["not_an_asset_code"]),
        ({"reconverted_by": ["system"]}, ["not_one_of"]),
        ({"reconverted_by": "shop"}, ["not_a_list"]),
        ({"grounds": 3}, ["not_a_mapping"]),
        ({"grounds": {"name": {"standing": "observed"}}}, ["not_a_ground"]),
        ({"grounds": {"name": {"standing": "observed", "source": 1}}}, ["not_a_text"]),
        ({"exemption": 3, "name": " "}, ["not_a_name", "not_a_text"]),
        ({"reconversion_fee_bp": 10_001, "expiry_months": 0}, ["rule_out_of_range"] * 2),
    ],
)
def test_rules_that_contradict_each_other(figures: dict, codes: list[str]) -> None:
    with wrong(*codes):
        changed(AYEN, **figures)


def test_no_toml_and_no_file(tmp_path) -> None:
    with wrong("not_toml"):
        SchemeRules.of("name = \n")
    with wrong("rules_unread"):
        SchemeRules.of(tmp_path / "missing.toml")


def test_rules_stand_in_the_first_entry(store) -> None:
    ledger = begun(store, CENTRE)
    first = ledger.journal.entry("genesis")
    assert '"dues_cents":500' in first.entry.data["rules"]
    assert ledger.rules == CENTRE


def test_rules_are_amended(store) -> None:
    ledger = begun(store)
    fee = changed(AYEN, reconversion_fee_bp=100)
    posted = ledger.amend(fee, actor="treasurer")
    assert posted.key == "rules/2"
    assert ledger.rules == fee
    assert Ledger(ledger.journal).rules == fee
    assert ledger.amend(AYEN).key == "rules/3"
    assert ledger.rules == AYEN


def test_another_program_s_amendment_is_seen(tmp_path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.create(path, rules=AYEN) as ours, Ledger.open(path) as theirs:
        assert theirs.rules == AYEN
        ours.amend(changed(AYEN, longest_ride_km=30))
        assert theirs.rules.longest_ride_km == 30


@pytest.mark.parametrize("figures", [{"cents_per_coupon": 7}, {"km_per_coupon": 2}])
def test_the_value_of_a_coupon_does_not_change_in_circulation(store, figures: dict) -> None:
    ledger = begun(store)
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50)
    dearer = changed(AYEN, **figures)
    with refused("value_in_circulation", ledger) as no:
        ledger.amend(dearer)
    assert "3,00" in no.said("fr")
    ledger.exchange("paul", km=50)
    with refused("value_in_circulation", ledger):
        ledger.amend(dearer)
    ledger.spend("paul", "bakery", 300)
    ledger.reconvert("bakery", 300)
    ledger.amend(dearer)
    sold = ledger.sell_booklet("paul", km=50)
    coupons = 50 // dearer.km_per_coupon
    assert sold.balances["issue.2/KM"] == -coupons
    assert ledger.cover().total_cents == coupons * dearer.cents_per_coupon
    ledger.settle(ride(km=20))
    ledger.exchange("jeanne", km=20)
    check_books(ledger)
    assert held(ledger, "issue/KM") == 0


def test_what_shops_take_changes_when_nothing_circulates() -> None:
    ledger = in_memory()
    ledger.add_shop("bakery")
    direct = changed(AYEN, accepted="coupons", desk_exchange=False)
    ledger.sell_booklet("paul", km=50)
    with refused("value_in_circulation", ledger):
        ledger.amend(direct)
    ledger.reverse(next(w.entry.key for w in ledger.journal.entries() if w.entry.kind == "booklet"))
    ledger.amend(direct)
    ledger.sell_booklet("paul", km=50)
    ledger.spend("paul", "bakery", "3.00")
    assert ledger.reconvert("bakery", 300).balances["fund/EUR"] == 0
    check_books(ledger)


@pytest.mark.parametrize("figures", [{"coupon": "TICKET"}, {"currency": "AYA"}])
def test_codes_stay(figures: dict) -> None:
    ledger = in_memory()
    with refused("assets_fixed", ledger):
        ledger.amend(changed(AYEN, **figures))


def test_booklets_have_sizes() -> None:
    ledger = in_memory()
    with refused("no_such_booklet", ledger) as no:
        ledger.sell_booklet("paul", km=60)
    assert "50, 100" in no.said("fr")
    free = in_memory(changed(AYEN, booklets_km=[]))
    assert free.sell_booklet("paul", km=60).balances["paul/KM"] == 60
    with refused("no_such_booklet", free):
        free.sell_booklet("paul", km="60.5")


def test_no_dues_no_expiry_where_there_are_none() -> None:
    ledger = in_memory()
    with refused("no_dues", ledger):
        ledger.pay_dues("paul", 2026)
    with refused("no_expiry", ledger):
        ledger.expire_units()
    with wrong("not_a_year"):
        ledger.pay_dues("paul", "2026")
