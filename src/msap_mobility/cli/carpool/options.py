"""The arguments and options of ``msap carpool``, each written and worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility.cli.group_options import GroupOptions
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = ["choice", "day", "file", "flag", "inputs", "out", "search", "tables", "together"]

_OWN = GroupOptions(group="carpool", ids=frozenset({"request"}))

choice, file, flag = _OWN.choice, _OWN.file, _OWN.flag

BUDGET = "10 s"
TOGETHER = 3


def tables(lang: Lang) -> tuple[click.Parameter, ...]:
    """The two tables of a day."""
    return tuple(
        click.Argument(
            [name],
            type=click.Path(path_type=Path),
            metavar=say(f"cli.carpool.word.{name}", lang),
        )
        for name in ("offers", "requests")
    )


def day(lang: Lang) -> click.Parameter:
    """The day on which what is regular is laid."""
    return _OWN.option("day", lang)


def inputs(lang: Lang) -> tuple[click.Parameter, ...]:
    """What may be given beside the two tables."""
    return day(lang), *(file(name, lang) for name in ("places", "roads", "meeting_points"))


def together(lang: Lang) -> click.Parameter:
    """Most riders in one car."""
    return click.Option(
        ["--together"],
        type=int,
        default=TOGETHER,
        show_default=True,
        metavar="N",
        help=say("cli.carpool.option.together", lang),
    )


def search(lang: Lang) -> click.Parameter:
    """What the search may spend."""
    return click.Option(
        ["--budget"],
        default=BUDGET,
        show_default=True,
        metavar=say("cli.word.budget", lang),
        help=say("cli.carpool.option.budget", lang),
    )


def out(lang: Lang) -> click.Parameter:
    """Where to write, if anywhere."""
    return file("out", lang, word="folder")
