"""What the agent is told: choices, whom to ring, and why nobody else can."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, Self

from msap_mobility.carpool.almost import Almost
from msap_mobility.carpool.calls import Call
from msap_mobility.carpool.refusals import Refusal
from msap_mobility.model import Request, Ride
from msap_mobility.provenance import Provenance
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["Answer", "Choice", "ChoiceKind", "Moved", "Rest", "Told"]

ChoiceKind = Literal["one_way", "waits", "same_driver", "two_drivers"]
"""No return is wanted; one car waits; one driver comes twice; two drivers."""


class _Euros(NamedTuple):
    units: int
    asset: str = "EUR"
    decimals: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What changes for somebody who has a promise.

    Parameters
    ----------
    ride
        Id of the promised ride.
    request
        Id of the passenger's request whose pick-up moves; empty where it is the driver's arrival.
    person
        Member id.
    seconds
        How much later; earlier if below zero.
    """

    ride: str
    request: str
    person: str
    seconds: int

    def text(self, lang: Lang = "en") -> str:
        """One sentence."""
        what = "pick_up" if self.request else "arrival"
        when = "later" if self.seconds > 0 else "earlier"
        return say(
            f"carpool.who.{what}_{when}", lang, person=self.person, seconds=abs(self.seconds)
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "ride": self.ride,
            "request": self.request,
            "person": self.person,
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way of taking the caller.

    Parameters
    ----------
    out, back
        The ride there, or there and back by one car; the ride back, if it is one of its own. Each
        with everybody aboard.
    kind
        See `ChoiceKind`.
    detour_s, detour_m
        What is driven more than without the caller, both ways together.
    walk_m, shared_m
        Of the caller: metres on foot, and in the car.
    price_cents
        Of both ways together; None if no tariff was given.
    loads
        Per driver, rides given this month.
    moved
        What would change for those who have a promise.
    """

    out: Ride
    back: Ride | None
    kind: ChoiceKind
    detour_s: int
    detour_m: int
    walk_m: int
    shared_m: int
    price_cents: int | None
    loads: Mapping[str, int]
    moved: tuple[Moved, ...]

    @property
    def rides(self) -> tuple[Ride, ...]:
        """The one or two rides."""
        return (self.out,) if self.back is None else (self.out, self.back)

    @property
    def drivers(self) -> tuple[str, ...]:
        """Member ids, each once, who drives there first."""
        return tuple(dict.fromkeys(ride.driver for ride in self.rides))

    def text(self, request: str, lang: Lang = "en") -> str:
        """A few sentences: when, where, with whom, and what it costs.

        Parameters
        ----------
        request
            Id of the caller's request.
        lang
            Language.
        """
        parts = [
            say(f"carpool.who.{key}", lang, driver=ride.driver, **journey)
            for ride, (key, journey) in zip(self._driven(), self._journeys(request), strict=True)
        ]
        if self.kind == "waits":
            parts.append(say("carpool.who.waits", lang, driver=self.out.driver))
        if self.walk_m:
            parts.append(say("carpool.who.walk", lang, metres=self.walk_m))
        parts.append(
            say("carpool.who.detour", lang, seconds=self.detour_s, metres=max(self.detour_m, 0))
        )
        if self.price_cents is not None:
            parts.append(say("carpool.who.price", lang, price=_Euros(self.price_cents)))
        parts += [
            say("carpool.who.load", lang, driver=driver, count=load)
            for driver, load in self.loads.items()
            if load
        ]
        parts += [moved.text(lang) for moved in self.moved]
        return " ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, places with their coordinates included: not for publication."""
        return {
            "out": self.out.to_dict(),
            "back": None if self.back is None else self.back.to_dict(),
            "kind": self.kind,
            "detour_s": self.detour_s,
            "detour_m": self.detour_m,
            "walk_m": self.walk_m,
            "shared_m": self.shared_m,
            "price_cents": self.price_cents,
            "loads": dict(self.loads),
            "moved": [each.to_dict() for each in self.moved],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        read = {
            "out": Ride.from_dict(data["out"]),
            "back": None if data["back"] is None else Ride.from_dict(data["back"]),
            "moved": tuple(Moved.from_dict(each) for each in data["moved"]),
        }
        return cls(**{**data, **read})

    def _driven(self) -> tuple[Ride, ...]:
        """The ride of each journey."""
        return (self.out, self.out) if self.kind == "waits" else self.rides

    def _journeys(self, request: str) -> list[tuple[str, dict[str, Any]]]:
        """Each way of the caller: which way, from where and when to where and when."""
        found: list[tuple[str, dict[str, Any]]] = []
        for ride in self.rides:
            begun: dict[str, Any] = {}
            for stop in ride.stops:
                if request in stop.sets_down:
                    here = {"drop": _clock(stop.at), "end": stop.place.name}
                    found.append(("back" if found else "out", {**begun, **here}))
                if request in stop.picks_up:
                    begun = {"pick": _clock(stop.at), "start": stop.place.name}
        return found


class Rest(Protocol):
    """What takes longer to find out than a caller waits; found when it is asked for."""

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """Why each offer cannot."""

    @property
    def almost(self) -> tuple[Almost, ...]:
        """What would open a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The rest of an answer that was read back."""

    refused: tuple[Refusal, ...]
    almost: tuple[Almost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who can take a caller.

    Parameters
    ----------
    request
        What was asked.
    choices
        Best first, see `choosing`; both ways, where a return is wanted.
    calls
        Whom to ring, in order, each driver once.
    offers
        How many offers were looked at.
    provenance
        Inputs, sources, version.
    rest
        Where `refused` and `almost` come from.
    """

    request: Request
    choices: tuple[Choice, ...]
    calls: tuple[Call, ...]
    offers: int
    provenance: Provenance
    rest: Rest = field(compare=False, repr=False)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """A reason for every offer that cannot, by offer; found when first asked for."""
        return self.rest.refused

    @property
    def almost(self) -> tuple[Almost, ...]:
        """Changes that each open a choice, where there is none; found when first asked for."""
        return self.rest.almost

    def text(self, lang: Lang = "en") -> str:
        """What the agent reads out: the choices and the calls; if there are none, what would help.

        Parameters
        ----------
        lang
            Language.
        """
        if self.choices:
            lines = [say("carpool.who.choices", lang, count=len(self.choices))]
            lines += [
                f"{number}. {choice.text(self.request.id, lang)}"
                for number, choice in enumerate(self.choices, 1)
            ]
            named = [call for call in self.calls if call.falls]
            return "\n".join([*lines, *(call.text(lang) for call in named)])
        lines = [say("carpool.who.nobody", lang, count=self.offers)]
        if self.almost:
            lines.append(say("carpool.who.almost", lang))
            lines += [f"- {each.text(lang)}" for each in self.almost]
        return "\n".join(lines)

    def to_dict(self, *, rest: bool = True) -> dict[str, Any]:
        """JSON data, places with their coordinates included: not for publication.

        Parameters
        ----------
        rest
            Whether to tell `refused` and `almost` too, which may have to be found first.
        """
        return {
            "request": self.request.to_dict(),
            "choices": [each.to_dict() for each in self.choices],
            "calls": [each.to_dict() for each in self.calls],
            "offers": self.offers,
            "refused": [each.to_dict() for each in self.refused] if rest else [],
            "almost": [each.to_dict() for each in self.almost] if rest else [],
            "provenance": self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(
            request=Request.from_dict(data["request"]),
            choices=tuple(Choice.from_dict(each) for each in data["choices"]),
            calls=tuple(Call.from_dict(each) for each in data["calls"]),
            offers=data["offers"],
            provenance=Provenance.from_dict(data["provenance"]),
            rest=Told(
                refused=tuple(Refusal.from_dict(each) for each in data["refused"]),
                almost=tuple(Almost.from_dict(each) for each in data["almost"]),
            ),
        )


def _clock(at: datetime) -> int:
    """Seconds since midnight of the clock the ride is told by."""
    return at.hour * 3600 + at.minute * 60 + at.second
