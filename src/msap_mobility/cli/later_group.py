"""A group of commands that are made when one of them is asked for, so that others start at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.usage import context_in, said_in, speak
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from msap_mobility.wording import Lang

__all__ = ["LaterGroup"]


class LaterGroup(click.Group):
    """A group that makes its commands when they are first needed.

    Parameters
    ----------
    name
        Of the group; ``cli.<name>`` are its words.
    lang
        Of its help.
    make
        Gives the commands in the order in which help lists them.
    """

    def __init__(
        self, name: str, lang: Lang, make: Callable[[Lang], Iterable[click.Command]]
    ) -> None:
        super().__init__(
            name,
            help=say(f"cli.{name}.help", lang),
            short_help=say(f"cli.{name}.short", lang),
            no_args_is_help=True,
        )
        self._lang = lang
        self._make = make
        speak(self, lang)

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        """As of the group; what is wrong with the words typed after it is told in `lang`."""
        with said_in(self._lang, str(self.name)):
            return super().make_context(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """As of the group; likewise."""
        with said_in(self._lang, str(self.name)):
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as of the group
        """The names of the commands, in order."""
        self._fill()
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        self._fill()
        return super().get_command(ctx, cmd_name)

    def _fill(self) -> None:
        if not self.commands:
            for command in self._make(self._lang):
                command.context_class = context_in(self._lang)
                self.add_command(command)
