"""The life of a ride never leaves its table, and the ledger is told once of what it means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.lifecycle import (
    POSTINGS,
    STAGES,
    TRANSITIONS,
    RideState,
    advance,
    possible,
    postings,
    replay,
)
from msap_mobility.carpool.ride_event import EVENTS, EventKind, RideEvent
from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.errors import InputError

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
PROPOSAL = {"offer": "o1", "driver": "jeanne"}


def event(kind: EventKind, number: int = 0, **changes: Any) -> RideEvent:
    given: dict[str, Any] = {
        "id": f"e{number}",
        "ride": "o1+r1",
        "kind": kind,
        "at": NOON + timedelta(minutes=number),
        "by": "agent",
        "data": PROPOSAL if kind == "proposed" else {},
    }
    return RideEvent(**{**given, **changes})


def life(*kinds: EventKind) -> RideState:
    state = replay(event(kind, number) for number, kind in enumerate(kinds))
    assert isinstance(state, RideState)
    return state


LIVES: dict[str, tuple[EventKind, ...]] = {
    "asked": ("asked",),
    "proposed": ("asked", "proposed"),
    "promised": ("asked", "proposed", "promised"),
    "driven": ("asked", "proposed", "promised", "driven"),
    "confirmed": ("asked", "proposed", "promised", "driven", "confirmed"),
    "settled": ("asked", "proposed", "promised", "driven", "confirmed", "settled"),
    "cancelled": ("asked", "cancelled"),
    "no_show": ("asked", "proposed", "promised", "no_show"),
}
UNTIL = (NOON + timedelta(hours=1)).isoformat()

ids = st.sampled_from([f"e{number}" for number in range(6)])
datas = st.sampled_from([{}, PROPOSAL, {**PROPOSAL, "until": UNTIL}, {"offer": ""}])
told = st.builds(
    RideEvent,
    id=ids | st.uuids().map(str),
    ride=st.sampled_from(["o1+r1"] * 8 + ["o2+r2"]),
    kind=st.sampled_from(EVENTS),
    at=st.integers(0, 120).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    by=st.sampled_from(["agent", "jeanne"]),
    data=datas,
)


@st.composite
def sensible(draw: st.DrawFn) -> list[RideEvent]:
    """Events most of which can follow, some told twice, some nonsense."""
    events: list[RideEvent] = []
    stage = None
    for number in range(draw(st.integers(1, 12))):
        choices = possible(stage)
        if events and draw(st.integers(0, 4)) == 0:
            events.append(draw(st.sampled_from(events)))
        elif not choices or draw(st.integers(0, 5)) == 0:
            events.append(draw(told))
        else:
            kind = draw(st.sampled_from(choices))
            events.append(event(kind, 100 + number))
            stage = TRANSITIONS[stage, kind]
    return events


def take_all(state: RideState | None, events: list[RideEvent]) -> RideState | None:
    """Refused events are left out, as a desk would."""
    for each in events:
        taken = advance(state, each)
        if isinstance(taken, RideState):
            state = taken
    return state


@given(sensible())
def test_no_sequence_of_events_leads_out_of_the_table(events: list[RideEvent]) -> None:
    state: RideState | None = None
    for each in events:
        before = state.stage if state else None
        taken = advance(state, each)
        if isinstance(taken, EventRefused):
            assert taken.text("en") != taken.text("fr")
            continue
        if taken != state:
            assert TRANSITIONS[before, each.kind] == taken.stage
            assert taken.history[-1] == each
        state = taken
    if state is not None:
        assert state.stage in STAGES
        assert len({each.id for each in state.history}) == len(state.history)
        assert replay(state.history) == state


@given(sensible(), st.data())
def test_a_prefix_and_the_rest_give_the_whole(events: list[RideEvent], data: st.DataObject) -> None:
    whole = take_all(None, events)
    cut = data.draw(st.integers(0, len(events)))
    assert take_all(take_all(None, events[:cut]), events[cut:]) == whole
    again = take_all(whole, [each for each in events if whole and each in whole.history])
    assert again == whole


@given(sensible())
def test_the_ledger_holds_at_most_one_promise_and_one_end_of_it(events: list[RideEvent]) -> None:
    state = take_all(None, events)
    if state is None:
        return
    due = postings(state)
    keys = [posting.key for posting in due]
    assert len(set(keys)) == len(keys)
    assert [posting.verb for posting in due] in (
        [],
        ["promise_ride"],
        ["promise_ride", "settle"],
        ["promise_ride", "cancel_ride"],
    )
    held = state.stage in {"promised", "driven", "confirmed"}
    assert held == ([posting.verb for posting in due] == ["promise_ride"])
    assert (state.stage == "settled") == ("settle" in {posting.verb for posting in due})


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_at_every_stage(stage: str, kind: EventKind) -> None:
    state = life(*LIVES[stage])
    assert state.stage == stage
    taken = advance(state, event(kind, 99, data={**PROPOSAL}))
    if (stage, kind) in TRANSITIONS and kind != "expired":
        assert isinstance(taken, RideState)
        assert taken.stage == TRANSITIONS[state.stage, kind]
        return
    assert isinstance(taken, EventRefused)
    ends = not possible(state.stage)
    open_end = (stage, kind) == ("proposed", "expired")
    assert taken.code == ("proposal_without_end" if open_end else "over" if ends else "out_of_turn")
    english, french = taken.text("en"), taken.text("fr")
    assert english != french
    assert "{" not in english + french
    assert EventRefused.from_dict(json.loads(json.dumps(taken.to_dict()))) == taken


def test_every_posting_belongs_to_a_transition_and_to_a_verb_of_the_ledger() -> None:
    from msap_mobility.ledger import Ledger

    assert POSTINGS.keys() <= TRANSITIONS.keys()
    for posting in POSTINGS.values():
        assert callable(getattr(Ledger, posting.verb))


def test_what_a_ride_posts_in_the_ledger() -> None:
    def due(*kinds: EventKind) -> list[tuple[str, str]]:
        return [(posting.verb, posting.key) for posting in postings(life(*kinds))]

    promise = ("promise_ride", "o1+r1/promised")
    let_go = ("cancel_ride", "o1+r1/cancelled")
    assert due(*LIVES["settled"]) == [promise, ("settle", "o1+r1/settled")]
    assert due(*LIVES["promised"], "cancelled") == [promise, let_go]
    assert due(*LIVES["driven"], "no_show") == [promise, let_go]
    assert due("asked", "proposed", "cancelled") == []
    assert postings(life(*LIVES["settled"]))[-1].event == "e5"


def test_the_ledger_takes_what_a_life_posts() -> None:
    """The keys are those the ledger gives by itself: posting anew changes nothing."""
    from msap_mobility.ledger import Ledger, SchemeRules
    from msap_mobility.ledger.scheme.ride import DrivenRide

    ledger = Ledger.create(None, rules=SchemeRules.ayen())
    ledger.sell_booklet("paul", km=50)
    ride = DrivenRide(id="o1+r1", rider="paul", driver="jeanne", km=25)
    calls: dict[str, Any] = {
        "promise_ride": lambda: ledger.promise_ride(ride),
        "settle": lambda: ledger.settle(ride),
        "cancel_ride": lambda: ledger.cancel_ride(ride.id),
    }
    due = postings(life(*LIVES["settled"]))
    assert [calls[posting.verb]().key for posting in due] == [posting.key for posting in due]
    assert all(calls[posting.verb]().replayed for posting in due)
    ledger.close()


def test_the_same_event_counts_once_and_another_under_its_id_is_refused() -> None:
    state = life("asked", "proposed")
    assert advance(state, event("proposed", 1)) == state
    assert advance(state, event("asked", 0)) == state
    other = advance(state, replace(event("proposed", 1), by="jeanne"))
    assert isinstance(other, EventRefused)
    assert other.code == "event_differs"


@pytest.mark.parametrize(
    ("state", "told_", "code"),
    [
        (None, event("proposed"), "not_asked"),
        (life("asked"), event("cancelled", 9, ride="o2+r2"), "other_ride"),
        (life("asked"), event("proposed", 9, data={}), "proposal_without_offer"),
        (life("asked"), event("proposed", 9, data={"offer": 3}), "proposal_without_offer"),
        (life("asked"), event("asked", 9), "out_of_turn"),
    ],
)
def test_why_an_event_is_refused(state: RideState | None, told_: RideEvent, code: str) -> None:
    refused = advance(state, told_)
    assert isinstance(refused, EventRefused)
    assert refused.code == code
    assert refused.text("en") != refused.text("fr")


def test_a_proposal_stands_until_its_end() -> None:
    start = life("asked")
    state = advance(start, event("proposed", 1, data={**PROPOSAL, "until": UNTIL}))
    assert isinstance(state, RideState)
    late, in_time = NOON + timedelta(minutes=61), NOON + timedelta(minutes=60)

    def answer(kind: EventKind, at: datetime) -> str:
        taken = advance(state, event(kind, 2, at=at))
        return taken.code if isinstance(taken, EventRefused) else taken.stage

    assert answer("promised", in_time) == "promised"
    assert answer("promised", late) == "proposal_over"
    assert answer("expired", in_time) == "proposal_open"
    assert answer("expired", late) == "asked"
    assert answer("declined", late) == "asked"


def test_who_was_asked_is_remembered() -> None:
    state = life("asked", "proposed")
    assert state.proposal is not None
    assert (state.proposal.data["offer"], state.turned_down) == ("o1", ())
    state = life("asked", "proposed", "declined")
    assert (state.proposal, state.turned_down) == (None, ("o1",))
    again = replay([event("proposed", 7, data={"offer": "o2"}), event("promised", 8)], state)
    assert isinstance(again, RideState)
    assert again.proposal is not None
    assert (again.proposal.data["offer"], again.turned_down) == ("o2", ("o1",))


def test_a_replay_stops_at_what_is_refused() -> None:
    refused = replay([event("asked", 0), event("settled", 1), event("cancelled", 2)])
    assert isinstance(refused, EventRefused)
    assert refused.event == "e1"
    assert replay([]) is None


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"id": "", "by": " x"}, ["not_a_name", "not_a_name"]),
        ({"kind": "lost"}, ["unknown_choice"]),
        ({"at": NOON.replace(tzinfo=None)}, ["instant_without_zone"]),
        ({"at": "now"}, ["law_not_an_instant"]),
        ({"data": [1]}, ["not_a_mapping"]),
        ({"data": {"km": 2.5}}, ["not_a_fact"]),
        ({"data": {"until": "soon"}}, ["law_not_an_instant"]),
        ({"data": {"until": 3}}, ["law_not_an_instant"]),
        ({"data": {"until": "2026-12-01 08:00"}}, ["instant_without_zone"]),
    ],
)
def test_an_event_names_every_fault(changes: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        replace(event("proposed"), **changes)
    assert [fault.code for fault in caught.value.faults] == codes


@given(told)
def test_an_event_comes_back_from_json(one: RideEvent) -> None:
    assert RideEvent.from_dict(json.loads(json.dumps(one.to_dict()))) == one


@pytest.mark.parametrize("data", [{}, {**event("asked").to_dict(), "at": 5}, []])
def test_data_that_is_no_event_is_named(data: Any) -> None:
    with pytest.raises(InputError) as caught:
        RideEvent.from_dict(data)
    assert caught.value.faults[0].code == "not_an_event"
