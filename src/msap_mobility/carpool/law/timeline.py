"""Rules that change: each edition with the day from which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from msap_mobility.carpool.law.checks import check_day
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Dated", "Timeline"]


class Dated(Protocol):
    """An edition of a rule."""

    @property
    def since(self) -> date:
        """The first day on which it holds."""


E = TypeVar("E", bound=Dated)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Generic[E]):
    """The known editions of one rule.

    A day before the first edition is an error: no rule is guessed backwards. A day after the last
    one gets the last one, which may be out of date: each edition says when it was read.

    Parameters
    ----------
    rule
        The texts it stands in, as lawyers cite them.
    editions
        In any order.
    """

    rule: str
    editions: tuple[E, ...]

    @property
    def first(self) -> date:
        """The first day of which anything is known."""
        return min(edition.since for edition in self.editions)

    def in_force(self, on: date) -> E:
        """The edition that holds on a day.

        Parameters
        ----------
        on
            A calendar day in France.

        Raises
        ------
        InputError
            ``law_before_first_rule`` if the day lies before the first known edition.

        Examples
        --------
        >>> from datetime import date
        >>> from msap_mobility.carpool.law.tus import TUS
        >>> TUS.in_force(date(2026, 11, 30)).cents_per_km
        32
        >>> TUS.in_force(date(2019, 1, 1))
        Traceback (most recent call last):
        ...
        msap_mobility.errors.InputError: column on: no rule of C. transports ... known ...
        """
        with Faults() as faults:
            check_day(faults, "on", on)
            if not faults.found and on < self.first:
                faults.add(
                    "law_before_first_rule",
                    column="on",
                    value=on,
                    rule=self.rule,
                    first=self.first,
                )
        return max(
            (edition for edition in self.editions if edition.since <= on),
            key=lambda edition: edition.since,
        )
