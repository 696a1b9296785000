"""Every refusal of the desk: its code, its words in both languages, and that nothing changed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.desk import DeskRefused
from msap_mobility.roads import CalibratedTimes
from tests.desk.scenes import (
    BY,
    DAY,
    done,
    driver,
    kinds,
    offer,
    opened,
    refused,
    request,
    ride,
    rider,
    there_and_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.desk import Desk

TRIP, PAUL, LUCIE = offer(), request(), request("r2", "lucie")


def not_a_member(desk: Desk) -> Any:
    return desk.ask(request("r9", "nobody"), by=BY)


def member_lacks(desk: Desk) -> Any:
    desk.register(driver("new", charter_signed=None, licence_seen=None), by=BY)
    return desk.add_offer(offer("o9", "new"), by=BY)


def offer_unknown(desk: Desk) -> Any:
    return desk.book("r1", ride(offer("o9"), PAUL), by=BY)


def offer_withdrawn(desk: Desk) -> Any:
    done(desk.withdraw_offer("o1", by="jeanne"))
    return desk.book("r1", ride(TRIP, PAUL), by=BY)


def offer_in_use(desk: Desk) -> Any:
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    return desk.withdraw_offer("o1", by="jeanne")


def offer_differs(desk: Desk) -> Any:
    return desk.add_offer(offer(seats=3), by=BY)


def request_unknown(desk: Desk) -> Any:
    return desk.book_rides([ride(TRIP, request("r9", "paul"))], by=BY)


def request_differs(desk: Desk) -> Any:
    return desk.ask(request(party=2), by=BY)


def seat_taken(desk: Desk) -> Any:
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    return desk.book("r2", ride(TRIP, LUCIE), by=BY)


def offer_changed(desk: Desk) -> Any:
    roomy = offer("o5", seats=2)
    done(desk.add_offer(roomy, by=BY))
    done(desk.book("r1", ride(roomy, PAUL), by=BY))
    return desk.book("r2", ride(roomy, LUCIE), by=BY)


def return_or_nothing(desk: Desk) -> Any:
    both = there_and_back("r3", "ines")
    done(desk.ask(both, by=BY))
    return desk.book("r3", ride(TRIP, both), by=BY)


def in_two_cars(desk: Desk) -> Any:
    done(desk.add_offer(offer("o5", "marc"), by=BY))
    again = request("r3", "paul")
    done(desk.ask(again, by=BY))
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    return desk.book("r3", ride(offer("o5", "marc"), again), by=BY)


def other_request(desk: Desk) -> Any:
    return desk.book("r2", ride(TRIP, PAUL), by=BY)


def rider_differs(desk: Desk) -> Any:
    return desk.book("r1", replace(ride(TRIP, PAUL), riders=("lucie",)), by=BY)


def rode_already(desk: Desk) -> Any:
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    done(desk.drive("r1", by=BY))
    return desk.ask_again("r1", by=BY)


def not_sought(desk: Desk) -> Any:
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    return desk.who("r1", CalibratedTimes(mode="car"))


REFUSALS: dict[str, Callable[[Desk], Any]] = {
    each.__name__: each
    for each in (
        not_a_member,
        member_lacks,
        offer_unknown,
        offer_withdrawn,
        offer_in_use,
        offer_differs,
        request_unknown,
        request_differs,
        seat_taken,
        offer_changed,
        in_two_cars,
        return_or_nothing,
        other_request,
        rider_differs,
        rode_already,
        not_sought,
    )
}


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_why_and_changes_nothing(desk: Desk, code: str) -> None:
    opened(desk, TRIP, PAUL, LUCIE)
    answer = refused(REFUSALS[code](desk), code)
    assert isinstance(answer, DeskRefused)
    assert answer.subject in answer.text("fr")
    assert kinds(desk, "r2") == ["asked"]
    assert len(desk.rides(DAY)) == (
        code in {"offer_in_use", "seat_taken", "offer_changed", "in_two_cars", "not_sought"}
    ) + (code == "rode_already")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_refusal_with_words_is_tested(lang: str) -> None:
    text = files("msap_mobility.wording").joinpath(lang, "desk.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)["desk"]["refused"]) == set(REFUSALS)


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"charter_signed": None}, {"en": "the signed charter", "fr": "la charte signée"}),
        (
            {"charter_signed": "2026-12-02"},
            {"en": "the signed charter", "fr": "la charte signée"},
        ),
        ({"licence_seen": None}, {"en": "a driving licence", "fr": "un permis de conduire"}),
        ({"badge": ""}, {"en": "the badge", "fr": "le badge"}),
    ],
)
def test_a_driver_shows_papers_and_bears_a_badge(
    desk: Desk, lacking: dict[str, Any], named: dict[str, str]
) -> None:
    desk.register(driver("new", **lacking), by=BY)
    answer = refused(desk.add_offer(offer("o9", "new"), by=BY), "member_lacks")
    assert named["en"] in answer.text("en")
    assert named["fr"] in answer.text("fr")
    desk.register(driver("new"), by=BY)
    done(desk.add_offer(offer("o9", "new"), by=BY))


def test_a_passenger_signs_the_charter_and_drives_nobody(desk: Desk) -> None:
    desk.register(rider("new", charter_signed=None), by=BY)
    answer = refused(desk.ask(request("r9", "new"), by=BY), "member_lacks")
    assert answer.values == {"lacks": "charter"}
    desk.register(rider("new"), by=BY)
    done(desk.ask(request("r9", "new"), by=BY))
    answer = refused(desk.add_offer(offer("o9", "new"), by=BY), "member_lacks")
    assert answer.values == {"lacks": "role;licence;badge"}


def test_a_proposal_is_looked_at_again_when_it_is_promised(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    done(desk.withdraw_offer("o1", by="jeanne"))
    refused(desk.promise("r1", by="jeanne"), "offer_withdrawn")


def test_the_driver_of_a_choice_is_the_one_who_offers(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    refused(desk.book("r1", replace(ride(TRIP, PAUL), driver="marc"), by=BY), "offer_unknown")


def test_companions_take_seats_too(desk: Desk) -> None:
    pair = request("r3", "ines", party=2)
    opened(desk, TRIP, pair)
    refused(desk.book("r3", ride(TRIP, pair), by=BY), "seat_taken")


def test_a_ride_back_that_nobody_wants(desk: Desk) -> None:
    opened(desk, TRIP, PAUL)
    back = replace(ride(TRIP, PAUL), legs=("back",))
    refused(desk.book("r1", back, by=BY), "not_asked")
