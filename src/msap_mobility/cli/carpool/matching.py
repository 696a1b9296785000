"""``msap carpool match``: the best rides of a day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import click

from msap_mobility.cli import options as shared
from msap_mobility.cli.carpool import options
from msap_mobility.cli.endings import Exit
from msap_mobility.cli.printing import print_json
from msap_mobility.cli.watch import announce_compilation, watched_search
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from msap_mobility.carpool.check import RideViolation
    from msap_mobility.carpool.matching import Match
    from msap_mobility.carpool.terms import Fairness, Objective
    from msap_mobility.cli.carpool.reading import Inputs
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The command."""
    from msap_mobility.carpool.terms import Fairness, Objective

    yield click.Command(
        "match",
        callback=_match,
        params=[
            *options.tables(lang),
            *options.inputs(lang),
            options.choice("objective", lang, get_args(Objective), "riders"),
            options.together(lang),
            options.flag("stable", lang),
            options.choice("fairness", lang, get_args(Fairness), "none"),
            options.file("promised", lang),
            options.search(lang),
            options.out(lang),
            shared.as_json(lang),
            shared.language(lang),
        ],
        help=say("cli.carpool.match.help", lang),
        short_help=say("cli.carpool.match.short", lang),
    )


def _match(*, out: Path | None, lang: Lang, as_json: bool, **given: Any) -> Exit:
    """Match, verify, write and print. Rides that break a rule are told and not written."""
    from msap_mobility.carpool.match_files import match_document
    from msap_mobility.cli.carpool.telling import mention, tell_match
    from msap_mobility.files import publish

    inputs, found = _found(lang, **given)
    violations = _violations(inputs, found)
    if violations:
        click.echo(say("cli.violations", lang, n=len(violations)), err=True)
        for violation in violations:
            click.echo(f"  {violation.text(lang)}", err=True)
        return Exit.VIOLATIONS
    files = {} if out is None else _files(found)
    if out is not None:
        publish(out, files)
    if as_json:
        print_json(match_document(found))
    else:
        tell_match(found, lang, given["objective"])
    mention(inputs, lang)
    if out is not None:
        click.echo(say("cli.written", lang, folder=out), err=True)
        for name in files:
            click.echo(f"  {name}", err=True)
        click.echo(say("cli.carpool.private", lang), err=True)
    return Exit.DONE


def _found(
    lang: Lang,
    *,
    objective: Objective,
    together: int,
    stable: bool,
    fairness: Fairness,
    budget: str,
    **files: Any,
) -> tuple[Inputs, Match]:
    """What was read, and the best rides."""
    from msap_mobility.carpool.match import match
    from msap_mobility.cli.carpool.reading import read_inputs

    inputs = read_inputs(**files, budget=budget, together=together)
    announce_compilation(lang)
    with watched_search(lang, "cli.carpool") as watch:
        found = match(
            inputs.day.offers,
            inputs.day.requests,
            inputs.times.car,
            objective=objective,
            together=together,
            promised=inputs.promised,
            fairness=fairness,
            stable=stable,
            meeting_points=inputs.meeting_points,
            walk_times=inputs.times.walk,
            budget=budget,
            should_stop=watch.should_stop,
        )
    return inputs, found


def _violations(inputs: Inputs, found: Match) -> tuple[RideViolation, ...]:
    """What the independent checker says of the rides."""
    from msap_mobility.carpool.check import check_rides

    return check_rides(
        found.rides,
        inputs.day.offers,
        inputs.day.requests,
        inputs.times.car,
        meeting_points=inputs.meeting_points,
        walk_times=inputs.times.walk,
    )


def _files(found: Match) -> dict[str, str]:
    from msap_mobility.carpool.match_files import match_document, rides_table

    document = json.dumps(match_document(found), ensure_ascii=False, indent=1, allow_nan=False)
    return {"rides.json": f"{document}\n", "rides.csv": rides_table(found.rides)}
