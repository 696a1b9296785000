"""A statement of account as a page for the printer: one file, A4, no request."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from msap_mobility.ledger.books.figures import kind_name
from msap_mobility.ledger.books.period import civil_day
from msap_mobility.ledger.outcome import Amount
from msap_mobility.render import Child, Markup, element, join
from msap_mobility.report.tables import data_table, section
from msap_mobility.wording import day, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from msap_mobility.ledger.books.monthly import Monthly
    from msap_mobility.ledger.books.statement_record import Statement
    from msap_mobility.ledger.journal import Line
    from msap_mobility.wording import Lang

__all__ = ["monthly_page", "statement_page"]

_COLUMNS = ("day", "kind", "number", "amount", "balance")


def statement_page(statement: Statement, lang: Lang, *, name: str = "") -> str:
    """The whole page as HTML text.

    Parameters
    ----------
    statement
        What to print.
    lang
        In which language.
    name
        Whose statement it is, in plain words; empty: the id of the account's owner.
    """
    return _page([statement], name or statement.owner, statement.period.told(lang), lang)


def monthly_page(monthly: Monthly, lang: Lang, *, name: str = "") -> str:
    """All statements of a member or a shop for a month, each account on a sheet of its own.

    Parameters
    ----------
    monthly
        What to print.
    lang, name
        As for `statement_page`.
    """
    return _page(monthly.statements, name or monthly.owner, monthly.period.told(lang), lang)


def _page(statements: Sequence[Statement], name: str, period: str, lang: Lang) -> str:
    title = say("books.page.title", lang, name=name, period=period)
    head = element(
        "header",
        element("p", say("books.page.kicker", lang), class_="kicker"),
        element("h1", name),
        element("p", period),
    )
    sections = [_section(each, number, lang) for number, each in enumerate(statements, start=1)]
    read_at = max((each.read_at for each in statements), default=0)
    foot = element("footer", element("p", say("books.page.foot", lang, number=read_at)))
    body = element("body", element("main", head, join(sections, "\n")), foot)
    return f"<!DOCTYPE html>\n{element('html', _head(title), body, lang=lang)}\n"


def _head(title: str) -> Markup:
    style = (files("msap_mobility.report") / "statement.css").read_text(encoding="utf-8")
    style = style.replace("\r\n", "\n")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Markup(style)),
    )


def _section(statement: Statement, number: int, lang: Lang) -> Markup:
    code = "books.page.caption.page" if statement.following else "books.page.caption.whole"
    table = data_table(
        f"lines-{number}",
        say(code, lang, order=say(f"books.page.by.{statement.by}", lang)),
        [say(f"books.statement.{name}", lang) for name in _COLUMNS],
        [
            _edge("opening", statement.period.since, statement.opening, statement, lang),
            *(_row(line, statement, lang) for line in statement.lines),
            _edge("closing", None, statement.closing, statement, lang),
        ],
        numbers=(2, 3, 4),
    )
    account = say("books.page.account", lang, account=statement.account)
    return section(f"account-{number}", account, _figures(statement, lang), table)


def _figures(statement: Statement, lang: Lang) -> Markup:
    figures = (
        ("opening", statement.opening),
        ("came_in", statement.came_in),
        ("went_out", statement.went_out),
        ("closing", statement.closing),
    )
    return element(
        "dl",
        *(
            element(
                "div",
                element("dt", say(f"books.statement.{name}", lang)),
                element("dd", _money(units, statement, lang)),
            )
            for name, units in figures
        ),
        class_="figures",
    )


def _row(line: Line, statement: Statement, lang: Lang) -> list[Child]:
    happened, written = civil_day(line.effective), civil_day(line.recorded)
    late = say("books.page.late", lang, day=written) if written != happened else ""
    beside = " · ".join(part for part in (line.ref or line.key, late) if part)
    return [
        day(happened, lang),
        join([kind_name(line.kind, lang), element("small", beside)]),
        line.seq,
        _money(line.amount, statement, lang),
        _money(line.balance, statement, lang),
    ]


def _edge(
    code: str, at: datetime | None, balance: int, statement: Statement, lang: Lang
) -> list[Child]:
    """The first or the last row: a balance and nothing that moved."""
    last = statement.period.last_day
    on = civil_day(at) if at is not None else last if code == "closing" else None
    told = "" if on is None or (code == "closing" and statement.following) else day(on, lang)
    return [told, say(f"books.statement.{code}", lang), "", "", _money(balance, statement, lang)]


def _money(units: int, statement: Statement, lang: Lang) -> str:
    amount = Amount(units, statement.asset, statement.decimals)
    return say("books.page.amount", lang, amount=amount)
