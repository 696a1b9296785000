"""What a match gives: the rides, who is left out and why, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.model import Reason, Ride
from msap_mobility.provenance import Provenance
from msap_mobility.wording import Lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.model import Leg

__all__ = ["Match", "Prices", "Promise", "Unserved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A request without a ride.

    Parameters
    ----------
    request
        Its id.
    leg
        The way that stood in the way: ``"out"``, or ``"back"`` where only that one is missing.
    reason
        Why.
    offer
        Id of the offer that comes nearest, which `reason` is about; empty if it is about none.
    """

    request: str
    leg: Leg
    reason: Reason
    offer: str = ""

    def text(self, lang: Lang = "en") -> str:
        """One sentence or two."""
        about = {"request": self.request, "offer": self.offer}
        key = "carpool.match.left_out_by" if self.offer else "carpool.match.left_out"
        return f"{say(key, lang, **about)} {self.reason.text(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "request": self.request,
            "leg": self.leg,
            "reason": self.reason.to_dict(),
            "offer": self.offer,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**{**data, "reason": Reason.from_dict(data["reason"])})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Promise:
    """That one driver takes one rider, one way or there and back.

    Parameters
    ----------
    ride, offer, request
        Ids: of the ride as it was promised, and of the two.
    leg
        Which way.
    """

    ride: str
    offer: str
    request: str
    leg: Leg

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What the value hangs on, in seconds: the dual prices that prove it.

    Parameters
    ----------
    offers
        By offer id: about what would be lost if this car did not come. Zero where another one is as
        good.
    requests
        By request id: about what one more request like this one would add; both ways together.
    """

    offers: Mapping[str, int]
    requests: Mapping[str, int]

    def text(self, lang: Lang = "en") -> str:
        """The sentence that says what the prices mean."""
        return say("carpool.match.prices", lang)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {"offers": dict(self.offers), "requests": dict(self.requests)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who rides with whom.

    Parameters
    ----------
    rides
        By offer. Where all riders of a ride are fetched again by one other ride, or were brought by
        one, `Ride.pair` is its id; where not, `ride_of` finds each rider's way.
    unserved
        By request.
    value
        What the rides are worth in `unit`, see `terms.Objective`: for ``"riders"`` 86,400 a
        request less the detours, for ``"saving"`` the driving saved; less what fairness and broken
        promises cost.
    bound
        Nothing can be worth more, if no way is faster by way of a third place.
    greedy
        What best gain first is worth.
    unit
        Of these: ``"s"``.
    kept, broken
        What was promised before.
    prices
        See `Prices`.
    provenance
        Inputs, engine, value, bound and gap.
    """

    rides: tuple[Ride, ...]
    unserved: tuple[Unserved, ...]
    value: int
    bound: int
    greedy: int
    kept: tuple[Promise, ...]
    broken: tuple[Promise, ...]
    prices: Prices
    provenance: Provenance
    unit: str = "s"

    @property
    def gap(self) -> int:
        """Bound less value."""
        return self.bound - self.value

    @property
    def proven(self) -> bool:
        """Whether no match is worth more."""
        return self.gap == 0

    @property
    def served(self) -> tuple[str, ...]:
        """Ids of the requests that have a ride, sorted."""
        return tuple(sorted({request for ride in self.rides for request in ride.requests}))

    def ride_of(self, request: str, leg: Leg = "out") -> Ride | None:
        """The ride of one leg of a request, a round counting as both; None if there is none."""
        for ride in self.rides:
            for name, kind in zip(ride.requests, ride.legs, strict=True):
                if name == request and kind in (leg, "round"):
                    return ride
        return None

    def summary(self, lang: Lang = "en") -> str:
        """A few lines for who has to decide."""
        detour_s = sum(ride.detour_s for ride in self.rides)
        left = sorted({row.request for row in self.unserved})
        key = "proven" if self.proven else "gap"
        lines = [
            say(
                "carpool.match.served",
                lang,
                rides=len(self.rides),
                requests=len(self.served),
                detour=detour_s,
            ),
            say(f"carpool.match.{key}", lang, gap=self.gap),
        ]
        if self.broken:
            lines.append(say("carpool.match.broken", lang, count=len(self.broken)))
        if left:
            lines.append(say("carpool.match.left", lang, count=len(left)))
            lines += [f"- {row.text(lang)}" for row in self.unserved[:_SHOWN]]
        if len(self.unserved) > _SHOWN:
            lines.append(say("carpool.match.more", lang, count=len(self.unserved) - _SHOWN))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, places with their coordinates included: not for publication."""
        return {
            "rides": [ride.to_dict() for ride in self.rides],
            "unserved": [row.to_dict() for row in self.unserved],
            "value": self.value,
            "bound": self.bound,
            "greedy": self.greedy,
            "unit": self.unit,
            "kept": [promise.to_dict() for promise in self.kept],
            "broken": [promise.to_dict() for promise in self.broken],
            "prices": self.prices.to_dict(),
            "provenance": self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(
            rides=tuple(Ride.from_dict(ride) for ride in data["rides"]),
            unserved=tuple(Unserved.from_dict(row) for row in data["unserved"]),
            value=data["value"],
            bound=data["bound"],
            greedy=data["greedy"],
            unit=data["unit"],
            kept=tuple(Promise.from_dict(promise) for promise in data["kept"]),
            broken=tuple(Promise.from_dict(promise) for promise in data["broken"]),
            prices=Prices.from_dict(data["prices"]),
            provenance=Provenance.from_dict(data["provenance"]),
        )


_SHOWN = 20
"""Requests left out that a summary names."""
