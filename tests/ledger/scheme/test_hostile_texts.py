"""SQL, markup and strange letters in every text: they are texts and nothing more, or refused."""

from __future__ import annotations

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import DrivenRide
from tests.ledger.scheme.ledgers import AYEN, begun, changed, check_books

HOSTILE = (
    "'; DROP TABLE ledger_entry; --",
    '"; DELETE FROM entry; --',
    "' OR '1'='1",
    "%s %(x)s ? :a $1 {0} {value!r}",
    "\\'; SELECT pg_sleep(9); --",
    "élève 😀 İ ß ﷽",
    '=HYPERLINK("x")',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_a_text(store, text: str) -> None:
    ledger = begun(store, changed(AYEN, dues_cents=500))
    slip = {"ref": text, "actor": text}
    ledger.add_shop(text, name=text, contact=text, **slip)
    ledger.sell_booklet(text + "1", km=50, key=text, **slip)
    ride = DrivenRide(id=text, rider=text + "1", driver=text + "2", km=25)
    ledger.promise_ride(ride, **slip)
    ledger.settle(ride, **slip)
    ledger.exchange(text + "2", km=25, **slip)
    ledger.spend(text + "2", text, "1.00", **slip)
    ledger.reconvert(text, "1.00", **slip)
    ledger.pay_dues(text + "1", 2026, **slip)
    numbers = [f"{text}{number}" for number in range(50)]
    ledger.print_coupons(numbers, **slip)
    ledger.sell_booklet(text + "1", km=50, serials=numbers, **slip)
    ledger.lose_coupons(numbers[:1], member=text + "1", **slip)
    assert ledger.coupon(numbers[1]).state == "sold"
    assert ledger.shops()[0].contact == text
    assert [each.id for each in ledger.members()] == [text + "1", text + "2"]
    assert ledger.export_member(text + "1")["entries"]
    assert ledger.balance(text + "1")["KM"].posted == 26
    assert ledger.journal.entry(text).entry.ref == text
    assert ledger.purge() == ()
    check_books(ledger)


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "a\x1bb", "\ud800", " a", "a ", "", 7, None])
def test_what_is_no_text_is_refused_everywhere(store, text) -> None:
    ledger = begun(store)
    head = ledger.journal.engine.reader.head()
    ride = DrivenRide(id="r1", rider="paul", driver="jeanne", km=25)
    tries = [
        lambda: ledger.sell_booklet(text, km=50),
        lambda: ledger.settle(DrivenRide(id=text, rider="paul", driver="jeanne", km=25)),
        lambda: ledger.settle(DrivenRide(id="r", rider=text, driver="jeanne", km=25)),
        lambda: ledger.cancel_ride(text),
        lambda: ledger.exchange(text, km=1),
        lambda: ledger.spend("paul", text, 1),
        lambda: ledger.reconvert(text, 1),
        lambda: ledger.add_shop(text),
        lambda: ledger.note_member(text, "x"),
        lambda: ledger.export_member(text),
        lambda: ledger.balance(text),
        lambda: ledger.reverse(text),
        lambda: ledger.pay_dues(text, 2026),
    ]
    if text not in (" a", "a "):
        tries += [lambda: ledger.coupon(text), lambda: ledger.print_coupons([text])]
    if text not in (" a", "a ", ""):
        tries += [lambda: ledger.settle(ride, ref=text), lambda: ledger.settle(ride, actor=text)]
    for attempt in tries:
        with pytest.raises(InputError) as raised:
            attempt()
        assert raised.value.text("fr")
    assert ledger.journal.engine.reader.head() == head
