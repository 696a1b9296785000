"""The commands of `msap`, declared in the language of the user.

The callbacks import what they need when they run, so that ``msap --help`` answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from msap_mobility._version import __version__
from msap_mobility.cli import measuring, options, planning, territory
from msap_mobility.cli.carpool import carpool_group
from msap_mobility.cli.desk import desk_group
from msap_mobility.cli.ledger import ledger_group
from msap_mobility.cli.usage import context_in, speak
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.wording import Lang

__all__ = ["program"]

PLAN_BUDGET = "30 s"
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
    speak(group, lang)
    for command in _commands(lang):
        group.add_command(command)
    return group


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(__version__)
        context.exit()


def _command(
    name: str, lang: Lang, callback: Callable[..., object], *params: click.Parameter
) -> click.Command:
    made = click.Command(
        name,
        callback=callback,
        params=[*params, options.language(lang)],
        help=say(f"cli.{name}.help", lang),
        short_help=say(f"cli.{name}.short", lang),
    )
    made.context_class = context_in(lang)
    return made


def _commands(lang: Lang) -> Iterator[click.Command]:
    scenario, as_json = options.scenario, options.as_json
    folder, extract = options.folder(lang), options.extract(lang)
    yield _command("new", lang, territory.new, folder, *extract, options.template(lang))
    tour = options.tour_file(lang, "tour")
    yield _command("check", lang, territory.check, scenario(lang), tour, as_json(lang))
    out, search = options.out_folder(lang), options.search(lang, PLAN_BUDGET)
    yield _command("plan", lang, planning.plan, scenario(lang), out, *search, as_json(lang))
    yield _command("coverage", lang, measuring.coverage, scenario(lang), tour, as_json(lang))
    before, after = options.tour_file(lang, "before"), options.tour_file(lang, "after")
    yield _command("compare", lang, measuring.compare, scenario(lang), before, after, as_json(lang))
    search = options.search(lang, DEMO_BUDGET)
    yield _command("demo", lang, planning.demo, out, *search, as_json(lang))
    saved, moved = options.saved_plan(lang), options.moved_scenario(lang)
    yield _command("replay", lang, planning.replay, saved, moved, as_json(lang))
    yield carpool_group(lang)
    yield ledger_group(lang)
    yield desk_group(lang)
    yield _command("warmup", lang, planning.warmup)
