"""``msap carpool who``: who can take one caller, from the tables of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli import options as shared
from msap_mobility.cli.carpool import options
from msap_mobility.cli.printing import print_json
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from msap_mobility.model import Request
    from msap_mobility.wording import Lang

__all__ = ["commands"]

ANSWER_SCHEMA = "msap.answer/1"


def commands(lang: Lang) -> Iterator[click.Command]:
    """The command."""
    yield click.Command(
        "who",
        callback=_who,
        params=[
            options.request(lang),
            *options.tables(lang),
            *options.inputs(lang),
            options.file("promised", lang),
            options.declined(lang),
            options.most(lang),
            options.flag("refused", lang),
            shared.as_json(lang),
            shared.language(lang),
        ],
        help=say("cli.carpool.who.help", lang),
        short_help=say("cli.carpool.who.short", lang),
    )


def _who(
    *,
    request: str,
    declined: str | None,
    most: int,
    refused: bool,
    lang: Lang,
    as_json: bool,
    **files: Any,
) -> None:
    """Ask, and print what the agent reads out."""
    from msap_mobility.carpool.who import who_can_take
    from msap_mobility.cli.carpool.reading import read_inputs
    from msap_mobility.cli.carpool.telling import mention
    from msap_mobility.model.written import names_of

    inputs = read_inputs(**files)
    asked = _named(request, inputs.day.requests)
    said_no = names_of(declined or ())
    answer = who_can_take(
        asked,
        inputs.day.offers,
        inputs.times.car,
        k=most,
        rides=inputs.promised,
        requests=[each for each in inputs.day.requests if each is not asked],
        declined=said_no,
        meeting_points=inputs.meeting_points,
        walk_times=inputs.times.walk,
    )
    if as_json:
        print_json({"schema": ANSWER_SCHEMA, "answer": answer.to_dict()})
    else:
        click.echo(answer.text(lang))
        for each in answer.refused if refused else ():
            click.echo(f"- {each.text(lang)}")
    mention(inputs, lang)
    offers = inputs.day.offers
    unknown = said_no - {each.id for each in offers} - {each.driver for each in offers}
    if unknown:
        told = say("cli.carpool.declined_unknown", lang, names=", ".join(sorted(unknown)))
        click.echo(told, err=True)


def _named(name: str, requests: Sequence[Request]) -> Request:
    """The request of that id; of a regular one the id it has in the table will do.

    Raises
    ------
    InputError
        ``unknown_request``.
    """
    from msap_mobility.errors import Fault, InputError

    known = {each.id.rpartition("@")[0]: each for each in requests}
    known |= {each.id: each for each in requests}
    if name in known:
        return known[name]
    raise InputError([Fault(code="unknown_request", column="request", value=name)])
