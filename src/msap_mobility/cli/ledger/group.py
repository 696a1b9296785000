"""The group ``msap ledger``; its commands are made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msap_mobility.cli.later_group import LaterGroup
from msap_mobility.cli.ledger.usage import said_in, speak

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.wording import Lang

__all__ = ["ledger_group"]


def ledger_group(lang: Lang) -> click.Group:
    """The group, its help in `lang`."""
    return _LedgerGroup(lang)


class _LedgerGroup(LaterGroup):
    """The group; what is wrong with the words typed after it is told in its language."""

    def __init__(self, lang: Lang) -> None:
        super().__init__("ledger", lang, _commands)
        self.lang = lang
        speak(self, lang)

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        with said_in(self.lang):
            return super().make_context(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with said_in(self.lang):
            return super().invoke(ctx)


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
