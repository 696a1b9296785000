"""What a desk notes: members, offers, requests, calls; and what can be looked up in it."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from msap_mobility.carpool.law.checks import check_id, check_instant
from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import asking, calling, lives, people, report, trips
from msap_mobility.desk.booking import Said
from msap_mobility.desk.call import check_outcome
from msap_mobility.desk.names import check_agent, check_member
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.carpool.ride_event import RideEvent
    from msap_mobility.desk.call import Call, Outcome
    from msap_mobility.desk.lives import Life
    from msap_mobility.desk.report import DeskReport
    from msap_mobility.desk.store import Store
    from msap_mobility.model import Offer, Request, Ride
    from msap_mobility.model.member import Contact, Member

__all__ = ["No", "Office", "clock_us"]

No: TypeAlias = DeskRefused | EventRefused
"""Why something was not done: a rule of the desk, or the life of the ride. It has a `text`."""


def clock_us() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


class Office:
    """The part of a desk that notes and looks up; `Desk` adds what happens to rides.

    Parameters
    ----------
    store
        Where it is kept.
    zone
        IANA zone in which days are counted.
    clock
        Microseconds since 1970 UTC.
    """

    def __init__(self, store: Store, zone: str, clock: Callable[[], int]) -> None:
        self.zone = zone
        self._store = store
        self._clock = clock

    # -- members -----------------------------------------------------------------------------

    def register(self, member: Member, contact: Contact | None = None, *, by: str) -> Member:
        """Register a member, or write anew what is known of one; `contact` only if given."""
        self._said(by, None, lambda faults: check_member(faults, "id", member.id))
        with self._store.writing() as run:
            people.register(run, member, self._clock())
            if contact is not None:
                people.note(run, member.id, contact)
        return member

    def member(self, member_id: str) -> Member | None:
        """A member; None if there is none."""
        with self._store.reading() as run:
            return people.member(run, member_id)

    def members(self) -> tuple[Member, ...]:
        """All members, by id."""
        with self._store.reading() as run:
            return people.members(run)

    def contact(self, member_id: str) -> Contact | None:
        """How a member is reached; None if nothing was noted, or it was forgotten."""
        with self._store.reading() as run:
            return people.contact(run, member_id)

    def purge(self, before: datetime | None = None) -> tuple[str, ...]:
        """Forget who was not heard of since `before`: two years ago, if not given.

        Names and phone numbers go, and the places of trips that are as old, whoever made them. Ids,
        events and figures stay; they name nobody (CNIL, délibérations 2021-028 and 2023-095).

        Returns
        -------
        tuple of str
            Ids of the members who were forgotten.

        Raises
        ------
        InputError
            ``moment_to_come``: what is still to come is not forgotten.
        """
        at = before or people.two_years_before(self._now())
        with Faults() as faults:
            check_instant(faults, "before", at)
            if not faults.found and at.astimezone(ZoneInfo(self.zone)).date() > self._today():
                faults.add("moment_to_come", column="before", value=at.isoformat(" "))
        with self._store.writing() as run:
            gone = people.forget(run, at, self.zone)
        self._store.forget()
        return gone

    # -- offers and requests -----------------------------------------------------------------

    def add_offer(self, offer: Offer, *, by: str) -> Offer | No:
        """Take an offer of a member who drives; the same offer twice counts once."""
        self._said(by, None, lambda faults: check_id(faults, "id", offer.id))
        with self._store.writing() as run:
            return asking.add_offer(run, offer, self.zone, self._clock())

    def withdraw_offer(self, offer_id: str, *, by: str) -> Offer | No:
        """Take an offer back, or one day of a regular one (``o1@2026-12-01``).

        Refused while somebody is aboard: cancel those rides first.
        """
        self._said(by)
        with self._store.writing() as run:
            return asking.withdraw(run, offer_id, self.zone, by, self._clock())

    def offers(self, day: date) -> tuple[Offer, ...]:
        """The offers of a day, by id; regular ones as they are on it."""
        with self._store.reading() as run:
            return trips.offers(run, day, self.zone)

    def offer(self, offer_id: str) -> Offer | None:
        """An offer, or a regular one on the day its id names; None if there is none."""
        with self._store.reading() as run:
            return trips.offer(run, offer_id, self.zone)

    def ask(self, request: Request, *, by: str, at: datetime | None = None) -> RideState | No:
        """Take the request of a member; its life begins. The same request twice counts once.

        Parameters
        ----------
        request
            On one day: a regular one is laid on it first, with `Request.on`.
        by, at
            See the class.

        Raises
        ------
        InputError
            If it is a regular one, or its id ends in ``-back``.
        """
        said = self._said(by, at, lambda faults: asking.check_request(faults, request))
        with self._store.writing() as run:
            return asking.ask(run, request, said, self._clock())

    def request(self, request_id: str) -> Request | None:
        """A request; None if there is none, or its places were forgotten."""
        with self._store.reading() as run:
            return trips.request(run, request_id)

    def requests(self, first: date, last: date | None = None) -> tuple[Request, ...]:
        """The requests of some days, by id; of one day, if `last` is not given."""
        with self._store.reading() as run:
            return trips.requests(run, first, last or first)

    def state(self, ride_id: str) -> RideState | None:
        """Where a ride stands; None if nobody asked for it."""
        with self._store.reading() as run:
            return lives.state_of(run, ride_id)

    def lives(self, request_id: str) -> tuple[Life, ...]:
        """The rides of a request: the way out, and the way back if it has a life of its own."""
        with self._store.reading() as run:
            return lives.lives_of(run, request_id)

    def lives_on(self, first: date, last: date | None = None) -> tuple[Life, ...]:
        """The rides of some days, whatever their stage, by day; of one day without `last`."""
        with self._store.reading() as run:
            return lives.within(run, first.isoformat(), (last or first).isoformat())

    def events(self, ride_id: str) -> tuple[RideEvent, ...]:
        """All that happened to a ride, in order."""
        with self._store.reading() as run:
            return lives.events(run, ride_id)

    def rides(self, first: date, last: date | None = None) -> tuple[Ride, ...]:
        """The cars of some days with those who are promised a seat, by offer."""
        with self._store.reading() as run:
            return asking.rides(run, first, last or first)

    # -- calls, report, ledger ---------------------------------------------------------------

    def log_call(
        self,
        request_id: str,
        member_id: str,
        outcome: Outcome,
        *,
        by: str,
        at: datetime | None = None,
    ) -> Call | No:
        """Note that a member was phoned about a request, and how it ended."""
        said = self._said(by, at, lambda faults: check_outcome(faults, outcome))
        with self._store.writing() as run:
            return calling.log(run, request_id, member_id, outcome, said)

    def calls(self, request_id: str) -> tuple[Call, ...]:
        """The calls about a request, in order."""
        with self._store.reading() as run:
            return calling.calls(run, request_id)

    def report(self, first: date, last: date) -> DeskReport:
        """What the desk did in some days, both included."""
        with self._store.reading() as run:
            return report.drawn_up(run, first, last, self._today(), self.zone)

    def loads(self, first: date, last: date) -> dict[str, int]:
        """How many passengers each driver takes in some days, promised ones included."""
        with self._store.reading() as run:
            return report.loads(run, first, last)

    def close(self) -> None:
        """Close the file, or let go of the server. The ledger stays open."""
        self._store.close()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock() // 1_000_000, tz=UTC)

    def _today(self) -> date:
        return self._now().astimezone(ZoneInfo(self.zone)).date()

    def _said(
        self, by: str, at: datetime | None = None, *others: Callable[[Faults], object]
    ) -> Said:
        """When and by whom; now, if it is not said. What `others` note is raised with it."""
        with Faults() as faults:
            check_agent(faults, "by", by)
            if at is not None:
                check_instant(faults, "at", at)
            for check in others:
                check(faults)
        return Said(at=at or self._now(), by=by, zone=self.zone)
