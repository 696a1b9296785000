"""The same request twice counts once; two calls without a key are two events."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import Ledger, new_key
from tests.ledger.scheme.ledgers import (
    AYEN,
    DAY,
    begun,
    changed,
    check_books,
    held,
    in_memory,
    refused,
    ride,
    serials,
    wrong,
)
from tests.ledger.stores import Clock

VERBS = {
    "sell_booklet": lambda ledger, **slip: ledger.sell_booklet("paul", km=50, **slip),
    "exchange": lambda ledger, **slip: ledger.exchange("paul", km=5, **slip),
    "spend": lambda ledger, **slip: ledger.spend("paul", "bakery", 30, **slip),
    "reconvert": lambda ledger, **slip: ledger.reconvert("bakery", 30, **slip),
    "note_member": lambda ledger, **slip: ledger.note_member("paul", "Paul", **slip),
}
ONCE = {
    "settle": lambda ledger: ledger.settle(ride(km=1)),
    "promise_ride": lambda ledger: ledger.promise_ride(ride("r2", km=1)),
    "cancel_ride": lambda ledger: ledger.cancel_ride("r3"),
    "pay_dues": lambda ledger: ledger.pay_dues("paul", 2026),
    "add_shop": lambda ledger: ledger.add_shop("bakery"),
    "print_coupons": lambda ledger: ledger.print_coupons("B1..B9"),
    "sell paper": lambda ledger: ledger.sell_booklet("paul", km=50, serials=serials(1, 50)),
    "use paper": lambda ledger: ledger.settle(ride("r4", km=1), serials="A060"),
    "exchange paper": lambda ledger: ledger.exchange("jeanne", serials="A061,A062"),
    "lose_coupons": lambda ledger: ledger.lose_coupons("A063", member="paul"),
    "cancel_coupons": lambda ledger: ledger.cancel_coupons("A064", member="paul"),
    "reverse": lambda ledger: ledger.reverse("first"),
}


def lived_in(clock: Clock | None = None) -> Ledger:
    """A ledger in which every verb finds what it needs."""
    ledger = in_memory(changed(AYEN, dues_cents=500), clock)
    ledger.add_shop("bakery")
    ledger.sell_booklet("paul", km=50, key="first")
    ledger.sell_booklet("paul", km=50)
    ledger.exchange("paul", km=30)
    ledger.spend("paul", "bakery", 60)
    ledger.promise_ride(ride("r3", km=1))
    ledger.print_coupons(serials(1, 100))
    ledger.sell_booklet("marc", km=50, serials=serials(51, 100))
    return ledger


@pytest.fixture
def ledger():
    ledger = lived_in()
    yield ledger
    check_books(ledger)


@pytest.mark.parametrize("verb", VERBS)
def test_a_key_counts_once(ledger, verb: str) -> None:
    first = VERBS[verb](ledger, key="k")
    again = VERBS[verb](ledger, key="k", actor="another agent")
    assert (first.replayed, again.replayed) == (False, True)
    assert first.seq == again.seq
    with refused("key_reused", ledger):
        VERBS[verb](ledger, key="k", ref="another slip")
    with refused("key_reused", ledger):
        VERBS[verb](ledger, key="k", effective=date(2026, 11, 1))


@pytest.mark.parametrize("verb", VERBS)
def test_todays_slip_asked_again_tomorrow_is_the_same(verb: str) -> None:
    clock = Clock()
    ledger = lived_in(clock)
    today = date(2026, 12, 1)
    first = VERBS[verb](ledger, key="k", effective=today)
    assert VERBS[verb](ledger, key="k").seq == first.seq
    for _ in range(2):
        again = VERBS[verb](ledger, key="k", effective=today)
        assert (again.replayed, again.seq) == (True, first.seq)
        clock.now += DAY
    with refused("key_reused", ledger) as no:
        VERBS[verb](ledger, key="k", effective=date(2026, 12, 2))
    assert " @2026-12-01'" in no.said("en")
    assert " @2026-12-02'" in no.said("en")


def test_a_slip_written_at_midnight_of_today_is_answered_too(ledger) -> None:
    """Today's slips were written so before they stood at the time they were entered."""
    midnight = datetime(2026, 12, 1, tzinfo=ZoneInfo("Europe/Paris"))
    first = ledger.sell_booklet("paul", km=50, key="k", effective=midnight)
    again = ledger.sell_booklet("paul", km=50, key="k", effective=midnight.date())
    assert again.replayed
    assert first.seq == again.seq


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_key_two_calls_are_two_events(ledger, verb: str) -> None:
    assert VERBS[verb](ledger).seq < VERBS[verb](ledger).seq


