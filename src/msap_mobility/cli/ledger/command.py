"""How a command of ``msap ledger`` is declared: the ledger first, the shared options last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli import options as shared
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.asking import Desk
from msap_mobility.cli.placed_command import PlacedCommand
from msap_mobility.cli.usage import context_in, speak
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.wording import Lang

__all__ = ["VARIABLE", "group", "reading", "writing"]

VARIABLE = "MSAP_LEDGER"
"""Environment variable that stands for the first argument where it is left out."""


def writing(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    """A command that posts: it takes a key, a day, the number of a slip and who wrote it.

    Parameters
    ----------
    name
        Of the command; its words are ``cli.ledger.<name>``.
    lang
        Of its help.
    callback
        Called with a `Desk` and the command's own parameters, by name.
    *params
        Its own arguments and options.
    """
    slip = (options.key(lang), *options.slip(lang))
    return _command(name, lang, callback, (*params, *options.schemes(lang), *slip))


def reading(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    """A command that posts nothing; a key is taken, so that a caller may give one to any command.

    Parameters
    ----------
    name, lang, callback, *params
        As for `writing`.
    """
    own = (*params, *options.schemes(lang), options.key(lang, "no_key"))
    return _command(name, lang, callback, own)


def group(name: str, lang: Lang, *commands: click.Command) -> click.Group:
    """Commands about one thing, under one name."""
    made = click.Group(
        name,
        help=say(f"cli.ledger.{name}.help", lang),
        short_help=say(f"cli.ledger.{name}.short", lang),
        no_args_is_help=True,
    )
    speak(made, lang)
    for command in commands:
        made.add_command(command)
    return made


def _command(
    name: str,
    lang: Lang,
    callback: Callable[..., object],
    params: tuple[click.Parameter, ...],
) -> click.Command:
    def run(**given: Any) -> object:
        asked = {field: given.pop(field) for field in Desk.FIELDS if field in given}
        return callback(Desk(**asked), **given)

    made = PlacedCommand(
        name.rpartition(".")[2],
        variable=VARIABLE,
        callback=run,
        params=[options.place(lang), *params, shared.as_json(lang), shared.language(lang)],
        help=say(f"cli.ledger.{name}.help", lang),
        short_help=say(f"cli.ledger.{name}.short", lang),
    )
    made.context_class = context_in(lang)
    return made
