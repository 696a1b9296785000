"""What the desk did in some days, and the yearly report to the prefect."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.command import reading
from msap_mobility.cli.printing import print_json
from msap_mobility.cli.typed import day, month, read_all
from msap_mobility.errors import Fault, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from msap_mobility.cli.desk.asking import Agent, Opened
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def _year(text: str) -> int:
    if not text.strip().isdecimal() or not 2019 <= int(text) <= 9998:
        raise InputError([Fault(code="not_a_report_year", value=text)])
    return int(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "first": day,
    "last": day,
    "month": month,
    "prefect": _year,
}


def commands(lang: Lang) -> Iterator[click.Command]:
    """The command of this module."""
    asked = options.options(lang, month="month", prefect="year", beneficiaries="file")
    yield reading("report", lang, report, *options.span(lang), *asked)


def report(agent: Agent, beneficiaries: str | None, **typed: str | None) -> None:
    """What the desk did in some days, this month if none are given; or the prefect's report."""
    with Faults() as faults:
        given: dict[str, Any] = {}
        with faults.also():
            given = read_all(typed, _READERS)
        if typed["prefect"] is not None and beneficiaries is None:
            faults.add("no_beneficiaries", column="beneficiaries", value="")
    with agent.opened() as opened:
        if given["prefect"] is not None:
            _tell_prefect(agent, opened, given["prefect"], Path(str(beneficiaries)))
            return
        found = opened.desk.report(*_days(opened, given))
        if agent.as_json:
            print_json(found.to_dict())
        else:
            click.echo(found.text(agent.lang))


def _days(opened: Opened, given: dict[str, Any]) -> tuple[date, date]:
    """The first and the last day.

    Raises
    ------
    InputError
        If the last comes before the first, or a month is given besides.
    """
    first, last = given["first"], given["last"]
    if given["month"] is not None and (first or last):
        raise InputError([Fault(code="month_or_days", column="month", value=str(first or last))])
    if first is None and last is None:
        year, number = given["month"] or (opened.today.year, opened.today.month)
        begin = date(year, number, 1)
        return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    first, last = first or last, last or first
    if last < first:
        raise InputError(
            [Fault(code="ends_before_start", column="last", value=last, details={"start": first})]
        )
    return first, last


def _tell_prefect(agent: Agent, opened: Opened, year: int, beneficiaries: Path) -> None:
    from msap_mobility.cli.desk.prefect import prefect_of

    found, forgotten = prefect_of(opened, year, beneficiaries)
    if forgotten:
        agent.mention("cli.desk.forgotten_offers", n=forgotten)
    if agent.as_json:
        print_json(found.to_dict(private=True))
    else:
        click.echo(found.text(agent.lang, private=True))