@pytest.mark.parametrize("verb", ONCE)
def test_what_happens_once_brings_its_key(ledger, verb: str) -> None:
    first, again = ONCE[verb](ledger), ONCE[verb](ledger)
    assert again.replayed
    assert first.seq == again.seq


def test_a_replay_is_answered_whatever_has_changed_since(ledger) -> None:
    first = ledger.settle(ride(km=10))
    ledger.amend(changed(ledger.rules, longest_ride_km=5, dues_required=True))
    again = ledger.settle(ride(km=10))
    assert again.replayed
    assert dict(again.balances) == dict(first.balances)


def test_an_agent_clicks_twice_at_once(tmp_path) -> None:
    """Sixteen threads bring the same ride, which opens an account: one is written."""
    with Ledger.create(tmp_path / "ledger.sqlite", rules=AYEN) as ledger:
        ledger.sell_booklet("paul", km=50)
        start = threading.Barrier(16)
        answers = []

        def click() -> None:
            start.wait()
            answers.append(ledger.settle(ride()))

        threads = [threading.Thread(target=click) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 16
        assert {answer.seq for answer in answers} == {answers[0].seq}
        assert sum(not answer.replayed for answer in answers) == 1
        assert held(ledger, "jeanne/KM") == 25


def test_new_keys_are_of_their_own_and_grow_with_time() -> None:
    keys = [new_key("spend") for _ in range(1000)]
    assert len(set(keys)) == 1000
    moments = [key.partition("-")[0] for key in keys]
    assert moments == sorted(moments)
    assert Ledger.new_key("spend").startswith("spend/")


@pytest.mark.parametrize(
    ("slip", "codes"),
    [
        ({"key": "a\nb"}, ["not_printable"]),
        ({"key": " "}, ["not_a_name"]),
        ({"key": 7, "ref": None, "actor": 3}, ["not_a_name", "not_a_text", "not_a_text"]),
        ({"effective": "2026-11-01"}, ["not_a_day_or_instant"]),
        ({"effective": datetime(2026, 11, 1)}, ["instant_without_zone"]),  # noqa: DTZ001
        ({"key": "r1/promised/expired"}, ["key_kept_back"]),
    ],
)
def test_slips_that_cannot_be_read(ledger, slip: dict, codes: list[str]) -> None:
    with wrong(*codes):
        ledger.sell_booklet("paul", km=50, **slip)


def test_an_instant_is_an_effective_time_too(store) -> None:
    ledger = begun(store)
    posted = ledger.sell_booklet("paul", km=50, effective=datetime(2026, 11, 1, 9, tzinfo=UTC))
    written = ledger.journal.entry(posted.key)
    assert written.entry.effective < written.recorded


def test_an_undone_sale_puts_its_coupons_back_into_stock(ledger) -> None:
    sold = ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    ledger.reverse(sold.key)
    assert ledger.coupon("A001").state == "printed"
    assert ledger.reverse(sold.key).replayed
    for key in (f"{sold.key}/reversed", ledger.reverse("first").key):
        with refused("no_reverse", ledger):
            ledger.reverse(key)


def test_coupons_sold_by_mistake_are_sold_to_somebody_else(store) -> None:
    ledger = begun(store)
    ledger.print_coupons(serials(1, 50))
    sold = ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    ledger.reverse(sold.key)
    with refused("undone", ledger) as no:
        ledger.sell_booklet("paul", km=50, serials=serials(1, 50))
    assert "'booklet/A001/2'" in no.said("fr")
    right = ledger.sell_booklet("marc", km=50, serials=serials(1, 50))
    assert (right.key, right.balances["paper/KM"]) == ("booklet/A001/2", 50)
    assert ledger.sell_booklet("marc", km=50, serials=serials(1, 50)).replayed
    assert ledger.coupon("A050").to_dict() == {
        "serial": "A050",
        "state": "sold",
        "account": "paper/KM",
        "key": "booklet/A001/2",
    }
    ledger.settle(ride(km=2), serials="A001,A002")
    assert ledger.verify().sound
    check_books(ledger)


def test_what_cannot_be_undone(ledger) -> None:
    ledger.settle(ride("r4", km=1), serials="A060")
    with refused("coupons_gone", ledger):
        ledger.reverse("r4/settled")
    ledger.settle(ride("r4 back", km=1, rider="jeanne", driver="marc"))  # as the remedy says
    with refused("unknown_target", ledger):
        ledger.reverse("nothing")
    with refused("no_reverse", ledger):
        ledger.reverse("shop/bakery")
    ledger.settle(ride("r5", km=10))
    ledger.exchange("jeanne", km=10)
    with refused("below_floor", ledger):
        ledger.reverse("r5/settled")


def test_what_was_undone_is_not_told_as_done(ledger) -> None:
    ledger.settle(ride(km=10))
    ledger.reverse("r1/settled")
    with refused("undone", ledger) as no:
        ledger.settle(ride(km=10))
    assert "r1/settled/reversed" in no.said("en")
    assert "'r1/settled/2'" in no.said("fr")
    ledger.cancel_ride("r3")
    with refused("booking_cancelled", ledger):
        ledger.promise_ride(ride("r3", km=1))
    ledger.reverse("first")
    with refused("undone", ledger):
        ledger.sell_booklet("paul", km=50, key="first")


def test_a_reversed_ride_is_written_again_as_corrected(ledger) -> None:
    ledger.settle(ride(km=10))
    ledger.reverse("r1/settled")
    corrected = ledger.settle(ride(km=7))
    assert corrected.key == "r1/settled/2"
    assert ledger.settle(ride(km=7)).replayed
    assert held(ledger, "jeanne/KM") == 7
    with refused("key_reused", ledger):
        ledger.settle(ride(km=8))
    with refused("undone_and_rewritten", ledger) as no:
        ledger.settle(ride(km=10))
    assert "'r1/settled/2'" in no.said("en")
    ledger.reverse("r1/settled/2")
    with refused("undone", ledger) as no:
        ledger.settle(ride(km=7))
    assert "'r1/settled/3'" in no.said("en")
    assert ledger.settle(ride(km=10), key="r1/settled/3").balances["jeanne/KM"] == 10
    assert ledger.settle(ride(km=10)).replayed


def test_a_booking_that_ends_otherwise_is_another(ledger) -> None:
    ends = [datetime(2026, 12, day, 9, tzinfo=UTC) for day in (5, 6)]
    ledger.promise_ride(ride("r9", km=1), expires=ends[0])
    assert ledger.promise_ride(ride("r9", km=1), expires=ends[0]).replayed
    for other in (ends[1], None):
        with refused("key_reused", ledger) as no:
            ledger.promise_ride(ride("r9", km=1), expires=other)
        assert "2026-12-05 10:00:00+01:00" in no.said("fr")


def test_both_requests_are_shown_as_people_write_them(ledger) -> None:
    slip = {"key": "k", "effective": date(2026, 11, 2)}
    ledger.spend("paul", "bakery", 30, price="0.95", **slip)
    with refused("key_reused", ledger) as no:
        ledger.spend("paul", "bakery", 31, key="k")
    assert "'spend amount=0.30 member=paul price=0.95 shop=bakery @2026-11-02'" in no.said("fr")
    assert "'spend amount=0.31 member=paul shop=bakery'" in no.said("fr")


@pytest.mark.parametrize("day", [date(1926, 11, 2), date(1, 1, 1), date(2025, 12, 31)])
def test_nothing_happened_before_the_year_in_which_the_scheme_began(store, day: date) -> None:
    ledger = begun(store)
    with refused("before_the_scheme", ledger) as no:
        ledger.sell_booklet("paul", km=50, effective=day)
    assert "1er janvier 2026" in no.said("fr")
    assert no.refusal.to_dict()["values"] == {"day": day.isoformat(), "first": "2026-01-01"}
    assert not ledger.sell_booklet("paul", km=50, effective=date(2026, 1, 1)).replayed


def test_a_key_that_was_lost_on_the_way_is_refused(ledger) -> None:
    before = ledger.journal.engine.reader.head()
    with pytest.raises(InputError, match="key"):
        ledger.sell_booklet("paul", km=50, key="")
    assert ledger.journal.engine.reader.head() == before
    assert not ledger.sell_booklet("paul", km=50, key=None).replayed
