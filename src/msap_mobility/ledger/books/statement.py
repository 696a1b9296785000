"""Statements of account are read: a whole period, or a page of it, at the price of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Faults
from msap_mobility.ledger.books.order import BEGINNING, order_of
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.statement_record import Statement
from msap_mobility.ledger.journal import microseconds
from msap_mobility.ledger.outcome import Refusal, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from msap_mobility.ledger.books.order import By, Mark, Order
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.sight import Standing

__all__ = ["Statement", "balance_on", "statement"]


def statement(
    journal: Journal,
    account: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: By = "effective",
    after: int = 0,
    limit: int | None = None,
) -> Statement:
    """The statement of an account, whole or page by page.

    Parameters
    ----------
    journal
        Where it is read.
    account
        Its id.
    since, until
        The period, `until` not included; None is without end on that side.
    by
        ``"effective"`` tells late paper on the day it happened, ``"recorded"`` as it was written.
    after
        `following` of the page before; 0 for the first.
    limit
        Most lines of a page; None is all. A page takes O(log n + page), and by effective time the
        number of late entries besides, however many lines the account has.

    Raises
    ------
    Refused
        If there is no such account.
    InputError
        If the period, the page or the order cannot be.
    """
    period = Period(since=since, until=until)
    standing = _standing(journal, account)
    reader = journal.engine.reader
    top = reader.head().seq
    _check(by, after, limit, top)
    order = order_of(by, reader, top)
    first, last = _places(order, period, after)
    wanted = None if limit is None else limit + 1  # one more tells whether a page follows
    lines = order.lines(standing.no, first, last, wanted) if first < last else []
    more = limit is not None and len(lines) > limit
    if more:
        lines.pop()
        last = order.behind(lines[-1].seq)
    terms = standing.terms
    opening = order.balance(standing.no, first)
    return Statement(
        account=account,
        asset=terms.asset,
        holder=terms.holder,
        decimals=journal.engine.decimals[terms.asset],
        period=period,
        by=by,
        opening=opening,
        closing=order.balance(standing.no, last) if first < last else opening,
        lines=tuple(lines),
        read_at=top,
        following=lines[-1].seq if more else None,
    )


def balance_on(journal: Journal, account: str, instant: datetime, *, by: By = "effective") -> int:
    """What an account held once everything until `instant`, itself included, was done.

    Parameters
    ----------
    journal, account
        Which.
    instant
        With a timezone.
    by
        ``"effective"``: done means happened, late paper included; ``"recorded"``: written.

    Returns
    -------
    int
        Minor units.

    Raises
    ------
    Refused
        If there is no such account.
    """
    order = order_of(by, journal.engine.reader)
    mark = order.before(microseconds(instant) + 1)
    return order.balance(_standing(journal, account).no, mark)


def _standing(journal: Journal, account: str) -> Standing:
    standing = journal.engine.reader.standing(account)
    if standing is None:
        raise Refused(Refusal(code="unknown_account", key="", values={"account": account}))
    return standing


def _check(by: str, after: int, limit: int | None, top: int) -> None:
    with Faults() as faults:
        if by not in ("effective", "recorded"):
            faults.add("not_one_of", column="by", value=by, known=("effective", "recorded"))
        if not 0 <= after <= top:
            faults.add("out_of_range", column="after", value=after, least=0, most=top)
        if limit is not None and limit < 1:
            faults.add("out_of_range", column="limit", value=limit, least=1, most=top)


def _places(order: Order, period: Period, after: int) -> tuple[Mark, Mark]:
    """Where the lines asked for begin and end."""
    since = None if period.since is None else microseconds(period.since)
    until = None if period.until is None else microseconds(period.until)
    first = BEGINNING if since is None else order.before(since)
    if after:
        first = max(first, order.behind(after))
    return first, order.before(until)
