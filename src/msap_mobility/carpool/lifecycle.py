"""The life of one passenger's ride: what may follow what, and what that means for the ledger.

.. code-block:: text

    asked ─► proposed ─► promised ─► driven ─► confirmed ─► settled
      ▲         │
      └─────────┘ declined, expired

    asked, proposed, promised, driven ─► cancelled
              promised, driven        ─► no_show

Pure: a state and an event give a state, or the reason why not. Whoever keeps the events, keeps all;
the desk and a host with tables of its own ask the same two functions. Standard library alone.

A report of the drive can be denied until it is confirmed. What was cancelled is over: the same
people who ride after all have a new ride, for the ledger lets a hold go only once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from msap_mobility.carpool.ride_refused import EventRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.carpool.ride_event import EventKind, RideEvent

__all__ = [
    "POSTINGS",
    "STAGES",
    "TRANSITIONS",
    "Posting",
    "RideState",
    "Stage",
    "advance",
    "possible",
    "postings",
    "replay",
]

Stage = Literal[
    "asked", "proposed", "promised", "driven", "confirmed", "settled", "cancelled", "no_show"
]
STAGES: tuple[Stage, ...] = get_args(Stage)

TRANSITIONS: Mapping[tuple[Stage | None, EventKind], Stage] = {
    (None, "asked"): "asked",
    ("asked", "proposed"): "proposed",
    ("proposed", "declined"): "asked",
    ("proposed", "expired"): "asked",
    ("proposed", "promised"): "promised",
    ("promised", "driven"): "driven",
    ("driven", "confirmed"): "confirmed",
    ("confirmed", "settled"): "settled",
    ("asked", "cancelled"): "cancelled",
    ("proposed", "cancelled"): "cancelled",
    ("promised", "cancelled"): "cancelled",
    ("driven", "cancelled"): "cancelled",
    ("promised", "no_show"): "no_show",
    ("driven", "no_show"): "no_show",
}
"""Stage and event to the next stage; what is not here is refused. None: before anybody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What the ledger has to be told.

    Parameters
    ----------
    verb
        The ledger's verb: ``promise_ride`` (hold the coupons), ``settle`` (pay the driver),
        ``cancel_ride`` (let the hold go).
    key
        Under which it is posted, once: the id of the ride, a slash, and what the ledger calls it.
        In `POSTINGS` the last part alone.
    event
        Id of the event that asks for it; empty in `POSTINGS`.
    """

    verb: Literal["promise_ride", "settle", "cancel_ride"]
    key: str
    event: str = ""


_LET_GO = Posting(verb="cancel_ride", key="cancelled")

POSTINGS: Mapping[tuple[Stage | None, EventKind], Posting] = {
    ("proposed", "promised"): Posting(verb="promise_ride", key="promised"),
    ("confirmed", "settled"): Posting(verb="settle", key="settled"),
    ("promised", "cancelled"): _LET_GO,
    ("driven", "cancelled"): _LET_GO,
    ("promised", "no_show"): _LET_GO,
    ("driven", "no_show"): _LET_GO,
}
"""What an event that follows a stage posts; what is not here posts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RideState:
    """Where a ride stands, and all that brought it there.

    Parameters
    ----------
    ride
        Id of the ride.
    stage
        Where it stands.
    history
        Its events, each once, in the order in which they were taken.
    """

    ride: str
    stage: Stage
    history: tuple[RideEvent, ...]

    @property
    def proposal(self) -> RideEvent | None:
        """The proposal that stands, or that was promised; None if there is none."""
        if self.stage == "asked":
            return None
        made = (event for event in reversed(self.history) if event.kind == "proposed")
        return next(made, None)

    @property
    def turned_down(self) -> tuple[str, ...]:
        """Ids of the offers that declined or did not answer in time: not to be asked again."""
        offer, down = "", []
        for event in self.history:
            if event.kind == "proposed":
                offer = str(event.data["offer"])
            elif event.kind in ("declined", "expired"):
                down.append(offer)
        return tuple(dict.fromkeys(down))


