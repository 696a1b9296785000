"""From a request to a promise: the ride looked for again, booked, and what to know of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.choosing import Chosen, aboard, with_offers, with_sign
from msap_mobility.cli.desk.command import writing
from msap_mobility.cli.desk.ground import ground_options, read_ground
from msap_mobility.cli.desk.law import advice
from msap_mobility.cli.desk.places import read_places
from msap_mobility.cli.desk.seats import moved, seats_of
from msap_mobility.cli.desk.telling import document, euros, named, refuse, unposted_of
from msap_mobility.cli.printing import print_json
from msap_mobility.cli.typed import moment, read_all
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from msap_mobility.carpool.lifecycle import RideState
    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.cli.desk.choosing import Stale, Unfit
    from msap_mobility.cli.desk.law import Advice
    from msap_mobility.cli.desk.seats import Moved
    from msap_mobility.cli.endings import Exit
    from msap_mobility.desk import No
    from msap_mobility.model import Request, Ride
    from msap_mobility.wording import Lang

__all__ = ["commands"]

_READERS = {"at": moment, "slips": moment, "until": moment}


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    asked = (
        options.argument("request", lang),
        *options.options(lang, choice="sign", offer="offer", back_offer="offer", slips="moment"),
        *ground_options(lang),
        options.places(lang),
    )
    yield writing("book", lang, book, *asked)
    yield writing("propose", lang, propose, *asked, options.option("until", lang, word="moment"))


def book(agent: Agent, request: str, **typed: str | None) -> Exit | None:
    """The driver said yes: out and back are promised, or nothing is."""
    given = read_all({"at": agent.at, **typed}, _READERS)
    with agent.opened() as opened:
        said = {"by": agent.by, "at": given.pop("at")}

        def done(chosen: Chosen) -> tuple[RideState, ...] | No:
            return opened.desk.book(request, chosen, **said)

        return _arranged(agent, opened, request, done, given)


def propose(agent: Agent, request: str, **typed: str | None) -> Exit | None:
    """The driver was asked and has not answered; that holds no seat."""
    given = read_all({"at": agent.at, **typed}, _READERS)
    with agent.opened() as opened:
        said = {"by": agent.by, "at": given.pop("at"), "until": given.pop("until")}

        def done(chosen: Chosen) -> tuple[RideState, ...] | No:
            return opened.desk.propose(request, chosen, **said)

        return _arranged(agent, opened, request, done, given)


def _arranged(
    agent: Agent,
    opened: Opened,
    request: str,
    done: Callable[[Chosen], tuple[RideState, ...] | No],
    given: dict[str, Any],
) -> Exit | None:
    """Look for the ride again, have it noted by `done`, and tell of it."""
    places = read_places(agent)
    chosen = _chosen(opened, request, given)
    if not isinstance(chosen, Chosen):
        return refuse(agent, chosen)
    rides = (chosen.out,) if chosen.back is None else (chosen.out, chosen.back)
    before = _before(opened, rides)
    answer = done(chosen)
    if not isinstance(answer, tuple):
        return refuse(agent, answer)
    asked = opened.desk.request(request)
    if asked is not None:
        law = advice(opened, places, asked, rides, given["slips"])
        _tell(agent, opened, asked, rides, moved(before, rides, request), law)
    return None


def _chosen(opened: Opened, request: str, given: dict[str, Any]) -> Chosen | Unfit | Stale | No:
    """The choice that was named by its sign, or the ride with the offers that were named.

    Raises
    ------
    InputError
        If neither was named, or both.
    """
    sign, offers = given["choice"], tuple(filter(None, (given["offer"], given["back_offer"])))
    if sign and offers:
        raise InputError([Fault(code="choice_and_offer", column="choice", value=sign)])
    if not sign and not given["offer"]:
        raise InputError([Fault(code="no_offer_named", column="choice", value="")])
    ground = read_ground(given["roads"], given["meeting_points"])
    if sign:
        return with_sign(opened, request, sign.strip().lower(), ground)
    return with_offers(opened, request, offers, ground)


def _before(opened: Opened, rides: Sequence[Ride]) -> list[Ride]:
    """The same cars as they were promised so far."""
    offers = (opened.desk.offer(ride.offer) for ride in rides)
    cars = aboard(opened, (offer for offer in offers if offer is not None))
    return list(cars.values())


def _tell(
    agent: Agent,
    opened: Opened,
    request: Request,
    rides: Sequence[Ride],
    others: Sequence[Moved],
    law: Sequence[Advice],
) -> None:
    lives = opened.desk.lives(request.id)
    unposted = unposted_of(opened.desk, (life.ride for life in lives))
    if agent.as_json:
        print_json(
            document(
                "booked",
                request=request.id,
                rides=[asdict(life) for life in lives],
                cars=[ride.to_dict() for ride in rides],
                price_cents=_price(opened, rides, request.id),
                moved=[each.to_dict() for each in others],
                law=[each.to_dict() for each in law],
                unposted=[each.to_dict() for each in unposted],
            )
        )
        return
    stage = agent.say(f"ride.stage.{lives[0].stage}")
    who = named(opened.desk, request.rider)
    agent.tell("cli.desk.booked", request=request.id, who=who, stage=stage)
    for line in _lines(agent, opened, request, rides, others, law):
        click.echo(f"  {line}")
    for no in unposted:
        agent.tell("cli.desk.unposted", ride=no.ride, why=no.text(agent.lang))


def _lines(
    agent: Agent,
    opened: Opened,
    request: Request,
    rides: Sequence[Ride],
    others: Sequence[Moved],
    law: Sequence[Advice],
) -> Iterator[str]:
    """What the agent reads: when and with whom, whom to tell, and what to know of it."""
    for ride, known in zip(rides, law, strict=True):
        driver = named(opened.desk, ride.driver)
        for seat in seats_of(ride, request.id):
            yield seat.text(opened, agent, driver, ride.offer)
        yield from known.lines(agent.lang)
    price = _price(opened, rides, request.id)
    if price is not None:
        yield agent.say("cli.desk.price", price=euros(price))
    promised = opened.desk.lives(request.id)[0].stage == "promised"
    for each in others if promised else ():
        yield each.text(opened, agent, named(opened.desk, each.rider))


def _price(opened: Opened, rides: Sequence[Ride], request: str) -> int | None:
    """What the passenger pays for all of it, euro cents; None without a ledger."""
    prices = [opened.price_cents(ride.shared_m[ride.requests.index(request)]) for ride in rides]
    known = [price for price in prices if price is not None]
    return sum(known) if known else None
