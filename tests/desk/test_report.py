"""The desk's report against a count by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from msap_mobility.desk import DriverLoad
from msap_mobility.model import Ride, RideStop
from tests.desk.scenes import (
    AYEN,
    BY,
    DAY,
    OBJAT,
    Pair,
    done,
    homeward,
    offer,
    opened,
    request,
    ride,
    ride_home,
    there_and_back,
)

if TYPE_CHECKING:
    from msap_mobility.desk import Desk
    from tests.ledger.stores import Clock

NEXT_DAY_US = 86_400_000_000
LATER = offer("o5", "marc", depart="2026-12-02 09:00")


def a_day(desk: Desk) -> None:
    """Nine requests: what becomes of each stands beside it."""
    roomy, home = offer(seats=4), homeward()
    asked = [
        there_and_back("r1", "paul"),  # settled both ways, 9 km out and 8 km back
        request("r2", "lucie"),  # confirmed, 8 km
        request("r3", "ines"),  # promised
        request("r4", "paul"),  # asked for
        request("r5", "paul"),  # proposed
        request("r6", "paul"),  # cancelled for the weather
        request("r7", "paul"),  # cancelled: no driver
        request("r8", "paul"),  # the driver did not come
        request("r9", "paul", depart="2026-12-05 08:00-08:30"),  # another day
    ]
    opened(desk, roomy, home, LATER, *asked)
    both, lucie, ines = asked[:3]
    done(desk.book("r1", Pair(ride(roomy, both), ride_home(home, both)), by=BY))
    done(desk.book_rides([ride(roomy, both, lucie, ines)], by=BY))
    done(desk.drive("r1", by=BY, distance="9 km"))
    done(desk.drive("r1-back", by=BY))
    done(desk.drive("r2", by=BY))
    for name in ("r1", "r1-back", "r2"):
        done(desk.confirm(name, by=BY))
    for name in ("r1", "r1-back"):
        done(desk.settle(name, by=BY))
    done(desk.propose("r5", ride(LATER, asked[4]), by=BY))
    done(desk.cancel("r6", by=BY, why="weather"))
    done(desk.cancel("r7", by=BY, why="no_driver"))
    done(desk.book("r8", ride(LATER, asked[7]), by=BY))
    done(desk.no_show("r8", by=BY, absent="driver"))
    for member, outcome in (("jeanne", "agreed"), ("marc", "no_answer"), ("marc", "no_answer")):
        done(desk.log_call("r1", member, outcome, by=BY))


def test_figures_as_counted_by_hand(desk: Desk) -> None:
    a_day(desk)
    report = desk.report(DAY, DAY)
    assert (report.requests, report.served, report.open) == (8, 3, 2)
    assert report.unserved == {"no_driver": 1, "no_show": 1, "weather": 1}
    assert (report.rides, report.settled, report.riders) == (3, 2, 2)
    assert report.metres == 9_000 + 8_000 + 8_000
    assert report.loads == (
        DriverLoad(driver="jeanne", rides=2, metres=17_000),
        DriverLoad(driver="marc", rides=1, metres=8_000),
    )
    assert desk.loads(DAY, DAY) == {"jeanne": 3, "marc": 1}
    assert desk.loads(date(2026, 12, 3), date(2026, 12, 31)) == {}
    wider = desk.report(date(2026, 12, 1), date(2026, 12, 31))
    assert (wider.requests, wider.open, wider.rides) == (9, 3, 3)
    assert wider.calls == {"agreed": 1, "no_answer": 2}


def test_a_request_of_yesterday_that_nobody_took_is_not_served(desk: Desk, clock: Clock) -> None:
    a_day(desk)
    clock.now += 2 * NEXT_DAY_US
    report = desk.report(DAY, DAY)
    assert (report.served, report.open) == (3, 0)
    assert report.unserved == {"no_driver": 3, "no_show": 1, "weather": 1}


def test_the_report_in_two_languages_and_as_data(desk: Desk) -> None:
    a_day(desk)
    report = desk.report(date(2026, 12, 1), date(2026, 12, 5))
    assert report.text("en").splitlines()[1:5] == [
        "Requests: 9; served or promised: 3; still open: 3; not served: 3",
        "Rides that took place (one for each passenger and way): 3",
        "Ridden together: 25.0 km",
        "Different passengers: 2; drivers: 2",
    ]
    french = report.text("fr")
    assert "annulé à cause du temps" in french
    assert "conducteur jeanne (trajets : 2) : 17,0 km" in french
    assert "pas de réponse : 2" in french
    data = report.to_dict()
    assert data["schema"] == "msap.desk.report/1"
    assert (data["first"], data["rides"], data["loads"][1]["driver"]) == ("2026-12-01", 3, "marc")
    assert "Ayen" not in str(data) + french


def test_what_was_asked_again_is_one_request(desk: Desk) -> None:
    opened(desk, offer(), request())
    done(desk.book("r1", ride(offer(), request()), by=BY))
    done(desk.ask_again("r1", by=BY, why="driver"))
    report = desk.report(DAY, DAY)
    assert (report.requests, report.open, report.unserved) == (1, 1, {})


def test_an_empty_day(desk: Desk) -> None:
    report = desk.report(DAY, DAY)
    assert (report.requests, report.rides, report.metres, report.loads) == (0, 0, 0, ())
    assert report.text("fr")


def test_a_call_is_of_the_day_on_the_wall(desk: Desk) -> None:
    """Half past midnight in Ayen is still the day before in Greenwich."""
    opened(desk, request())
    at = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    done(desk.log_call("r1", "marc", "told", by=BY, at=at))
    assert desk.report(DAY, DAY).calls == {"told": 1}
    assert desk.report(date(2026, 12, 1), date(2026, 12, 1)).calls == {}


def test_whose_car_sets_out_before_midnight_is_served(desk: Desk) -> None:
    late = request(depart="2026-12-02 00:10-00:30")
    car = offer(depart="2026-12-01 23:50-23:59")
    opened(desk, car, late)
    stops = [
        RideStop.of(AYEN, "2026-12-01 23:55"),
        RideStop.of(AYEN, "2026-12-02 00:10", picks_up=["r1"]),
        RideStop.of(OBJAT, "2026-12-02 00:20", sets_down=["r1"]),
    ]
    over = Ride.of(offer=car, requests=[late], shared=["8 km"], driven="8 km", stops=stops)
    done(desk.book("r1", over, by=BY))
    done(desk.drive("r1", by=BY))
    report = desk.report(DAY, DAY)
    assert (report.requests, report.served, report.open, report.rides) == (1, 1, 0, 0)
    assert desk.report(date(2026, 12, 1), date(2026, 12, 1)).rides == 1
