"""The group ``msap carpool``; its commands are made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.cli.later_group import LaterGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.wording import Lang

__all__ = ["carpool_group"]


def carpool_group(lang: Lang) -> click.Group:
    """The group, its help in `lang`."""
    return LaterGroup("carpool", lang, _commands)


def _commands(lang: Lang) -> Iterator[click.Command]:
    from msap_mobility.cli.carpool.matching import commands as matching
    from msap_mobility.cli.carpool.who import commands as who

    yield from matching(lang)
    yield from who(lang)
