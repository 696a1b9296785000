"""Results on stdout: one JSON document, or sentences and a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.wording import count, duration, say, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.coverage import ChangeRow, Comparison, CoverageTable, Figures
    from msap_mobility.wording import Lang

__all__ = ["print_comparison", "print_coverage", "print_json"]

_WIDTH = 110


def print_json(document: Mapping[str, Any]) -> None:
    """One strict JSON document: no NaN, no infinity."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def print_coverage(table: CoverageTable, lang: Lang, names: Mapping[str, str]) -> None:
    """The main figures, then a row for each group and commune."""
    click.echo(table.summary(lang, names))
    rows = [
        (row.label(lang, names), count(row.people, lang), *_figures(row.low, lang))
        for row in table.rows
    ]
    _print_table(("about", "people", "reached", "hours", "wait"), rows, lang)


def print_comparison(comparison: Comparison, lang: Lang, names: Mapping[str, str]) -> None:
    """Who gains: the main figures, then before and after for each group and commune."""
    if comparison.optimistic:
        click.echo(say("cli.if_open", lang))
    click.echo(comparison.summary(lang, names))
    rows = [
        (
            change.label(lang, names),
            count(change.people, lang),
            *_before_and_after(before, after, lang),
            _newly(change, lang),
        )
        for change, before, after in comparison.figures()
    ]
    _print_table(("about", "people", "reached", "hours", "wait", "newly"), rows, lang)


def _figures(found: Figures | None, lang: Lang) -> tuple[str, str, str]:
    if found is None:
        withheld = say("cli.table.withheld", lang)
        return withheld, withheld, withheld
    wait_s = found.median_wait_s
    return (
        share(found.share_reached, lang),
        share(found.space_time, lang),
        say("cli.table.never", lang) if wait_s is None else duration(wait_s, lang),
    )


def _before_and_after(before: Figures | None, after: Figures | None, lang: Lang) -> Iterable[str]:
    return (
        then if then == now else f"{then} → {now}"
        for then, now in zip(_figures(before, lang), _figures(after, lang), strict=True)
    )


def _newly(change: ChangeRow, lang: Lang) -> str:
    if change.reach is None:
        return say("cli.table.withheld", lang)
    return count(change.reach.gained - change.reach.lost, lang)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], lang: Lang) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(
            say(f"cli.table.{column}", lang),
            justify="left" if number == 0 else "right",
            no_wrap=number > 0,
        )
    for row in rows:
        table.add_row(*row)
    console = Console()
    (console if console.is_terminal else Console(width=_WIDTH)).print(table)
