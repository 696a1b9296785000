"""Offers, requests and the rides agreed on, in a desk's tables."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msap_mobility.desk import lives
from msap_mobility.model import Offer, Request, Ride

if TYPE_CHECKING:
    from msap_mobility.desk.store import Run

__all__ = [
    "agree",
    "agreed",
    "day_of",
    "day_of_offer",
    "day_of_request",
    "day_of_ride",
    "is_forgotten",
    "is_withdrawn",
    "offer",
    "offers",
    "present",
    "request",
    "requests",
    "withdraw",
    "write_offer",
    "write_request",
]


def write_offer(run: Run, offer: Offer, zone: str, at_us: int) -> None:
    """Write a new offer."""
    run(
        "INSERT INTO {p}offer (id, driver, day, data, at) VALUES (?, ?, ?, ?, ?)",
        (offer.id, offer.driver, day_of_offer(offer, zone), _text(offer), at_us),
    )


def write_request(run: Run, request: Request, zone: str, at_us: int) -> None:
    """Write a new request."""
    row = (request.id, request.rider, day_of_request(request, zone), request.party)
    run(
        "INSERT INTO {p}request (id, rider, day, party, data, at) VALUES (?, ?, ?, ?, ?, ?)",
        (*row, _text(request), at_us),
    )


def offer(run: Run, offer_id: str, zone: str) -> Offer | None:
    """An offer, or what a regular one is on the day its id names; None if there is none.

    A withdrawn offer is found too, see `is_withdrawn`; a forgotten one is not.
    """
    found = _offer(run, offer_id)
    if found is not None:
        return found
    regular, _, day = offer_id.rpartition("@")
    whole = _offer(run, regular) if regular else None
    try:
        return None if whole is None else whole.on(date.fromisoformat(day), zone)
    except ValueError:  # no day, or one beyond the known school calendars
        return None


def is_forgotten(run: Run, offer_id: str) -> bool:
    """Whether there was an offer whose places are forgotten."""
    return bool(run("SELECT 1 FROM {p}offer WHERE id = ? AND data = ''", (offer_id,)))


def is_withdrawn(run: Run, offer_id: str) -> bool:
    """Whether an offer, or the regular one it is a day of, is withdrawn."""
    names = (offer_id, offer_id.rpartition("@")[0])
    return bool(run("SELECT 1 FROM {p}withdrawn WHERE offer IN (?, ?)", names))


def withdraw(run: Run, offer_id: str, by: str, at_us: int) -> None:
    """Take an offer back."""
    run(
        "INSERT INTO {p}withdrawn (offer, at, actor) VALUES (?, ?, ?)"
        " ON CONFLICT (offer) DO NOTHING",
        (offer_id, at_us, by),
    )


def offers(run: Run, day: date, zone: str) -> tuple[Offer, ...]:
    """The offers of a day, by id, those that were withdrawn left out; regular ones laid on it."""
    gone = {name for (name,) in run("SELECT offer FROM {p}withdrawn")}
    rows = run("SELECT data FROM {p}offer WHERE day IN (?, '') AND data <> ''", (day.isoformat(),))
    written = (Offer.from_dict(json.loads(data)) for (data,) in rows)
    there = (each for each in written if each.id not in gone)
    of_day = [each if each.rhythm is None else each.on(day, zone) for each in there]
    found = [each for each in of_day if each is not None and each.id not in gone]
    return tuple(sorted(found, key=lambda each: each.id))


def request(run: Run, request_id: str) -> Request | None:
    """A request; None if there is none, or it was forgotten."""
    rows = run("SELECT data FROM {p}request WHERE id = ? AND data <> ''", (request_id,))
    return Request.from_dict(json.loads(rows[0][0])) if rows else None


def requests(run: Run, first: date, last: date) -> tuple[Request, ...]:
    """The requests of some days, by id; forgotten ones left out."""
    rows = run(
        "SELECT data FROM {p}request WHERE day BETWEEN ? AND ? AND data <> '' ORDER BY id",
        (first.isoformat(), last.isoformat()),
    )
    return tuple(Request.from_dict(json.loads(data)) for (data,) in rows)


def agree(run: Run, life: str, ride: Ride) -> None:
    """Keep the ride that is proposed to, or promised by, a driver for one passenger."""
    run(
        "INSERT INTO {p}agreed (ride, data) VALUES (?, ?)"
        " ON CONFLICT (ride) DO UPDATE SET data = excluded.data",
        (life, _text(ride)),
    )


def agreed(run: Run, life: str) -> Ride | None:
    """The ride as it was agreed for one passenger, with all who were aboard then."""
    rows = run("SELECT data FROM {p}agreed WHERE ride = ? AND data <> ''", (life,))
    return Ride.from_dict(json.loads(rows[0][0])) if rows else None


def present(run: Run, offer_id: str) -> Ride | None:
    """The ride of an offer with all who are aboard now; None if nobody is.

    It is the one that was agreed last; who has left it since is taken out, and the stops where the
    car had come for them alone. Times stay as they were promised to the others; so do the driver's
    way and detour, which are then the most it takes.
    """
    there = lives.aboard(run, offer_id)
    ride = agreed(run, there[-1].ride) if there else None
    if ride is None:
        return None
    return ride.of_those({each.request for each in there})


def day_of(at: datetime, zone: str) -> str:
    """The day of an instant where the desk is, as tables keep it."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def day_of_offer(offer: Offer, zone: str) -> str:
    """The day of an offer; empty for a regular one."""
    if offer.rhythm is not None:
        return ""
    return day_of((offer.depart or offer.arrive).earliest, zone)  # type: ignore[union-attr]


def day_of_request(request: Request, zone: str) -> str:
    """The day of a request that is on one day."""
    return day_of((request.depart or request.arrive).earliest, zone)  # type: ignore[union-attr]


def day_of_ride(ride: Ride, zone: str) -> str:
    """The day on which the car of a ride sets out."""
    return day_of(ride.stops[0].at, zone)


def _offer(run: Run, offer_id: str) -> Offer | None:
    rows = run("SELECT data FROM {p}offer WHERE id = ? AND data <> ''", (offer_id,))
    return Offer.from_dict(json.loads(rows[0][0])) if rows else None


def _text(record: Offer | Request | Ride) -> str:
    return json.dumps(record.to_dict(), ensure_ascii=False)
