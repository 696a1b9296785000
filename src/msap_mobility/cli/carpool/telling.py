"""A match as an agent reads it: the figures, who is left out, and each car's day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from msap_mobility.cli.printing import print_table
from msap_mobility.model.window import PARIS
from msap_mobility.roads import CalibratedTimes
from msap_mobility.wording import clock, say
from msap_mobility.wording import day as told_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from msap_mobility.carpool.matching import Match
    from msap_mobility.carpool.terms import Objective
    from msap_mobility.cli.carpool.reading import Inputs
    from msap_mobility.model import Ride, RideStop
    from msap_mobility.wording import Lang

__all__ = ["mention", "tell_match"]


def mention(inputs: Inputs, lang: Lang) -> None:
    """Say on stderr what the inputs leave open: estimated times, rows and promises left out."""
    if isinstance(inputs.times.car, CalibratedTimes):
        click.echo(say("cli.carpool.estimated", lang), err=True)
    if inputs.day.other_days:
        click.echo(say("cli.carpool.other_days", lang, n=inputs.day.other_days), err=True)
    if inputs.gone:
        click.echo(say("cli.carpool.gone", lang, names=", ".join(inputs.gone)), err=True)


def tell_match(found: Match, lang: Lang, objective: Objective) -> None:
    """Print a match; what it is worth only where that is driving saved."""
    click.echo(found.summary(lang))
    if objective == "saving":
        figures = {"value": found.value, "bound": found.bound, "gap": found.gap}
        click.echo(say("cli.carpool.figures", lang, **figures, greedy=found.greedy))
    if found.rides:
        heads = [
            say(f"cli.carpool.table.{name}", lang) for name in ("car", "when", "what", "where")
        ]
        rides = sorted(found.rides, key=lambda ride: (ride.stops[0].at, ride.offer))
        dates = {_wall(stop.at).date() for ride in rides for stop in ride.stops}
        rows = [row for ride in rides for row in _rows(ride, lang, dated=len(dates) > 1)]
        print_table(heads, rows, left=len(heads))


def _rows(ride: Ride, lang: Lang, *, dated: bool) -> Iterator[tuple[str, str, str, str]]:
    """One car: a row for each stop."""
    last = len(ride.stops) - 1
    for number, stop in enumerate(ride.stops):
        end = say(f"cli.carpool.{'arrives' if number == last else 'leaves'}", lang)
        what = ", ".join(_moves(ride, stop, lang)) or end
        place = stop.place.name or stop.place.id
        yield "" if number else ride.driver, _when(stop.at, lang, dated=dated), what, place


def _moves(ride: Ride, stop: RideStop, lang: Lang) -> Iterator[str]:
    """Who gets out and who gets in."""
    riders = dict(zip(ride.requests, ride.riders, strict=True))
    for name in stop.sets_down:
        yield say("cli.carpool.sets_down", lang, rider=riders[name])
    for name in stop.picks_up:
        yield say("cli.carpool.picks_up", lang, rider=riders[name])


def _when(moment: datetime, lang: Lang, *, dated: bool) -> str:
    at = _wall(moment)
    time = clock((at - at.replace(hour=0, minute=0, second=0)).total_seconds(), lang)
    return f"{told_day(at.date(), lang)}, {time}" if dated else time


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(PARIS)).replace(tzinfo=None)
