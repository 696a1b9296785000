"""The group ``msap desk``; its commands are made when one of them is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.cli.later_group import LaterGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.wording import Lang

__all__ = ["desk_group"]


def desk_group(lang: Lang) -> click.Group:
    """The group, its help in `lang`."""
    return LaterGroup("desk", lang, _commands)


def _commands(lang: Lang) -> Iterator[click.Command]:
    """In the order in which help lists them: the day of who sits there."""
    from msap_mobility.cli.desk.booking import commands as booking
    from msap_mobility.cli.desk.founding import commands as founding
    from msap_mobility.cli.desk.life import commands as life
    from msap_mobility.cli.desk.people import commands as people
    from msap_mobility.cli.desk.reports import commands as reports
    from msap_mobility.cli.desk.trips import commands as trips
    from msap_mobility.cli.desk.who import commands as who

    for made in (founding, people, trips, who, booking, life, reports):
        yield from made(lang)