def advance(state: RideState | None, event: RideEvent) -> RideState | EventRefused:
    """Take one event.

    Parameters
    ----------
    state
        Where the ride stands; None before anybody asked for it.
    event
        What happened. An event that was taken before changes nothing.

    Returns
    -------
    RideState or EventRefused
        The new state; or why the event cannot follow, the state then being what it was.

    Examples
    --------
    >>> from datetime import datetime, timezone
    >>> from msap_mobility.carpool.ride_event import RideEvent
    >>> noon = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
    >>> asked = advance(None, RideEvent(id="e1", ride="r1", kind="asked", at=noon, by="agent"))
    >>> asked.stage
    'asked'
    >>> no = advance(asked, RideEvent(id="e2", ride="r1", kind="settled", at=noon, by="agent"))
    >>> print(no.text("en"))
    The ride 'r1' is asked for: its settlement cannot follow. What can: a proposal, a cancellation.
    """
    taken = state.history if state is not None else ()
    for earlier in taken:
        if earlier.id == event.id:
            return state if earlier == event and state else _refused("event_differs", event)
    stage = state.stage if state is not None else None
    objection = _objection(state, event)
    if objection is not None:
        return objection
    reached = TRANSITIONS[stage, event.kind]
    if state is None:
        return RideState(ride=event.ride, stage=reached, history=(event,))
    return replace(state, stage=reached, history=(*taken, event))


def replay(
    events: Iterable[RideEvent], state: RideState | None = None
) -> RideState | EventRefused | None:
    """Take many events, in order, up to the first that is refused.

    Parameters
    ----------
    events
        Of one ride.
    state
        Where it stands before.

    Returns
    -------
    RideState, EventRefused or None
        The last state, or the refusal; None if nothing has happened.
    """
    for event in events:
        taken = advance(state, event)
        if isinstance(taken, EventRefused):
            return taken
        state = taken
    return state


def possible(stage: Stage | None) -> tuple[EventKind, ...]:
    """What can happen to a ride at this stage.

    Examples
    --------
    >>> possible("promised"), possible("settled")
    (('driven', 'cancelled', 'no_show'), ())
    """
    return tuple(kind for before, kind in TRANSITIONS if before == stage)


def postings(state: RideState) -> tuple[Posting, ...]:
    """What the ledger must hold of this ride, in order; what it lacks is posted anew."""
    due, stage = [], None
    for event in state.history:
        posting = POSTINGS.get((stage, event.kind))
        if posting is not None:
            due.append(replace(posting, key=f"{state.ride}/{posting.key}", event=event.id))
        stage = TRANSITIONS[stage, event.kind]
    return tuple(due)


def _objection(state: RideState | None, event: RideEvent) -> EventRefused | None:
    """Why this event cannot follow; None if it can."""
    if state is None:
        return None if event.kind == "asked" else _refused("not_asked", event)
    if event.ride != state.ride:
        return _refused("other_ride", event, expected=state.ride)
    if (state.stage, event.kind) not in TRANSITIONS:
        code = "out_of_turn" if possible(state.stage) else "over"
        return _refused(code, event, stage=state.stage, possible=";".join(possible(state.stage)))
    if event.kind == "proposed":
        offer = event.data.get("offer")
        named = isinstance(offer, str) and offer
        return None if named else _refused("proposal_without_offer", event)
    if state.stage == "proposed":
        return _out_of_time(state, event)
    return None


def _out_of_time(state: RideState, event: RideEvent) -> EventRefused | None:
    """Whether an answer to a proposal comes too late, or its expiry too soon."""
    until = state.proposal.until if state.proposal else None
    stands = {} if until is None else {"until": until.isoformat(" ")}
    if event.kind == "promised" and until is not None and event.at > until:
        return _refused("proposal_over", event, **stands)
    if event.kind == "expired" and until is None:
        return _refused("proposal_without_end", event)
    if event.kind == "expired" and until is not None and event.at <= until:
        return _refused("proposal_open", event, **stands)
    return None


def _refused(code: str, event: RideEvent, **values: str) -> EventRefused:
    return EventRefused(code=code, event=event.id, ride=event.ride, kind=event.kind, values=values)
