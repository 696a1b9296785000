"""Results on stdout: one JSON document, or sentences and a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.wording import count, duration, percent, say, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.coverage import ChangeRow, Comparison, CoverageTable, Figures
    from msap_mobility.scenario import Scenario
    from msap_mobility.wording import Lang

__all__ = ["print_comparison", "print_coverage", "print_json", "print_table", "row_names"]

_WIDTH = 110


def print_json(document: Mapping[str, Any]) -> None:
    """One strict JSON document: no NaN, no infinity."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def row_names(territory: Scenario, lang: Lang) -> dict[str, str]:
    """Names of the rows of a table: communes by code, groups by id."""
    from msap_mobility.coverage import group_names

    return {**territory.commune_names, **group_names(territory.homes.groups, lang)}


def print_coverage(table: CoverageTable, lang: Lang, names: Mapping[str, str]) -> None:
    """The main figures, then a row for each group and commune."""
    click.echo(table.summary(lang, names))
    rows = [
        (row.label(lang, names), count(row.people, lang), *_figures(row.low, row.step, lang))
        for row in table.rows
    ]
    print_table(_heads(("about", "people", "reached", "hours", "wait"), lang), rows)
    _explain_rounding(table, lang)


def print_comparison(comparison: Comparison, lang: Lang, names: Mapping[str, str]) -> None:
    """Who gains: the main figures, then before and after for each group and commune."""
    if comparison.optimistic:
        click.echo(say("cli.if_open", lang))
    click.echo(comparison.summary(lang, names))
    rows = [
        (
            change.label(lang, names),
            count(change.people, lang),
            *_before_and_after(before, after, change.step, lang),
            _newly(change, lang),
        )
        for change, before, after in comparison.figures()
    ]
    print_table(_heads(("about", "people", "reached", "hours", "wait", "newly"), lang), rows)
    _explain_rounding(comparison, lang)


def _explain_rounding(told: CoverageTable | Comparison, lang: Lang) -> None:
    if told.rounded:
        click.echo(say("coverage.rounded", lang, n=told.threshold))


def _figures(found: Figures | None, step: float, lang: Lang) -> tuple[str, str, str]:
    withheld = say("cli.table.withheld", lang)
    if found is None:
        return withheld, withheld, withheld
    return (
        _share(found.share_reached, step, lang),
        _share(found.space_time, step, lang),
        _wait(found, step, lang),
    )


def _share(value: float | None, step: float, lang: Lang) -> str:
    if value is None:
        return say("cli.table.withheld", lang)
    return (
        say("cli.table.rounded", lang, value=percent(value, lang)) if step else share(value, lang)
    )


def _wait(found: Figures, step: float, lang: Lang) -> str:
    from msap_mobility.coverage import median_is_never

    if found.median_wait_s is None:
        never = median_is_never(found, step)
        return say("cli.table.never" if never else "cli.table.withheld", lang)
    wait = duration(found.median_wait_s, lang)
    return say("cli.table.rounded", lang, value=wait) if step else wait


def _before_and_after(
    before: Figures | None, after: Figures | None, step: float, lang: Lang
) -> Iterable[str]:
    return (
        then if then == now else f"{then} → {now}"
        for then, now in zip(_figures(before, step, lang), _figures(after, step, lang), strict=True)
    )


def _newly(change: ChangeRow, lang: Lang) -> str:
    if change.reach is None:
        return say("cli.table.withheld", lang)
    newly = count(change.reach.gained - change.reach.lost, lang)
    return say("cli.table.rounded", lang, value=newly) if change.step else newly


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> None:
    """Print a table.

    Parameters
    ----------
    heads, rows
        Texts.
    left
        How many columns, the first ones, stand at the left; figures stand at the right.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(
            Text(head), justify="left" if number < left else "right", no_wrap=number >= left
        )
    for row in rows:
        table.add_row(*map(Text, row))  # a text is no markup
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)


def _heads(columns: Sequence[str], lang: Lang) -> list[str]:
    return [say(f"cli.table.{column}", lang) for column in columns]
