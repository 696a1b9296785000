"""How a command of ``msap ledger`` is declared: the ledger first, the shared options last."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli import options as shared
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.asking import Desk
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.wording import Lang

__all__ = ["VARIABLE", "LedgerCommand", "group", "reading", "writing"]

VARIABLE = "MSAP_LEDGER"
"""Environment variable that stands for the first argument where it is left out."""


class LedgerCommand(click.Command):
    """A command whose first argument may be left to the environment.

    Every argument of it is needed, so the ledger was left out if exactly one is missing.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the ledger of the environment first, if the command line names none."""
        place = os.environ.get(VARIABLE, "").strip()
        if place and self._lacks_one(ctx, args):
            args = [place, *args]
        return super().parse_args(ctx, args)

    def _lacks_one(self, ctx: click.Context, args: list[str]) -> bool:
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        names = [param.name or "" for param in self.params if isinstance(param, click.Argument)]
        return sum(isinstance(given.get(name), str) for name in names) == len(names) - 1


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
    return _command(name, lang, callback, (*params, options.scheme(lang), *slip))


def reading(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    """A command that posts nothing; a key is taken, so that a caller may give one to any command.

    Parameters
    ----------
    name, lang, callback, *params
        As for `writing`.
    """
    own = (*params, options.scheme(lang), options.key(lang, "no_key"))
    return _command(name, lang, callback, own)


def group(name: str, lang: Lang, *commands: click.Command) -> click.Group:
    """Commands about one thing, under one name."""
    made = click.Group(
        name,
        help=say(f"cli.ledger.{name}.help", lang),
        short_help=say(f"cli.ledger.{name}.short", lang),
        no_args_is_help=True,
    )
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

    return LedgerCommand(
        name.rpartition(".")[2],
        callback=run,
        params=[options.place(lang), *params, shared.as_json(lang), shared.language(lang)],
        help=say(f"cli.ledger.{name}.help", lang),
        short_help=say(f"cli.ledger.{name}.short", lang),
    )
