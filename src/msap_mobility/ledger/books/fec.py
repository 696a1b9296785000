"""The FEC, "fichier des écritures comptables": what an accountant imports, a tax auditor asks for.

Article A47 A-1 of the Livre des procédures fiscales. A non-lucrative association is seldom bound
to it, but its accountant's software reads nothing else as surely.

Every entry of the ledger that moves something of value in euros is one entry of the file, none
merged with another: see `Valuation.lines` for its lines. Holds and what lets them go move nothing.

**Which year.** By the day it happened. Late paper belongs to the year it happened in as long as
that year is open, whenever it is written. Once a year is closed nothing may enter it any more:
what is written later goes into the year then open, booked (``EcritureDate``) on the day it was
written, with the day it happened as ``PieceDate``. Say when years were closed by `closed` and
`earlier_closed`, and every entry stands in the file of exactly one year.
``ValidDate`` is always the day the entry was written in the journal, where nothing can be changed:
it may lie after ``EcritureDate``, for late paper. Entries are in the order of their validation.

**What was there before** is the first entry: the balances of classes 1 to 5, and the result of all
earlier years on the account carried forward. Classes 6 and 7 are not closed, as the law wants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Faults
from msap_mobility.ledger.books.chart import Chart, Place
from msap_mobility.ledger.books.fec_file import Encoding, Fec, LineEnd, check_siren, check_writing
from msap_mobility.ledger.books.fec_line import FecLine
from msap_mobility.ledger.books.fec_year import FecYear, check_year
from msap_mobility.ledger.books.figures import figure, kind_name
from msap_mobility.ledger.books.movements import happened
from msap_mobility.ledger.books.period import day_of
from msap_mobility.ledger.books.valuation import EURO, Valuation, euro_balances, placed
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from msap_mobility.ledger.books.period import Period
    from msap_mobility.ledger.books.valuation import EuroLine
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Written

__all__ = ["fec"]

_RESULT = ("6", "7")  # classes of expense and income


def fec(
    journal: Journal,
    period: Period,
    *,
    siren: str,
    chart: Chart | None = None,
    closed: datetime | None = None,
    earlier_closed: datetime | None = None,
    names: Mapping[str, str] | None = None,
    encoding: Encoding = "utf-8",
    line_end: LineEnd = "crlf",
) -> Fec:
    """The FEC of a fiscal year.

    Parameters
    ----------
    journal
        Where it is read.
    period
        The year, whole civil days of France: `Period.year`, or one's own.
    siren
        Nine digits.
    chart
        Of general accounts; None is the usual one.
    closed
        When this year was closed: what was written later is left to the next. None: still open.
    earlier_closed
        When the year before was closed: late paper of it written since then is taken in here.
        None: still open, so that it takes its late paper itself.
    names
        Names of third parties by id, for ``CompAuxLib``; without them the file holds no personal
        name.
    encoding
        ``"utf-8"``, or ``"iso-8859-15"`` as the law says: a character it cannot hold becomes
        ``?`` and is told in `Fec.replaced`.
    line_end
        ``"crlf"`` or ``"lf"``.

    Raises
    ------
    InputError
        With every fault: a SIREN, a period, closings that cannot be; accounts the chart lacks.
    BrokenInvariant
        If the lines of an entry do not balance.
    """
    with Faults() as faults:
        check_siren(siren, faults)
        check_writing(encoding, line_end, faults)
        check_year(period, closed, earlier_closed, faults)
    year = FecYear.of(journal.engine.reader, period, closed, earlier_closed)
    chart = chart or Chart()
    valuation = Valuation(journal, chart)
    scribe = _Scribe(chart, valuation, journal.engine.decimals, names or {}, year)
    return Fec(
        siren=siren,
        period=period,
        lines=tuple(scribe.lines(journal.engine.reader)),
        encoding=encoding,
        line_end=line_end,
        read_at=year.top,
    )


@dataclass(slots=True)
class _Scribe:
    """Writes the lines of a year."""

    chart: Chart
    valuation: Valuation
    decimals: Mapping[str, int]
    names: Mapping[str, str]
    year: FecYear
    number: int = 0

    def lines(self, reader: Reader) -> Iterator[FecLine]:
        yield from self._opening(reader)
        for written in self.year.entries(reader):
            lines = self.valuation.lines(written)
            if not lines:
                continue
            self.number += 1
            shared = self._shared(written)
            for line in lines:
                units, asset = self._coupons(line)
                third_party = self._third_party(line.place)
                yield FecLine(cents=line.cents, units=units, asset=asset, **shared, **third_party)

    def _shared(self, written: Written) -> dict[str, Any]:
        """What all lines of an entry have in common."""
        entry = written.entry
        what = kind_name(entry.kind, "fr")
        if entry.phase == "reverse" and entry.kind != "reverse":
            what = say("books.fec.reversal", "fr", what=what)
        return {
            "journal": self.chart.journals["ledger"].number,
            "journal_label": self.chart.journals["ledger"].label,
            "number": self.number,
            "day": self.year.booked(written),
            "piece": entry.ref or entry.key,
            "piece_day": day_of(happened(written)),
            "label": say("books.fec.label", "fr", what=what, key=entry.key),
            "valid_day": day_of(written.recorded),
        }

    def _third_party(self, place: Place) -> dict[str, Any]:
        return {
            "account": place.account.number,
            "account_label": place.account.label,
            "auxiliary": place.auxiliary,
            "auxiliary_label": self.names.get(place.auxiliary) or place.auxiliary,
        }

    def _coupons(self, line: EuroLine) -> tuple[str, str]:
        """Amount and code of units that are no cents; a currency at par says nothing more."""
        if line.asset == EURO or abs(line.units) == abs(line.cents):
            return "", ""
        return figure(abs(line.units), self.decimals[line.asset], "fr"), line.asset

    def _opening(self, reader: Reader) -> Iterator[FecLine]:
        """The balances of the years before, as one entry; none if there are none."""
        journal, first = self.chart.journals["opening"], self.year.first_day
        sums = euro_balances(reader, self.valuation, self.year.since, self.year.carried)
        carried = _carried(placed(self.valuation, sums), self.chart)
        self.number += bool(carried)
        for place, cents in carried.items():
            yield FecLine(
                journal=journal.number,
                journal_label=journal.label,
                number=self.number,
                day=first,
                piece=f"{journal.number}{first.year}",
                piece_day=first,
                label=say("books.fec.opening", "fr", day=first),
                cents=cents,
                valid_day=first,
                **self._third_party(place),
            )


def _carried(balances: Mapping[Place, int], chart: Chart) -> dict[Place, int]:
    """Balances as the new year finds them: classes 6 and 7 become the result carried forward."""
    carried = {
        place: cents
        for place, cents in balances.items()
        if not place.account.number.startswith(_RESULT)
    }
    result = sum(balances.values()) - sum(carried.values())
    if result:
        place = Place(chart.carried["profit" if result < 0 else "loss"])
        carried[place] = carried.get(place, 0) + result
    ordered = sorted(carried, key=lambda place: (place.account.number, place.auxiliary))
    return {place: carried[place] for place in ordered if carried[place]}
