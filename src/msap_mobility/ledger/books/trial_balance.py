"""The trial balance: every general account, its debits equal to its credits, tied to the fund."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.books.chart import Chart
from msap_mobility.ledger.books.figures import cell, figure, table_text
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.valuation import EURO, Valuation, euro_balances, placed
from msap_mobility.ledger.journal import microseconds
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from msap_mobility.ledger.books.order import By
    from msap_mobility.ledger.entry import AccountTerms
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.wording import Lang

__all__ = ["TrialBalance", "TrialRow", "trial_balance"]

COLUMNS = ("number", "label", "auxiliary", "debit", "credit")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """A general account, or a third party of one, and its balance.

    Parameters
    ----------
    number, label, auxiliary
        Of the general account; the third party, or empty.
    cents
        Euro cents: above zero a debit balance, below zero a credit balance.
    """

    number: str
    label: str
    auxiliary: str
    cents: int

    @property
    def debit(self) -> int:
        """Debit balance, euro cents."""
        return max(self.cents, 0)

    @property
    def credit(self) -> int:
        """Credit balance, euro cents."""
        return max(-self.cents, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """The balances of all general accounts, third parties told one by one.

    Parameters
    ----------
    until
        The end of what counts, not included; None is all there is.
    rows
        In the order of numbers and third parties; no account with nothing on it.
    fund
        Euros of the guarantee fund, cents.
    owed
        What it covers: the units of all holders, cents.

    Raises
    ------
    BrokenInvariant
        If debits and credits differ, or the fund and what it covers.
    """

    until: datetime | None
    rows: tuple[TrialRow, ...]
    fund: int
    owed: int

    def __post_init__(self) -> None:
        if self.debit != self.credit:
            off = self.debit - self.credit
            raise BrokenInvariant("a trial balance balances", off=off)
        if self.fund != self.owed:
            raise BrokenInvariant("the fund equals what it covers", off=self.fund - self.owed)

    @property
    def debit(self) -> int:
        """Sum of the debit balances, euro cents."""
        return sum(row.debit for row in self.rows)

    @property
    def credit(self) -> int:
        """Sum of the credit balances, euro cents."""
        return sum(row.credit for row in self.rows)

    def by_account(self) -> tuple[TrialRow, ...]:
        """One row for each general account, its third parties together."""
        sums: dict[tuple[str, str], int] = {}
        for row in self.rows:
            key = row.number, row.label
            sums[key] = sums.get(key, 0) + row.cents
        return tuple(
            TrialRow(number=number, label=label, auxiliary="", cents=cents)
            for (number, label), cents in sums.items()
        )

    def to_csv(self, lang: Lang) -> str:
        """A table a spreadsheet opens, the totals in its last row."""
        heads = [say(f"books.trial.{name}", lang) for name in COLUMNS]
        total = "", say("books.trial.total", lang), "", self.debit, self.credit
        rows = [
            (row.number, cell(row.label), cell(row.auxiliary), row.debit, row.credit)
            for row in self.rows
        ]
        table = [
            [*texts, figure(debit, 2, lang), figure(credit, 2, lang)]
            for *texts, debit, credit in (*rows, total)
        ]
        return table_text([heads, *table], lang)

    def to_dict(self) -> dict[str, Any]:
        """JSON data: amounts in euro cents."""
        rows = [
            {
                "number": row.number,
                "label": row.label,
                "auxiliary": row.auxiliary,
                "debit": row.debit,
                "credit": row.credit,
            }
            for row in self.rows
        ]
        end = Period(until=self.until).to_dict()["until"]
        return {"until": end, "rows": rows, "fund": self.fund, "owed": self.owed}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        rows = tuple(
            TrialRow(
                number=row["number"],
                label=row["label"],
                auxiliary=row["auxiliary"],
                cents=row["debit"] - row["credit"],
            )
            for row in data["rows"]
        )
        until = Period.from_dict({"since": None, "until": data["until"]}).until
        return cls(until=until, rows=rows, fund=data["fund"], owed=data["owed"])


def trial_balance(
    journal: Journal,
    until: datetime | None = None,
    *,
    chart: Chart | None = None,
    by: By = "effective",
) -> TrialBalance:
    """The trial balance in euros, from the beginning of the scheme.

    Accounts of classes 6 and 7 are not closed at the end of a year: they hold the result of all
    years so far. The opening entry of the FEC carries it over.

    Parameters
    ----------
    journal
        Where it is read.
    until
        With a timezone, not included; None is now.
    chart
        Of general accounts; None is the usual one.
    by
        ``"effective"`` counts late paper when it happened, ``"recorded"`` when it was written.

    Raises
    ------
    InputError
        If the chart has no place for an account.
    """
    period = Period(until=until)
    top = journal.engine.reader.head().seq  # first: what is written meanwhile has other accounts
    valuation = Valuation(journal, chart or Chart())
    end = None if period.until is None else microseconds(period.until)
    sums = euro_balances(journal.engine.reader, valuation, end, top, by=by)
    covers = {account: each.terms for account, each in valuation.standings.items()}
    return TrialBalance(
        until=until,
        rows=_rows(valuation, sums),
        fund=sum(sums.get(each.id, 0) for each in covers.values() if _is_fund(each)),
        owed=-sum(cents for account, cents in sums.items() if covers[account].asset != EURO),
    )


def _is_fund(terms: AccountTerms) -> bool:
    """Whether an account counts as cover: of euros, with a weight."""
    return terms.asset == EURO and terms.weight != 0


def _rows(valuation: Valuation, sums: Mapping[str, int]) -> tuple[TrialRow, ...]:
    by_place = placed(valuation, sums)
    return tuple(
        TrialRow(
            number=place.account.number,
            label=place.account.label,
            auxiliary=place.auxiliary,
            cents=cents,
        )
        for place, cents in by_place.items()
    )
