"""The real schemes through the command, from the first booklet to the last euro."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from tests.cli.ledger.conftest import Ask, Run, ridden

SAID = {
    "en": ("paul 50 coupons (3.00 €); the guarantee fund 3.00 €", "has paid jeanne", "0.00 €"),
    "fr": ("paul 50 coupons (3,00\u202f€) ; le fonds de garantie 3,00", "a payé jeanne", "0,00"),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_life_of_ayen(run: Run, ask: Ask, ayen: str, lang: str) -> None:
    sold, paid, empty = SAID[lang]
    words = ("--lang", lang)
    three = "3,00" if lang == "fr" else "3.00"
    assert sold in run("sell", ayen, "paul", "--km", 50, *words)[1]
    assert "r1/promised" in run("promise", ayen, *ridden(), *words)[1]
    assert "25" in run("balance", ayen, "paul", *words)[1]
    assert paid in run("settle", ayen, *ridden(), *words)[1]
    assert paid in run("settle", ayen, *ridden("r2"), *words)[1]
    assert (
        f"{three}\u202fYACA".replace("\u202f", " " if lang == "en" else "\u202f")
        in (run("exchange", ayen, "jeanne", "--km", 50, *words)[1])
    )
    assert run("spend", ayen, "jeanne", "bakery", "--amount", three, *words)[0] == 0
    assert empty in run("reconvert", ayen, "bakery", "--amount", three, *words)[1]
    cover = ask("cover", ayen)
    assert cover["fund"]["units"] == cover["circulating"]["units"] == 0
    assert cover["covered"]
    assert run("verify", ayen, *words)[0] == 0


def test_the_fund_equals_what_circulates_at_every_step(ask: Ask, ayen: str) -> None:
    steps = (
        ("sell", ayen, "paul", "--km", 100),
        ("settle", ayen, *ridden()),
        ("exchange", ayen, "jeanne", "--coupons", 20),
        ("spend", ayen, "jeanne", "bakery", "--amount", "1.20", "--price", "4.80"),
        ("reconvert", ayen, "bakery", "--amount", "0.70"),
    )
    for step in steps:
        posted = ask(*step)["posted"]
        assert not posted["replayed"]
        cover = ask("cover", ayen)
        assert cover["fund"]["units"] == cover["circulating"]["units"]
    assert cover["fund"] == {"units": 530, "asset": "EUR", "decimals": 2}


def test_argences_spends_paper_coupons_in_the_shops(run: Run, ask: Ask) -> None:
    here = "argences.sqlite"
    run("init", here, "--rules", "argences")
    run("shop", here, "garage")
    run("coupons", "print", here, "A001..A008")
    code, out, _ = run("sell", here, "paul", "--km", 20, "--serials", "A001..A004", "--lang", "fr")
    assert code == 0
    assert "coupons papier non encore utilisés 4 coupons" in out
    run("settle", here, *ridden(km=12), "--serials", "A001..A003")
    assert ask("coupons", "show", here, "A001")["coupon"]["state"] == "used"
    assert run("spend", here, "jeanne", "garage", "--serials", "A001..A003")[0] == 0
    refused = ask("spend", here, "jeanne", "garage", "--serials", "A005", ends=5)
    assert refused["code"] == "coupon_printed"
    assert run("reconvert", here, "garage", "--serials", "A001..A003")[0] == 0
    assert run("coupons", "lost", here, "A004", "--member", "paul")[0] == 0
    assert run("coupons", "cancel", here, "A008")[0] == 0
    assert "barred" in run("coupons", "show", here, "A004")[1]
    assert "forgery" in run("coupons", "show", here, "Z1")[1]
    assert ask("coupons", "show", here, "Z1")["coupon"] is None
    assert ask("cover", here)["fund"]["units"] == 25


def test_a_centre_asks_for_dues_first(run: Run, ask: Ask) -> None:
    here = "centre.sqlite"
    assert "5.00 € a year" in run("init", here, "--rules", "centre")[1]
    assert ask("sell", here, "paul", "--km", 20, ends=5)["code"] == "dues_unpaid"
    assert run("dues", here, "paul")[0] == 0
    assert ask("dues", here, "paul")["posted"]["replayed"]
    assert run("sell", here, "paul", "--km", 20)[0] == 0


def test_a_booked_ride_is_held_back_and_let_go(run: Run, ask: Ask, ayen: str) -> None:
    run("sell", ayen, "paul", "--km", 50)
    run("promise", ayen, *ridden(), "--expires", "2099-12-01 12:00")
    (held,) = ask("balance", ayen, "paul")["balances"]
    assert (held["posted"], held["outgoing"], held["available"]) == (50, 25, 25)
    assert "25 coupons (1.50 €) held back" in run("balance", ayen, "paul")[1]
    run("cancel", ayen, "r1")
    (free,) = ask("balance", ayen, "paul")["balances"]
    assert free["available"] == 50


def test_a_mistake_is_undone_and_a_past_balance_stays(ask: Ask, ayen: str) -> None:
    sold = ask("sell", ayen, "paul", "--km", 50)["posted"]
    undone = ask("reverse", ayen, sold["key"])["posted"]
    assert undone["key"] == f"{sold['key']}/reversed"
    assert ask("balance", ayen, "paul")["balances"][0]["posted"] == 0
    then = ask("balance", ayen, "paul", "--at", sold["recorded"])
    assert then["balances"][0]["posted"] == 50
    assert then["at"] == sold["recorded"]


def test_two_ways_of_typing_an_accent_name_one_member(run: Run, ask: Ask, ayen: str) -> None:
    run("sell", ayen, "zo\xeb", "--km", 50)
    assert ask("sell", ayen, "zoe\u0308", "--km", 50)["posted"]["balances"]
    assert (
        ask("balance", ayen, "zoe\u0308")["balances"] == ask("balance", ayen, "zo\xeb")["balances"]
    )
    assert len(ask("members", ayen)["members"]) == 2


def test_in_argences_a_purchase_is_typed_in_euros(run: Run, ask: Ask) -> None:
    run("init", "a.sqlite", "--rules", "argences")
    run("shop", "a.sqlite", "grocer")
    run("sell", "a.sqlite", "rose", "--km", 20)
    assert run("spend", "a.sqlite", "rose", "grocer", "--amount", "0,50")[0] == 0
    assert ask("spend", "a.sqlite", "rose", "grocer", "--amount", "0.60", ends=5)["code"] == (
        "part_of_coupon_paid"
    )
    assert run("reconvert", "a.sqlite", "grocer", "--amount", "0.50")[0] == 0
    assert ask("cover", "a.sqlite")["fund"]["units"] == 50


def test_a_slip_is_entered_under_the_day_it_bears(ask: Ask, ayen: str) -> None:
    ask("sell", ayen, "paul", "--km", 50, "--date", "02/01/2026", "--ref", "slip 7")
    (statement,) = ask("statement", ayen, "paul", "--month", "01/2026")["statements"]
    assert statement["lines"][0]["effective"] == "2026-01-01T23:00:00+00:00"  # midnight in Paris
    assert statement["lines"][0]["ref"] == "slip 7"
    assert statement["closing"] == 50


def test_the_ledger_of_the_environment(
    run: Run, ask: Ask, ayen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MSAP_LEDGER", ayen)
    assert run("sell", "paul", "--km", 50)[0] == 0
    assert run("--json", "verify")[0] == 2  # an option of the command, not of the group
    assert ask("settle", *ridden())["posted"]["key"] == "r1/settled"
    assert ask("balance", ayen, "paul")["balances"][0]["posted"] == 25
    assert run("verify")[0] == 0
    assert run("balance", "elsewhere.sqlite", "paul")[0] == 2


def test_several_schemes_of_one_file(run: Run, ask: Ask, ayen: str) -> None:
    run("init", ayen, "--rules", "argences")
    code, _, err = run("sell", ayen, "paul", "--km", 50)
    assert code == 2
    assert "argences" in err
    assert ask("sell", ayen, "paul", "--km", 20, "--scheme", "argences")["scheme"] == "argences"
    assert ask("cover", ayen, "--scheme", "ayen")["fund"]["units"] == 0


def test_new_rules_come_into_force(run: Run, ask: Ask, ayen: str) -> None:
    text = (files("msap_mobility.ledger.scheme") / "bundled/ayen.toml").read_text("utf-8")
    changed = text.replace("reconversion_fee_bp = 0", "reconversion_fee_bp = 200", 1)
    Path("new.toml").write_text(changed, encoding="utf-8")
    assert run("amend", ayen, "--rules", "new.toml")[0] == 0
    assert ask("rules", ayen)["rules"]["reconversion_fee_bp"] == 200
    assert "0.06 €" in run("rules", ayen)[1]


def test_members_are_noted_told_and_forgotten(run: Run, ask: Ask, ayen: str) -> None:
    run("sell", ayen, "paul", "--km", 50)
    assert run("member", "note", ayen, "paul", "--name", "Paul V.", "--contact", "05 55")[0] == 0
    assert "Paul V." in run("members", ayen)[1]
    told = ask("member", "export", ayen, "paul")["member"]
    assert (told["name"], told["contact"], len(told["entries"])) == ("Paul V.", "05 55", 2)
    assert "Paul V." in run("member", "export", ayen, "paul", "--lang", "fr")[1]
    assert ask("member", "purge", ayen)["members"] == []
    assert ask("member", "purge", ayen, "--before", "2199-01-01")["members"] == ["bakery", "paul"]
    assert {each["name"] for each in ask("members", ayen)["members"]} == {""}
