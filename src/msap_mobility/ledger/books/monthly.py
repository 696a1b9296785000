"""What a member or a shop finds in its letter box once a month: a statement of each account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.ledger.books.figures import cell
from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.books.statement import statement
from msap_mobility.ledger.books.statement_record import Statement
from msap_mobility.ledger.outcome import Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.ledger.books.order import By
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.wording import Lang

__all__ = ["Monthly", "monthly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """The statements of all accounts of a member or a shop for one month.

    Parameters
    ----------
    owner
        Id of the member or the shop.
    period
        The month.
    statements
        One for each account, in the order of the scheme's assets.
    """

    owner: str
    period: Period
    statements: tuple[Statement, ...]

    def to_csv(self, lang: Lang) -> str:
        """The statements as one table after the other, each under the id of its account."""
        return "\n".join(f"{cell(each.account)}\n{each.to_csv(lang)}" for each in self.statements)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "owner": self.owner,
            "period": self.period.to_dict(),
            "statements": [each.to_dict() for each in self.statements],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(
            owner=data["owner"],
            period=Period.from_dict(data["period"]),
            statements=tuple(map(Statement.from_dict, data["statements"])),
        )


def monthly(
    journal: Journal, owner: str, year: int, month: int, *, by: By = "effective"
) -> Monthly:
    """The statements of a member or a shop for a civil month of France.

    Parameters
    ----------
    journal
        Where they are read.
    owner
        Id of the member or the shop: its accounts are ``owner/ASSET``.
    year, month
        Which month.
    by
        See `statement`.

    Raises
    ------
    Refused
        If the owner has no account.
    InputError
        If there is no such month.
    """
    period = Period.month(year, month)
    assets = journal.engine.decimals
    ids = [f"{owner}/{asset}" for asset in assets]
    there = {each.terms.id for each in journal.engine.reader.standings_of(ids)}
    if not there:
        raise Refused(Refusal(code="unknown_account", key="", values={"account": owner}))
    return Monthly(
        owner=owner,
        period=period,
        statements=tuple(
            statement(journal, account, since=period.since, until=period.until, by=by)
            for account in ids
            if account in there
        ),
    )
