"""What becomes of a ride: driven, confirmed, settled; declined, cancelled, missed; calls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from msap_mobility.carpool.lifecycle import RideState
from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.command import reading, writing
from msap_mobility.cli.desk.seats import seats_of
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
from msap_mobility.cli.typed import day, moment, read_all
from msap_mobility.desk import Call
from msap_mobility.desk.asking import Why
from msap_mobility.desk.call import OUTCOMES
from msap_mobility.errors import Fault, InputError
from msap_mobility.wording import clock, distance, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.cli.desk.seats import Seat
    from msap_mobility.cli.endings import Exit
    from msap_mobility.desk import Desk, Life, No
    from msap_mobility.desk.call import Outcome
    from msap_mobility.wording import Lang

__all__ = ["commands"]

_LONGEST = timedelta(days=8)
"""A car is under way a week at most."""


def _metres(km: str) -> int:
    from msap_mobility.ledger.scheme.amounts import metres_of

    return metres_of(km)


def _serials(text: str) -> str:
    from msap_mobility.ledger.scheme.serials import read_serials

    read_serials(text)
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "at": moment,
    "date": day,
    "first": day,
    "km": _metres,
    "last": day,
    "serials": _serials,
}


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    ride, request = options.argument("ride", lang), options.argument("request", lang)
    yield writing("decline", lang, decline, ride)
    yield writing("drive", lang, drive, ride, options.option("km", lang))
    yield writing("confirm", lang, confirm, ride)
    slip = options.options(lang, serials="numbers", ref="number", date="day")
    yield writing("settle", lang, settle, ride, *slip)
    why = options.choice("why", lang, get_args(Why), "rider")
    yield writing("cancel", lang, cancel, ride, why)
    absent = options.choice("absent", lang, ("rider", "driver"), "rider")
    yield writing("no-show", lang, no_show, ride, absent)
    yield writing(
        "again", lang, again, request, options.choice("why", lang, get_args(Why), "driver")
    )
    outcome = click.Option(
        ["--outcome"],
        type=click.Choice(OUTCOMES),
        required=True,
        help=say("cli.desk.option.outcome", lang),
    )
    member = options.argument("member", lang)
    yield writing("log-call", lang, log_call, request, member, outcome)
    yield reading("rides", lang, rides, *options.span(lang))


def decline(agent: Agent, ride: str) -> Exit | None:
    """The driver said no to what was proposed."""
    return _noted(agent, lambda desk, said, _: desk.decline(ride, **said))


def drive(agent: Agent, ride: str, km: str | None) -> Exit | None:
    """The ride took place, as promised or over other kilometres."""
    return _noted(
        agent, lambda desk, said, given: desk.drive(ride, distance=given["km"], **said), km=km
    )


def confirm(agent: Agent, ride: str) -> Exit | None:
    """The passenger, or the slip of paper, says the same."""
    return _noted(agent, lambda desk, said, _: desk.confirm(ride, **said))


def settle(
    agent: Agent, ride: str, serials: str | None, ref: str | None, date: str | None
) -> Exit | None:
    """The ledger pays the driver; where none is named, that is said."""

    def done(desk: Desk, said: Mapping[str, Any], given: Mapping[str, Any]) -> RideState | No:
        slip = {"serials": given["serials"] or "", "ref": ref or "", "effective": given["date"]}
        return desk.settle(ride, **slip, **said)

    ended = _noted(agent, done, serials=serials, date=date)
    if ended is None and not agent.ledger:
        agent.mention("cli.desk.nobody_paid")
    return ended


def cancel(agent: Agent, ride: str, why: Why) -> Exit | None:
    """The ride does not take place; with the way out goes the way back."""
    return _noted(agent, lambda desk, said, _: desk.cancel(ride, why=why, **said))


def no_show(agent: Agent, ride: str, absent: Literal["rider", "driver"]) -> Exit | None:
    """Somebody did not come."""
    return _noted(agent, lambda desk, said, _: desk.no_show(ride, absent=absent, **said))


def again(agent: Agent, request: str, why: Why) -> Exit | None:
    """What stands of a request is cancelled, and the same is asked for anew."""
    return _noted(agent, lambda desk, said, _: desk.ask_again(request, why=why, **said))


def log_call(agent: Agent, request: str, member: str, outcome: Outcome) -> Exit | None:
    """Somebody was phoned about a request."""
    at = read_all({"at": agent.at}, _READERS)["at"]
    with agent.opened() as opened:
        answer = opened.desk.log_call(request, member, outcome, by=agent.by, at=at)
        if not isinstance(answer, Call):
            return refuse(agent, answer)
        calls = opened.desk.calls(request)
        if agent.as_json:
            print_json(document("calls", request=request, calls=[each.to_dict() for each in calls]))
            return None
        for each in calls:
            ended = agent.say(f"desk.outcome.{each.outcome}")
            on = day_of(each.at, opened.zone)
            time_s = clock_s(each.at, opened.zone)
            agent.tell("cli.desk.call", day=on, time=time_s, who=each.member, how=ended)
    return None


def rides(agent: Agent, first: str | None, last: str | None) -> None:
    """Where the rides of some days stand; of today, if no day is given."""
    given = read_all({"first": first, "last": last}, _READERS)
    with agent.opened() as opened:
        begin = given["first"] or given["last"] or opened.today
        end = given["last"] or begin
        if end < begin:
            wrong = Fault(
                code="ends_before_start", column="last", value=end, details={"start": begin}
            )
            raise InputError([wrong])
        seats = _seats(opened, begin - _LONGEST, end)
        lives = _under_way(opened, begin, end, seats)
        if agent.as_json:
            tell_rides(agent, opened, lives)
        elif lives:
            _print_rides(agent, opened, lives, seats)
        else:
            agent.tell("cli.desk.no_rides", first=begin, last=end)


def _noted(
    agent: Agent,
    done: Callable[[Desk, Mapping[str, Any], Mapping[str, Any]], RideState | No],
    **typed: str | None,
) -> Exit | None:
    """Read what was typed, have it noted by `done`, and tell where the ride stands now."""
    given = read_all({"at": agent.at, **typed}, _READERS)
    said = {"by": agent.by, "at": given["at"]}
    with agent.opened() as opened:
        answer = done(opened.desk, said, given)
        if not isinstance(answer, RideState):
            return refuse(agent, answer)
        request = str(answer.history[0].data["request"])
        tell_rides(agent, opened, opened.desk.lives(request))
    return None


def _seats(opened: Opened, first: date, last: date) -> dict[tuple[str, str], list[Seat]]:
    """The ways of each passenger in the cars of some days, by request and leg."""
    return {
        (name, leg): seats_of(car, name)
        for car in opened.desk.rides(first, last)
        for name, leg in zip(car.requests, car.legs, strict=True)
    }


def _under_way(
    opened: Opened, first: date, last: date, seats: Mapping[tuple[str, str], Sequence[Seat]]
) -> list[Life]:
    """The lives of some days, and of those before whose passenger is still in the car then."""
    return [
        life
        for life in opened.desk.lives_on(first - _LONGEST, last)
        if life.day >= first.isoformat()
        or any(
            day_of(seat.down.at, opened.zone) >= first
            for seat in seats.get((life.request, life.leg), ())
        )
    ]


def _when(agent: Agent, opened: Opened, life: Life, seats: Sequence[Seat]) -> str:
    """When and where a passenger is fetched, each time with its own day."""
    told: list[str] = []
    shown = None
    for seat in seats:
        on = day_of(seat.up.at, opened.zone)
        at = f"{clock(clock_s(seat.up.at, opened.zone), agent.lang)} {spoken(seat.up.place)}"
        told.append(at if on == shown else f"{on} {at}")
        shown = on
    return ", ".join(told) or life.day


def _print_rides(
    agent: Agent,
    opened: Opened,
    lives: Sequence[Life],
    seats: Mapping[tuple[str, str], Sequence[Seat]],
) -> None:
    columns = ("ride", "rider", "leg", "stage", "driver", "when", "km")
    heads = [agent.say(f"cli.desk.head.{name}") for name in columns]
    rows = [
        (
            life.ride,
            named(opened.desk, life.rider),
            agent.say(f"cli.desk.leg.{life.leg}"),
            agent.say(f"ride.stage.{life.stage}"),
            named(opened.desk, life.driver) if life.driver else "",
            _when(agent, opened, life, seats.get((life.request, life.leg), ())),
            distance(life.metres, agent.lang) if life.metres else "",
        )
        for life in lives
    ]
    print_table(heads, rows, left=len(heads) - 1)
