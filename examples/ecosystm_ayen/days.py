"""What happens, step by step: every step has an id and an hour, and made twice it is made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING

from .maison import AGENT, taken
from .matching import arrange
from .money import buy, exchange, reconvert, sell_booklets
from .people import SHOPS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from msap_mobility.model import Offer
    from msap_mobility.model.member import Member

    from .maison import Maison
    from .wishes import Wish
    from .year import Year

__all__ = ["Step", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens at the maison.

    Parameters
    ----------
    at
        When, on the clock of Ayen.
    id
        Unique in the year, the same in every run.
    make
        What is done.
    """

    at: datetime
    id: str
    make: Callable[[Maison], None]


def steps(year: Year) -> list[Step]:
    """All steps of a year, in order."""
    found = [*_founding(year), *_of_wishes(year), *_of_drivers(year), *_of_money(year)]
    for eve, day in zip((None, *year.days), year.days, strict=False):
        found += _of_a_day(year, eve, day)
    return sorted(found, key=lambda step: step.at)  # of one minute: in the order above


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def _founding(year: Year) -> Iterator[Step]:
    """Members sign, shops join, regular offers are noted."""
    first = year.days[0]
    for person in year.people:
        sign = partial(_sign, person.member(first))
        yield Step(at=_at(first, "08:30"), id=f"{person.id}/signed", make=sign)
    for shop in SHOPS:
        yield Step(at=_at(first, "08:40"), id=f"{shop}/joined", make=partial(_join, shop))
    for offer in year.regular:
        note = partial(_tell, (offer,))
        yield Step(at=_at(first, "08:50"), id=f"{offer.id}/told", make=note)


def _of_wishes(year: Year) -> Iterator[Step]:
    """The way of every request: asked for, perhaps cancelled, driven, its slip handed in."""
    for wish in year.wishes:
        name = wish.request.id
        yield Step(at=wish.asked, id=f"{name}/asked", make=partial(_ask, wish))
        if wish.fate == "cancelled":
            eve = max(day for day in year.days if day < wish.day)
            yield Step(at=_at(eve, "16:40"), id=f"{name}/cancelled", make=partial(_cancel, wish))
        evening = _at(wish.day, "18:30")
        yield Step(at=evening, id=f"{name}/driven", make=partial(_drive, wish))
        yield Step(at=wish.slip, id=f"{name}/slip", make=partial(_hand_in, wish))


def _of_drivers(year: Year) -> Iterator[Step]:
    """Errands are told the desk."""
    for errands in year.errands.values():
        for errand in errands:
            id_ = f"{errand.offers[0].id}/told"
            yield Step(at=errand.told, id=id_, make=partial(_tell, errand.offers))


def _of_a_day(year: Year, eve: date | None, day: date) -> Iterator[Step]:
    """A day is matched on the eve, again for those whose driver called off, and in the morning."""
    match = partial(_match, day=day, declines=year.declines.get(day, ()))
    if eve is not None:
        yield Step(at=_at(eve, "16:30"), id=f"{day}/matched", make=match)
        for driver, offers in year.called_off[day].items():
            off = partial(_call_off, driver=driver, day=day, offers=offers)
            yield Step(at=_at(eve, "16:45"), id=f"{day}/{driver}/off", make=off)
        yield Step(at=_at(eve, "16:50"), id=f"{day}/matched anew", make=match)
    yield Step(at=_at(day, "09:30"), id=f"{day}/matched late", make=match)


def _of_money(year: Year) -> Iterator[Step]:
    """Fridays: coupons become Y'ACA, and these go to the shops. Once a month shops bring them."""
    drivers = [each.id for each in year.people if each.part != "rider"]
    for day in year.days:
        if day.weekday() == 4:
            for driver in drivers:
                swap = partial(exchange, driver=driver, day=day)
                yield Step(at=_at(day, "11:00"), id=f"{day}/{driver}/exchanged", make=swap)
        for each in year.purchases.get(day, ()):
            id_ = f"{day}/{each.driver}/spent"
            yield Step(at=_at(day, "17:30"), id=id_, make=partial(buy, purchase=each, day=day))
        for shop in year.returning.get(day, ()):
            bring = partial(reconvert, shop=shop, day=day)
            yield Step(at=_at(day, "11:30"), id=f"{day}/{shop}/reconverted", make=bring)


def _sign(member: Member, maison: Maison) -> None:
    maison.desk.register(member, by=AGENT)


def _join(shop: str, maison: Maison) -> None:
    maison.ledger.add_shop(shop, key=f"shop/{shop}", actor=AGENT)


def _tell(offers: Sequence[Offer], maison: Maison) -> None:
    for offer in offers:
        taken(maison.desk.add_offer(offer, by=AGENT))


def _ask(wish: Wish, maison: Maison) -> None:
    taken(maison.desk.ask(wish.request, by=AGENT))


def _match(maison: Maison, day: date, declines: Collection[str]) -> None:
    """Who is promised a ride and has too few coupons buys a booklet, or has one bought: assumed."""
    arrange(maison, day, declines)
    sell_booklets(maison)


def _cancel(wish: Wish, maison: Maison) -> None:
    for life in tuple(maison.lives(wish)):
        if life.stage == "promised" and life.leg != "back":
            taken(maison.desk.cancel(life.ride, by=AGENT))


def _call_off(maison: Maison, driver: str, day: date, offers: Sequence[str]) -> None:
    """A driver cannot come: their passengers are asked for anew, and nobody else gets in."""
    left = sorted({each.request for each in maison.promised_on(day) if each.driver == driver})
    for request in left:
        if maison.desk.request(f"{request}~2") is None:
            taken(maison.desk.ask_again(request, by=AGENT, why="driver"))
    for offer in offers:
        taken(maison.desk.withdraw_offer(offer, by=AGENT))


def _drive(wish: Wish, maison: Maison) -> None:
    """In the evening the drivers say how it was; who does not come is not fetched either."""
    for life in tuple(maison.lives(wish)):
        if life.stage == "promised" and wish.fate == "missed" and life.leg != "back":
            taken(maison.desk.no_show(life.ride, by=life.driver))
    for life in tuple(maison.lives(wish)):
        if life.stage == "promised":
            taken(maison.desk.drive(life.ride, by=life.driver))


def _hand_in(wish: Wish, maison: Maison) -> None:
    """The slip with the passenger's signature comes to the desk; the driver is paid."""
    for life in tuple(maison.lives(wish)):
        if life.stage == "driven":
            taken(maison.desk.confirm(life.ride, by=life.rider))
    for life in tuple(maison.lives(wish)):
        if life.stage == "confirmed":
            taken(maison.desk.settle(life.ride, by=AGENT, ref=f"slip {life.ride}"))
