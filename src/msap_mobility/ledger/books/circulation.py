"""The circulation report: how much circulates, how fast, where it goes, what lies still."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.books.chart import is_issue
from msap_mobility.ledger.books.circulation_record import (
    THRESHOLD,
    Circulating,
    Circulation,
    Dormant,
    ShopShare,
)
from msap_mobility.ledger.books.flows import flows, owner_of
from msap_mobility.ledger.books.order import order_of
from msap_mobility.ledger.books.period import Period, paris
from msap_mobility.ledger.books.valuation import EURO, Valuation, euro_balances
from msap_mobility.ledger.journal import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from msap_mobility.ledger.books.flows import Flows
    from msap_mobility.ledger.books.order import Order
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.sight import Standing

__all__ = ["Circulation", "circulation"]

_DAY = 86_400_000_000

_LAST_MOVED = """
    SELECT a.id, max(coalesce(e.effective, e.recorded))
    FROM {p}account a CROSS JOIN {p}leg l CROSS JOIN {p}entry e
    WHERE a.scheme = ? AND a.holder <> 'system' AND l.scheme = a.scheme AND l.account = a.account
    AND l.amount <> 0 AND l.seq <= ? AND e.id = {first} + l.seq
    AND coalesce(e.effective, e.recorded) < ?
    GROUP BY a.id"""


def circulation(
    journal: Journal, *, since: datetime, until: datetime, dormant_days: int = 180
) -> Circulation:
    """The circulation of a scheme in a period, by effective time.

    Parameters
    ----------
    journal
        Where it is read.
    since, until
        The period, with timezones, `until` not included.
    dormant_days
        After how many days without a movement units count as dormant.

    Returns
    -------
    Circulation
        Shops are told one by one: they are businesses. Persons are counted only, and not even
        that below 11, or where the rest would be below it.

    Raises
    ------
    InputError
        If the period cannot be.
    """
    period = Period(since=since, until=until)
    reader = journal.engine.reader
    top = reader.head().seq
    valuation = Valuation(journal)
    start, end, year = map(microseconds, (since, until, _year_before(until)))
    whole = Period(since=min(since, _year_before(until)), until=until)
    sums = flows(reader, valuation, whole, since=start, year=year, top=top)
    holdings = _Holdings.of(journal, valuation, end, top)
    issues = [each for each in valuation.standings.values() if is_issue(each.terms.id)]
    order = order_of("effective", reader, top)
    mean, mean_days = _mean(order, issues, start, end)
    return Circulation(
        period=period,
        circulating=_circulating(order, issues, end, journal.engine.decimals),
        fund=holdings.fund,
        mean=mean,
        mean_days=mean_days,
        issued=sums.issued,
        reconverted=sums.reconverted,
        lapsed=sums.lapsed,
        paid=sums.paid,
        shops=_shares(sums),
        payments_12_months=sums.recently_paid,
        dormant_days=dormant_days,
        dormant_shops=holdings.dormant_shops(dormant_days),
        **holdings.persons(dormant_days, len(sums.persons)),
    )


def _year_before(instant: datetime) -> datetime:
    """The same day and hour in France a year before; 28 February for 29 February."""
    local = instant.astimezone(paris())
    try:
        return local.replace(year=local.year - 1)
    except ValueError:
        return local.replace(year=local.year - 1, day=28)


def _circulating(
    order: Order, issues: Iterable[Standing], end: int, decimals: Mapping[str, int]
) -> tuple[Circulating, ...]:
    """What each asset's issues have given out; an asset may have had several, of other values."""
    units, cents = dict.fromkeys(decimals, 0), dict.fromkeys(decimals, 0)
    for each in issues:
        out = -order.balance(each.no, order.before(end))
        units[each.terms.asset] += out
        cents[each.terms.asset] += out * each.terms.weight
    return tuple(
        Circulating(asset=asset, decimals=digits, units=units[asset], cents=cents[asset])
        for asset, digits in decimals.items()
        if asset in {each.terms.asset for each in issues}
    )


