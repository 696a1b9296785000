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
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msap_mobility.carpool.lifecycle import POSTINGS, Posting, RideState, postings
from msap_mobility.desk import lives
from msap_mobility.desk.lives import Deed
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.ledger import Refused
from msap_mobility.model import Fare

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.carpool.ride_event import RideEvent
    from msap_mobility.carpool.ride_refused import EventRefused
    from msap_mobility.desk.store import Run, Store
    from msap_mobility.ledger import Ledger, Refusal, SchemeRules
    from msap_mobility.wording import Lang

__all__ = ["Poster", "Unposted", "charged_km"]


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
                self._post(self._ledger, ride, late=False)

    def settle(self, state: RideState, deed: Deed) -> RideState | EventRefused | DeskRefused:
        """Have the ledger pay a confirmed ride, then write that it is settled."""
        if self._ledger is not None:
            try:
                self._ledger.settle(_fare(self._ledger.rules, state), **_slip(deed))
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
            made = [
                posting
                for (ride,) in lacking
                for posting in self._post(self._ledger, ride, late=True)
            ]
            paid = [self._catch_up(self._ledger, ride) for (ride,) in confirmed]
        return (*made, *(posting for posting in paid if posting is not None))

    def _post(self, ledger: Ledger, ride: str, *, late: bool) -> list[Posting]:
        """Post what is lacking, looking at the ride anew each time: others may have changed it."""
        made: list[Posting] = []
        while True:
            with self._store.reading() as run:
                state = lives.state_of(run, ride)
                known = _known(run, ride)
            due = () if state is None else postings(state)
            lacking = [posting for posting in due if posting.key not in known]
            if state is None or not lacking:
                return made
            held = ledger.journal.entry(f"{ride}/promised") is not None
            if not held and due[-1].verb != "promise_ride" and lacking[0].verb != "settle":
                if due[-1].verb == "cancel_ride" and not late:
                    self._unposted.pop(f"{ride}/promised", None)
                    return made  # another program may be making the hold: the next opening tells
                self._mark(lacking[0].key, "moot")
                continue
            if held and lacking[0].verb == "promise_ride":
                self._mark(lacking[0].key, "posted")
                continue
            posted = self._tell(ledger, state, lacking[0])
            if posted is None:
                return made
            made += posted

    def _tell(self, ledger: Ledger, state: RideState, posting: Posting) -> list[Posting] | None:
        """Post one thing; None if the ledger refuses, nothing if it knew."""
        event = next(each for each in state.history if each.id == posting.event)
        try:
            if posting.verb == "promise_ride":
                posted = ledger.promise_ride(_fare(ledger.rules, state), actor=event.by)
            elif posting.verb == "settle":
                posted = ledger.settle(_fare(ledger.rules, state), **_slip(event))
            else:
                posted = ledger.cancel_ride(state.ride, actor=event.by)
        except Refused as no:
            self._unposted[posting.key] = Unposted(
                posting=posting, ride=state.ride, refusal=no.refusal
            )
            return None
        self._mark(posting.key, "posted")
        return [] if posted.replayed else [posting]

    def _catch_up(self, ledger: Ledger, ride: str) -> Posting | None:
        """Write that a ride is settled if the ledger has paid it."""
        key = f"{ride}/settled"
        paid = ledger.journal.entry(key)
        if paid is None:
            return None
        at = datetime.fromtimestamp(paid.recorded // 1_000_000, tz=UTC)
        serials = ",".join(mark.serial for mark in paid.entry.marks)
        data = {"serials": serials, "ref": paid.entry.ref, "effective": ""}
        by = paid.entry.actor or "ledger"
        self._write_settled(Deed(ride=ride, kind="settled", at=at, by=by, data=data))
        return Posting(verb="settle", key=key)

    def _write_settled(self, deed: Deed) -> RideState | EventRefused:
        promised, settled = f"{deed.ride}/promised", f"{deed.ride}/settled"
        with self._store.writing() as run:
            taken = lives.take(run, deed)
            if isinstance(taken, RideState) and self._ledger is not None:
                for key in {promised, settled} - _known(run, deed.ride):
                    _write_mark(run, key, "posted" if key == settled else "moot", self._clock())
        self._unposted.pop(promised, None)
        return taken

    def _mark(self, key: str, outcome: str) -> None:
        with self._store.writing() as run:
            _write_mark(run, key, outcome, self._clock())
        self._unposted.pop(key, None)


def charged_km(rules: SchemeRules, metres: int) -> Decimal:
    """What a ride of so many metres counts in the ledger.

    Where a scheme takes only rides of a whole number of coupons, the nearest one, at least one
    coupon (our assumption: no source tells how halves are counted); else the very metres.

    Examples
    --------
    >>> from msap_mobility.ledger import SchemeRules
    >>> charged_km(SchemeRules.ayen(), 12_345), charged_km(SchemeRules.ayen(), 200)
    (Decimal('12'), Decimal('1'))
    """
    if rules.rounding != "exact":
        return Decimal(metres).scaleb(-3)
    each = 1000 * rules.km_per_coupon
    whole, rest = divmod(metres, each)
    return Decimal(max(whole + (2 * rest >= each), 1) * rules.km_per_coupon)


def _fare(rules: SchemeRules, state: RideState) -> Fare:
    """What a ride is to the ledger: as long as was driven, or else promised."""
    asked, proposal = state.history[0], state.proposal
    facts = {} if proposal is None else dict(proposal.data)
    for event in state.history:
        if event.kind == "driven" and event.data.get("metres") is not None:
            facts["metres"] = event.data["metres"]
    return Fare(
        id=state.ride,
        rider=str(asked.data["rider"]),
        driver=str(facts["driver"]),
        km=charged_km(rules, int(str(facts["metres"]))),
    )


def _slip(deed: Deed | RideEvent) -> dict[str, Any]:
    """What comes with a settlement, as its event keeps it."""
    day = str(deed.data.get("effective") or "")
    return {
        "serials": str(deed.data.get("serials") or "") or (),
        "ref": str(deed.data.get("ref") or ""),
        "effective": date.fromisoformat(day) if day else None,
        "actor": deed.by,
    }


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
