"""Paper: numbered coupons, and slips typed in a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility.cli.asking import clock_us
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.command import group, reading, writing
from msap_mobility.cli.ledger.telling import document, print_posted
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    serials, member = options.argument("serials", lang), options.option("member", lang)
    yield group(
        "coupons",
        lang,
        writing("coupons.print", lang, print_coupons, serials),
        writing("coupons.lost", lang, lose_coupons, serials, member),
        writing("coupons.cancel", lang, cancel_coupons, serials, member),
        reading("coupons.show", lang, show_coupon, options.argument("serial", lang)),
    )
    yield writing("import", lang, import_slips, options.argument("slips", lang))


def print_coupons(desk: Desk, serials: str) -> None:
    """A printed series comes into stock."""
    given = read(date=desk.date, serials=serials)
    with desk.ledger() as ledger:
        posted = ledger.print_coupons(given["serials"], **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "print", n=len(given["serials"]), serials=serials)


def lose_coupons(desk: Desk, serials: str, member: str | None) -> None:
    """Lost coupons are barred."""
    given = read(date=desk.date, serials=serials, member=member)
    with desk.ledger() as ledger:
        slip = desk.slip(given["date"])
        posted = ledger.lose_coupons(given["serials"], member=member, **slip)
        print_posted(desk, ledger, posted, "lost", n=len(given["serials"]), serials=serials)


def cancel_coupons(desk: Desk, serials: str, member: str | None) -> None:
    """Coupons are withdrawn."""
    given = read(date=desk.date, serials=serials, member=member)
    with desk.ledger() as ledger:
        slip = desk.slip(given["date"])
        posted = ledger.cancel_coupons(given["serials"], member=member, **slip)
        print_posted(desk, ledger, posted, "withdraw", n=len(given["serials"]), serials=serials)


def show_coupon(desk: Desk, serial: str) -> None:
    """How a coupon stands; one that was never seen is an answer too."""
    serial = read(serial=serial)["serial"]
    with desk.ledger() as ledger:
        coupon = ledger.coupon(serial)
        if desk.as_json:
            found = coupon and coupon.to_dict()
            print_json(document("coupon", ledger, serial=serial, coupon=found))
        elif coupon is None:
            desk.tell("cli.ledger.coupon_unseen", serial=serial)
        else:
            state = desk.say(f"cli.ledger.state.{coupon.state}")
            desk.tell("cli.ledger.coupon", serial=coupon.serial, state=state, key=coupon.key)


def import_slips(desk: Desk, slips: str) -> None:
    """Slips of paper are written: all of a file, or nothing."""
    from msap_mobility.ledger.books.slips import import_slips as imported

    with desk.ledger() as ledger:
        found = imported(ledger, Path(slips), actor=desk.actor, clock=clock_us)
        if desk.as_json:
            print_json(document("imported", ledger, imported=found.to_dict()))
        else:
            click.echo(found.summary(desk.lang))
