"""Nobody is promised to be in two cars at once, whichever way a promise comes about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.scenes import (
    BY,
    DAY,
    Pair,
    done,
    homeward,
    names,
    offer,
    opened,
    refused,
    request,
    ride,
    ride_home,
    stages,
    there_and_back,
)

if TYPE_CHECKING:
    from msap_mobility.desk import Desk

TRIP, PAUL, LUCIE = offer(), request(), request("r2", "lucie")
SAME = offer("o3", depart="2026-12-02 08:19")
NEXT = offer("o3", depart="2026-12-02 08:20")


@pytest.mark.parametrize("how", ["book", "propose", "book_rides"])
def test_a_driver_of_two_offers_that_overlap(desk: Desk, how: str) -> None:
    opened(desk, TRIP, SAME, PAUL, LUCIE)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    chosen = ride(SAME, LUCIE)
    given = ([chosen],) if how == "book_rides" else ("r2", chosen)
    answer = refused(getattr(desk, how)(*given, by=BY), "in_two_cars")
    assert (answer.subject, answer.values) == ("jeanne", {"offer": "o1", "rides": "r1"})  # type: ignore[union-attr]
    assert stages(desk, "r1", "r2") == ["promised", "asked"]
    assert names(desk.rides(DAY)) == ["o1+r1"]


def test_two_proposals_of_which_one_is_promised(desk: Desk) -> None:
    opened(desk, TRIP, SAME, PAUL, LUCIE)
    done(desk.propose("r1", ride(TRIP, PAUL), by=BY))
    done(desk.propose("r2", ride(SAME, LUCIE), by=BY))
    done(desk.promise("r1", by="jeanne"))
    refused(desk.promise("r2", by="jeanne"), "in_two_cars")
    assert stages(desk, "r1", "r2") == ["promised", "proposed"]
    done(desk.cancel("r1", by=BY))
    done(desk.promise("r2", by="jeanne"))


def test_both_rides_of_one_booking(desk: Desk) -> None:
    again = request("r3", "paul")
    other = offer("o5", "marc")
    opened(desk, TRIP, other, PAUL, again)
    refused(desk.book_rides([ride(TRIP, PAUL), ride(other, again)], by=BY), "in_two_cars")
    assert stages(desk, "r1", "r3") == ["asked", "asked"]


def test_out_of_one_car_into_the_next(desk: Desk) -> None:
    opened(desk, TRIP, NEXT, PAUL, LUCIE)
    done(desk.book("r1", ride(TRIP, PAUL), by=BY))
    done(desk.book("r2", ride(NEXT, LUCIE), by=BY))


def test_a_car_that_set_out_the_day_before(desk: Desk) -> None:
    late = offer("o3", depart="2026-12-01 23:55")
    early = offer("o4", depart="2026-12-02 00:03")
    opened(desk, late, early, PAUL, LUCIE)
    done(desk.book("r1", ride(late, PAUL), by=BY))
    refused(desk.book("r2", ride(early, LUCIE), by=BY), "in_two_cars")


def test_who_left_a_car_since_it_was_proposed_does_not_count(desk: Desk) -> None:
    roomy, other = offer(seats=2), offer("o5", "marc")
    opened(desk, roomy, other, PAUL, LUCIE)
    done(desk.book("r1", ride(roomy, PAUL), by=BY))
    done(desk.propose("r2", ride(roomy, PAUL, LUCIE), by=BY))
    done(desk.ask_again("r1", by=BY))
    again = desk.request("r1~2")
    assert again is not None
    done(desk.book("r1~2", ride(other, again), by=BY))
    done(desk.promise("r2", by="jeanne"))


def test_a_driver_who_rides_home_with_another(desk: Desk) -> None:
    both = there_and_back()
    opened(desk, TRIP, homeward(), homeward("o6", "marc", depart="2026-12-02 11:05"), both, LUCIE)
    done(desk.book("r1", Pair(ride(TRIP, both), ride_home(homeward(), both)), by=BY))
    late = homeward("o6", "marc", depart="2026-12-02 11:05")
    refused(desk.book("r2", ride(late, LUCIE), by=BY), "in_two_cars")
