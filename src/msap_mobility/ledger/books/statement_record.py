"""A statement of account: what moved, between what was there before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import BrokenInvariant, Fault, InputError
from msap_mobility.ledger.books.figures import cell, figure, kind_name, table_text
from msap_mobility.ledger.books.period import Period, civil_day
from msap_mobility.ledger.journal import Line
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from msap_mobility.ledger.books.order import By
    from msap_mobility.ledger.entry import Holder
    from msap_mobility.wording import Lang

__all__ = ["COLUMNS", "Statement"]

COLUMNS = ("day", "written", "number", "kind", "ref", "amount", "balance")
"""Columns of a statement, in order; ``books.statement.<name>`` are their heads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What moved on an account in a period, or a page of it.

    Parameters
    ----------
    account, asset, holder
        Whose, of what, and of which sort: ``"system"``, ``"person"``, ``"shop"``.
    decimals
        How many digits of an amount stand behind the decimal sign.
    period, by
        When, and told by which time: ``"effective"`` or ``"recorded"``.
    opening, closing
        Balance before the first line and after the last, minor units.
    lines
        What moved. Holds move nothing and are no lines.
    read_at
        Number of the last entry of the journal when it was read: late paper that comes in
        afterwards changes a statement by effective time.
    following
        Number of the last line, if more lines follow: give it as `after` to have the next page.

    Raises
    ------
    BrokenInvariant
        If the lines do not lead from the opening to the closing balance.
    """

    account: str
    asset: str
    holder: Holder
    decimals: int
    period: Period
    by: By
    opening: int
    closing: int
    lines: tuple[Line, ...]
    read_at: int
    following: int | None = None

    def __post_init__(self) -> None:
        off = self._off()
        if off:
            raise BrokenInvariant("a statement adds up", account=self.account, off=off)

    @property
    def owner(self) -> str:
        """Whose account it is: what stands before the last slash of its id."""
        return self.account.rpartition("/")[0] or self.account

    @property
    def came_in(self) -> int:
        """Sum of what was added, minor units."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def went_out(self) -> int:
        """Sum of what was taken, minor units, zero or less."""
        return sum(line.amount for line in self.lines if line.amount < 0)

    def to_csv(self, lang: Lang) -> str:
        """A table a spreadsheet opens: heads in `lang`, opening and closing balance as rows."""
        heads = [say(f"books.statement.{name}", lang) for name in COLUMNS]
        return table_text(
            [
                heads,
                self._edge("opening", self.period.first_day, self.opening, lang),
                *(self._row(line, lang) for line in self.lines),
                self._edge("closing", self.period.last_day, self.closing, lang),
            ],
            lang,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data: amounts in minor units, instants in ISO."""
        return {
            "account": self.account,
            "asset": self.asset,
            "holder": self.holder,
            "decimals": self.decimals,
            "period": self.period.to_dict(),
            "by": self.by,
            "opening": self.opening,
            "closing": self.closing,
            "lines": [_line_data(line) for line in self.lines],
            "read_at": self.read_at,
            "following": self.following,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            If its lines do not add up.
        """
        read = {
            **data,
            "period": Period.from_dict(data["period"]),
            "lines": tuple(_line_of(line) for line in data["lines"]),
        }
        try:
            return cls(**read)
        except BrokenInvariant as broken:
            off = broken.values["off"]
            raise InputError([Fault(code="statement_off", value=off)]) from None

    def _off(self) -> int:
        """By how much the lines fail to lead from opening to closing, each on its own too."""
        held = self.opening
        for line in self.lines:
            held += line.amount
            if held != line.balance:
                return held - line.balance
        return held - self.closing

    def _row(self, line: Line, lang: Lang) -> list[str]:
        return [
            civil_day(line.effective).isoformat(),
            civil_day(line.recorded).isoformat(),
            str(line.seq),
            cell(kind_name(line.kind, lang)),
            cell(line.ref),
            figure(line.amount, self.decimals, lang),
            figure(line.balance, self.decimals, lang),
        ]

    def _edge(self, code: str, day: date | None, balance: int, lang: Lang) -> list[str]:
        told = say(f"books.statement.{code}", lang)
        return [
            day.isoformat() if day else "",
            "",
            "",
            told,
            "",
            "",
            figure(balance, self.decimals, lang),
        ]


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "key": line.key,
        "kind": line.kind,
        "ref": line.ref,
        "recorded": line.recorded.isoformat(),
        "effective": line.effective.isoformat(),
        "amount": line.amount,
        "balance": line.balance,
    }


def _line_of(data: Mapping[str, Any]) -> Line:
    instants = {name: datetime.fromisoformat(data[name]) for name in ("recorded", "effective")}
    return Line(**{**data, **instants})
