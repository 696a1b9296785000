"""Who asks and how: the desk and the ledger meant, the agent; both are opened here."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from msap_mobility.cli.asking import Asked, clock_us

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from msap_mobility.desk import Desk
    from msap_mobility.ledger import Ledger

__all__ = ["Agent", "Opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A desk that is open, and the ledger it is joined to.

    Parameters
    ----------
    desk
        The desk.
    ledger
        The scheme's; None without one.
    """

    desk: Desk
    ledger: Ledger | None

    @property
    def now(self) -> datetime:
        """The time of day where the desk is, to the second."""
        return datetime.fromtimestamp(clock_us() // 1_000_000, tz=UTC).astimezone(self.zone)

    @property
    def today(self) -> date:
        """The day where the desk is."""
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        """Where its days are counted."""
        return ZoneInfo(self.desk.zone)

    def price_cents(self, metres: int) -> int | None:
        """What a passenger pays for so many metres, euro cents; None without a ledger."""
        from msap_mobility.desk.fares import price_cents

        return None if self.ledger is None else price_cents(self.ledger.rules, metres)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Asked):
    """What every command of the desk is told.

    Parameters
    ----------
    place, lang, as_json
        Which desk, and how to answer.
    ledger, scheme
        The ledger it is joined to, and which scheme of it.
    places
        A table of places.
    by, at
        Who says so, and when it happened, as typed.
    """

    FIELDS: ClassVar = ("place", "lang", "as_json", "ledger", "scheme", "places", "by", "at")

    ledger: str | None = None
    scheme: str | None = None
    places: str | None = None
    by: str = "desk"
    at: str | None = None

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """The desk and its ledger, open for the time of a block.

        What a breakdown kept from the ledger is made up for, and told on stderr.

        Raises
        ------
        InputError
            If there is no such desk, ledger or scheme.
        DeskUnusable, Unusable
            If one of them cannot be used.
        """
        from msap_mobility.desk import Desk

        with ExitStack() as stack:
            ledger = None if not self.ledger else stack.enter_context(self._ledger(self.ledger))
            desk = Desk.open(self.place, ledger=ledger, clock=clock_us)
            stack.enter_context(desk)
            if desk.replayed:
                self.mention("cli.desk.replayed", n=len(desk.replayed))
            yield Opened(desk=desk, ledger=ledger)

    def check_ledger(self) -> None:
        """Make sure that the ledger that is named, if one is, is there.

        Raises
        ------
        InputError, Unusable
            If it is not, or cannot be used.
        """
        if self.ledger:
            with self._ledger(self.ledger):
                pass

    @contextmanager
    def _ledger(self, place: str) -> Iterator[Ledger]:
        from msap_mobility.cli.ledger.asking import Desk as Counter

        with Counter(place=place, scheme=self.scheme, lang=self.lang).ledger() as ledger:
            yield ledger
