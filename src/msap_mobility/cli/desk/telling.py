"""What happened at the desk and where rides stand, as sentences and as strict JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.endings import Exit
from msap_mobility.cli.printing import print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.cli.desk.choosing import Stale, Unfit
    from msap_mobility.desk import Desk, Life, No, Unposted
    from msap_mobility.model import Place

__all__ = [
    "clock_s",
    "day_of",
    "document",
    "euros",
    "named",
    "refuse",
    "ride_told",
    "spoken",
    "tell_rides",
    "unposted_of",
]


def document(name: str, **parts: Any) -> dict[str, Any]:
    """A JSON document of the desk: its schema ``msap.desk.<name>/1`` and its parts."""
    return {"schema": f"msap.desk.{name}/1", **parts}


def euros(cents: int) -> Any:
    """Euro cents as words show them."""
    from msap_mobility.ledger.outcome import Amount

    return Amount(cents, "EUR", 2)


def named(desk: Desk, member: str) -> str:
    """Who a member is, as an agent needs it: name, id and telephone."""
    contact = desk.contact(member)
    known = () if contact is None else tuple(filter(None, (contact.name, contact.phone)))
    return f"{member} ({', '.join(known)})" if known else member


def clock_s(at: datetime, zone: ZoneInfo) -> int:
    """What the clock shows at an instant, seconds since midnight.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from zoneinfo import ZoneInfo
    >>> clock_s(datetime(2026, 12, 1, 7, 10, tzinfo=UTC), ZoneInfo("Europe/Paris")) // 60
    490
    """
    there = at.astimezone(zone)
    return there.hour * 3600 + there.minute * 60 + there.second


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day on which an instant lies where the desk is.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from zoneinfo import ZoneInfo
    >>> day_of(datetime(2026, 12, 1, 23, 10, tzinfo=UTC), ZoneInfo("Europe/Paris")).isoformat()
    '2026-12-02'
    """
    return at.astimezone(zone).date()


def spoken(place: Place) -> str:
    """What a place is called: by its name, or by its id where it has none."""
    return place.name or place.id


def refuse(agent: Agent, no: No | Unfit | Stale) -> Exit:
    """Tell why something was not done."""
    if agent.as_json:
        data = no.to_dict()
        print_json(
            document(
                "refusal",
                code=no.code,
                about=data.get("subject", data.get("ride")),
                text=data["text"],
                ledger=data.get("refusal"),
            )
        )
    click.echo(no.text(agent.lang), err=True)
    return Exit.REFUSAL


def tell_rides(agent: Agent, opened: Opened, lives: Sequence[Life]) -> None:
    """Tell where rides stand now, and what the ledger would not be told of them."""
    unposted = unposted_of(opened.desk, (life.ride for life in lives))
    if agent.as_json:
        told = [asdict(life) for life in lives]
        print_json(document("rides", rides=told, unposted=[each.to_dict() for each in unposted]))
        return
    for life in lives:
        click.echo(ride_told(agent, life))
    for each in unposted:
        agent.tell("cli.desk.unposted", ride=each.ride, why=each.text(agent.lang))


def unposted_of(desk: Desk, rides: Iterable[str]) -> list[Unposted]:
    """What the ledger would not be told of these rides."""
    wanted = set(rides)
    return [each for each in desk.unposted if each.ride in wanted]


def ride_told(agent: Agent, life: Life) -> str:
    """One ride in one line."""
    stage = agent.say(f"ride.stage.{life.stage}")
    leg = agent.say(f"cli.desk.leg.{life.leg}")
    told = agent.say("cli.desk.ride", ride=life.ride, rider=life.rider, leg=leg, stage=stage)
    if not life.offer or life.stage == "asked":
        return told
    by = agent.say(
        "cli.desk.ride_by",
        driver=life.driver,
        offer=life.offer,
        day=date.fromisoformat(life.day),
        metres=life.metres,
    )
    return f"{told} {by}"
