"""What the ledger is told: held, let go and paid once, whoever breaks off in between."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.desk import Desk
from msap_mobility.ledger import Ledger, SchemeRules
from tests.desk.scenes import (
    BY,
    Pair,
    done,
    driver,
    homeward,
    kinds,
    offer,
    opened,
    refused,
    request,
    ride,
    ride_home,
    rider,
    stages,
    there_and_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.model import Request
    from tests.desk.places import Place
    from tests.ledger.stores import Clock

TRIP, PAUL, INES = offer(), request(), request("r3", "ines")
DAY_US = 86_400_000_000


def held(ledger: Ledger, member: str = "paul") -> int:
    return ledger.balance(member)["KM"].outgoing


def owned(ledger: Ledger, member: str = "paul") -> int:
    return ledger.balance(member)["KM"].posted


def booked(desk: Desk, asked: Request = PAUL) -> None:
    opened(desk, TRIP, asked)
    done(desk.book(asked.id, ride(TRIP, asked), by=BY))


def settled(desk: Desk, name: str = "r1", **more: Any) -> Any:
    for verb in (desk.drive, desk.confirm):
        done(verb(name, by=BY))
    return desk.settle(name, by=BY, **more)


def test_a_ride_is_held_then_paid_once(paying: Desk, ledger: Ledger) -> None:
    booked(paying)
    assert (held(ledger), owned(ledger)) == (8, 50)
    done(settled(paying))
    assert (held(ledger), owned(ledger), owned(ledger, "jeanne")) == (0, 42, 8)
    assert paying.replay() == ()
    cover = ledger.cover()
    assert cover.fund_cents == cover.total_cents == 600
    assert ledger.verify().findings == ()


def test_both_ways_are_held_and_paid_for_themselves(paying: Desk, ledger: Ledger) -> None:
    both, home = there_and_back(), homeward()
    opened(paying, TRIP, home, both)
    done(paying.book("r1", Pair(ride(TRIP, both), ride_home(home, both)), by=BY))
    assert held(ledger) == 16
    done(settled(paying))
    assert (held(ledger), owned(ledger)) == (8, 42)
    done(paying.no_show("r1-back", by=BY, absent="driver"))
    assert (held(ledger), owned(ledger)) == (0, 42)


@pytest.mark.parametrize(
    "end",
    [
        lambda desk: desk.cancel("r1", by=BY),
        lambda desk: desk.no_show("r1", by=BY),
        lambda desk: desk.drive("r1", by=BY) and desk.cancel("r1", by=BY),
        lambda desk: desk.drive("r1", by=BY) and desk.no_show("r1", by=BY, absent="driver"),
        lambda desk: desk.ask_again("r1", by=BY),
    ],
)
def test_what_does_not_take_place_is_let_go(
    paying: Desk, ledger: Ledger, end: Callable[[Desk], Any]
) -> None:
    booked(paying)
    done(end(paying))
    assert (held(ledger), owned(ledger)) == (0, 50)
    assert paying.replay() == ()
    assert paying.unposted == ()


def test_asked_again_is_held_again(paying: Desk, ledger: Ledger) -> None:
    booked(paying)
    done(paying.ask_again("r1", by=BY))
    second = paying.request("r1~2")
    assert second is not None
    done(paying.book("r1~2", ride(TRIP, second), by=BY))
    assert held(ledger) == 8
    done(settled(paying, "r1~2"))
    assert (held(ledger), owned(ledger)) == (0, 42)


def test_a_promise_without_coupons_stands_and_is_held_once_there_are(
    paying: Desk, ledger: Ledger
) -> None:
    booked(paying, INES)
    assert stages(paying, "r3") == ["promised"]
    (waiting,) = paying.unposted
    assert (waiting.ride, waiting.posting.key) == ("r3", "r3/promised")
    assert waiting.to_dict()["refusal"]["code"] == waiting.refusal.code
    assert waiting.text("fr") != waiting.text("en")
    assert paying.replay() == ()
    ledger.sell_booklet("ines", km=50)
    assert [posting.key for posting in paying.replay()] == ["r3/promised"]
    assert paying.unposted == ()
    assert held(ledger, "ines") == 8


@pytest.mark.parametrize("verb", ["cancel", "no_show"])
def test_a_promise_that_was_never_held_ends_quietly(
    paying: Desk, ledger: Ledger, clock: Clock, verb: str
) -> None:
    booked(paying, INES)
    done(getattr(paying, verb)("r3", by=BY))
    assert paying.unposted == ()
    ledger.sell_booklet("ines", km=50)
    for _ in range(3):
        assert paying.replay() == ()
        clock.now += 2 * DAY_US
    assert held(ledger, "ines") == 0


def test_the_ledger_s_no_leaves_no_trace(paying: Desk, ledger: Ledger) -> None:
    booked(paying, INES)
    answer = refused(settled(paying, "r3"), "ledger")
    assert answer.refusal is not None
    assert answer.text("fr") == answer.refusal.text("fr")
    assert stages(paying, "r3") == ["confirmed"]
    ledger.sell_booklet("ines", km=50)
    done(paying.settle("r3", by=BY))
    assert (held(ledger, "ines"), owned(ledger, "ines")) == (0, 42)


def test_paper_coupons_are_counted_by_number(paying: Desk, ledger: Ledger) -> None:
    ledger.print_coupons("A01..A50")
    ledger.sell_booklet("ines", km=50, serials="A01..A50")
    booked(paying, INES)
    refused(settled(paying, "r3", serials="A01..A07"), "ledger")
    refused(paying.settle("r3", by=BY, serials="B01..B08"), "ledger")
    for _ in range(2):
        done(paying.settle("r3", by=BY, serials="A01..A08", ref="slip 7"))
    assert owned(ledger, "jeanne") == 8
    serials = paying.events("r3")[-1].data["serials"]
    assert serials == "A01,A02,A03,A04,A05,A06,A07,A08"


def test_what_was_driven_is_paid_not_what_was_promised(paying: Desk, ledger: Ledger) -> None:
    booked(paying)
    done(paying.drive("r1", by="jeanne", distance="11.4 km"))
    done(paying.confirm("r1", by="paul"))
    done(paying.settle("r1", by=BY))
    assert (held(ledger), owned(ledger), owned(ledger, "jeanne")) == (0, 39, 11)


def test_a_ride_of_no_length_costs_the_least(place: Place) -> None:
    """Between two doors of one place."""
    ledger = place.ledger(SchemeRules.argences())
    ledger.sell_booklet("paul", km=20)
    desk = place.desk(ledger)
    opened(desk, TRIP, PAUL)
    done(desk.book("r1", ride(TRIP, PAUL, shared=["0 m"]), by=BY))
    assert desk.unposted == ()
    done(settled(desk))
    assert held(ledger) == 0
    assert owned(ledger, "jeanne") > 0


ENDS: dict[str, list[str]] = {
    "promised": [],
    "driven": ["drive"],
    "confirmed": ["drive", "confirm"],
    "settled": ["drive", "confirm", "settle"],
    "cancelled": ["cancel"],
    "no_show": ["no_show"],
}


@pytest.mark.parametrize("stage", ENDS)
def test_a_ledger_that_joins_later_is_told(lasting: Place, stage: str) -> None:
    alone = lasting.desk()
    booked(alone)
    for verb in ENDS[stage]:
        done(getattr(alone, verb)("r1", by=BY))
    alone.close()
    ledger = lasting.ledger()
    ledger.sell_booklet("paul", km=50)
    joined = lasting.again(ledger)
    open_ones = stage in ("promised", "driven", "confirmed")
    keys = ["r1/promised"] if open_ones else ["r1/settled"] if stage == "settled" else []
    assert [posting.key for posting in joined.replayed] == keys
    assert held(ledger) == (8 if open_ones else 0)
    assert owned(ledger) == (42 if stage == "settled" else 50)
    assert lasting.again(ledger).replayed == ()
    if stage == "confirmed":
        done(joined.settle("r1", by=BY))
        assert (held(ledger), owned(ledger)) == (0, 42)


class Killed(BaseException):
    """The program is no more."""


class Interrupted:
    """A ledger before whose first hold another program does something, and which may die of it."""

    def __init__(self, ledger: Ledger, meanwhile: Callable[[], None], killed: bool) -> None:
        self._ledger, self._meanwhile, self._killed = ledger, meanwhile, killed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def promise_ride(self, *given: Any, **more: Any) -> Any:
        self._meanwhile()
        posted = self._ledger.promise_ride(*given, **more)
        if self._killed:
            raise Killed
        return posted


@pytest.mark.parametrize("verbs", [["cancel"], ["no_show"], ["drive", "confirm", "settle"]])
@pytest.mark.parametrize("openings", [0, 1])
@pytest.mark.parametrize("killed", [False, True])
def test_a_ride_that_ends_while_another_program_holds_it(
    lasting: Place, verbs: list[str], openings: int, killed: bool
) -> None:
    """One program has written the promise and is about to hold; another ends the ride."""
    ledger = lasting.ledger()
    ledger.sell_booklet("paul", km=50)
    opened(lasting.desk(), TRIP, PAUL)
    other = lasting.again(lasting.ledger_again())

    def meanwhile() -> None:
        with lasting.again() as alone:
            done(getattr(alone, verbs[0])("r1", by=BY))
        for verb in verbs[1:]:
            done(getattr(other, verb)("r1", by=BY))
        for _ in range(openings):
            lasting.again(lasting.ledger_again()).close()

    slow = lasting.again(Interrupted(ledger, meanwhile, killed))  # type: ignore[arg-type]
    try:
        done(slow.book("r1", ride(TRIP, PAUL), by=BY))
    except Killed:
        lasting.again(ledger)
    paid = verbs[-1] == "settle"
    assert held(ledger) == 0
    assert owned(ledger) == (42 if paid else 50)
    assert owned(ledger, "jeanne") == (8 if paid else 0)
    assert lasting.again(ledger).replayed == ()
    assert ledger.verify().findings == ()


class Dies:
    """A ledger that pays and does not come back to say so."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def settle(self, *given: Any, **more: Any) -> Any:
        self._ledger.settle(*given, **more)
        raise Killed


