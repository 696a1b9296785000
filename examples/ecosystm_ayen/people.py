"""Who takes part: members and the shops that take Y'ACA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.model.member import Member

from .territory import home

if TYPE_CHECKING:
    from datetime import date

    import numpy as np

    from msap_mobility.model import Place

__all__ = ["SHOPS", "Person", "people"]

DRIVERS, RIDERS = 45, 40
"""85 members: 80 to 90 are published (ithea-conseil.fr); the split is assumed."""

ELDERLY = 0.65
"""Of those who are taken along: 60 to 70 % are published (agevillage.com 15295)."""

BY_RESOURCES = 0.15
"""Of those who are taken along, how many get one of the benefits of R3133-1, 2°. Assumed."""

VOLUNTEERS, COMMUTERS = 8, 14
"""Of the drivers: who drive for others alone, and who drive to work in Brive. Assumed."""

SHOPS = (
    *("boulangerie-1", "boulangerie-2", "epicerie-1", "epicerie-2", "boucherie", "primeur"),
    *("restaurant-1", "restaurant-2", "bar-tabac", "garage-1", "garage-2", "carburant"),
    *("pharmacie", "coiffure-1", "coiffure-2", "fleuriste", "quincaillerie", "presse"),
    *("pepiniere", "traiteur", "cave", "electricien"),
)
"""22 shops (2019; courrierdesmaires.fr 81026): food, restaurants, garages, fuel. Which: made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member, made up.

    Parameters
    ----------
    id, home
        Names nobody; lies nowhere in particular.
    part
        ``rider``, ``volunteer``, ``commuter`` or ``neighbour`` (who drives now and then).
    elderly, by_resources
        Of riders.
    asks
        How often a rider asks, beside the others.
    """

    id: str
    home: Place
    part: str
    elderly: bool = False
    by_resources: bool = False
    asks: float = 0.0

    def member(self, signed: date) -> Member:
        """The registration: charter signed, papers shown, a numbered badge for who drives."""
        drives = self.part != "rider"
        return Member(
            id=self.id,
            roles=frozenset({"driver" if drives else "rider"}),
            charter_signed=signed,
            id_seen=signed,
            licence_seen=signed if drives else None,
            badge=self.id[1:] if drives else "",
            commune_code=self.home.commune,
        )


def people(draw: np.random.Generator) -> tuple[Person, ...]:
    """All members, riders first."""
    riders = [
        Person(
            id=f"p{n:02}",
            home=home(f"p{n:02}", draw),
            part="rider",
            elderly=bool(draw.random() < ELDERLY),
            by_resources=bool(draw.random() < BY_RESOURCES),
            asks=float(draw.lognormal(0, 0.8)),  # some ask often, many now and then: assumed
        )
        for n in range(1, RIDERS + 1)
    ]
    parts = ["volunteer"] * VOLUNTEERS + ["commuter"] * COMMUTERS
    parts += ["neighbour"] * (DRIVERS - len(parts))
    drivers = [
        Person(id=f"d{n:02}", home=home(f"d{n:02}", draw), part=part)
        for n, part in enumerate(parts, 1)
    ]
    return (*riders, *drivers)
