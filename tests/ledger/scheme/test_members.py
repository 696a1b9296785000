"""Who takes part, what is held about them, and how they are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.ledger.journal import instant_of
from tests.ledger.scheme.ledgers import DAY, begun, in_memory, refused, ride, serials, wrong
from tests.ledger.stores import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(store, clock: Clock):
    return begun(store, clock=clock)


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
