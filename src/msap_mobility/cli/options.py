"""The arguments and options commands share, so that each is written and worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

__all__ = [
    "as_json",
    "extract",
    "folder",
    "language",
    "moved_scenario",
    "out_folder",
    "saved_plan",
    "scenario",
    "search",
    "template",
    "tour_file",
]


def scenario(lang: Lang) -> click.Parameter:
    """The scenario: a folder or the name of a bundled one."""
    return click.Argument(["scenario"], metavar=say("cli.word.scenario", lang))


def tour_file(lang: Lang, name: str) -> click.Parameter:
    """A tour saved before: plan.json or timetable.csv."""
    return click.Option(
        [f"--{name}"],
        type=click.Path(path_type=Path),
        metavar=say("cli.word.file", lang),
        help=say(f"cli.option.{name}", lang),
    )


def saved_plan(lang: Lang) -> click.Parameter:
    """A plan.json."""
    return click.Argument(
        ["plan"], type=click.Path(path_type=Path), metavar=say("cli.word.plan", lang)
    )


def moved_scenario(lang: Lang) -> click.Parameter:
    """Where the scenario of a saved plan is now."""
    return click.Option(
        ["--scenario"],
        metavar=say("cli.word.scenario", lang),
        help=say("cli.option.scenario", lang),
    )


def folder(lang: Lang) -> click.Parameter:
    """The folder of a new scenario."""
    return click.Argument(
        ["folder"], type=click.Path(path_type=Path), metavar=say("cli.word.folder", lang)
    )


def template(lang: Lang) -> click.Parameter:
    """The bundled scenario a new one begins from."""
    return click.Option(
        ["--template"],
        default="bellencombre",
        show_default=True,
        help=say("cli.option.template", lang),
    )


def extract(lang: Lang) -> list[click.Parameter]:
    """An OpenStreetMap extract, and which surroundings in it a new scenario is made of."""
    words = {"maison": "lon_lat", "radius": "distance"}
    return [
        click.Option(
            ["--osm"],
            type=click.Path(path_type=Path),
            metavar=say("cli.word.file", lang),
            help=say("cli.option.osm", lang),
        ),
        *(
            click.Option(
                [f"--{name}"],
                metavar=say(f"cli.word.{word}", lang),
                help=say(f"cli.option.{name}", lang),
            )
            for name, word in words.items()
        ),
        click.Option(["--people"], type=int, metavar="N", help=say("cli.option.people", lang)),
    ]


def out_folder(lang: Lang) -> click.Parameter:
    """Where to write."""
    return click.Option(
        ["--out"],
        type=click.Path(path_type=Path, file_okay=False),
        default="out",
        show_default=True,
        metavar=say("cli.word.folder", lang),
        help=say("cli.option.out", lang),
    )


def language(lang: Lang) -> click.Parameter:
    """The language of everything said; read beforehand by `language.spoken_language`."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        default=lang,
        show_default=True,
        help=say("cli.option.lang", lang),
    )


def as_json(lang: Lang) -> click.Parameter:
    """The result as one JSON document on stdout."""
    return click.Option(["--json", "as_json"], is_flag=True, help=say("cli.option.json", lang))


def search(lang: Lang, budget: str) -> list[click.Parameter]:
    """What a search may spend, and its seed."""
    return [
        click.Option(
            ["--budget"],
            default=budget,
            show_default=True,
            metavar=say("cli.word.budget", lang),
            help=say("cli.option.budget", lang),
        ),
        *(
            click.Option(
                [f"--{name}"],
                type=int,
                default=default,
                show_default=True,
                metavar="N",
                help=say(f"cli.option.{name}", lang),
            )
            for name, default in (("starts", 1), ("workers", 1), ("seed", 0))
        ),
    ]
