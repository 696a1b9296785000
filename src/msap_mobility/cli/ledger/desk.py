"""What happens at the desk: the five events, bookings, dues, shops, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.cli.asking import clock_us
from msap_mobility.cli.endings import Exit
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.command import writing
from msap_mobility.cli.ledger.telling import document, posted_data, print_posted
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger.scheme.ride import DrivenRide
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    member, shop = options.argument("member", lang), options.argument("shop", lang)
    ride = options.argument("ride", lang)
    km, serials = options.option("km", lang), options.option("serials", lang)
    amount = options.option("amount", lang)
    ridden = [options.option(name, lang, required=True) for name in ("rider", "driver", "km")]
    yield writing("sell", lang, sell, member, options.option("km", lang, required=True), serials)
    expires = options.option("expires", lang, word="moment")
    yield writing("promise", lang, promise, ride, *ridden, expires)
    yield writing("cancel", lang, cancel, ride)
    yield writing("settle", lang, settle, ride, *ridden, serials)
    counted = options.option("coupons", lang, word="count")
    yield writing("exchange", lang, exchange, member, km, counted, serials)
    price = options.option("price", lang, word="amount")
    yield writing("spend", lang, spend, member, shop, amount, serials, price)
    yield writing("reconvert", lang, reconvert, shop, amount, serials)
    yield writing("dues", lang, dues, member, options.option("year", lang))
    named = options.option("name", lang), options.option("contact", lang)
    yield writing("shop", lang, add_shop, shop, *named)
    yield writing("reverse", lang, reverse, options.argument("entry", lang))
    yield writing("expire", lang, expire, options.option("on", lang, word="day"))


def sell(desk: Desk, member: str, km: str, serials: str | None) -> None:
    """Event 1: a booklet for euros."""
    given = read(date=desk.date, member=member, km=km, serials=serials)
    numbers = given["serials"] or ()
    with desk.ledger() as ledger:
        posted = ledger.sell_booklet(member, km, serials=numbers, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "sell", member=member, km=km)


def promise(desk: Desk, expires: str | None, **ridden: Any) -> None:
    """A ride is booked: its coupons are held back."""
    given = read(date=desk.date, expires=expires, **ridden)
    with desk.ledger() as ledger:
        slip = desk.slip(given["date"])
        posted = ledger.promise_ride(_ride(**ridden), expires=given["expires"], **slip)
        print_posted(desk, ledger, posted, "promise", **ridden)


def cancel(desk: Desk, ride: str) -> None:
    """A booked ride does not take place."""
    given = read(date=desk.date)
    with desk.ledger() as ledger:
        posted = ledger.cancel_ride(ride, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "cancel", ride=ride)


def settle(desk: Desk, serials: str | None, **ridden: Any) -> None:
    """Event 2: coupons from the rider to the driver."""
    given = read(date=desk.date, serials=serials, **ridden)
    numbers = given["serials"] or ()
    with desk.ledger() as ledger:
        slip = desk.slip(given["date"])
        posted = ledger.settle(_ride(**ridden), serials=numbers, **slip)
        print_posted(desk, ledger, posted, "settle", **ridden)


def exchange(
    desk: Desk, member: str, km: str | None, coupons: str | None, serials: str | None
) -> None:
    """Event 3: coupons become currency."""
    given = read(date=desk.date, member=member, km=km, coupons=coupons, serials=serials)
    asked = {"km": km, "coupons": given["coupons"], "serials": given["serials"] or ()}
    with desk.ledger() as ledger:
        posted = ledger.exchange(member, **asked, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "exchange", member=member)


def spend(
    desk: Desk, member: str, shop: str, amount: str | None, serials: str | None, price: str | None
) -> None:
    """Event 4: a shop is paid."""
    typed = {"member": member, "shop": shop, "amount": amount, "serials": serials}
    given = read(date=desk.date, **typed, price=price)
    numbers = given["serials"] or ()
    with desk.ledger() as ledger:
        slip = desk.slip(given["date"])
        posted = ledger.spend(member, shop, amount, serials=numbers, price=price, **slip)
        print_posted(desk, ledger, posted, "spend", member=member, shop=shop)


def reconvert(desk: Desk, shop: str, amount: str | None, serials: str | None) -> None:
    """Event 5: a shop gets euros."""
    given = read(date=desk.date, shop=shop, amount=amount, serials=serials)
    numbers = given["serials"] or ()
    with desk.ledger() as ledger:
        posted = ledger.reconvert(shop, amount, serials=numbers, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "reconvert", shop=shop)


def dues(desk: Desk, member: str, year: str | None) -> None:
    """A member pays the dues of a year: this one, if none is given."""
    from msap_mobility.ledger.books.period import day_of

    given = read(date=desk.date, member=member, year=year)
    of = given["year"] or (given["date"] or day_of(clock_us())).year
    with desk.ledger() as ledger:
        posted = ledger.pay_dues(member, of, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "dues", member=member, year=of)


def add_shop(desk: Desk, shop: str, name: str | None, contact: str | None) -> None:
    """A shop is registered."""
    given = read(date=desk.date, shop=shop)
    noted = {"name": name or "", "contact": contact or ""}
    with desk.ledger() as ledger:
        posted = ledger.add_shop(shop, **noted, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "shop", shop=shop)


def reverse(desk: Desk, entry: str) -> None:
    """An entry made by mistake is undone."""
    given = read(date=desk.date)
    with desk.ledger() as ledger:
        posted = ledger.reverse(entry, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "reverse", entry=entry)


def expire(desk: Desk, on: str | None) -> Exit:
    """Coupons lapse that were not used in time."""
    from msap_mobility.ledger import Posted, Refusal

    given = read(date=desk.date, on=on)
    with desk.ledger() as ledger:
        answers = ledger.expire_units(given["on"], **desk.slip(given["date"]))
        lapsed = [each for each in answers if isinstance(each, Posted)]
        refused = [each for each in answers if isinstance(each, Refusal)]
        if desk.as_json:
            told = [posted_data(ledger, each) for each in lapsed]
            no = [each.to_dict() for each in refused]
            print_json(document("lapsed", ledger, lapsed=told, refused=no))
        else:
            desk.tell("cli.ledger.lapsed", n=len(lapsed))
            for posted in lapsed:
                print_posted(desk, ledger, posted, "lapse")
            for refusal in refused:
                desk.mention("cli.ledger.refused", why=refusal.text(desk.lang))
    return Exit.REFUSAL if refused else Exit.DONE


def _ride(ride: str, rider: str, driver: str, km: str) -> DrivenRide:
    from msap_mobility.ledger.scheme.ride import DrivenRide

    return DrivenRide(id=ride, rider=rider, driver=driver, km=km)
