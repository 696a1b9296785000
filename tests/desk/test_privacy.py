"""What names a person is forgotten in time; ids, events and figures stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.errors import InputError
from msap_mobility.model.member import Contact
from tests.desk.scenes import (
    BY,
    DAY,
    done,
    homeward,
    offer,
    opened,
    refused,
    request,
    ride,
    ride_home,
    rider,
    round_trip,
    stages,
    there_and_back,
)

if TYPE_CHECKING:
    from msap_mobility.desk import Desk
    from tests.ledger.stores import Clock

TRIP, PAUL = offer(), request()
WEEKLY = offer("w1", "marc", depart=None, rhythm="Mo-Fr 8:10-8:20")
NAMED = Contact(name="Paul Lagarde", phone="05 55 00 00 00", address="Le Bourg")
THREE_YEARS_US = 3 * 365 * 86_400_000_000


def of_old(desk: Desk) -> None:
    """Paul rode with Jeanne once; both are noted."""
    opened(desk, TRIP, WEEKLY, PAUL)
    desk.register(rider("paul"), NAMED, by=BY)
    desk.register(desk.member("jeanne"), Contact(name="Jeanne Vialle"), by=BY)  # type: ignore[arg-type]
    done(desk.log_call("r1", "jeanne", "agreed", by=BY))
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    done(desk.drive("r1", by="jeanne"))


def test_nothing_of_a_contact_is_shown(desk: Desk) -> None:
    of_old(desk)
    assert desk.contact("paul") == NAMED
    for shown in (repr(NAMED), str(desk.contact("paul")), repr(PAUL), repr(ride(TRIP, PAUL))):
        for secret in ("Lagarde", "05 55", "Bourg", "45.254", "Ayen"):
            assert secret not in shown


def test_who_is_heard_of_is_kept(desk: Desk, clock: Clock) -> None:
    of_old(desk)
    clock.now += THREE_YEARS_US // 3
    assert desk.purge() == ()
    assert desk.contact("paul") == NAMED
    assert desk.request("r1") == PAUL


def test_who_was_not_heard_of_is_forgotten(desk: Desk, clock: Clock) -> None:
    of_old(desk)
    before = desk.report(DAY, DAY)
    clock.now += THREE_YEARS_US
    assert desk.purge() == ("jeanne", "marc", "paul")
    for name in ("paul", "jeanne"):
        assert desk.contact(name) is None
        assert desk.member(name) is not None
    assert desk.offer("o1") is None
    assert desk.offer("w1") is None
    assert desk.request("r1") is None
    assert desk.rides(DAY) == ()
    assert desk.offers(DAY) == ()
    assert stages(desk, "r1") == ["driven"]
    assert len(desk.events("r1")) == 4
    assert len(desk.calls("r1")) == 1
    assert desk.report(DAY, DAY) == before
    assert desk.purge() == ()
    done(desk.confirm("r1", by=BY))
    done(desk.settle("r1", by=BY))


def test_who_still_drives_keeps_a_name_but_old_places_go(desk: Desk, clock: Clock) -> None:
    of_old(desk)
    clock.now += THREE_YEARS_US
    new = offer("o7", depart="2029-12-02 08:10")
    done(desk.add_offer(new, by=BY))
    assert desk.purge() == ("marc", "paul")
    assert desk.contact("jeanne") == Contact(name="Jeanne Vialle")
    assert desk.offer("o1") is None
    assert desk.offer("o7") == new


def test_a_regular_trip_taken_back_long_ago_is_forgotten(desk: Desk, clock: Clock) -> None:
    of_old(desk)
    done(desk.withdraw_offer("w1", by="marc"))
    clock.now += THREE_YEARS_US
    done(desk.add_offer(offer("o7", "marc", depart="2029-12-02 08:10"), by=BY))
    assert "marc" not in desk.purge()
    assert desk.offer("w1") is None


def test_it_is_the_instant_that_counts(desk: Desk, clock: Clock) -> None:
    """Heard of a quarter of an hour after `before`, whose offset makes its text look later."""
    of_old(desk)
    said = datetime(2029, 6, 1, 22, 15, tzinfo=UTC)
    clock.now += THREE_YEARS_US
    done(desk.confirm("r1", by="paul", at=said))
    before = said - timedelta(minutes=15)
    assert "paul" not in desk.purge(before.astimezone(timezone(timedelta(hours=2))))
    assert "paul" in desk.purge(
        (said + timedelta(hours=1)).astimezone(timezone(-timedelta(hours=9)))
    )


def test_what_is_to_come_is_not_forgotten(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    with pytest.raises(InputError) as raised:
        desk.purge(datetime(2027, 1, 1, tzinfo=UTC))
    assert [fault.code for fault in raised.value.faults] == ["moment_to_come"]
    assert desk.request("r1") == PAUL
    assert desk.rides(DAY) == (ride(TRIP, PAUL),)


def test_a_call_is_heard_of_at_its_instant(desk: Desk, clock: Clock) -> None:
    of_old(desk)
    clock.now += THREE_YEARS_US
    here = timezone(timedelta(hours=-9))
    called = datetime(2029, 6, 1, 22, 15, tzinfo=UTC)
    done(desk.log_call("r1", "jeanne", "told", by=BY, at=called.astimezone(here)))
    assert "jeanne" not in desk.purge(called - timedelta(minutes=15))


def test_a_forgotten_request_is_not_booked_any_more(desk: Desk, clock: Clock) -> None:
    both, home = there_and_back(), homeward()
    opened(desk, TRIP, home, both)
    clock.now += THREE_YEARS_US
    desk.purge()
    again = offer("o8", depart="2026-12-02 08:10")
    done(desk.add_offer(again, by=BY))
    refused(desk.book("r1", round_trip(TRIP, both), by=BY), "offer_unknown")
    refused(
        desk.book("r1", replace(ride_home(home, both), offer="o8", driver="jeanne"), by=BY),
        "request_unknown",
    )
    refused(desk.ask_again("r1", by=BY), "request_unknown")
    refused(desk.ask(both, by=BY), "request_differs")
    refused(desk.add_offer(TRIP, by=BY), "offer_differs")


def test_no_byte_is_left_in_the_file(tmp_path: Path) -> None:
    from tests.desk.places import Place

    place = Place("sqlite", str(tmp_path / "desk.sqlite"))
    with place.desk() as desk:
        of_old(desk)
        secrets = (b"Lagarde", b"05 55 00 00 00", b"Vialle", b"45.254", b"Objat")
        written = {secret for secret in secrets if secret in everything(tmp_path)}
        assert written == set(secrets)
        place.clock.now += THREE_YEARS_US  # type: ignore[union-attr]
        desk.purge()
        left = everything(tmp_path)
    assert not [secret for secret in secrets if secret in left]
    assert b"jeanne" in left


def everything(folder: Path) -> bytes:
    """All bytes of all files."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_a_member_noted_without_contact_is_none_to_forget(desk: Desk, clock: Clock) -> None:
    opened(desk)
    clock.now += THREE_YEARS_US
    assert desk.purge() == ()
    assert desk.members() != ()
    assert desk.requests(date(2026, 1, 1), date(2029, 12, 31)) == ()
