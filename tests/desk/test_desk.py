"""The desk: from the call to the settlement, and what the ledger is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from msap_mobility.desk import Desk, DeskRefused
from msap_mobility.ledger import Ledger, SchemeRules
from msap_mobility.model import Offer, Place, Request, Ride, RideStop
from msap_mobility.model.member import Member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AYEN = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
OBJAT = Place(id="objat", name="Objat", lon=1.409, lat=45.263)
OFFER = Offer.of(
    id="o1",
    driver="jeanne",
    start=AYEN,
    end=OBJAT,
    depart="2031-12-02 08:10",
    max_detour="5 min",
    seats=1,
)


def request(name: str, rider: str) -> Request:
    return Request.of(id=name, rider=rider, start=AYEN, end=OBJAT, depart="2031-12-02 08:00-08:30")


def ride(asked: Request) -> Ride:
    return Ride.of(
        offer=OFFER,
        requests=[asked],
        shared=["8 km"],
        driven="8 km",
        stops=[
            RideStop.of(AYEN, "2031-12-02 08:10", picks_up=[asked.id]),
            RideStop.of(OBJAT, "2031-12-02 08:20", sets_down=[asked.id]),
        ],
    )


def people(desk: Desk) -> None:
    jeanne = Member.of(
        id="jeanne",
        roles="driver",
        charter_signed="2026-03-02",
        licence_seen="2026-03-02",
        badge="12",
    )
    desk.register(jeanne, by="agent")
    for name in ("paul", "lucie"):
        desk.register(Member.of(id=name, roles="rider", charter_signed="2026-03-02"), by="agent")
    desk.add_offer(OFFER, by="agent")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.create(":memory:", rules=SchemeRules.ayen()) as ours:
        ours.sell_booklet("paul", km=50)
        yield ours


@pytest.fixture
def desk(ledger: Ledger) -> Iterator[Desk]:
    with Desk.create(None, ledger=ledger) as ours:
        people(ours)
        yield ours


def test_a_ride_is_booked_driven_confirmed_and_settled_once(desk: Desk, ledger: Ledger) -> None:
    paul = request("r1", "paul")
    desk.ask(paul, by="agent")
    booked = desk.book("r1", ride(paul), by="agent")
    assert not isinstance(booked, DeskRefused)
    assert ledger.balance("paul")["KM"].outgoing == 8
    for verb in (desk.drive, desk.confirm, desk.settle):
        verb("r1", by="agent")
    state = desk.state("r1")
    assert state is not None
    assert state.stage == "settled"
    assert ledger.balance("paul")["KM"].posted == 42
    assert ledger.balance("paul")["KM"].outgoing == 0
    assert ledger.balance("jeanne")["KM"].posted == 8
    assert desk.replay() == ()
    cover = ledger.cover()
    assert cover.fund_cents == cover.total_cents == 300


def test_a_cancelled_ride_lets_its_coupons_go(desk: Desk, ledger: Ledger) -> None:
    paul = request("r1", "paul")
    desk.ask(paul, by="agent")
    desk.book("r1", ride(paul), by="agent")
    desk.cancel("r1", by="agent")
    assert ledger.balance("paul")["KM"].outgoing == 0
    assert ledger.balance("paul")["KM"].posted == 50


def test_the_last_seat_is_given_once(desk: Desk) -> None:
    for asked in (request("r1", "paul"), request("r2", "lucie")):
        desk.ask(asked, by="agent")
    first = desk.book("r1", ride(request("r1", "paul")), by="agent")
    second = desk.book("r2", ride(request("r2", "lucie")), by="other")
    assert not isinstance(first, DeskRefused)
    assert isinstance(second, DeskRefused)
    assert second.text("fr") != second.text("en")
    state = desk.state("r2")
    assert state is not None
    assert state.stage == "asked"


def test_what_is_out_of_turn_is_refused(desk: Desk) -> None:
    desk.ask(request("r1", "paul"), by="agent")
    desk.confirm("r1", by="agent")
    state = desk.state("r1")
    assert state is not None
    assert state.stage == "asked"


def test_on_opening_the_ledger_is_told_what_it_lacks(tmp_path: Path, ledger: Ledger) -> None:
    place = tmp_path / "desk.sqlite"
    with Desk.create(place) as alone:
        people(alone)
        paul = request("r1", "paul")
        alone.ask(paul, by="agent")
        alone.book("r1", ride(paul), by="agent")
    assert ledger.balance("paul")["KM"].outgoing == 0
    with Desk.open(place, ledger=ledger) as desk:
        assert [each.key for each in desk.replayed] == ["r1/promised"]
    assert ledger.balance("paul")["KM"].outgoing == 8
    with Desk.open(place, ledger=ledger) as desk:
        assert desk.replayed == ()
