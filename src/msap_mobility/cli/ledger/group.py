"""The group ``msap ledger``; its commands are made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.wording import Lang

__all__ = ["ledger_group"]


def ledger_group(lang: Lang) -> click.Group:
    """The group, its help in `lang`."""
    return _LaterGroup(lang)


class _LaterGroup(click.Group):
    """A group that makes its commands when they are first needed, so that others start at once."""

    def __init__(self, lang: Lang) -> None:
        super().__init__(
            "ledger",
            help=say("cli.ledger.help", lang),
            short_help=say("cli.ledger.short", lang),
            no_args_is_help=True,
        )
        self._lang = lang

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as of the group
        self._fill()
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._fill()
        return super().get_command(ctx, cmd_name)

    def _fill(self) -> None:
        if not self.commands:
            for command in _commands(self._lang):
                self.add_command(command)


def _commands(lang: Lang) -> Iterator[click.Command]:
    """In the order in which help lists them: the life of a scheme."""
    from msap_mobility.cli.ledger.books import commands as books
    from msap_mobility.cli.ledger.care import commands as care
    from msap_mobility.cli.ledger.desk import commands as desk
    from msap_mobility.cli.ledger.export import commands as export
    from msap_mobility.cli.ledger.founding import commands as founding
    from msap_mobility.cli.ledger.paper import commands as paper
    from msap_mobility.cli.ledger.people import commands as people

    for made in (founding, desk, paper, people, books, export, care):
        yield from made(lang)
