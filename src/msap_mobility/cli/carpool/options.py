"""The arguments and options of ``msap carpool``, each written and worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility.cli.group_options import GroupOptions
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = [
    "BUDGET",
    "TOGETHER",
    "choice",
    "declined",
    "file",
    "flag",
    "inputs",
    "most",
    "out",
    "request",
    "search",
    "tables",
    "together",
]

_OWN = GroupOptions(group="carpool", ids=frozenset({"request"}))

choice, file, flag = _OWN.choice, _OWN.file, _OWN.flag

BUDGET = "10 s"
TOGETHER = 3
CHOICES = 5


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


def request(lang: Lang) -> click.Parameter:
    """The request that is asked about."""
    return _OWN.argument("request", lang)


def declined(lang: Lang) -> click.Parameter:
    """Who said no already."""
    return _OWN.option("declined", lang, word="names")


def inputs(lang: Lang) -> tuple[click.Parameter, ...]:
    """The day, and what may be given beside the two tables."""
    files = (file(name, lang) for name in ("places", "roads", "meeting_points"))
    return _OWN.option("day", lang), *files


def together(lang: Lang) -> click.Parameter:
    """Most riders in one car."""
    return _number("together", TOGETHER, lang)


def most(lang: Lang) -> click.Parameter:
    """Most choices told."""
    return _number("most", CHOICES, lang, click.IntRange(1, 100))


def search(lang: Lang) -> click.Parameter:
    """What the search may spend."""
    return click.Option(
        ["--budget"],
        default=BUDGET,
        show_default=True,
        metavar=say("cli.word.budget", lang),
        help=say("cli.carpool.option.budget", lang),
    )


def _number(
    name: str, default: int, lang: Lang, kind: click.types.IntParamType = click.INT
) -> click.Parameter:
    return click.Option(
        [f"--{name}"],
        type=kind,
        default=default,
        show_default=True,
        metavar="N",
        help=say(f"cli.carpool.option.{name}", lang),
    )


def out(lang: Lang) -> click.Parameter:
    """Where to write, if anywhere."""
    return file("out", lang, word="folder")