def test_a_payment_without_event_gets_it_with_all_its_facts(lasting: Place) -> None:
    ledger = lasting.ledger()
    ledger.print_coupons("A01..A50")
    ledger.sell_booklet("paul", km=50, serials="A01..A50")
    with lasting.desk() as alone:
        booked(alone)
        done(alone.drive("r1", by=BY))
        done(alone.confirm("r1", by=BY))
    given: dict[str, Any] = {"serials": "A11..A18", "ref": "slip 7", "effective": date(2026, 12, 2)}
    lasting.clock.now += 5 * DAY_US  # type: ignore[union-attr]
    dying = lasting.again(Dies(ledger))  # type: ignore[arg-type]
    with pytest.raises(Killed):
        dying.settle("r1", by="anna", **given)
    assert stages(dying, "r1") == ["confirmed"]
    back = lasting.again(ledger)
    assert [posting.key for posting in back.replayed] == ["r1/settled"]
    event = back.events("r1")[-1]
    assert (event.kind, event.by) == ("settled", "anna")
    assert event.data == {
        "serials": "A11,A12,A13,A14,A15,A16,A17,A18",
        "ref": "slip 7",
        "effective": "2026-12-02",
    }
    assert done(back.settle("r1", by="anna", **given)).stage == "settled"
    assert kinds(back, "r1").count("settled") == 1
    assert owned(ledger, "jeanne") == 8


def test_members_of_the_desk_are_members_of_the_ledger(place: Place) -> None:
    """Two ids that look alike are two members at the desk; the ledger says no, and is heard."""
    ledger = place.ledger()
    ledger.sell_booklet("paul", km=50)
    desk = place.desk(ledger)
    opened(desk, TRIP)
    desk.register(rider("Paul"), by=BY)
    desk.register(driver("Jeanne"), by=BY)
    alike = request("r4", "Paul")
    done(desk.ask(alike, by=BY))
    done(desk.book("r4", ride(TRIP, alike), by=BY))
    (waiting,) = desk.unposted
    assert waiting.refusal.code == "member_alike"
    assert stages(desk, "r4") == ["promised"]
