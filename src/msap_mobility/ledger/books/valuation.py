"""What the units of each asset are worth in euro cents, and the euro lines of an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.books.chart import is_issue, is_mirror
from msap_mobility.ledger.books.movements import late_entries, moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.ledger.books.chart import Chart, Place
    from msap_mobility.ledger.books.order import By
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Standing, Written

__all__ = ["EURO", "EuroLine", "Valuation", "euro_balances", "placed"]

EURO = "EUR"

_FAR = 2**62

_BALANCES = """
    SELECT a.id, l.posted FROM {p}account a CROSS JOIN {p}leg l
    WHERE a.scheme = ? AND l.scheme = a.scheme AND l.account = a.account AND l.seq = (
        SELECT max(seq) FROM {p}leg
        WHERE scheme = a.scheme AND account = a.account AND seq <= ?)"""

_OPENED = """
    SELECT a.id, min(t.seq) FROM {p}account a CROSS JOIN {p}terms t
    WHERE a.scheme = ? AND a.weight <> 0 AND t.scheme = a.scheme AND t.account = a.account
    GROUP BY a.id"""


@dataclass(frozen=True, slots=True)
class EuroLine:
    """What an entry does to one account of the general plan.

    Parameters
    ----------
    place
        General account and auxiliary.
    cents
        Euro cents, debit positive.
    units, asset
        The units behind them, signed as the ledger has them; of ``"EUR"`` for euros.
    """

    place: Place
    cents: int
    units: int
    asset: str


class Valuation:
    """The accounts of a scheme by their place in the general plan and their value in euros.

    Euros count debit as positive, so they go over as they are. Units are owed to their holders:
    what a holder has stands on the credit side, valued by the weight of the account that issued
    it. ``issue/*`` and ``backed/EUR`` show the same from the other side and drop out; what remains
    balances, because an entry's legs sum to zero in each asset and so do its weighted legs.

    Parameters
    ----------
    journal
        Whose accounts.
    chart
        Where they stand; None if only values are asked for.

    Raises
    ------
    InputError
        With every account of value the chart has no place for.
    """

    def __init__(self, journal: Journal, chart: Chart | None = None) -> None:
        self.standings: Mapping[str, Standing] = {
            standing.terms.id: standing for standing in journal.accounts()
        }
        terms = [standing.terms for standing in self.standings.values()]
        opened = dict(journal.engine.reader.rows(_OPENED))
        issues = [(opened[each.id], each) for each in terms if is_issue(each.id) and each.weight]
        self._weights: dict[str, list[tuple[int, int]]] = {EURO: [(0, -1)]}  # debit positive there
        for seq, each in sorted(issues, key=lambda issue: issue[0]):
            self._weights.setdefault(each.asset, []).append((seq, each.weight))
        self.places: Mapping[str, Place] = {}
        if chart is not None:
            self.places = chart.places(each for each in terms if each.asset in self._weights)

    def cents(self, account: str, units: int, seq: int) -> int:
        """Euro cents of an amount on an account, debit positive; 0 where it is only a mirror.

        Parameters
        ----------
        account, units
            What is valued.
        seq
            Number of the entry it was written by, or was held after: a coupon's value changes when
            another account begins to issue it, at a moment when none circulates.
        """
        if is_mirror(account):
            return 0
        weights = self._weights.get(self.standings[account].terms.asset, ())
        return -units * next((weight for since, weight in reversed(weights) if since <= seq), 0)

    def lines(self, written: Written) -> list[EuroLine]:
        """The lines of an entry, debits first; none if nothing of it has a value in euros.

        Raises
        ------
        BrokenInvariant
            If debits and credits differ: something was posted past ``backed/EUR``.
        """
        lines = [
            EuroLine(self.places[account], cents, units, self.standings[account].terms.asset)
            for account, units in written.entry.legs.items()
            if (cents := self.cents(account, units, written.seq))
        ]
        off = sum(line.cents for line in lines)
        if off:
            raise BrokenInvariant(
                "the euro lines of an entry balance", entry=written.entry.key, off=off
            )
        return sorted(lines, key=_debits_first)


def euro_balances(
    reader: Reader, valuation: Valuation, until: int | None, top: int, *, by: By = "effective"
) -> dict[str, int]:
    """Euro balance of every account of the ledger, mirrors left out, cents, debit positive.

    Parameters
    ----------
    reader, valuation
        Of the scheme.
    until
        The end of what counts, microseconds since 1970 UTC, not included; None is all there is.
    top
        Number of the last entry that counts.
    by
        ``"effective"``: late paper written after `until` counts if it happened before.
    """
    end = _FAR if until is None else until
    last = min(reader.seq_at(end - 1), top)
    sums: dict[str, int] = {}
    _add(sums, valuation, reader.rows(_BALANCES, last), last)
    if by == "effective":
        for written in late_entries(reader, -_FAR, end, last, top):
            if moved(written):
                _add(sums, valuation, written.entry.legs.items(), written.seq)
    return sums


def placed(valuation: Valuation, sums: Mapping[str, int]) -> dict[Place, int]:
    """Balances of accounts as balances of their places in the general plan, none of them zero."""
    found: dict[Place, int] = {}
    for account, cents in sums.items():
        place = valuation.places[account]
        found[place] = found.get(place, 0) + cents
    ordered = sorted(found, key=lambda place: (place.account.number, place.auxiliary))
    return {place: found[place] for place in ordered if found[place]}


def _add(
    sums: dict[str, int], valuation: Valuation, amounts: Iterable[tuple[str, int]], seq: int
) -> None:
    for account, units in amounts:
        cents = valuation.cents(account, units, seq)
        if cents:
            sums[account] = sums.get(account, 0) + cents


def _debits_first(line: EuroLine) -> tuple[bool, str, str]:
    return line.cents < 0, line.place.account.number, line.place.auxiliary
