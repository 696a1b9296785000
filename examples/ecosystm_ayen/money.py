"""The five ways of the money: booklets, coupons, Y'ACA, shops, euros."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from msap_mobility.errors import BrokenInvariant

from .maison import AGENT
from .people import SHOPS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np

    from .maison import Maison
    from .people import Person

__all__ = [
    "Purchase",
    "buy",
    "exchange",
    "purchases",
    "reconvert",
    "returning_shops",
    "sell_booklets",
]

WORTH_A_WALK = 20
"""Coupons with which a driver goes to the desk on a Friday: assumed."""

LEAST_CENTS = 100
"""Least Y'ACA that is carried to a shop: assumed."""

GOES_SHOPPING, SPENDS_ALL, BRINGS_BACK = 0.5, 0.6, 0.8
"""How often a driver spends Y'ACA in a week, and all of them; how often a shop brings its own back
at the beginning of a month. Assumed."""

SMALL_KM, LARGE_KM = 50, 100
"""The two booklets (francemobilites.fr; agevillage.com 15295): 3 and 6 euros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A driver goes to a shop with this share of their Y'ACA."""

    driver: str
    shop: str
    share: float


def purchases(
    people: Sequence[Person], days: Sequence[date], draw: np.random.Generator
) -> dict[date, list[Purchase]]:
    """Who goes where on Fridays. A shop further down the list is gone to less: assumed."""
    drivers = [each.id for each in people if each.part != "rider"]
    liked = [1 / rank for rank in range(1, len(SHOPS) + 1)]
    likely = [each / sum(liked) for each in liked]
    found: dict[date, list[Purchase]] = {}
    for day in days:
        if day.weekday() == 4:
            found[day] = [
                Purchase(
                    driver=driver,
                    shop=SHOPS[int(draw.choice(len(SHOPS), p=likely))],
                    share=1.0 if draw.random() < SPENDS_ALL else 0.5,
                )
                for driver in drivers
                if draw.random() < GOES_SHOPPING
            ]
    return found


def returning_shops(days: Sequence[date], draw: np.random.Generator) -> dict[date, list[str]]:
    """Which shops bring Y'ACA back on the first working day of a month."""
    firsts = [day for before, day in pairwise(days) if before.month != day.month]
    return {day: [shop for shop in SHOPS if draw.random() < BRINGS_BACK] for day in firsts}


def sell_booklets(maison: Maison) -> None:
    """Sell booklets until the ledger holds the coupons of every promised ride.

    Who rides more than 20 km buys the larger one: assumed.
    """
    while lacking := sorted(maison.desk.unposted, key=lambda each: each.ride):
        ride = lacking[0].ride
        ((rider, metres),) = (
            (each.rider, each.metres)
            for each in maison.desk.lives(ride.removesuffix("-back"))
            if each.ride == ride
        )
        key = f"booklet/{ride}"
        if maison.posted(key):
            raise BrokenInvariant("a booklet is enough for a ride", said=lacking[0].text("en"))
        km = LARGE_KM if metres > 20_000 else SMALL_KM
        maison.ledger.sell_booklet(rider, km=km, key=key, actor=AGENT)
        maison.desk.replay()


def exchange(maison: Maison, driver: str, day: date) -> None:
    """A driver turns the coupons of the week into Y'ACA."""
    key, coupons = f"exchange/{driver}/{day}", maison.holds(driver, "KM")
    if coupons >= WORTH_A_WALK and not maison.posted(key):
        maison.ledger.exchange(driver, coupons=coupons, key=key, actor=AGENT)


def buy(maison: Maison, purchase: Purchase, day: date) -> None:
    """A driver spends Y'ACA."""
    key = f"spend/{purchase.driver}/{day}"
    cents = int(purchase.share * maison.holds(purchase.driver, "YACA"))
    if cents >= LEAST_CENTS and not maison.posted(key):
        maison.ledger.spend(purchase.driver, purchase.shop, cents, key=key, actor=AGENT)


def reconvert(maison: Maison, shop: str, day: date) -> None:
    """A shop turns its Y'ACA into euros."""
    key, cents = f"reconvert/{shop}/{day}", maison.holds(shop, "YACA")
    if cents and not maison.posted(key):
        maison.ledger.reconvert(shop, cents, key=key, actor=AGENT)
