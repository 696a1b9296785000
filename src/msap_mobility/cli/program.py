"""The commands of `msap`, declared in the language of the user.

The callbacks import what they need when they run, so that ``msap --help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility._version import __version__
from msap_mobility.cli import measuring, options, planning, territory
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.wording import Lang

__all__ = ["program"]

DEMO_BUDGET = "8000 it"


def program(lang: Lang) -> click.Group:
    """The command group, its help in `lang`."""
    group = click.Group("msap", help=say("cli.help", lang), no_args_is_help=True)
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_show_version,
            help=say("cli.option.version", lang),
        ),
    )
    group.params.append(options.language(lang))
    group.callback = _accept_language
    for make in (_new, _check, _plan, _coverage, _compare, _demo, _replay, _warmup):
        group.add_command(make(lang))
    return group


def _accept_language(lang: Lang) -> None:
    """Let ``--lang`` stand before the command too; `cli.language` has read it already."""


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(__version__)
        context.exit()


def _command(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    return click.Command(
        name,
        callback=callback,
        params=[*params, options.language(lang)],
        help=say(f"cli.{name}.help", lang),
        short_help=say(f"cli.{name}.short", lang),
    )


def _new(lang: Lang) -> click.Command:
    folder = click.Argument(
        ["folder"], type=click.Path(path_type=Path), metavar=say("cli.word.folder", lang)
    )
    template = click.Option(
        ["--template"],
        default="bellencombre",
        show_default=True,
        help=say("cli.option.template", lang),
    )
    return _command("new", lang, territory.new, folder, template)


def _check(lang: Lang) -> click.Command:
    return _command(
        "check",
        lang,
        territory.check,
        options.scenario(lang),
        options.tour_file(lang, "tour"),
        options.as_json(lang),
    )


def _plan(lang: Lang) -> click.Command:
    return _command(
        "plan",
        lang,
        planning.plan,
        options.scenario(lang),
        options.out_folder(lang),
        *options.search(lang, "30 s"),
        options.as_json(lang),
    )


def _coverage(lang: Lang) -> click.Command:
    return _command(
        "coverage",
        lang,
        measuring.coverage,
        options.scenario(lang),
        options.tour_file(lang, "tour"),
        options.as_json(lang),
    )


def _compare(lang: Lang) -> click.Command:
    return _command(
        "compare",
        lang,
        measuring.compare,
        options.scenario(lang),
        options.tour_file(lang, "before"),
        options.tour_file(lang, "after"),
        options.as_json(lang),
    )


def _demo(lang: Lang) -> click.Command:
    return _command(
        "demo",
        lang,
        planning.demo,
        options.out_folder(lang, default="out"),
        *options.search(lang, DEMO_BUDGET),
        options.as_json(lang),
    )


def _replay(lang: Lang) -> click.Command:
    plan = click.Argument(
        ["plan"], type=click.Path(path_type=Path), metavar=say("cli.word.plan", lang)
    )
    scenario = click.Option(
        ["--scenario"],
        metavar=say("cli.word.scenario", lang),
        help=say("cli.option.scenario", lang),
    )
    return _command(
        "replay",
        lang,
        planning.replay,
        plan,
        scenario,
        options.as_json(lang),
    )


def _warmup(lang: Lang) -> click.Command:
    return _command("warmup", lang, planning.warmup)
