"""Each refusal ends with 5, in words and as data; wrong input ends with 2 and tells every fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.ledger.conftest import Ask, Run, ridden

REFUSED = {
    "refund_to_person": ("reconvert", "jeanne", "--amount", "0.10"),
    "unknown_shop": ("spend", "jeanne", "butcher", "--amount", "1"),
    "below_floor": ("spend", "jeanne", "bakery", "--amount", "9,00"),
    "euro_change": ("spend", "jeanne", "bakery", "--amount", "1", "--price", "0.80"),
    "no_such_booklet": ("sell", "paul", "--km", "60"),
    "part_of_coupon": ("settle", *ridden("r2", "2,5")),
    "ride_too_long": ("settle", *ridden("r2", 26)),
    "coupon_unknown": ("sell", "paul", "--km", "50", "--serials", "Z001..Z050"),
    "serials_count": ("sell", "paul", "--km", "50", "--serials", "A001..A003"),
    "coupons_not_taken": ("spend", "jeanne", "bakery", "--serials", "A001"),
    "coupon_known": ("coupons", "print", "A050..A060"),
    "key_reused": ("sell", "paul", "--km", "100", "--idempotency-key", "monday"),
    "key_of_its_own": ("settle", *ridden("r2"), "--idempotency-key", "monday"),
    "unknown_account": ("balance", "nobody"),
    "no_dues": ("dues", "paul"),
    "no_expiry": ("expire",),
    "already_closed": ("cancel", "r1"),
    "unknown_target": ("reverse", "nothing"),
    "shop_is_person": ("shop", "paul"),
    "before_the_scheme": ("sell", "paul", "--km", "50", "--date", "02/11/1990"),
    "for_persons_only": ("sell", "bakery", "--km", "50"),
    "member_alike": ("sell", "Paul", "--km", "50"),
    "effective_in_future": ("sell", "paul", "--km", "50", "--date", "2199-01-01"),
}

WRONG = {
    "every option": (
        ("settle", "r1", "--rider", "fund", "--driver", "a/b", "--km", "far", "--date", "soon"),
        {"member_kept_back", "slash_in_member", "amount_not_exact", "not_a_typed_day"},
    ),
    "amount": (("spend", "jeanne", "bakery", "--amount", "1.001"), {"amount_too_fine"}),
    "no amount": (("spend", "jeanne", "bakery"), {"amount_or_serials"}),
    "two amounts": (("exchange", "jeanne", "--km", "5", "--coupons", "5"), {"one_amount"}),
    "count": (("exchange", "jeanne", "--coupons", "five"), {"not_a_count"}),
    "negative": (("reconvert", "bakery", "--amount=-1"), {"amount_not_positive"}),
    "series": (("coupons", "print", "A9..A1"), {"not_a_series"}),
    "one coupon": (("coupons", "show", "A1..A3"), {"not_one_serial"}),
    "month": (("statement", "paul", "--month", "13/2026"), {"not_a_typed_month"}),
    "moment": (("cover", "--at", "yesterday"), {"not_a_typed_moment"}),
    "the first of all days": (
        ("sell", "paul", "--km", "50", "--date", "0001-01-01"),
        {"not_a_typed_day"},
    ),
    "the last of all days": (("report", "--until", "9999-12-31"), {"not_a_typed_day"}),
    "the last moment": (("balance", "paul", "--at", "9999-12-31"), {"not_a_typed_moment"}),
    "the last month": (("statement", "paul", "--month", "9999-12"), {"no_such_month"}),
    "the last year": (("report", "--year", "9999"), {"no_such_month"}),
    "year": (("dues", "paul", "--year", "soon"), {"not_a_year"}),
    "scheme": (("cover", "--scheme", "brive"), {"scheme_unknown"}),
    "rules": (("amend", "--rules", "absent.toml"), {"rules_unread"}),
    "slips": (("import", "absent.csv"), {"slips_missing"}),
    "fiscal year": (
        (
            "export",
            "fec",
            "--siren",
            "1",
            "--folder",
            "x",
            "--chart",
            "no.toml",
            "--since",
            "1/1/2026",
        ),
        {"not_a_siren", "chart_missing", "day_lacking"},
    ),
    "checkpoint": (("verify", "--checkpoint", "a line that is none"), {"not_a_checkpoint"}),
}


def at(place: str, words: tuple[object, ...]) -> tuple[object, ...]:
    """The words of a command, the ledger in its place."""
    lead = 2 if words[0] in ("coupons", "export", "member") else 1
    return (*words[:lead], place, *words[lead:])


@pytest.fixture
def busy(run: Run, ayen: str) -> str:
    """A scheme in which something has happened."""
    run("sell", ayen, "paul", "--km", 50, "--idempotency-key", "monday")
    run("promise", ayen, *ridden())
    run("settle", ayen, *ridden())
    run("exchange", ayen, "jeanne", "--km", 25)
    run("coupons", "print", ayen, "A001..A100")
    return ayen


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_ends_with_five(run: Run, ask: Ask, busy: str, code: str) -> None:
    words = at(busy, REFUSED[code])
    refusal = ask(*words, ends=5)
    assert refusal["schema"] == "msap.ledger.refusal/1"
    assert refusal["code"] == code
    for lang in ("en", "fr"):
        ended, out, err = run(*words, "--lang", lang)
        assert (ended, out) == (5, "")
        told = f"{refusal['what'][lang]} {refusal['remedy'][lang]}"
        assert re.sub(r"\d+", "", err.strip()) == re.sub(r"\d+", "", told)  # it is later now
    assert refusal["what"]["fr"] != refusal["what"]["en"]


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_ends_with_two_and_tells_every_fault(
    run: Run, ask: Ask, busy: str, name: str
) -> None:
    words, codes = WRONG[name]
    faults = ask(*at(busy, words), ends=2)
    assert faults["schema"] == "msap.faults/1"
    assert {fault["code"] for fault in faults["faults"]} == codes
    code, out, err = run(*at(busy, words), "--lang", "fr")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1 + len(codes)


def test_nothing_is_written_by_what_is_wrong_or_refused(run: Run, ask: Ask, busy: str) -> None:
    before = ask("verify", busy)["verification"]["head"]
    for words in (*REFUSED.values(), *(words for words, _ in WRONG.values())):
        run(*at(busy, words))
    assert ask("verify", busy)["verification"]["head"] == before


@pytest.mark.parametrize(
    "words",
    [
        ("sell", "paul", "--km", "50"),
        ("balance", "paul"),
        ("cover",),
        ("verify",),
        ("backup", "--out", "copy.sqlite"),
        ("restore", "new.sqlite"),
        ("export", "csv", "--out", "x.csv"),
    ],
)
def test_a_missing_ledger_is_refused_and_not_made(ask: Ask, words: tuple[str, ...]) -> None:
    faults = ask(*at("absent.sqlite", words), ends=2)["faults"]
    assert [fault["code"] for fault in faults] == ["ledger_missing"]
    assert list(Path().iterdir()) == []


def test_a_file_that_is_no_ledger(run: Run, ask: Ask) -> None:
    Path("notes.txt").write_text("bread, milk\n" * 500, encoding="utf-8")
    unusable = ask("balance", "notes.txt", "paul", ends=5)
    assert unusable["schema"] == "msap.ledger.unusable/1"
    assert unusable["code"] == "not_a_ledger"
    code, out, err = run("balance", "notes.txt", "paul", "--lang", "fr")
    assert (code, out, err.strip()) == (5, "", unusable["text"]["fr"])


def test_a_folder_that_is_not_there(ask: Ask) -> None:
    assert ask("init", "absent/ayen.sqlite", "--rules", "ayen", ends=5)["code"] == "cannot_open"


def test_faulty_rules_are_told_whole(ask: Ask) -> None:
    Path("mine.toml").write_text('name = "x"\nkm_per_coupon = 0\nfee = 2\n', encoding="utf-8")
    faults = ask("init", "x.sqlite", "--rules", "mine.toml", ends=2)["faults"]
    assert {fault["code"] for fault in faults} == {
        "rule_missing",
        "rule_out_of_range",
        "rule_unknown",
    }
    assert not Path("x.sqlite").exists()


@pytest.mark.parametrize("words", [("fly",), ("sell",), ("sell", "x", "paul"), ("export", "pdf")])
def test_words_there_are_not(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err


def test_a_server_without_its_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    code, _, err = run("cover", "postgresql://localhost/nothing")
    assert code == 3
    assert "msap-mobility[postgres]" in err
