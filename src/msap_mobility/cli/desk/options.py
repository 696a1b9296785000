"""The arguments and options of ``msap desk``, each written and worded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from msap_mobility.cli.group_options import GroupOptions
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["argument", "by", "choice", "flag", "option", "options", "places", "span"]

_PEOPLE = ("member", "rider", "driver", "by", "not_with", "only_with")
_THINGS = ("offer", "back_offer", "request", "ride", "start", "end", "home")

_OWN = GroupOptions(group="desk", ids=frozenset((*_PEOPLE, *_THINGS)))

argument, option, choice, flag = _OWN.argument, _OWN.option, _OWN.choice, _OWN.flag


def options(lang: Lang, **words: str) -> tuple[click.Parameter, ...]:
    """Several options: by name, what help calls the value."""
    return tuple(option(name, lang, word=word) for name, word in words.items())


def by(lang: Lang) -> click.Parameter:
    """Who says so."""
    given = option("by", lang, word="agent", variable="MSAP_AGENT")
    given.default = "desk"
    return given


def places(lang: Lang) -> click.Parameter:
    """The table of the places that ids stand for."""
    return option("places", lang, word="file", variable="MSAP_PLACES")


def span(lang: Lang) -> tuple[click.Parameter, ...]:
    """The first and the last of some days."""
    return tuple(
        click.Option(
            [f"--{name}", column],
            metavar=say("cli.desk.word.day", lang),
            help=say(f"cli.desk.option.{column}", lang),
        )
        for name, column in (("from", "first"), ("to", "last"))
    )