def _mean(order: Order, issues: Iterable[Standing], start: int, end: int) -> tuple[float, int]:
    """Value in circulation, cents, averaged since anything circulated; days of that time.

    The months before a scheme's first sale would make its coupons look few, and quick.
    """
    courses = [(each.terms.weight, _course(order, each, start, end)) for each in issues]
    moments = (when for _, course in courses for when, units in course if units)
    begun = min(moments, default=end)
    area = sum(weight * _area(course, end) for weight, course in courses)
    time = end - begun
    return float(Fraction(-area, time)) if time else 0.0, -(-time // _DAY)


def _course(order: Order, issue: Standing, start: int, end: int) -> list[tuple[int, int]]:
    """From when on an issue held how many units."""
    first, last = order.before(start), order.before(end)
    lines = order.lines(issue.no, first, last, None)
    later = ((microseconds(line.effective), line.balance) for line in lines)
    return [(start, order.balance(issue.no, first)), *later]


def _area(course: Sequence[tuple[int, int]], end: int) -> int:
    """Units summed over time, microseconds."""
    ends = [when for when, _ in course[1:]] + [end]
    return sum(units * (until - since) for (since, units), until in zip(course, ends, strict=True))


def _shares(sums: Flows) -> tuple[ShopShare, ...]:
    received = {owner: cents for owner, cents in sums.received.items() if cents > 0}
    total = sum(received.values())
    return tuple(
        ShopShare(owner=owner, cents=cents, share=cents / total)
        for owner, cents in sorted(received.items(), key=lambda pair: (-pair[1], pair[0]))
    )


@dataclass(frozen=True, slots=True)
class _Holdings:
    """Who holds how much at the end, cents, and since how many days it has not moved."""

    fund: int
    held: Mapping[str, Mapping[str, int]]  # by holder, by owner
    still: Mapping[str, int]

    @classmethod
    def of(cls, journal: Journal, valuation: Valuation, end: int, top: int) -> _Holdings:
        reader = journal.engine.reader
        balances = euro_balances(reader, valuation, end, top)
        fund = 0
        held: dict[str, dict[str, int]] = {"person": {}, "shop": {}}
        for account, standing in valuation.standings.items():
            terms, cents = standing.terms, balances.get(account, 0)
            if terms.holder != "system" and terms.asset != EURO:
                owners, owner = held[terms.holder], owner_of(account)
                owners[owner] = owners.get(owner, 0) - cents
            elif terms.asset == EURO and terms.weight:
                fund += cents
        moved: dict[str, int] = {}
        for account, when in reader.rows(_LAST_MOVED, top, end):
            owner = owner_of(account)
            moved[owner] = max(when, moved.get(owner, when))
        return cls(fund, held, {owner: (end - when) // _DAY for owner, when in moved.items()})

    def dormant_shops(self, days: int) -> tuple[Dormant, ...]:
        return tuple(
            Dormant(owner=owner, cents=self.held["shop"][owner], days=self.still[owner])
            for owner in sorted(self._dormant("shop", days))
        )

    def persons(self, days: int, active: int) -> dict[str, Any]:
        """Counts of persons, none of them small, nor what is left of the whole."""
        everybody, dormant = len(self.held["person"]), self._dormant("person", days)
        holders = sum(cents > 0 for cents in self.held["person"].values())
        count = _told(len(dormant), holders)
        value = sum(self.held["person"][owner] for owner in dormant)
        return {
            "persons": _told(everybody, everybody),
            "active_persons": _told(active, everybody),
            "dormant_persons": count,
            "dormant_persons_cents": None if count is None else value,
        }

    def _dormant(self, holder: str, days: int) -> list[str]:
        return [
            owner
            for owner, cents in self.held[holder].items()
            if cents > 0 and self.still[owner] >= days
        ]


def _told(count: int, of: int) -> int | None:
    """A count that tells on nobody; None if it, or what it leaves of the whole, is small."""
    rest = of - count
    return None if count < THRESHOLD or 0 < rest < THRESHOLD else count
