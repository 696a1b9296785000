"""A maison's desk: who can take whom, and the life of every ride, down to its settlement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from msap_mobility.calendar.checks import check_choice, check_zone
from msap_mobility.carpool.law.checks import check_instant
from msap_mobility.desk import asking, booking, lives
from msap_mobility.desk.booking import NotDone
from msap_mobility.desk.fares import check_slip, price_cents, slip_data
from msap_mobility.desk.lives import Deed
from msap_mobility.desk.office import No, Office, clock_us
from msap_mobility.desk.posting import Poster
from msap_mobility.desk.question import question
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.desk.store import create_store, open_store
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.window import PARIS
from msap_mobility.model.written import metres_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path
    from types import TracebackType

    from msap_mobility.carpool.answer import Answer
    from msap_mobility.carpool.lifecycle import Posting, RideState
    from msap_mobility.carpool.ride_event import EventKind
    from msap_mobility.desk.asking import Why
    from msap_mobility.desk.booking import Choice, Said
    from msap_mobility.desk.posting import Unposted
    from msap_mobility.desk.store import Run, Store
    from msap_mobility.ledger import Ledger
    from msap_mobility.model import Place, Ride, TravelTimes
    from msap_mobility.model.written import Distance

__all__ = ["SCHEMA", "Desk"]

T = TypeVar("T")

SCHEMA = "msap_desk"
"""Name of the schema on PostgreSQL, if no other is given."""


class Desk(Office):
    """The running state of a maison's carpool; made by `create` or `open`.

    Verbs answer with the new state, or with `No`: data that says why, after which nothing has
    changed. Every verb takes ``by``, the id of the agent who says so, and those that tell of the
    past take ``at``, when it happened (aware; now, if not given). The same verb told twice in a
    row counts once.

    A ride has one life for each passenger and way. Its id is that of the request; a way back in
    another car has the request's id and ``-back``. The ledger knows it under that id.

    Any thread may use a desk, and any number of programs one database.

    Parameters
    ----------
    store
        Where it is kept.
    ledger
        Is told of promises, settlements and cancellations; None: nobody is.
    zone
        IANA zone in which days are counted.
    clock
        Microseconds since 1970 UTC; tests bring their own.

    Attributes
    ----------
    replayed : tuple of Posting
        What had to be made up for on opening, see `desk.posting`.

    Examples
    --------
    >>> from msap_mobility.model import Offer, Place, Request, Ride, RideStop
    >>> from msap_mobility.model.member import Member
    >>> desk = Desk.create(None)
    >>> for member in (
    ...     Member.of(id="jeanne", roles="driver", charter_signed="2026-03-02",
    ...               licence_seen="2026-03-02", badge="12"),
    ...     Member.of(id="paul", roles="rider", charter_signed="2026-03-02"),
    ... ):
    ...     _ = desk.register(member, by="agent")
    >>> ayen = Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
    >>> objat = Place(id="objat", name="Objat", lon=1.409, lat=45.263)
    >>> offer = Offer.of(id="o1", driver="jeanne", start=ayen, end=objat,
    ...                  depart="2026-12-01 08:10", max_detour="5 min")
    >>> request = Request.of(id="r1", rider="paul", start=ayen, end=objat,
    ...                      depart="2026-12-01 08:00-08:30")
    >>> desk.add_offer(offer, by="agent") == offer
    True
    >>> desk.ask(request, by="agent").stage
    'asked'
    >>> ride = Ride.of(offer=offer, requests=[request], shared=["8 km"], driven="8 km",
    ...                stops=[RideStop.of(ayen, "2026-12-01 08:10", picks_up=["r1"]),
    ...                       RideStop.of(objat, "2026-12-01 08:20", sets_down=["r1"])])
    >>> desk.book("r1", ride, by="agent")[0].stage
    'promised'
    >>> print(desk.settle("r1", by="agent").text("en"))
    The ride 'r1' is promised: its settlement cannot follow. What can: the report of the drive,
    a cancellation, a no-show.
    >>> desk.close()
    """

    def __init__(
        self,
        store: Store,
        ledger: Ledger | None = None,
        zone: str = PARIS,
        clock: Callable[[], int] = clock_us,
    ) -> None:
        super().__init__(store, zone, clock)
        self._ledger = ledger
        self._poster = Poster(store, ledger, clock)
        self.replayed: tuple[Posting, ...] = self._poster.replay()

    @classmethod
    def create(
        cls,
        where: str | Path | None,
        *,
        ledger: Ledger | None = None,
        zone: str = PARIS,
        schema: str = SCHEMA,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Set a desk up in a file, a PostgreSQL database (``postgresql://…``) or memory (None).

        Parameters
        ----------
        where
            Where; a file may be the ledger's own.
        ledger, zone, clock
            See the class. The zone is kept.
        schema
            On PostgreSQL, name of the schema of its tables; made if it is missing and the user may.

        Raises
        ------
        InputError
            If a desk is there already, or the zone is unknown.
        DeskUnusable
            If the place cannot hold one.
        """
        with Faults() as faults:
            check_zone(faults, "zone", zone)

        def begin(run: Run) -> None:
            run("INSERT INTO {p}setting VALUES ('zone', ?)", (zone,))

        return cls(create_store(where, schema, begin), ledger, zone, clock)

    @classmethod
    def open(
        cls,
        where: str | Path,
        *,
        ledger: Ledger | None = None,
        schema: str = SCHEMA,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Open what `create` set up, and make up for what a breakdown cut off, see `replayed`.

        Raises
        ------
        InputError
            If there is no desk.
        DeskUnusable
            If it cannot be used.
        """
        store = open_store(where, schema)
        try:
            with store.reading() as run:
                ((zone,),) = run("SELECT value FROM {p}setting WHERE name = 'zone'")
            return cls(store, ledger, zone, clock)
        except BaseException:
            store.close()
            raise

    def who(
        self,
        request_id: str,
        times: TravelTimes,
        *,
        k: int = 5,
        meeting_points: Sequence[Place] = (),
        walk_times: TravelTimes | None = None,
    ) -> Answer | No:
        """Who can take a passenger from now on, as `carpool.who.who_can_take` finds it.

        Drivers who said no to this request, by a proposal or on the telephone, who did not answer
        in time, or who let the passenger down before, are not named again.

        Parameters
        ----------
        request_id
            A request that is asked for, or proposed.
        times, k, meeting_points, walk_times
            See there.

        Returns
        -------
        Answer or No
            `book` and `propose` take one of its choices. With a price, if there is a ledger.

        Raises
        ------
        InputError
            If the time of the request is past; and as there.
        """
        from msap_mobility.carpool.who import who_can_take  # noqa: PLC0415 - seconds to load

        with self._store.reading() as run:
            asked = question(run, request_id, self.zone)
        if isinstance(asked, DeskRefused):
            return asked
        rules = None if self._ledger is None else self._ledger.rules
        return who_can_take(
            asked.request,
            asked.offers,
            times,
            k=k,
            rides=asked.rides,
            requests=asked.requests,
            loads=asked.loads,
            declined=asked.declined,
            meeting_points=meeting_points,
            walk_times=walk_times,
            price=None if rules is None else partial(price_cents, rules),
            now=self._now(),
            zone=self.zone,
        )

    def propose(
        self,
        request_id: str,
        choice: Choice | Ride,
        *,
        by: str,
        until: datetime | None = None,
        at: datetime | None = None,
    ) -> tuple[RideState, ...] | No:
        """Ask the drivers of a choice. That holds no seat; `until`: how long the proposal stands.

        Returns
        -------
        tuple of RideState, or No
            Of the way out, and of the way back if it has a life of its own.

        Raises
        ------
        InputError
            ``until_is_past``: the proposal would be over before it is made.
        """
        until_said = [lambda faults: check_instant(faults, "until", until)] if until else []
        said, rides = self._said(by, at, *until_said), booking.rides_of(choice)
        if until is not None and until <= said.at:
            raise InputError([Fault(code="until_is_past", column="until", value=until)])
        return self._changed(
            lambda run: tuple(booking.propose(run, rides, said, request_id, until).values())
        )

    def decline(self, ride_id: str, *, by: str, at: datetime | None = None) -> RideState | No:
        """The driver says no to a proposal; the ride is asked for again."""
        return self._take(ride_id, "declined", self._said(by, at), {})

    def expire(self, ride_id: str, *, by: str, at: datetime | None = None) -> RideState | No:
        """The proposal was not answered in time; the ride is asked for again."""
        return self._take(ride_id, "expired", self._said(by, at), {})

    def promise(self, ride_id: str, *, by: str, at: datetime | None = None) -> RideState | No:
        """The driver says yes to a proposal: the seat is theirs, and the coupons are held."""
        said = self._said(by, at)
        answer = self._changed(lambda run: booking.promise(run, ride_id, said))
        self._poster.post(ride_id)
        return answer

    def book(
        self, request_id: str, choice: Choice | Ride, *, by: str, at: datetime | None = None
    ) -> tuple[RideState, ...] | No:
        """Propose and promise a choice in one go: out and back together, or not at all.

        Whether the seats are still there is looked at inside the transaction: of two agents who
        book the last one, the second is refused. If the ledger has no coupons to hold, the promise
        stands all the same, see `unposted`.

        Returns
        -------
        tuple of RideState, or No
            Of the way out, and of the way back if it has a life of its own.
        """
        return self._book(booking.rides_of(choice), self._said(by, at), request_id)

    def book_rides(
        self, rides: Sequence[Ride], *, by: str, at: datetime | None = None
    ) -> tuple[RideState, ...] | No:
        """Book all passengers of these rides, a `Match`'s for example: every one, or none."""
        return self._book(tuple(rides), self._said(by, at), None)

    def drive(
        self,
        ride_id: str,
        *,
        by: str,
        distance: Distance | None = None,
        at: datetime | None = None,
    ) -> RideState | No:
        """Report that the ride took place; `distance` ("25 km", or metres) if not as promised."""
        said = self._said(by, at, lambda faults: asking.check_ridden(faults, distance))
        data = {} if distance is None else {"metres": metres_of(distance)}
        return self._take(ride_id, "driven", said, data)

    def confirm(self, ride_id: str, *, by: str, at: datetime | None = None) -> RideState | No:
        """The passenger, or the slip of paper, says the same."""
        return self._take(ride_id, "confirmed", self._said(by, at), {})

    def settle(
        self,
        ride_id: str,
        *,
        by: str,
        serials: str = "",
        ref: str = "",
        effective: date | None = None,
        at: datetime | None = None,
    ) -> RideState | No:
        """Have the ledger pay the driver: once, whatever happens in between.

        Parameters
        ----------
        ride_id
            A confirmed ride.
        by, at
            See the class.
        serials
            Numbers of the paper coupons handed over (``"A001..A025"``); empty: of the account.
        ref, effective
            Number and day of the slip, for the ledger.

        Returns
        -------
        RideState or No
            ``ledger`` if the ledger refuses: then nothing is written, here or there.
        """
        said = self._said(by, at, lambda faults: check_slip(faults, serials, ref, effective))
        data = slip_data(serials, ref, effective)
        deed = Deed(ride=ride_id, kind="settled", at=said.at, by=by, data=data)
        with self._store.reading() as run:
            state = lives.state_of(run, ride_id)
        if state is None or state.stage != "confirmed":
            return self._take(ride_id, deed.kind, said, deed.data)
        return self._poster.settle(state, deed)

    def cancel(
        self, ride_id: str, *, by: str, why: Why = "rider", at: datetime | None = None
    ) -> RideState | No:
        """Cancel a ride; with the way out goes the way back. What was held is let go."""
        said = self._said(by, at, lambda faults: asking.check_why(faults, why))
        return self._end(ride_id, "cancelled", said, {"why": why})

    def no_show(
        self,
        ride_id: str,
        *,
        by: str,
        absent: Literal["rider", "driver"] = "rider",
        at: datetime | None = None,
    ) -> RideState | No:
        """Somebody did not come; the way back, if any, is cancelled. What was held is let go."""
        who = ("rider", "driver")
        said = self._said(by, at, lambda faults: check_choice(faults, "absent", absent, who))
        return self._end(ride_id, "no_show", said, {"absent": absent})

    def ask_again(
        self, request_id: str, *, by: str, why: Why = "driver", at: datetime | None = None
    ) -> RideState | No:
        """Cancel what stands of a request and ask anew, under its id and ``~2``, then ``~3``.

        For a driver who cannot come after all: a promise that was held and let go is over for good.
        """
        said = self._said(by, at, lambda faults: asking.check_why(faults, why))

        def change(run: Run) -> RideState | No:
            return asking.ask_again(run, request_id, said, why, self._clock())

        answer = self._changed(change)
        for each in (request_id, lives.ride_id(request_id, "back")):
            self._poster.post(each)
        return answer

    @property
    def unposted(self) -> tuple[Unposted, ...]:
        """What the ledger would not take, and why: a promise without coupons to hold."""
        return self._poster.unposted

    def replay(self) -> tuple[Posting, ...]:
        """Tell the ledger anew what it lacks: after a breakdown, or once coupons were bought."""
        return self._poster.replay()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _book(
        self, rides: Sequence[Ride], said: Said, only: str | None
    ) -> tuple[RideState, ...] | No:
        answer = self._changed(lambda run: booking.book(run, rides, said, only))
        if isinstance(answer, No):
            return answer
        for ride_id in answer:
            self._poster.post(ride_id)
        return tuple(answer.values())

    def _take(
        self, ride_id: str, kind: EventKind, said: Said, data: Mapping[str, Any]
    ) -> RideState | No:
        with self._store.writing() as run:
            deed = Deed(ride=ride_id, kind=kind, at=said.at, by=said.by, data=data)
            return lives.take(run, deed)

    def _end(
        self, ride_id: str, kind: EventKind, said: Said, data: Mapping[str, Any]
    ) -> RideState | No:
        answer = self._changed(lambda run: asking.end(run, ride_id, kind, said, data))
        for each in (ride_id, lives.ride_id(ride_id, "back")):
            self._poster.post(each)
        return answer

    def _changed(self, change: Callable[[Run], T]) -> T | No:
        """Make a change in one transaction, undone if it is refused."""
        try:
            with self._store.writing() as run:
                return change(run)
        except NotDone as no:
            return no.answer
