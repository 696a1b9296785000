"""The lives of rides in a desk's tables: one for each passenger and each way.

Where a ride stands follows from its events; the row of ``life`` says it again, to be looked up.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from msap_mobility.carpool.lifecycle import RideState, advance, postings, replay
from msap_mobility.carpool.ride_event import RideEvent
from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.carpool.ride_event import EventKind
    from msap_mobility.desk.store import Run
    from msap_mobility.model import Request

__all__ = [
    "ABOARD",
    "OVER",
    "RODE",
    "Deed",
    "Life",
    "aboard",
    "events",
    "life",
    "lives_of",
    "offers_of",
    "ride_id",
    "state_of",
    "take",
    "waiting",
    "within",
]

Way = Literal["out", "back", "round"]

RODE = ("driven", "confirmed", "settled")
"""Stages of a ride that took place."""

ABOARD = ("promised", *RODE)
"""Stages in which a passenger has a seat."""

OVER = ("cancelled", "no_show")
"""Stages of a ride that does not take place any more."""

_BACK = "-back"
_COLUMNS = "ride, request, leg, rider, stage, offer, driver, day, party, metres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where a ride of one passenger stands.

    Parameters
    ----------
    ride
        Its id, under which the ledger holds and settles it.
    request, leg, rider
        For whom, and which way.
    stage
        See `carpool.lifecycle.Stage`.
    offer, driver
        By whom it is, or was last, proposed to be driven; empty before.
    day
        Its day, as ``2026-12-01``: of the ride once there is a proposal, else of the request.
    party
        Seats it takes.
    metres
        Ridden in the car; 0 before there is a proposal.
    """

    ride: str
    request: str
    leg: Way
    rider: str
    stage: str
    offer: str
    driver: str
    day: str
    party: int
    metres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a verb of the desk says happened: the parts of an event that it knows."""

    ride: str
    kind: EventKind
    at: datetime
    by: str
    data: Mapping[str, Any]


def ride_id(request: str, leg: str) -> str:
    """Id of the life of one way of a request.

    Examples
    --------
    >>> ride_id("r1", "out"), ride_id("r1", "round"), ride_id("r1", "back")
    ('r1', 'r1', 'r1-back')
    """
    return request + _BACK if leg == "back" else request


def events(run: Run, ride: str) -> tuple[RideEvent, ...]:
    """All that happened to a ride, in order."""
    rows = run(
        "SELECT id, ride, kind, at, actor, data FROM {p}event WHERE ride = ? ORDER BY n", (ride,)
    )
    return tuple(
        RideEvent(
            id=id_,
            ride=of,
            kind=kind,
            at=datetime.fromisoformat(at),
            by=by,
            data=json.loads(data),
        )
        for id_, of, kind, at, by, data in rows
    )


def state_of(run: Run, ride: str) -> RideState | None:
    """Where a ride stands; None if nobody asked for it."""
    found = replay(events(run, ride))
    if isinstance(found, EventRefused):
        raise BrokenInvariant("the events of a ride follow one another", ride=ride, code=found.code)
    return found


def take(run: Run, deed: Deed, request: Request | None = None) -> RideState | EventRefused:
    """Write one event, if it can follow; what was just said is not written twice.

    Parameters
    ----------
    run
        Of a writing transaction.
    deed
        What happened.
    request
        For whom: needed by ``asked``.
    """
    state = state_of(run, deed.ride)
    history = state.history if state else ()
    if state and _is_told(history[-1], deed):
        return state
    event = RideEvent(
        id=f"{deed.ride}/{len(history) + 1}",
        ride=deed.ride,
        kind=deed.kind,
        at=deed.at,
        by=deed.by,
        data=deed.data,
    )
    taken = advance(state, event)
    if isinstance(taken, EventRefused):
        return taken
    _write(run, event, taken)
    if request is not None and deed.kind == "asked":
        _begin(run, event, request)
    else:
        _follow(run, event, taken)
    return taken


def life(run: Run, ride: str) -> Life | None:
    """Where a ride stands, in one row; None if nobody asked for it."""
    found = _lives(run, "WHERE ride = ?", (ride,))
    return found[0] if found else None


def lives_of(run: Run, request: str) -> tuple[Life, ...]:
    """The lives of a request: the way out, and the way back once it has one of its own."""
    return _lives(run, "WHERE request = ? ORDER BY ride", (request,))


def aboard(run: Run, offer: str) -> tuple[Life, ...]:
    """Who has a seat in the car of an offer, in the order in which it was promised."""
    stages = ", ".join(f"'{stage}'" for stage in ABOARD)
    return _lives(run, f"WHERE offer = ? AND stage IN ({stages}) ORDER BY n", (offer,))


def offers_of(run: Run, people: Sequence[str], first: str, last: str) -> list[str]:
    """In whose cars somebody of `people` drives or has a seat on some days: ids of offers."""
    marks, stages = ", ".join("?" * len(people)), ", ".join(f"'{stage}'" for stage in ABOARD)
    rows = run(
        f"SELECT DISTINCT offer FROM {{p}}life WHERE day BETWEEN ? AND ? AND stage IN ({stages})"
        f" AND (driver IN ({marks}) OR rider IN ({marks})) ORDER BY offer",
        (first, last, *people, *people),
    )
    return [offer for (offer,) in rows]


def waiting(run: Run, offer: str) -> tuple[Life, ...]:
    """Who is promised a seat in the car of an offer, on any day of a regular one."""
    return _lives(
        run,
        "WHERE stage = 'promised' AND (offer = ? OR substr(offer, 1, ?) = ?) ORDER BY ride",
        (offer, len(offer) + 1, f"{offer}@"),
    )


def within(run: Run, first: str, last: str) -> tuple[Life, ...]:
    """The lives of some days, by day."""
    return _lives(run, "WHERE day BETWEEN ? AND ? ORDER BY day, ride", (first, last))


def _is_told(last: RideEvent, deed: Deed) -> bool:
    """Whether what happened last is what is said now."""
    return (last.kind, last.by, dict(last.data)) == (deed.kind, deed.by, dict(deed.data))


def _lives(run: Run, where: str, values: Sequence[Any]) -> tuple[Life, ...]:
    rows = run(f"SELECT {_COLUMNS} FROM {{p}}life {where}", values)
    names = _COLUMNS.split(", ")
    return tuple(Life(**dict(zip(names, row, strict=True))) for row in rows)


def _write(run: Run, event: RideEvent, state: RideState) -> None:
    due = postings(state)
    key = due[-1].key if due and due[-1].event == event.id else ""
    run(
        "INSERT INTO {p}event (n, id, ride, kind, at, actor, data, posting) VALUES"
        " ((SELECT coalesce(max(n), 0) + 1 FROM {p}event), ?, ?, ?, ?, ?, ?, ?)",
        (
            event.id,
            event.ride,
            event.kind,
            event.at.isoformat(),
            event.by,
            json.dumps(dict(event.data), ensure_ascii=False),
            key,
        ),
    )


def _begin(run: Run, event: RideEvent, request: Request) -> None:
    ((day, party),) = run("SELECT day, party FROM {p}request WHERE id = ?", (request.id,))
    run(
        f"INSERT INTO {{p}}life ({_COLUMNS}, n) VALUES (?, ?, ?, ?, 'asked', '', '', ?, ?, 0, 0)",
        (event.ride, request.id, event.data["leg"], request.rider, day, party),
    )


def _follow(run: Run, event: RideEvent, state: RideState) -> None:
    changes: dict[str, Any] = {"stage": state.stage}
    if event.kind == "proposed":
        changes |= {name: event.data[name] for name in ("offer", "driver", "day", "leg", "metres")}
    elif event.kind == "promised":
        changes["n"] = run("SELECT max(n) FROM {p}event")[0][0]
    elif "metres" in event.data:
        changes["metres"] = event.data["metres"]
    names = ", ".join(f"{name} = ?" for name in changes)
    run(f"UPDATE {{p}}life SET {names} WHERE ride = ?", (*changes.values(), event.ride))
