"""What a desk tells the ledger, and what it makes up for after a breakdown.

Desk and ledger are two stores, and no transaction spans both. So the order matters:

- a promise, a cancellation, a missed ride happen between people: the event is written first, then
  the hold is made or let go. If the ledger refuses the hold (too few coupons: perhaps the passenger
  pays with paper ones), the promise stands, and `unposted` says what the ledger said;
- a settlement is the ledger's: it pays first, under the ride's own key, and the event follows. A
  wrong coupon number is refused and leaves no trace.

Whatever breaks in between, the keys tell: what an event asks for and the ledger lacks is posted
when the desk is opened, and a payment whose event is missing gets it. Posting twice changes
nothing. ``posted`` remembers what need not be looked at again.

Another program may be about to hold the coupons of a ride that is over meanwhile. Whoever made a
hold therefore looks at the ride again, and only then remembers it; and a ride that was over before
anything was held is looked at again on every opening until its day is past.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.carpool.lifecycle import POSTINGS, Posting, RideState, postings
from msap_mobility.desk import lives
from msap_mobility.desk.fares import fare, slip
from msap_mobility.desk.lives import Deed
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.ledger import Refused
from msap_mobility.ledger.journal import instant_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.carpool.ride_refused import EventRefused
    from msap_mobility.desk.store import Run, Store
    from msap_mobility.ledger import Ledger, Refusal
    from msap_mobility.wording import Lang

__all__ = ["Poster", "Unposted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unposted:
    """What the ledger would not take, though the desk knows it happened.

    Parameters
    ----------
    posting
        What it was told.
    ride
        Id of the ride.
    refusal
        What it said.
    """

    posting: Posting
    ride: str
    refusal: Refusal

    def text(self, lang: Lang = "en") -> str:
        """What the ledger said, in `lang`."""
        return self.refusal.text(lang)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {"key": self.posting.key, "ride": self.ride, "refusal": self.refusal.to_dict()}


class Poster:
    """Tells a ledger what happens at a desk; without a ledger it tells nobody.

    Parameters
    ----------
    store
        The desk's.
    ledger
        The scheme's, or None.
    clock
        Microseconds since 1970 UTC.
    """

    def __init__(self, store: Store, ledger: Ledger | None, clock: Callable[[], int]) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._turn = threading.RLock()
        self._unposted: dict[str, Unposted] = {}

    @property
    def unposted(self) -> tuple[Unposted, ...]:
        """What the ledger last refused to be told."""
        return tuple(self._unposted.values())

    def post(self, ride: str) -> None:
        """Tell the ledger what it lacks of a ride that just changed."""
        if self._ledger is not None:
            with self._turn:
                self._post(self._ledger, ride)

    def settle(self, state: RideState, deed: Deed) -> RideState | EventRefused | DeskRefused:
        """Have the ledger pay a confirmed ride, then write that it is settled."""
        if self._ledger is not None:
            try:
                self._ledger.settle(fare(self._ledger.rules, state), **slip(deed))
            except Refused as no:
                return DeskRefused(code="ledger", subject=state.ride, refusal=no.refusal)
        return self._write_settled(deed)

    def replay(self) -> tuple[Posting, ...]:
        """Make up for what a breakdown cut off, in both directions.

        Returns
        -------
        tuple of Posting
            What the ledger had to be told, and the payments whose event was missing.
        """
        if self._ledger is None:
            return ()
        with self._turn:
            with self._store.reading() as run:
                lacking = run(
                    "SELECT DISTINCT ride FROM {p}event e WHERE posting <> '' AND NOT EXISTS"
                    " (SELECT 1 FROM {p}posted WHERE key = e.posting) ORDER BY ride"
                )
                confirmed = run("SELECT ride FROM {p}life WHERE stage = 'confirmed' ORDER BY ride")
            made = [posting for (ride,) in lacking for posting in self._post(self._ledger, ride)]
            paid = [self._catch_up(self._ledger, ride) for (ride,) in confirmed]
        return (*made, *(posting for posting in paid if posting is not None))

    def _post(self, ledger: Ledger, ride: str) -> list[Posting]:
        """Post what is lacking, looking at the ride anew each time: others may have changed it."""
        made: list[Posting] = []
        while (lacking := self._next(ledger, ride)) is not None:
            posted = self._tell(ledger, *lacking)
            if posted is None:
                break
            made += posted
        return made

    def _next(self, ledger: Ledger, ride: str) -> tuple[RideState, Posting] | None:
        """A ride and what to tell of it next; what need not be told is remembered on the way."""
        with self._store.reading() as run:
            state, life, known = lives.state_of(run, ride), lives.life(run, ride), _known(run, ride)
        if state is None or life is None:
            return None
        due = postings(state)
        held = ledger.journal.entry(f"{ride}/promised") is not None
        over = bool(due) and due[-1].verb != "promise_ride"
        if over:
            self._unposted.pop(f"{ride}/promised", None)
        to_tell = {"promise_ride": not (held or over), "settle": True, "cancel_ride": held}
        for posting in due:
            if posting.key in known:
                continue
            if to_tell[posting.verb]:
                return state, posting
            if held:
                _release_if_paid(ledger, state)
                self._mark(posting.key, "posted")
            elif life.day < self._yesterday():
                self._mark(posting.key, "moot")
        return None

    def _yesterday(self) -> str:
        now = datetime.fromtimestamp(self._clock() // 1_000_000, tz=UTC)
        return (now - timedelta(days=1)).date().isoformat()

    def _tell(self, ledger: Ledger, state: RideState, posting: Posting) -> list[Posting] | None:
        """Post one thing; None if the ledger refuses, nothing if it knew."""
        event = next(each for each in state.history if each.id == posting.event)
        try:
            if posting.verb == "promise_ride":
                posted = ledger.promise_ride(fare(ledger.rules, state), actor=event.by)
            elif posting.verb == "settle":
                posted = ledger.settle(fare(ledger.rules, state), **slip(event))
            else:
                posted = ledger.cancel_ride(state.ride, actor=event.by)
        except Refused as no:
            self._unposted[posting.key] = Unposted(
                posting=posting, ride=state.ride, refusal=no.refusal
            )
            return None
        self._unposted.pop(posting.key, None)
        if posting.verb != "promise_ride":  # a hold is remembered once the ride was looked at again
            self._mark(posting.key, "posted")
        return [] if posted.replayed else [posting]

    def _catch_up(self, ledger: Ledger, ride: str) -> Posting | None:
        """Write that a ride is settled if the ledger has paid it."""
        key = f"{ride}/settled"
        paid = ledger.journal.entry(key)
        if paid is None:
            return None
        at = datetime.fromtimestamp(paid.recorded // 1_000_000, tz=UTC)
        data = {
            "serials": ",".join(mark.serial for mark in paid.entry.marks),
            "ref": paid.entry.ref,
            "effective": _day(paid.entry.effective, ledger.rules.timezone),
        }
        by = paid.entry.actor or "ledger"
        self._write_settled(Deed(ride=ride, kind="settled", at=at, by=by, data=data))
        return Posting(verb="settle", key=key)

    def _write_settled(self, deed: Deed) -> RideState | EventRefused:
        with self._store.writing() as run:
            taken = lives.take(run, deed)
            if isinstance(taken, RideState) and self._ledger is not None:
                _write_mark(run, f"{deed.ride}/settled", "posted", self._clock())
        self._unposted.pop(f"{deed.ride}/promised", None)
        return taken

    def _mark(self, key: str, outcome: str) -> None:
        with self._store.writing() as run:
            _write_mark(run, key, outcome, self._clock())


def _day(effective: int | None, zone: str) -> str:
    """The day a payment was dated back to, as its event keeps it."""
    if effective is None:
        return ""
    return instant_of(effective).astimezone(ZoneInfo(zone)).date().isoformat()


def _release_if_paid(ledger: Ledger, state: RideState) -> None:
    """Let coupons go that were held only after the ride was paid."""
    held = f"{state.ride}/promised"
    if state.stage == "settled" and ledger.journal.engine.reader.closer(held) is None:
        ledger.cancel_ride(state.ride)


def _known(run: Run, ride: str) -> set[str]:
    """The keys of a ride that need not be looked at again."""
    keys = tuple(f"{ride}/{posting.key}" for posting in POSTINGS.values())
    found = run(f"SELECT key FROM {{p}}posted WHERE key IN ({', '.join('?' * len(keys))})", keys)
    return {key for (key,) in found}


def _write_mark(run: Run, key: str, outcome: str, at_us: int) -> None:
    run(
        "INSERT INTO {p}posted (key, outcome, at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (key, outcome, at_us),
    )
