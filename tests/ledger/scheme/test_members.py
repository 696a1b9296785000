"""Who takes part, what is held about them, and how they are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.ledger.journal import instant_of
from tests.ledger.scheme.ledgers import (
    ARGENCES,
    AYEN,
    DAY,
    begun,
    check_books,
    in_memory,
    refused,
    ride,
    serials,
    wrong,
)
from tests.ledger.stores import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(store, clock: Clock):
    return begun(store, clock=clock)


@pytest.mark.parametrize("rules", [AYEN, ARGENCES], ids=lambda rules: rules.name)
def test_a_shop_buys_no_booklet_and_takes_no_rides(rules) -> None:
    ledger = in_memory(rules)
    ledger.add_shop("bakery")
    km = (rules.booklets_km or (20,))[0]
    ledger.sell_booklet("paul", km=km)
    for attempt in (
        lambda: ledger.sell_booklet("bakery", km=km),
        lambda: ledger.settle(ride(km=5, driver="bakery")),
        lambda: ledger.settle(ride(km=5, rider="bakery")),
        lambda: ledger.promise_ride(ride(km=5, driver="bakery")),
        lambda: ledger.promise_ride(ride(km=5, rider="bakery")),
    ):
        with refused("for_persons_only", ledger) as no:
            attempt()
        assert "'bakery'" in no.said("fr")
    check_books(ledger)


def test_a_shop_exchanges_nothing_at_the_desk_and_is_credited_no_coupons() -> None:
    ledger = in_memory()
    ledger.add_shop("bakery")
    ledger.print_coupons("A01..A50")
    ledger.sell_booklet("paul", km=50, serials="A01..A50")
    for attempt in (
        lambda: ledger.exchange("bakery", serials="A01"),
        lambda: ledger.lose_coupons("A01", member="bakery"),
        lambda: ledger.cancel_coupons("A01", member="bakery"),
    ):
        with refused("for_persons_only", ledger):
            attempt()


@pytest.mark.parametrize("typed", ["Paul", "PAUL", "pa ul", "\uff50aul"])
def test_one_person_does_not_become_two_members(store, typed: str) -> None:
    ledger = begun(store)
    ledger.sell_booklet("paul", km=50)
    for attempt in (
        lambda: ledger.sell_booklet(typed, km=50),
        lambda: ledger.settle(ride(driver=typed)),
        lambda: ledger.note_member(typed, "Paul Martin"),
        lambda: ledger.add_shop(typed),
    ):
        with refused("member_alike", ledger) as no:
            attempt()
        assert "'paul'" in no.said("fr")


def test_who_is_only_noted_is_known_too() -> None:
    ledger = in_memory()
    ledger.note_member("Paul", "Paul Martin")
    ledger.note_member("Paul", "Paul Martin", "05 55 00 00 00")
    with refused("member_alike", ledger):
        ledger.sell_booklet("paul", km=50)
    ledger.sell_booklet("Paul", km=50)
    ledger.sell_booklet("paul.2", km=50)


def test_a_member_opened_by_another_program_is_seen(tmp_path) -> None:
    with Ledger.create(tmp_path / "ayen.sqlite", rules=AYEN) as one:
        one.sell_booklet("anne", km=50)
        with Ledger.open(tmp_path / "ayen.sqlite") as other:
            other.sell_booklet("paul", km=50)
        with refused("member_alike", one):
            one.sell_booklet("Paul", km=50)


def test_an_accent_is_written_in_one_way() -> None:
    ledger = in_memory()
    ledger.sell_booklet("zo\xeb", km=50)
    apart = "zoe\u0308"
    for attempt in (
        lambda: ledger.sell_booklet(apart, km=50),
        lambda: ledger.add_shop(apart),
        lambda: ledger.note_member(apart, "Zoé"),
        lambda: ledger.settle(ride(apart)),
        lambda: ledger.print_coupons(apart),
    ):
        with wrong("not_composed"):
            attempt()


def test_a_name_that_cannot_be_noted_registers_no_shop() -> None:
    ledger = in_memory()
    with wrong("not_a_text"):
        ledger.add_shop("bakery", name=7)
    assert ledger.shops() == ()


def test_persons_come_with_their_first_use_shops_are_registered(ledger) -> None:
    assert ledger.add_shop("bakery", name="Fournil d'Ayen", contact="05 55").replayed is False
    assert ledger.add_shop("bakery", name="another name").replayed is True
    ledger.sell_booklet("paul", km=50)
    ledger.note_member("jeanne", "Jeanne R.", "jeanne@example.org")
    assert [each.to_dict() for each in ledger.shops()] == [
        {"id": "bakery", "holder": "shop", "name": "Fournil d'Ayen", "contact": "05 55"},
    ]
    assert [(each.id, each.name) for each in ledger.members()] == [
        ("jeanne", "Jeanne R."),
        ("paul", ""),
    ]


def test_a_shop_nobody_registered_is_not_paid(ledger) -> None:
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=50)
    for shop in ("bakery", "jeanne"):
        with refused("unknown_shop", ledger):
            ledger.spend("paul", shop, 100)
    with refused("unknown_shop", ledger):
        ledger.reconvert("bakery", 100)
    with refused("shop_is_person", ledger):
        ledger.add_shop("paul")
    with wrong("own_customer"):
        ledger.spend("bakery", "bakery", 100)


def test_a_name_is_overwritten_and_never_hashed(ledger) -> None:
    ledger.note_member("paul", "Paul", "06")
    ledger.note_member("paul", "Paul Martin")
    assert [(each.name, each.contact) for each in ledger.members()] == [("Paul Martin", "")]
    for written in ledger.journal.entries():
        assert "Paul" not in str(written.entry)


def test_an_access_request_is_answered_whole(ledger) -> None:
    ledger.note_member("paul", "Paul", "06")
    ledger.print_coupons(serials(1, 50))
    ledger.sell_booklet("paul", km=50, ref="slip-1")
    ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    ledger.settle(ride())
    ledger.sell_booklet("marc", km=50)
    told = ledger.export_member("paul")
    assert (told["name"], told["contact"], told["holder"]) == ("Paul", "06", "person")
    assert told["accounts"] == [{"id": "paul/KM", "asset": "KM", "posted": 25}]
    assert [entry["kind"] for entry in told["entries"]] == ["contact", "booklet", "booklet", "ride"]
    assert told["entries"][1]["ref"] == "slip-1"
    assert told["entries"][1]["recorded"].endswith("+00:00")
    assert "marc" not in str(told)
    assert ledger.export_member("nobody")["entries"] == []


def test_names_are_purged_two_years_after_the_last_contact(ledger, clock: Clock) -> None:
    for member in ("paul", "jeanne", "idle", "new"):
        if member != "new":
            ledger.note_member(member, member.title(), "06")
    ledger.sell_booklet("paul", km=50)
    clock.now += 400 * DAY
    ledger.settle(ride())
    clock.now += 400 * DAY
    ledger.note_member("new", "New", "07")
    assert ledger.purge() == ("idle",)
    assert {each.id: each.name for each in ledger.members()} == {
        "idle": "",
        "jeanne": "Jeanne",
        "new": "New",
        "paul": "Paul",
    }
    assert ledger.purge() == ()
    assert ledger.purge(instant_of(clock.now) - timedelta(days=1)) == ("jeanne", "paul")
    assert ledger.balance("paul")["KM"].posted == 25


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (("a/b", "x", ""), ["slash_in_member"]),
        (("issue", "x", ""), ["member_kept_back"]),
        (("issue.2", "x", ""), ["member_kept_back"]),
        (("paper", "x", ""), ["member_kept_back"]),
        ((7, None, ""), ["not_a_name", "not_a_text"]),
        (("paul", "x" * 1001, "a\0b"), ["text_too_long", "not_printable"]),
        (("p" * 195, "", ""), ["text_too_long"]),
    ],
)
def test_who_cannot_be_noted(given, codes: list[str]) -> None:
    ledger = in_memory()
    with wrong(*codes):
        ledger.note_member(*given)
    assert ledger.members() == ()


def test_balances_by_member_and_by_account(ledger, clock: Clock) -> None:
    ledger.sell_booklet("paul", km=50)
    before = instant_of(clock.now)
    clock.now += DAY
    ledger.exchange("paul", km=20)
    assert {asset: each.posted for asset, each in ledger.balance("paul").items()} == {
        "KM": 30,
        "YACA": 120,
    }
    assert ledger.balance("fund/EUR")["EUR"].posted == 300
    assert ledger.balance("paul", at=before)["KM"].posted == 50
    assert ledger.cover(at=before).coupons == 50
    with refused("unknown_account", ledger):
        ledger.balance("nobody")
    with wrong("not_a_name"):
        ledger.balance("")


def test_a_purged_name_is_in_no_byte_of_the_file(tmp_path, clock: Clock) -> None:
    path = tmp_path / "purged.sqlite"
    with Ledger.create(path, rules=SchemeRules.ayen(), clock=clock) as ledger:
        for member in ("paul", "jeanne"):
            ledger.sell_booklet(member, km=50)
            ledger.note_member(member, f"Duchamp-{member}", "05 55 00 00 00")
        clock.now += 3 * 366 * DAY
        assert ledger.purge() == ("jeanne", "paul")
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"Duchamp" not in written
        assert b"jeanne/KM" in written
