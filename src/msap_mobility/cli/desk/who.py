"""``msap desk who``: what the agent reads on the telephone, each choice with its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.choosing import asked
from msap_mobility.cli.desk.command import reading
from msap_mobility.cli.desk.ground import ground_options, read_ground
from msap_mobility.cli.desk.telling import document, named, refuse
from msap_mobility.cli.desk.tokens import token
from msap_mobility.cli.printing import print_json
from msap_mobility.desk import No
from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.carpool.answer import Answer
    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.cli.endings import Exit
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The command of this module."""
    most = click.Option(
        ["--most"],
        type=click.IntRange(1, 100),
        default=5,
        show_default=True,
        metavar="N",
        help=say("cli.desk.option.most", lang),
    )
    ground = ground_options(lang)
    why = options.flag("refused", lang)
    yield reading("who", lang, who, options.argument("request", lang), most, *ground, why)


def who(agent: Agent, request: str, most: int, refused: bool, **ground: str | None) -> Exit | None:
    """Who can take a passenger, whom to ring first, and why others cannot."""
    with agent.opened() as opened:
        answer = asked(opened, request, read_ground(**ground), most)
        if isinstance(answer, No):
            return refuse(agent, answer)
        if agent.as_json:
            print_json(_document(answer))
            return None
        for line in _lines(agent, opened, answer):
            click.echo(line)
        if refused:
            for each in answer.refused:
                click.echo(f"- {each.text(agent.lang)}")
        if ground["roads"] is None:
            agent.mention("cli.carpool.estimated")
    return None


def _lines(agent: Agent, opened: Opened, answer: Answer) -> Iterator[str]:
    """What is read out; where there are choices, each with its sign and who is rung with what."""
    lang = agent.lang
    if not answer.choices:
        yield answer.text(lang)
        return
    yield say("carpool.who.choices", lang, count=len(answer.choices))
    for number, choice in enumerate(answer.choices, start=1):
        told = choice.text(answer.request.id, lang)
        yield f"{number}. [{token(choice.rides)}] {told}"
    for call in answer.calls:
        if call.falls:
            reached = named(opened.desk, call.driver)
            known = "" if reached == call.driver else f" {reached}"
            yield f"{call.text(lang)}{known}"


def _document(answer: Answer) -> dict[str, Any]:
    request = answer.request.id
    return document(
        "who",
        request=request,
        choices=[
            {
                "token": token(choice.rides),
                **choice.to_dict(),
                "text": {lang: choice.text(request, lang) for lang in LANGUAGES},
            }
            for choice in answer.choices
        ],
        **{
            name: [
                {**each.to_dict(), "text": {lang: each.text(lang) for lang in LANGUAGES}}
                for each in getattr(answer, name)
            ]
            for name in ("calls", "refused", "almost")
        },
    )
