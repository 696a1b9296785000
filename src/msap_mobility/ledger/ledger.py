"""The ledger of a scheme: one object, a verb for each thing that happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, Unpack

from msap_mobility.ledger.engines.guest import guest
from msap_mobility.ledger.engines.postgres_schema import SCHEMA
from msap_mobility.ledger.engines.sqlite import clock_us
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.outcome import Refused
from msap_mobility.ledger.proof.backup import backup, restore
from msap_mobility.ledger.proof.checkpoint import checkpoint
from msap_mobility.ledger.proof.receipt import receipt
from msap_mobility.ledger.proof.verify import verify
from msap_mobility.ledger.scheme import coupons, editions, law, members
from msap_mobility.ledger.scheme.amend import amend
from msap_mobility.ledger.scheme.book import Book
from msap_mobility.ledger.scheme.correct import reverse
from msap_mobility.ledger.scheme.cover import Cover, cover
from msap_mobility.ledger.scheme.dues import pay_dues
from msap_mobility.ledger.scheme.exchange import exchange
from msap_mobility.ledger.scheme.expiry import expire_units
from msap_mobility.ledger.scheme.reconvert import reconvert
from msap_mobility.ledger.scheme.ride import cancel_ride, promise_ride, settle
from msap_mobility.ledger.scheme.rules import be_rules
from msap_mobility.ledger.scheme.sell import sell_booklet
from msap_mobility.ledger.scheme.serials import coupon, one_serial
from msap_mobility.ledger.scheme.slip import Slip, SlipFields, new_key
from msap_mobility.ledger.scheme.spend import spend
from msap_mobility.ledger.stores import create_engine, open_engine, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from msap_mobility.ledger.outcome import Balance, Posted, Refusal
    from msap_mobility.ledger.proof.checkpoint import Checkpoint
    from msap_mobility.ledger.proof.finding import Verification
    from msap_mobility.ledger.proof.receipt import Receipt
    from msap_mobility.ledger.scheme.amounts import Exact
    from msap_mobility.ledger.scheme.members import Member
    from msap_mobility.ledger.scheme.ride import Ride
    from msap_mobility.ledger.scheme.rules import SchemeRules
    from msap_mobility.ledger.scheme.serials import Coupon, Serials

__all__ = ["Ledger"]


class Ledger:
    """The accounts of one scheme; made by `create`, `open` or `on`.

    Every verb answers `Posted` with the new balances, or raises `Refused` with the rule and the
    amounts. Every verb takes four more keywords, see `scheme.slip.Slip`: ``key`` (the same request
    under the same key counts once), ``effective`` (the day it happened, for slips of paper entered
    later), ``ref`` (number of the slip) and ``actor`` (who wrote it). What has an identity of its
    own brings its key: a ride is paid once, a numbered coupon sold once, dues are paid once a year.
    For the rest two calls are two events: a form takes a `new_key` when it is shown.

    Parameters
    ----------
    journal
        The journal.
    clock
        Gives microseconds since 1970 UTC; tests bring their own.

    Examples
    --------
    >>> from msap_mobility.ledger.scheme.ride import DrivenRide
    >>> from msap_mobility.ledger.scheme.rules import SchemeRules
    >>> ledger = Ledger.create(":memory:", rules=SchemeRules.ayen())
    >>> ledger.sell_booklet("paul", km=50).balances["paul/KM"]
    50
    >>> there = DrivenRide(id="r1", rider="paul", driver="jeanne", km=25)
    >>> ledger.settle(there).balances == {"paul/KM": 25, "jeanne/KM": 25}
    True
    >>> ledger.exchange("jeanne", km=25).balances["jeanne/YACA"]
    150
    >>> ledger.close()
    """

    new_key = staticmethod(new_key)

    def __init__(self, journal: Journal, clock: Callable[[], int] = clock_us) -> None:
        self.journal = journal
        self._kept = Book(journal, clock)

    @classmethod
    def create(
        cls,
        path: str | Path | None,
        *,
        rules: SchemeRules,
        scheme: str | None = None,
        schema: str = SCHEMA,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Begin a scheme in a file, a PostgreSQL database (``postgresql://…``) or memory (None).

        Parameters
        ----------
        path, clock
            Where, and the time.
        rules
            Its rules; kept in its first entry.
        scheme
            Its name in the database; None is the name of the rules.
        schema
            On PostgreSQL, name of the schema the tables are in; made if it is missing and the user
            may.

        Raises
        ------
        InputError
            If a scheme of this name is there already, or `rules` are none.
        Refused
            If the rules are against the law, see `scheme.law`.
        """
        be_rules(rules)
        objection = law.objections(rules.currency_cents, rules.reconverted_by, rules.exemption)
        if objection is not None:
            raise Refused(objection)
        first = editions.first_entry(rules)
        engine = create_engine(path, scheme or rules.name, first, clock, schema)
        return cls(Journal(engine), clock)

    @classmethod
    def open(
        cls,
        path: str | Path,
        scheme: str | None = None,
        *,
        schema: str = SCHEMA,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Open what `create` began; a missing file is refused. The only scheme, if none is named.

        Raises
        ------
        InputError
            If there is no such file or scheme.
        """
        return cls(Journal(open_engine(path, scheme, clock, schema)), clock)

    @classmethod
    def on(
        cls,
        cursor: Any,
        scheme: str | None = None,
        *,
        schema: str = SCHEMA,
        clock: Callable[[], int] = clock_us,
    ) -> Self:
        """Post inside the caller's own transaction, through a cursor of sqlite3, psycopg or Django.

        The caller commits, or rolls back and leaves no trace. For the time of one transaction.

        Raises
        ------
        InputError
            If it is no such cursor, or there is no such scheme.
        Unusable
            If the cursor is in no transaction.
        """
        return cls(Journal(guest(cursor, scheme, clock=clock, schema=schema)), clock)

    @property
    def _book(self) -> Book:
        return self._kept.up_to_date()

    @property
    def rules(self) -> SchemeRules:
        """The rules in force."""
        return self._book.rules

    @property
    def first_day(self) -> date:
        """The first day of which slips are taken: of the year in which the scheme began."""
        return self._book.first_day

    def sell_booklet(
        self,
        member: str,
        km: Exact,
        *,
        serials: Serials = (),
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Sell a booklet, see `scheme.sell`; with `serials`, of numbered paper coupons."""
        return sell_booklet(self._book, member, km, serials, Slip(**slip))

    def promise_ride(
        self,
        ride: Ride,
        *,
        expires: datetime | None = None,
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Hold back the coupons of a booked ride, see `scheme.ride.promise_ride`."""
        return promise_ride(self._book, ride, expires, Slip(**slip))

    def cancel_ride(self, ride_id: str, **slip: Unpack[SlipFields]) -> Posted:
        """Let the coupons of a booked ride go."""
        return cancel_ride(self._book, ride_id, Slip(**slip))

    def settle(self, ride: Ride, *, serials: Serials = (), **slip: Unpack[SlipFields]) -> Posted:
        """Pay the driver of a ride that took place, see `scheme.ride.settle`."""
        return settle(self._book, ride, serials, Slip(**slip))

    def exchange(
        self,
        member: str,
        *,
        km: Exact | None = None,
        coupons: int | None = None,
        serials: Serials = (),
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Exchange coupons for currency at the desk, see `scheme.exchange`."""
        return exchange(self._book, member, km, coupons, serials, Slip(**slip))

    def spend(
        self,
        member: str,
        shop: str,
        amount: Exact | None = None,
        *,
        serials: Serials = (),
        price: Exact | None = None,
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Pay a shop, see `scheme.spend`: 150 and "1.50" are one euro fifty."""
        return spend(self._book, member, shop, amount, serials, price, Slip(**slip))

    def reconvert(
        self,
        shop: str,
        amount: Exact | None = None,
        *,
        serials: Serials = (),
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Turn what a shop took in back into euros, see `scheme.reconvert`."""
        return reconvert(self._book, shop, amount, serials, Slip(**slip))

    def pay_dues(self, member: str, year: int, **slip: Unpack[SlipFields]) -> Posted:
        """A member pays the dues of a year."""
        return pay_dues(self._book, member, year, Slip(**slip))

    def print_coupons(self, serials: Serials, **slip: Unpack[SlipFields]) -> Posted:
        """Take a series of numbered coupons into stock: ``"A001..A500"``."""
        return coupons.print_coupons(self._book, serials, Slip(**slip))

    def lose_coupons(
        self,
        serials: Serials,
        *,
        member: str | None = None,
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Bar lost coupons; those sold are credited to `member`, see `scheme.coupons`."""
        return coupons.lose_coupons(self._book, serials, member, Slip(**slip))

    def cancel_coupons(
        self,
        serials: Serials,
        *,
        member: str | None = None,
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Withdraw coupons; those sold are credited to `member`, see `scheme.coupons`."""
        return coupons.cancel_coupons(self._book, serials, member, Slip(**slip))

    def coupon(self, serial: str) -> Coupon | None:
        """How a numbered coupon stands; None if its number was never seen."""
        return coupon(self._book, one_serial(serial))

    def expire_units(
        self,
        on: date | None = None,
        **slip: Unpack[SlipFields],
    ) -> tuple[Posted | Refusal, ...]:
        """Let lapse what was not used in time, see `scheme.expiry`; today, if no day is given."""
        return expire_units(self._book, on or self._book.now().date(), Slip(**slip))

    def reverse(self, entry: str, **slip: Unpack[SlipFields]) -> Posted:
        """Undo the entry under the key `entry`, made by mistake; see `scheme.correct`."""
        return reverse(self._book, entry, Slip(**slip))

    def amend(self, rules: SchemeRules, **slip: Unpack[SlipFields]) -> Posted:
        """Bring new rules into force, see `scheme.amend`."""
        return amend(self._book, rules, Slip(**slip))

    def add_shop(
        self,
        shop: str,
        *,
        name: str = "",
        contact: str = "",
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Register a shop, and note its name if one is given."""
        members.check_note(name, contact)
        posted = members.add_shop(self._book, shop, Slip(**slip))
        if (name or contact) and not posted.replayed:
            self.note_member(shop, name, contact)
        return posted

    def note_member(
        self,
        member: str,
        name: str,
        contact: str = "",
        **slip: Unpack[SlipFields],
    ) -> Posted:
        """Note a member's name and contact: outside the journal, and to be forgotten one day."""
        return members.note_member(self._book, member, name, contact, Slip(**slip))

    def members(self) -> tuple[Member, ...]:
        """The private persons."""
        return members.members(self._book, "person")

    def shops(self) -> tuple[Member, ...]:
        """The registered shops."""
        return members.members(self._book, "shop")

    def export_member(self, member: str) -> dict[str, Any]:
        """Everything held about a member (access request, GDPR)."""
        return members.export_member(self._book, member)

    def purge(self, before: datetime | None = None) -> tuple[str, ...]:
        """Blank the names of members without activity since `before`: two years, if not given."""
        return members.purge(self._book, before)

    def balance(self, owner: str, *, at: datetime | None = None) -> Mapping[str, Balance]:
        """What a member holds, or one account ("fund/EUR"), by asset.

        Parameters
        ----------
        owner
            A member's id, or an account's.
        at
            An instant (aware); None is now.

        Raises
        ------
        Refused
            If there is no such account.
        """
        return self._book.balances(owner, at)

    def cover(self, *, at: datetime | None = None) -> Cover:
        """Coupons and currency in circulation, and the fund that covers them."""
        return cover(self._book, at)

    def verify(self, checkpoint: Checkpoint | None = None) -> Verification:
        """Check everything from the first entry to the last, see `proof.verify`."""
        return verify(self.journal, checkpoint)

    def checkpoint(self) -> Checkpoint:
        """The state to keep elsewhere, against a cut end or a rewrite, see `proof.checkpoint`."""
        return checkpoint(self.journal)

    def receipt(self, key: str) -> Receipt:
        """Proof that the entry under `key` is in the ledger, for its member to keep."""
        return receipt(self.journal, key)

    def backup(self, target: str | Path) -> Checkpoint:
        """Copy a SQLite ledger while it is in use, and verify the copy, see `proof.backup`."""
        return backup(self.journal, path_of(target))

    @staticmethod
    def restore(
        source: str | Path,
        target: str | Path,
        checkpoint: Checkpoint | None = None,
        scheme: str | None = None,
    ) -> Verification:
        """Make a ledger of a backup, verified before and after, see `proof.backup.restore`."""
        return restore(path_of(source), path_of(target), checkpoint, scheme)

    def close(self) -> None:
        """Close the file, or let go of the server."""
        self.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
