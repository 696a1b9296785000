"""The one change of a request that would open a choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from msap_mobility.carpool.why_not import shifted
from msap_mobility.errors import InputError
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.carpool.enquiry import Enquiry
    from msap_mobility.model import Request
    from msap_mobility.model.reason import Unit

__all__ = ["Almost", "Change", "openings"]

_STEP_S, _STEPS = 900, 8
_MOST_WALK_M = 3_000
"""Hours are shifted by a quarter of an hour up to two hours, and nobody is asked to walk farther:
our choice."""


Change = Literal["all", "out", "back", "walk", "longer_ride"]
"""Both ways at another hour; the way there; the way back; a walk to a meeting point; a longer ride.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Almost:
    """One change that opens a choice.

    Parameters
    ----------
    change
        See `Change`.
    amount
        Seconds later (earlier if below zero) or longer; metres that the rider would walk at most.
    where
        Name of the meeting point that opens it; empty for another change.
    """

    change: Change
    amount: int
    where: str = ""

    @property
    def unit(self) -> Unit:
        """Of the amount."""
        return "m" if self.change == "walk" else "s"

    def apply(self, request: Request) -> Request:
        """The changed request.

        Raises
        ------
        InputError
            If the record allows no such change.
        """
        if self.change == "walk":
            return replace(request, walk_limit_m=self.amount)
        if self.change == "longer_ride":
            return replace(request, max_ride_s=(request.max_ride_s or 0) + self.amount)
        moved = shifted(request, self.amount)
        if self.change == "all":
            return moved
        if self.change == "out":
            return replace(request, depart=moved.depart, arrive=moved.arrive, back=request.returns)
        back = request.returns
        return request if back is None else replace(request, back=back.later(self.amount))

    def text(self, lang: Lang = "en") -> str:
        """One sentence."""
        key: str = self.change
        if self.change in ("all", "out", "back"):
            key += "_later" if self.amount > 0 else "_earlier"
        return say(f"carpool.who.almost_{key}", lang, amount=abs(self.amount), where=self.where)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "change": self.change,
            "amount": self.amount,
            "unit": self.unit,
            "where": self.where,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(change=data["change"], amount=data["amount"], where=data["where"])


def openings(enquiry: Enquiry) -> Iterator[Almost]:
    """Changes that each open a choice, each tried: of every sort the smallest.

    Parameters
    ----------
    enquiry
        A question that nobody can answer.
    """
    scopes: tuple[Change, ...] = (
        ("all", "out", "back") if enquiry.request.wants_return else ("out",)
    )
    for scope in scopes:
        for sign in (-1, 1):
            steps = (Almost(change=scope, amount=sign * step) for step in _steps())
            yield from _first(enquiry, steps)
    yield from _walks(enquiry)
    if enquiry.request.max_ride_s is not None:
        longer = (Almost(change="longer_ride", amount=step) for step in _steps())
        yield from _first(enquiry, longer)


def _steps() -> range:
    return range(_STEP_S, _STEPS * _STEP_S + 1, _STEP_S)


def _first(enquiry: Enquiry, changes: Iterator[Almost]) -> Iterator[Almost]:
    """The first change that opens a choice, if one does."""
    found = next((each for each in changes if _opened(enquiry, each) is not None), None)
    if found is not None:
        yield found


def _opened(enquiry: Enquiry, change: Almost) -> Enquiry | None:
    """The question with a change, if somebody can then."""
    try:
        request = change.apply(enquiry.request)
    except InputError:  # the record refuses so much as a mistake: then this is no way out
        return None
    windows = [window for window in (request.depart, request.arrive) if window is not None]
    if any(window.latest_s < enquiry.now_s for window in windows):
        return None
    again = replace(enquiry, request=request, most=1)
    return again if len(again.options.out) else None


def _walks(enquiry: Enquiry) -> Iterator[Almost]:
    """The shortest walk to a meeting point that opens a choice, if one does."""
    request, board = enquiry.request, enquiry.board
    if request.wheelchair or board.walk_times is None:
        return
    walker = replace(request, walk_limit_m=max(request.walk_limit_m, _MOST_WALK_M))
    walks = board.walks(enquiry.ways, (walker,))
    lengths = {
        met.metres
        for place in (request.start, request.end)
        for met in walks.points_near(place, _MOST_WALK_M)
    }
    for metres in sorted(lengths):
        if metres > request.walk_limit_m:
            again = _opened(enquiry, Almost(change="walk", amount=metres))
            if again is not None:
                yield Almost(change="walk", amount=metres, where=_met_at(again))
                return


def _met_at(enquiry: Enquiry) -> str:
    """Names of the meeting points of the best option."""
    request, options = enquiry.request, enquiry.options
    rows = [row for row in (int(options.out[0]), int(options.back[0])) if row >= 0]
    doors = {(place.lon, place.lat) for place in (request.start, request.end)}
    names = {
        stop.place.name: None
        for ride in enquiry.rides(rows)
        for stop in ride.stops
        if request.id in (*stop.picks_up, *stop.sets_down)
        and (stop.place.lon, stop.place.lat) not in doors
    }
    return ", ".join(names)
