"""The group ``msap ledger``; its commands are made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.cli.later_group import LaterGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.wording import Lang

__all__ = ["ledger_group"]


def ledger_group(lang: Lang) -> click.Group:
    """The group, its help in `lang`."""
    return LaterGroup("ledger", lang, _commands)


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
