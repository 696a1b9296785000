"""What the books say: balances, what circulates, statements, the report of the year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.asking import clock_us
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.command import reading
from msap_mobility.cli.ledger.output import free, send
from msap_mobility.cli.ledger.periods import check_lived, days_asked, month_asked
from msap_mobility.cli.ledger.telling import document, held, money
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json, print_table
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger import Balance, Ledger
    from msap_mobility.ledger.books.monthly import Monthly
    from msap_mobility.ledger.books.period import Period
    from msap_mobility.ledger.books.statement_record import Statement
    from msap_mobility.ledger.scheme.cover import Cover
    from msap_mobility.wording import Lang

__all__ = ["commands", "monthly_of", "name_of"]

_SHOWN = ("day", "kind", "ref", "amount", "balance")


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    owner, at = options.argument("owner", lang), options.option("at", lang, word="moment")
    files = options.option("csv", lang, word="file"), options.option("html", lang, word="file")
    replace = options.flag("replace", lang)
    yield reading("balance", lang, balance, owner, at)
    yield reading("cover", lang, cover, at)
    yield reading(
        "statement", lang, statement, owner, options.option("month", lang), *files, replace
    )
    days = [options.option(name, lang, word="day") for name in ("since", "until")]
    still = click.Option(
        ["--dormant-days"],
        type=click.IntRange(1, 36_500),
        default=180,
        show_default=True,
        metavar="N",
        help=say("cli.ledger.option.dormant_days", lang),
    )
    yield reading("report", lang, report, options.option("year", lang), *days, still)


def balance(desk: Desk, owner: str, at: str | None) -> None:
    """What a member, a shop or an account holds."""
    given = read(at=at)
    with desk.ledger() as ledger:
        found = ledger.balance(owner, at=given["at"])
        if desk.as_json:
            when = given["at"] and given["at"].isoformat()
            told = [_balance_data(ledger, each) for each in found.values()]
            print_json(document("balance", ledger, owner=owner, at=when, balances=told))
        else:
            desk.tell("cli.ledger.balance_told", who=owner, what=held(ledger, found, desk))


def cover(desk: Desk, at: str | None) -> None:
    """What circulates, and the fund behind it."""
    given = read(at=at)
    with desk.ledger() as ledger:
        found = ledger.cover(at=given["at"])
        if desk.as_json:
            when = given["at"] and given["at"].isoformat()
            print_json(document("cover", ledger, at=when, **_cover_data(ledger, found)))
            return
        _tell_cover(desk, ledger, found)


def statement(
    desk: Desk,
    owner: str,
    month: str | None,
    csv: str | None,
    html: str | None,
    replace: bool,
) -> None:
    """The statement of a month, on the screen, as a table or as a page for the printer."""
    given = read(month=month)
    for target in filter(None, (csv, html)):
        free(target, as_json=desk.as_json)
    with desk.ledger() as ledger:
        found = monthly_of(ledger, owner, given["month"])
        if csv is not None:
            send(csv, found.to_csv(desk.lang), replace=replace)
        if html is not None:
            send(html, _page(desk, ledger, found), replace=replace)
        if desk.as_json:
            print_json(document("statement", ledger, **found.to_dict()))
        elif csv is None and html is None:
            for each in found.statements:
                _print_statement(desk, each)


def report(
    desk: Desk, year: str | None, since: str | None, until: str | None, dormant_days: int
) -> None:
    """How the currency circulated: in a year, or between two days, both included."""
    from msap_mobility.ledger.books.circulation import circulation

    given = read(year=year, since=since, until=until)
    period = days_asked(given)
    with desk.ledger() as ledger:
        check_lived(ledger, period)
        begin, end = _until_now(period)
        found = circulation(ledger.journal, since=begin, until=end, dormant_days=dormant_days)
        if desk.as_json:
            unit = {"asset": "EUR", "decimals": 2}
            print_json(document("circulation", ledger, money=unit, circulation=found.to_dict()))
        else:
            click.echo(found.summary(desk.lang))


def monthly_of(ledger: Ledger, owner: str, month: tuple[int, int] | None) -> Monthly:
    """The statements of a member, a shop, or one account (``fund/EUR``); of this month, if none."""
    from msap_mobility.ledger.books.monthly import Monthly, monthly
    from msap_mobility.ledger.books.statement import statement as stated

    period = month_asked(month)
    check_lived(ledger, period)
    if "/" not in owner and period.first_day is not None:
        return monthly(ledger.journal, owner, period.first_day.year, period.first_day.month)
    one = stated(ledger.journal, owner, since=period.since, until=period.until)
    return Monthly(owner=owner, period=period, statements=(one,))


def name_of(ledger: Ledger, owner: str) -> str:
    """The name noted for a member or a shop; empty if there is none."""
    noted = ledger.journal.engine.reader.noted_of(owner)
    return str(noted[0]) if noted else ""


def _page(desk: Desk, ledger: Ledger, found: Monthly) -> str:
    from msap_mobility.report.statement_page import monthly_page

    return monthly_page(found, desk.lang, name=name_of(ledger, found.owner))


def _print_statement(desk: Desk, each: Statement) -> None:
    from msap_mobility.ledger.books.figures import figure, kind_name
    from msap_mobility.ledger.books.period import civil_day

    def amount(units: int) -> str:
        return figure(units, each.decimals, desk.lang)

    told = each.period.told(desk.lang)
    desk.tell("cli.ledger.statement_head", account=each.account, period=told)
    rows = [("", say("books.statement.opening", desk.lang), "", "", amount(each.opening))]
    rows += [
        (
            civil_day(line.effective).isoformat(),
            kind_name(line.kind, desk.lang),
            line.ref,
            amount(line.amount),
            amount(line.balance),
        )
        for line in each.lines
    ]
    rows.append(("", say("books.statement.closing", desk.lang), "", "", amount(each.closing)))
    print_table([say(f"books.statement.{name}", desk.lang) for name in _SHOWN], rows, left=3)


def _balance_data(ledger: Ledger, found: Balance) -> dict[str, Any]:
    return {
        "account": found.account,
        "asset": found.asset,
        "decimals": ledger.rules.decimals[found.asset],
        "posted": found.posted,
        "outgoing": found.outgoing,
        "incoming": found.incoming,
        "available": found.available,
    }


def _cover_data(ledger: Ledger, found: Cover) -> dict[str, Any]:
    cents: Mapping[str, int] = {
        "coupons_value": found.coupons_cents,
        "currency_value": found.currency_cents,
        "circulating": found.total_cents,
        "fund": found.fund_cents,
    }
    return {
        "coupons": money(found.coupons, ledger.rules.coupon, 0),
        **{name: money(units, "EUR", 2) for name, units in cents.items()},
        "covered": found.objection is None,
    }


def _tell_cover(desk: Desk, ledger: Ledger, found: Cover) -> None:
    from msap_mobility.ledger.outcome import Amount

    def euros(cents: int) -> Amount:
        return Amount(cents, "EUR", 2)

    desk.tell("cli.ledger.circulates.coupons", n=found.coupons, value=euros(found.coupons_cents))
    if ledger.rules.currency is not None:
        value = euros(found.currency_cents)
        desk.tell("cli.ledger.circulates.currency", currency=ledger.rules.currency, value=value)
    desk.tell("cli.ledger.circulates.fund", fund=euros(found.fund_cents))
    if found.objection is not None:
        desk.mention("cli.ledger.refused", why=found.objection.text(desk.lang))


def _until_now(period: Period) -> tuple[datetime, datetime]:
    """The ends of a period, not beyond now: nothing happens later, and idle time would slow it."""
    from msap_mobility.ledger.journal import instant_of

    now = instant_of(clock_us())
    soon = now + timedelta(microseconds=1)
    return period.since or now, min(period.until or soon, soon)
