"""The maison: its desk and its ledger, each in a SQLite file, and the clock on its wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import Desk, DeskRefused
from msap_mobility.errors import BrokenInvariant, InputError
from msap_mobility.ledger import Ledger, Refused, SchemeRules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from msap_mobility.desk import Life, No

    from .wishes import Wish

__all__ = ["AGENT", "Clock", "Maison", "taken"]

AGENT = "agent"

_ZONE = ZoneInfo("Europe/Paris")


class Clock:
    """The time of the year that is told: that of the step being made.

    A step that is made again after a kill finds the same time on the wall.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> int:
        """Microseconds since 1970 UTC."""
        return int(self.at.replace(tzinfo=_ZONE).timestamp()) * 1_000_000


class Maison:
    """A desk and a ledger that belong together.

    Opening them makes up for what a kill cut off between the two, see `Desk.replayed`.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock = clock
        self.ledger = _ledger(folder / "ledger.sqlite", clock)
        self.desk = _desk(folder / "desk.sqlite", self.ledger, clock)

    def check_cover(self) -> tuple[int, int]:
        """Euro cents in the fund, and in circulation.

        Raises
        ------
        BrokenInvariant
            If they differ.
        """
        cover = self.ledger.cover()
        if cover.fund_cents != cover.total_cents:
            raise BrokenInvariant(
                "the fund equals what circulates",
                fund=cover.fund_cents,
                circulating=cover.total_cents,
            )
        return cover.fund_cents, cover.total_cents

    def posted(self, key: str) -> bool:
        """Whether the ledger has an entry under this key."""
        return self.ledger.journal.entry(key) is not None

    def holds(self, member: str, asset: str) -> int:
        """What a member can dispose of, minor units; none without an account."""
        try:
            return self.ledger.journal.balance(f"{member}/{asset}").available
        except Refused:
            return 0

    def lives(self, wish: Wish) -> Iterator[Life]:
        """The rides of a wish: as it was asked for, and as it was asked for again."""
        for name in (wish.request.id, f"{wish.request.id}~2"):
            yield from self.desk.lives(name)

    def promised_on(self, day: date) -> list[Life]:
        """Who has a seat on a day and has not left yet."""
        return [each for each in self.desk.lives_on(day) if each.stage == "promised"]

    def close(self) -> None:
        """Close both files."""
        self.desk.close()
        self.ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def taken(answer: object | No) -> None:
    """Go on if the desk did what it was asked.

    Raises
    ------
    BrokenInvariant
        If it did not: nothing in this year is against its rules.
    """
    if isinstance(answer, DeskRefused | EventRefused):
        raise BrokenInvariant("the desk takes what the year brings", said=answer.text("en"))


def _ledger(path: Path, clock: Clock) -> Ledger:
    """Begin the scheme, or open it if an earlier run began it."""
    try:
        return Ledger.create(path, rules=SchemeRules.ayen(), clock=clock)
    except InputError:
        return Ledger.open(path, clock=clock)


def _desk(path: Path, ledger: Ledger, clock: Clock) -> Desk:
    try:
        return Desk.create(path, ledger=ledger, clock=clock)
    except InputError:
        return Desk.open(path, ledger=ledger, clock=clock)
