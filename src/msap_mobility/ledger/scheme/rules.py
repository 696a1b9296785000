"""The rules of a scheme, as data: what a coupon is worth, who takes what, and where it ends."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.ledger.scheme.grounds import Ground, grounds_of
from msap_mobility.ledger.scheme.rule_faults import check_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.ledger.entry import Holder

__all__ = ["Accepted", "Rounding", "SchemeRules", "be_rules"]

Rounding = Literal["exact", "up", "nearest"]
"""What becomes of a ride that is no whole number of coupons: refused, rounded up, or to the nearest
(halves up)."""

Accepted = Literal["currency", "coupons"]
"""What shops take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeRules:
    """How a scheme works. Nothing of it is code: Ayen and Argences differ only here.

    Parameters
    ----------
    name
        Of the scheme; also the name under which it is stored unless another is given.
    coupon
        Asset code of the coupons; they are counted in whole coupons.
    km_per_coupon, cents_per_coupon
        What one coupon is: so many kilometres, so many euro cents.
    booklets_km
        Sizes in which coupons are sold, km; empty: any whole number of coupons.
    rounding
        See `Rounding`.
    currency
        Asset code of the local currency; None if there is none. Two decimals.
    currency_cents
        Euro cents behind one unit of the currency; by law and practice 100, see `law`.
    accepted
        What shops take, see `Accepted`.
    desk_exchange
        Whether coupons are exchanged for currency at the maison's desk.
    reconverted_by
        Who may turn what they hold into euros: ``"shop"``; private persons only with `exemption`.
    exemption
        Number and date of an exemption of the ACPR, if the scheme has one.
    reconversion_fee_bp
        Kept from a reconversion, in basis points (200 = 2 %).
    expiry_months
        Coupons lapse so many months after they were received; None: never. Only if the statutes say
        so.
    payout_cents_per_km
        What a driver gets, cents per km, if it is more than the passenger pays: the difference is
        topped up by the maison in currency. None: the coupons received.
    dues_cents, dues_required
        Membership for a calendar year, euro cents, and whether it must be paid before use.
    longest_ride_km
        Rides may not be longer, there and back each way; None: no limit.
    timezone
        Where a day begins.
    grounds
        What each figure rests on.

    Raises
    ------
    InputError
        With every fault: figures out of range, rules that contradict each other.

    Examples
    --------
    >>> ayen = SchemeRules.ayen()
    >>> ayen.cents_per_coupon, ayen.booklets_km, ayen.currency
    (6, (50, 100), 'YACA')
    >>> SchemeRules.from_dict(ayen.to_dict()) == ayen
    True
    """

    name: str
    coupon: str = "KM"
    km_per_coupon: int
    cents_per_coupon: int
    booklets_km: tuple[int, ...] = ()
    rounding: Rounding = "exact"
    currency: str | None = None
    currency_cents: int = 100
    accepted: Accepted = "currency"
    desk_exchange: bool = False
    reconverted_by: tuple[Holder, ...] = ("shop",)
    exemption: str = ""
    reconversion_fee_bp: int = 0
    expiry_months: int | None = None
    payout_cents_per_km: int | None = None
    dues_cents: int = 0
    dues_required: bool = False
    longest_ride_km: int | None = None
    timezone: str = "Europe/Paris"
    grounds: tuple[Ground, ...] = ()

    def __post_init__(self) -> None:
        check_rules(self)

    @classmethod
    def ayen(cls) -> Self:
        """Ecosyst'M as it runs in Ayen: coupons of 1 km at 6 cents, Y'ACA in the shops."""
        return cls.of(bundled("ayen"))

    @classmethod
    def argences(cls) -> Self:
        """Argences-en-Aubrac: coupons of 5 km at 25 cents, spent directly in the shops."""
        return cls.of(bundled("argences"))

    @classmethod
    def centre(cls) -> Self:
        """A social and cultural centre (2019): members only, spent on the centre's activities."""
        return cls.of(bundled("centre"))

    @classmethod
    def of(cls, source: Path | str) -> Self:
        r"""Read rules written as TOML.

        Parameters
        ----------
        source
            A file, or the text itself (a text with line ends is taken for one).

        Raises
        ------
        InputError
            With every fault, if it is missing, no TOML, or its rules do not hold.

        Examples
        --------
        >>> text = 'name = "here"\nkm_per_coupon = 2\ncents_per_coupon = 9\naccepted = "coupons"'
        >>> SchemeRules.of(text).km_per_coupon
        2
        """
        if isinstance(source, str) and "\n" in source:
            return cls._read(source, "")
        path = Path(source)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            details = {"said": str(error)}
            raise InputError(
                [Fault(code="rules_unread", value=str(source), details=details)],
            ) from None
        return cls._read(text, path.name)

    @classmethod
    def _read(cls, text: str, file: str) -> Self:
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError([Fault(code="not_toml", file=file, value=str(error))]) from None
        try:
            return cls.from_dict(data)
        except InputError as error:
            raise InputError(replace(fault, file=file) for fault in error.faults) from None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rules from what `to_dict` gives, or from TOML data.

        Raises
        ------
        InputError
            With every fault.
        """
        known = {field.name for field in fields(cls)}
        faults = Faults()
        for key in sorted(data.keys() - known):
            faults.add("rule_unknown", column=key, value=data[key], known=sorted(known))
        for key in ("name", "km_per_coupon", "cents_per_coupon"):
            if key not in data:
                faults.add("rule_missing", column=key)
        given = {key: value for key, value in data.items() if key in known}
        with faults.also():
            given["grounds"] = grounds_of(given.get("grounds", {}), known)
        for key in ("booklets_km", "reconverted_by"):
            if isinstance(given.get(key), list):
                given[key] = tuple(given[key])
        with faults:  # a missing figure must not hide what is wrong with the others
            stand_in = {"name": "-", "km_per_coupon": 1, "cents_per_coupon": 1}
            return cls(**{**(stand_in if faults.found else {}), **given})

    def to_dict(self) -> dict[str, Any]:
        """JSON data; what equals its default is there too."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data["booklets_km"] = list(self.booklets_km)
        data["reconverted_by"] = list(self.reconverted_by)
        data["grounds"] = {
            ground.figure: {"standing": ground.standing, "source": ground.source}
            for ground in self.grounds
        }
        return data

    @property
    def decimals(self) -> dict[str, int]:
        """Decimals of each asset of the scheme."""
        assets = {"EUR": 2, self.coupon: 0}
        return assets if self.currency is None else {**assets, self.currency: 2}

    @property
    def shop_asset(self) -> str:
        """What shops take, as an asset code."""
        takes_currency = self.accepted == "currency" and self.currency is not None
        return self.currency if takes_currency else self.coupon  # type: ignore[return-value]

    def cents(self, units: int, asset: str) -> int:
        """Value in euro cents of so many minor units.

        Examples
        --------
        >>> SchemeRules.ayen().cents(50, "KM")
        300
        """
        return units * self.cents_per_coupon if asset == self.coupon else units


def be_rules(rules: object) -> None:
    """Refuse what are no rules: the name of some, or their text, is still to be read.

    Raises
    ------
    InputError
        If they are not a `SchemeRules`.
    """
    if not isinstance(rules, SchemeRules):
        raise InputError([Fault(code="not_rules", column="rules", value=rules)])


@cache
def bundled(name: str) -> str:
    """Text of the rules that come with the library: ``"ayen"``, ``"argences"``, ``"centre"``.

    Examples
    --------
    >>> bundled("ayen").splitlines()[0]
    "# Ecosyst'M as it runs in Ayen (Corrèze)."
    """
    folder = files("msap_mobility.ledger.scheme") / "bundled"
    return (folder / f"{name}.toml").read_text(encoding="utf-8")
