"""How a command of ``msap desk`` is declared: the desk first, the shared options last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.cli import options as shared
from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.asking import Agent
from msap_mobility.cli.ledger.command import VARIABLE as LEDGER
from msap_mobility.cli.placed_command import PlacedCommand
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from msap_mobility.wording import Lang

__all__ = ["VARIABLE", "reading", "writing"]

VARIABLE = "MSAP_DESK"
"""Environment variable that stands for the first argument where it is left out."""


def writing(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    """A command that notes something: it takes who says so, and when it happened.

    Parameters
    ----------
    name
        Of the command; its words are ``cli.desk.<name>``.
    lang
        Of its help.
    callback
        Called with an `Agent` and the command's own parameters, by name.
    *params
        Its own arguments and options.
    """
    at = options.option("at", lang, word="moment")
    return reading(name, lang, callback, *params, options.by(lang), at)


def reading(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    """A command that looks something up.

    Parameters
    ----------
    name, lang, callback, *params
        As for `writing`.
    """

    def run(**given: Any) -> object:
        asked = {field: given.pop(field) for field in Agent.FIELDS if field in given}
        return callback(Agent(**asked), **given)

    return PlacedCommand(
        name,
        variable=VARIABLE,
        callback=run,
        params=[
            options.argument("place", lang),
            *params,
            options.option("ledger", lang, word="ledger", variable=LEDGER),
            options.option("scheme", lang, word="name"),
            shared.as_json(lang),
            shared.language(lang),
        ],
        help=say(f"cli.desk.{name}.help", lang),
        short_help=say(f"cli.desk.{name}.short", lang),
    )
