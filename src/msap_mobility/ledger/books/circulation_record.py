"""How a local currency circulates: the figures a scheme reports once a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.ledger.books.period import Period
from msap_mobility.ledger.outcome import Amount
from msap_mobility.wording import say, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["DECLARATION", "THRESHOLD", "Circulating", "Circulation", "Dormant", "ShopShare"]

THRESHOLD = 11
"""A count of persons below it is not told, nor one whose complement is below it."""

DECLARATION = 100_000_000
"""1 M€, in cents: payments of twelve months above it are declared to the ACPR (Code monétaire et
financier, L521-3), and so is currency in circulation above it (L525-6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulating:
    """Units of one asset in circulation: minor units, and their value in euro cents."""

    asset: str
    decimals: int
    units: int
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopShare:
    """What a shop was paid in the period, cents, and its share of what all shops were paid."""

    owner: str
    cents: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Dormant:
    """A shop whose units have not moved: their value in cents, and since how many days."""

    owner: str
    cents: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """The circulation of a scheme in a period. Amounts are euro cents.

    Parameters
    ----------
    period
        By effective time.
    circulating
        What circulates at its end, asset by asset.
    fund
        The guarantee fund at its end.
    mean, mean_days
        Value in circulation, averaged over the time of the period since anything circulated; how
        many days that is, those begun included. Nothing is annualised.
    issued, reconverted, lapsed, paid
        Came into circulation; was turned into euros; lapsed; passed from holder to holder.
    shops
        What each shop was paid, the greatest first.
    persons, active_persons
        Persons with an account; those whose accounts moved. None: fewer than 11, or as good as.
    dormant_days
        After how many days without a movement units count as dormant.
    dormant_persons, dormant_persons_cents
        Persons whose units are dormant, and their value. None: see `persons`.
    dormant_shops
        Shops whose units are.
    payments_12_months
        Passed from holder to holder in the twelve months that end with the period.
    """

    period: Period
    circulating: tuple[Circulating, ...]
    fund: int
    mean: float
    mean_days: int
    issued: int
    reconverted: int
    lapsed: int
    paid: int
    shops: tuple[ShopShare, ...]
    persons: int | None
    active_persons: int | None
    dormant_days: int
    dormant_persons: int | None
    dormant_persons_cents: int | None
    dormant_shops: tuple[Dormant, ...]
    payments_12_months: int

    @property
    def owed(self) -> int:
        """Value of all that circulates at the end of the period."""
        return sum(each.cents for each in self.circulating)

    @property
    def cover(self) -> float | None:
        """Fund over what circulates; None if nothing does. The ledger keeps it at 1."""
        return _ratio(self.fund, self.owed)

    @property
    def velocity(self) -> float | None:
        """How often a unit changed hands in `mean_days`: payments over mean circulation."""
        return _ratio(self.paid, self.mean)

    @property
    def multiplier(self) -> float | None:
        """How often a unit is paid before it goes back: payments over what was issued."""
        return _ratio(self.paid, self.issued)

    @property
    def leakage(self) -> float | None:
        """What was turned back into euros, over what was issued."""
        return _ratio(self.reconverted, self.issued)

    @property
    def payments_to_declare(self) -> bool:
        """Whether the payments of twelve months pass 1 M€ (CMF L521-3)."""
        return self.payments_12_months > DECLARATION

    @property
    def currency_to_declare(self) -> bool:
        """Whether what circulates passes 1 M€ (CMF L525-6)."""
        return self.owed > DECLARATION

    def summary(self, lang: Lang = "en") -> str:
        """The report in words, a line each."""
        lines = [
            _said("period", lang, period=self.period.told(lang)),
            *(
                _said("asset", lang, units=_units(each), euros=_euros(each.cents))
                for each in self.circulating
            ),
            _said("fund", lang, euros=_euros(self.fund), share=_share(self.cover, lang)),
            _said(
                "flows",
                lang,
                issued=_euros(self.issued),
                paid=_euros(self.paid),
                reconverted=_euros(self.reconverted),
                lapsed=_euros(self.lapsed),
            ),
            _said(
                "velocity",
                lang,
                mean=_euros(round(self.mean)),
                over=_said("over", lang, n=self.mean_days),
                velocity=_times(self.velocity, lang),
            ),
            _said("multiplier", lang, multiplier=_times(self.multiplier, lang)),
            _said("leakage", lang, share=_share(self.leakage, lang)),
            _said(
                "persons",
                lang,
                persons=_count(self.persons, "few", lang),
                active=_count(self.active_persons, "withheld", lang),
            ),
            *(
                _said("shop", lang, shop=each.owner, euros=_euros(each.cents), share=each.share)
                for each in self.shops
            ),
            self._dormant(lang),
            *(
                _said("dormant_shop", lang, shop=each.owner, euros=_euros(each.cents), n=each.days)
                for each in self.dormant_shops
            ),
            *self._thresholds(lang),
        ]
        return "\n".join(lines)

    def _dormant(self, lang: Lang) -> str:
        if self.dormant_persons is None or self.dormant_persons_cents is None:
            return _said("dormant_few", lang, n=self.dormant_days, threshold=THRESHOLD)
        return _said(
            "dormant",
            lang,
            n=self.dormant_days,
            persons=self.dormant_persons,
            euros=_euros(self.dormant_persons_cents),
        )

    def _thresholds(self, lang: Lang) -> list[str]:
        limit = _euros(DECLARATION)
        return [
            _said(f"{what}.{'above' if above else 'below'}", lang, euros=_euros(cents), limit=limit)
            for what, above, cents in (
                ("payments", self.payments_to_declare, self.payments_12_months),
                ("currency", self.currency_to_declare, self.owed),
            )
        ]

    def to_dict(self) -> dict[str, Any]:
        """JSON data: amounts in euro cents, ratios as numbers, what is withheld as null."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        ratios = {name: getattr(self, name) for name in _RATIOS}
        return {
            "period": self.period.to_dict(),
            **{name: [_fields(each) for each in getattr(self, name)] for name in _PARTS},
            **plain,
            **ratios,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        read: dict[str, Any] = {name: data[name] for name in _PLAIN}
        for name, kind in _PARTS.items():
            read[name] = tuple(kind(**each) for each in data[name])
        return cls(period=Period.from_dict(data["period"]), **read)


_PARTS: dict[str, type[Any]] = {
    "circulating": Circulating,
    "shops": ShopShare,
    "dormant_shops": Dormant,
}
_PLAIN = (
    *("fund", "mean", "mean_days", "issued", "reconverted", "lapsed", "paid"),
    *("persons", "active_persons", "dormant_days", "dormant_persons"),
    *("dormant_persons_cents", "payments_12_months"),
)
_RATIOS = (
    *("owed", "cover", "velocity", "multiplier", "leakage"),
    *("payments_to_declare", "currency_to_declare"),
)


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _said(code: str, lang: Lang, **values: Any) -> str:
    return say(f"books.circulation.{code}", lang, **values)


def _euros(cents: int) -> Amount:
    return Amount(cents, "EUR", 2)


def _units(each: Circulating) -> Amount:
    return Amount(each.units, each.asset, each.decimals)


def _share(value: float | None, lang: Lang) -> str:
    return say("books.circulation.none", lang) if value is None else share(value, lang)


def _times(value: float | None, lang: Lang) -> str:
    none = say("books.circulation.none", lang)
    return none if value is None else say("books.circulation.times", lang, value=value)


def _count(value: int | None, otherwise: str, lang: Lang) -> str:
    if value is None:
        return say(f"books.circulation.{otherwise}", lang, threshold=THRESHOLD)
    return say("books.circulation.count", lang, value=value)
