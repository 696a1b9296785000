"""Offers and requests as people make them on the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.carpool.lifecycle import RideState
from msap_mobility.carpool.schema import FIELDS, read_moments
from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.choosing import aboard
from msap_mobility.cli.desk.command import reading, writing
from msap_mobility.cli.desk.places import read_places, tell_missing_table
from msap_mobility.cli.desk.telling import (
    clock_s,
    day_of,
    document,
    named,
    refuse,
    spoken,
    tell_rides,
)
from msap_mobility.cli.printing import print_json, print_table
from msap_mobility.cli.typed import day, moment, read_all, under_options
from msap_mobility.errors import Faults
from msap_mobility.model import Offer, Request
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import click

    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.cli.endings import Exit
    from msap_mobility.model import Place, Ride
    from msap_mobility.model.window import Window
    from msap_mobility.wording import Lang

__all__ = ["commands", "when_told"]

_WHOLE = ("seats", "party")
_TIMES = ("depart", "arrive", "back")
_TYPED = {field: option for option, field in FIELDS.items()}
"""Options by the field of an offer or a request they fill."""


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    times = {"start": "location", "end": "location", "depart": "times", "arrive": "times"}
    offered = options.options(
        lang,
        **times,
        home="location",
        seats="count",
        max_detour="duration",
        max_detour_distance="distance",
        tags="names",
        wants="names",
        not_with="members",
        rhythm="rhythm",
    )
    kind = options.choice("kind", lang, ("trip", "volunteer", "minibus"), "trip")
    of = options.choice("rhythm_of", lang, ("depart", "arrive"), "depart")
    driver = options.option("driver", lang, required=True, word="member")
    flags = options.flag("wheelchair", lang), options.flag("no_luggage", lang)
    yield writing(
        "offer",
        lang,
        offer,
        options.argument("offer", lang),
        *(driver, kind, *offered, of, *flags, options.places(lang)),
    )
    yield writing("withdraw", lang, withdraw, options.argument("offer", lang))
    yield reading("offers", lang, offers, options.option("on", lang, word="day"))
    asked = options.options(
        lang,
        **times,
        stay="duration",
        back="times",
        party="count",
        walk_limit="distance",
        max_ride="duration",
        tags="names",
        wants="names",
        not_with="members",
        only_with="members",
    )
    rider = options.option("rider", lang, required=True, word="member")
    needs = options.flag("wheelchair", lang), options.flag("luggage", lang)
    yield writing(
        "request",
        lang,
        request,
        options.argument("request", lang),
        *(rider, *asked, *needs, options.places(lang)),
    )


def offer(
    agent: Agent, offer: str, no_luggage: bool, rhythm: str | None, **typed: Any
) -> Exit | None:
    """Note what a driver offers."""
    with agent.opened() as opened:
        known = read_places(agent)
        with Faults() as faults:
            at = None
            with faults.also():
                at = read_all({"at": agent.at}, {"at": moment})["at"]
            with faults.also(), under_options(_TYPED), tell_missing_table(agent, known):
                made = Offer.of(
                    id=offer,
                    luggage=not no_luggage,
                    rhythm=rhythm,
                    zone=opened.desk.zone,
                    now=at or opened.now,
                    places=known,
                    **_given(typed),
                )
        answer = opened.desk.add_offer(made, by=agent.by)
        if not isinstance(answer, Offer):
            return refuse(agent, answer)
        _tell_offers(agent, opened, [answer])
    return None


def withdraw(agent: Agent, offer: str) -> Exit | None:
    """Take an offer, or one day of a regular one, back."""
    with agent.opened() as opened:
        answer = opened.desk.withdraw_offer(offer, by=agent.by)
        if not isinstance(answer, Offer):
            return refuse(agent, answer)
        if agent.as_json:
            print_json(document("offers", offers=[_data(answer, None)]))
        else:
            agent.tell("cli.desk.withdrawn", offer=offer)
    return None


def offers(agent: Agent, on: str | None) -> None:
    """The offers of a day."""
    given = read_all({"on": on}, {"on": day})
    with agent.opened() as opened:
        of = given["on"] or opened.today
        found = opened.desk.offers(of)
        if found or agent.as_json:
            _tell_offers(agent, opened, found)
        else:
            agent.tell("cli.desk.no_offers", day=of)


def request(agent: Agent, request: str, **typed: Any) -> Exit | None:
    """Note what a passenger asks for."""
    with agent.opened() as opened:
        known = read_places(agent)
        with Faults() as faults:
            at = None
            with faults.also():
                at = read_all({"at": agent.at}, {"at": moment})["at"]
            with faults.also(), under_options(_TYPED), tell_missing_table(agent, known):
                made = Request.of(
                    id=request,
                    zone=opened.desk.zone,
                    now=at or opened.now,
                    places=known,
                    **_given(typed),
                )
        answer = opened.desk.ask(made, by=agent.by, at=at)
        if not isinstance(answer, RideState):
            return refuse(agent, answer)
        tell_rides(agent, opened, opened.desk.lives(request))
    return None


def when_told(window: Window, opened: Opened, lang: Lang) -> str:
    """When, as it is read out on the telephone: one time, or from when to when."""
    days = [day_of(each, opened.zone) for each in (window.earliest, window.latest)]
    several = "between_times" if days[0] == days[1] else "between_days"
    return say(
        f"cli.desk.{several if window.length_s else 'at'}",
        lang,
        day=days[0],
        first=clock_s(window.earliest, opened.zone),
        day_after=days[1],
        last=clock_s(window.latest, opened.zone),
    )


def _given(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given, counts and times read; what cannot be is left to the record."""
    given = {name: value for name, value in typed.items() if value is not None}
    for name in _WHOLE:
        if name in given and given[name].strip().isdecimal():
            given[name] = int(given[name])
    for name in _TIMES:
        if name in given:
            given[name] = read_moments(given[name])
    return given


def _tell_offers(agent: Agent, opened: Opened, found: Sequence[Offer]) -> None:
    cars = aboard(opened, found)
    if agent.as_json:
        told = [_data(each, cars.get(each.id)) for each in found]
        print_json(document("offers", offers=told))
        return
    columns = ("offer", "driver", "way", "when", "aboard", "seats")
    heads = [agent.say(f"cli.desk.head.{name}") for name in columns]
    rows = [
        (
            each.id,
            named(opened.desk, each.driver),
            _way(each.start, each.end),
            _when(each, opened, agent.lang),
            ", ".join(sorted(cars[each.id].riders)) if each.id in cars else "",
            str(each.seats),
        )
        for each in found
    ]
    print_table(heads, rows, left=len(heads) - 1)


def _way(start: Place, end: Place | None) -> str:
    return spoken(start) if end is None else f"{spoken(start)} → {spoken(end)}"


def _when(offer: Offer, opened: Opened, lang: Lang) -> str:
    if offer.rhythm is not None:
        return offer.rhythm.text()
    times = (("depart", offer.depart), ("arrive", offer.arrive))
    return ", ".join(
        say(f"cli.desk.{name}s", lang, when=when_told(window, opened, lang))
        for name, window in times
        if window is not None
    )


def _data(offer: Offer, car: Ride | None) -> dict[str, Any]:
    return {**offer.to_dict(), "aboard": [] if car is None else list(car.requests)}
