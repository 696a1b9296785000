"""What comes with every request: its key, when it happened, on which paper, who wrote it down."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from time import time_ns
from typing import TYPE_CHECKING, TypedDict

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.canonical import payload_hash
from msap_mobility.ledger.checks import check_name, check_text
from msap_mobility.ledger.entry import Entry, data_text
from msap_mobility.ledger.journal import instant_of, microseconds
from msap_mobility.ledger.outcome import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from msap_mobility.ledger.sight import Written

__all__ = ["Asked", "Slip", "SlipFields", "instant_us", "new_key"]


class SlipFields(TypedDict, total=False):
    """The keywords every verb takes; see `Slip`."""

    key: str | None
    effective: date | datetime | None
    ref: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What comes with a request.

    Parameters
    ----------
    key
        Idempotency key: the same request under the same key counts once. None: what happens once
        (a ride, a member's dues of a year) brings its own key, and so do numbered coupons; the rest
        gets a new one, so that *two calls are two events*. A form therefore takes a `new_key` when
        it is shown, and a second click on it changes nothing. An empty key is refused: a form that
        lost it would count twice.
    effective
        When it happened, if not now: a day (in the scheme's timezone) or an aware instant. Slips of
        paper are entered later under the day they bear. Today's day is now: what is dated today
        stands behind all that was written before it, and so behind what pays for it.
    ref
        Number of the slip.
    actor
        Opaque id of who wrote it at the desk.

    Raises
    ------
    InputError
        If a text cannot be kept.
    """

    key: str | None = None
    effective: date | datetime | None = None
    ref: str = ""
    actor: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            if self.key is not None:
                check_name(faults, "key", self.key)
            check_text(faults, "ref", self.ref)
            check_text(faults, "actor", self.actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request in the form it is compared in: asked again, it is answered as the first time.

    Parameters
    ----------
    key, kind, effective, ref, actor
        As of the entry that answers it.
    day
        When the day begins that was asked for, if a day was; of today, `effective` is None.
    facts
        What was asked, stored with the entry.
    serials
        Numbered coupons it is about.
    expires
        Of a booking: when it ends by itself, microseconds since 1970 UTC.
    identity
        First of the keys under which it may be written, see `Book.keys_of`.
    """

    key: str
    kind: str
    facts: Mapping[str, str | int]
    effective: int | None
    ref: str
    actor: str
    day: int | None = None
    serials: tuple[str, ...] = ()
    expires: int | None = None
    identity: str = ""

    def entry(self, legs: Mapping[str, int], **more: Any) -> Entry:
        """The entry that answers it."""
        given: dict[str, Any] = {
            "key": self.key,
            "kind": self.kind,
            "data": self.facts,
            "effective": self.effective,
            "ref": self.ref,
            "actor": self.actor,
            "expires": self.expires,
        }
        return Entry(legs=legs, **{**given, **more})

    def beside(self, ending: str, kind: str, legs: Mapping[str, int], **more: Any) -> Entry:
        """A further entry of the same request, under a key of its own."""
        return self.entry(legs, **{"key": self.key + ending, "kind": kind, "data": None, **more})

    def answered_by(self, written: Written, zone: tzinfo) -> bool:
        """Whether this entry was written for the same request, whoever asks it again.

        Asked again tomorrow, today's slip is one of yesterday: the days are compared then.
        """
        first = Asked.of(written.entry)
        if self.day is None:
            same = self.effective == first.effective
        else:
            same = self.day == _when(written, zone)
        return same and self.compared() == first.compared()

    @classmethod
    def of(cls, entry: Entry) -> Asked:
        """The request behind an entry."""
        return cls(
            key=entry.key,
            kind=entry.kind,
            facts=entry.data or {},
            effective=entry.effective,
            ref=entry.ref,
            actor=entry.actor,
            serials=tuple(mark.serial for mark in entry.marks),
            expires=entry.expires,
        )

    def compared(self) -> tuple[object, ...]:
        """What makes it this request and no other, but for its time; who asks does not."""
        return self.kind, data_text(self.facts), self.expires, self.ref, sorted(self.serials)

    def text(self, zone: tzinfo) -> str:
        """The request as one line, without who asked; days and times are those of `zone`."""
        facts = sorted(_fact(name, value) for name, value in self.facts.items())
        parts = [self.kind, *facts, self.ref, *sorted(self.serials)]
        when = self.effective if self.day is None else self.day
        for sign, instant in (("@", when), ("..", self.expires)):
            if instant is not None:
                parts.append(f"{sign}{_told(instant, zone)}")
        return " ".join(part for part in parts if part)

    def conflict(self, written: Written, zone: tzinfo) -> Refusal:
        """Its key was used for something else: both are shown."""
        first = Asked.of(written.entry)
        if self.day is not None:
            first = replace(first, day=_when(written, zone))
        ours, theirs = self.text(zone), first.text(zone)
        return Refusal(
            code="key_reused",
            key=self.key,
            values={
                "first": theirs,
                "second": ours,
                "first_hash": payload_hash(theirs),
                "second_hash": payload_hash(ours),
            },
        )


def _when(written: Written, zone: tzinfo) -> int:
    """When an entry happened: the instant it tells, or the beginning of the day it was written."""
    if written.entry.effective is not None:
        return written.entry.effective
    return instant_us(instant_of(written.recorded).astimezone(zone).date(), zone)


_WRITTEN_AS = {"metres": ("km", 3), "units": ("amount", 2), "cents": ("amount", 2)} | {
    "price": ("price", 2)
}
"""Facts kept in small units, as people say them: their name and decimals."""


def _fact(name: str, value: str | int) -> str:
    """One fact of a request, for people to read."""
    if name in _WRITTEN_AS and isinstance(value, int):
        name, decimals = _WRITTEN_AS[name]
        text = f"{Decimal(value).scaleb(-decimals):f}"
        return f"{name}={text.rstrip('0').rstrip('.') if name == 'km' else text}"
    return f"{name}={value}"


def _told(instant: int, zone: tzinfo) -> str:
    """A day, if it is the beginning of one; else a day and a time."""
    when = instant_of(instant).astimezone(zone)
    if when.time() == time.min:
        return when.date().isoformat()
    return when.isoformat(" ", "seconds")


def new_key(kind: str = "key") -> str:
    """A key that nobody else will make, in the order of time (quick to index).

    Examples
    --------
    >>> new_key("spend").startswith("spend/")
    True
    """
    return f"{kind}/{time_ns() // 1000:014x}-{secrets.token_hex(8)}"


def instant_us(value: date | datetime, zone: tzinfo) -> int:
    """Microseconds since 1970 UTC of an aware instant, or of the beginning of a day in `zone`.

    Raises
    ------
    InputError
        If an instant has no timezone, or it is neither instant nor day.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> instant_us(date(1970, 1, 2), ZoneInfo("Europe/Paris"))
    82800000000
    """
    if isinstance(value, datetime):
        return microseconds(value)
    if not isinstance(value, date):
        raise InputError([Fault(code="not_a_day_or_instant", column="effective", value=value)])
    return microseconds(datetime(value.year, value.month, value.day, tzinfo=zone))
