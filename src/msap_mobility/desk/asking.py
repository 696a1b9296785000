"""Taking offers and requests, taking them back, and asking for a ride anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args
from zoneinfo import ZoneInfo

from msap_mobility.calendar.checks import check_choice
from msap_mobility.carpool.law.checks import check_whole
from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import lives, people, trips
from msap_mobility.desk.booking import NotDone
from msap_mobility.desk.lives import Deed, ride_id
from msap_mobility.desk.names import check_ride
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.errors import BrokenInvariant
from msap_mobility.model.written import metres_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.carpool.ride_event import EventKind
    from msap_mobility.desk.booking import Said
    from msap_mobility.desk.store import Run
    from msap_mobility.errors import Faults
    from msap_mobility.model import Offer, Request, Ride
    from msap_mobility.model.written import Distance

__all__ = [
    "Why",
    "add_offer",
    "ask",
    "ask_again",
    "asked_before",
    "check_request",
    "check_ridden",
    "check_why",
    "end",
    "id_before",
    "rides",
    "withdraw",
]

Why = Literal["rider", "driver", "no_driver", "weather", "other"]
"""Why a ride is cancelled: one of the two cannot, nobody was found, the weather, another reason."""

_LONGEST_M = 2_000_000


def check_why(faults: Faults, why: str) -> None:
    """Note what is wrong unless `why` is a `Why`."""
    check_choice(faults, "why", why, get_args(Why))


def check_request(faults: Faults, request: Request) -> None:
    """Note what is wrong unless a request is of one day, under an id that its rides can bear."""
    check_ride(faults, "id", request.id)
    if request.id.endswith("-back"):
        faults.add("request_id_back", column="id", value=request.id)
    if request.rhythm is not None:
        faults.add("not_laid_on_a_day", column="rhythm", value=request.id)


def check_ridden(faults: Faults, distance: Distance | None) -> None:
    """Note what is wrong unless a ride was from 1 m to 2,000 km long, or it is not said."""
    if distance is not None:
        with faults.also(column="distance"):
            check_whole(faults, "distance", metres_of(distance), 1, _LONGEST_M)


def add_offer(run: Run, offer: Offer, zone: str, at_us: int) -> Offer | DeskRefused:
    """Take an offer; refused if its driver may not drive, or another has its id."""
    no = people.objection(run, offer.driver, "driver", _day(at_us, zone))
    if no is not None:
        return no
    if trips.is_withdrawn(run, offer.id):
        return DeskRefused(code="offer_withdrawn", subject=offer.id)
    known = trips.offer(run, offer.id, zone)
    if known is not None or trips.is_forgotten(run, offer.id):
        return offer if known == offer else DeskRefused(code="offer_differs", subject=offer.id)
    trips.write_offer(run, offer, zone, at_us)
    return offer


def withdraw(run: Run, offer_id: str, zone: str, by: str, at_us: int) -> Offer | DeskRefused:
    """Take an offer, or a day of a regular one, back; refused while somebody is aboard."""
    offer = trips.offer(run, offer_id, zone)
    if offer is None:
        return DeskRefused(code="offer_unknown", subject=offer_id)
    waiting = lives.waiting(run, offer_id)
    if waiting:
        named = ", ".join(each.ride for each in waiting)
        return DeskRefused(code="offer_in_use", subject=offer_id, values={"rides": named})
    trips.withdraw(run, offer_id, by, at_us)
    return offer


def ask(run: Run, request: Request, said: Said, at_us: int) -> RideState | DeskRefused:
    """Take a request: the life of its way out begins."""
    no = people.objection(run, request.rider, "rider", _day(at_us, said.zone))
    if no is not None:
        return no
    if run("SELECT 1 FROM {p}request WHERE id = ?", (request.id,)):
        state = lives.state_of(run, request.id)
        if state is not None and trips.request(run, request.id) == request:
            return state
        return DeskRefused(code="request_differs", subject=request.id)
    trips.write_request(run, request, said.zone, at_us)
    data = {"leg": "out", "request": request.id, "rider": request.rider}
    deed = Deed(ride=request.id, kind="asked", at=said.at, by=said.by, data=data)
    taken = lives.take(run, deed, request)
    if isinstance(taken, EventRefused):
        raise BrokenInvariant("a life begins with a request", ride=request.id, code=taken.code)
    return taken


def ask_again(
    run: Run, request_id: str, said: Said, why: Why, at_us: int
) -> RideState | DeskRefused:
    """Cancel what stands of a request and ask for the same under the next id: once for each."""
    request = trips.request(run, request_id)
    if request is None:
        return DeskRefused(code="request_unknown", subject=request_id)
    out = lives.life(run, request_id)
    if out is not None and out.stage in lives.RODE:
        return DeskRefused(code="rode_already", subject=request_id)
    if out is not None and out.stage not in lives.OVER:
        end(run, request_id, "cancelled", said, {"why": why})
    answer = ask(run, replace(request, id=_next_id(request_id)), said, at_us)
    if isinstance(answer, DeskRefused):
        raise NotDone(answer)
    return answer


def end(run: Run, ride: str, kind: EventKind, said: Said, data: Mapping[str, Any]) -> RideState:
    """A ride is cancelled or missed; with the way out ends the way back.

    Raises
    ------
    NotDone
        If it cannot follow.
    """
    taken = lives.take(run, Deed(ride=ride, kind=kind, at=said.at, by=said.by, data=data))
    if isinstance(taken, EventRefused):
        raise NotDone(taken)
    back = lives.life(run, ride_id(ride, "back"))
    if back is not None and back.stage in ("asked", "proposed", "promised"):
        why = {"why": data.get("why", data.get("absent", "other"))}
        deed = Deed(ride=back.ride, kind="cancelled", at=said.at, by=said.by, data=why)
        lives.take(run, deed)
    return taken


def rides(run: Run, first: date, last: date) -> tuple[Ride, ...]:
    """The cars of some days with all who are aboard, by offer; each names its pair as it is now."""
    found = lives.within(run, first.isoformat(), last.isoformat())
    offers = sorted({each.offer for each in found if each.stage in lives.ABOARD})
    present = (trips.present(run, offer) for offer in offers)
    return tuple(_paired(run, ride) for ride in present if ride is not None)


def _paired(run: Run, ride: Ride) -> Ride:
    """A ride with the one other ride that takes all its riders the other way now."""
    offers: set[str] = set()
    for request in ride.requests:
        there = {each.offer for each in lives.lives_of(run, request) if each.stage in lives.ABOARD}
        offers.add(min(there - {ride.offer}, default=""))
    other = trips.present(run, min(offers)) if len(offers) == 1 else None
    return replace(ride, pair="" if other is None else other.id)


def asked_before(run: Run, request_id: str) -> list[str]:
    """Under which ids a request was asked for, this one first, then those before it."""
    found = [request_id]
    while (earlier := id_before(found[-1])) and trips.request(run, earlier) is not None:
        found.append(earlier)
    return found


def id_before(request_id: str) -> str:
    """What a request was called before it was asked again; empty if it was not.

    >>> id_before("r1~3"), id_before("r1~2"), id_before("r1")
    ('r1~2', 'r1', '')
    """
    first, tilde, number = request_id.rpartition("~")
    if not tilde or not number.isdecimal() or int(number) < 2:
        return ""
    return first if int(number) == 2 else f"{first}~{int(number) - 1}"


def _day(at_us: int, zone: str) -> date:
    return datetime.fromtimestamp(at_us // 1_000_000, tz=ZoneInfo(zone)).date()


def _next_id(request_id: str) -> str:
    """What a request is called when it is asked again.

    >>> _next_id("r1"), _next_id("r1~2"), _next_id("r~s")
    ('r1~2', 'r1~3', 'r~s~2')
    """
    first, tilde, number = request_id.rpartition("~")
    again = tilde and number.isdecimal()
    return f"{first}~{int(number) + 1}" if again else f"{request_id}~2"
