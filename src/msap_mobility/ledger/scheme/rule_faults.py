"""What can be wrong with a scheme's rules: each figure, then the rules among themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import check_name, check_text
from msap_mobility.ledger.scheme.chart import LONGEST_CODE

if TYPE_CHECKING:
    from msap_mobility.ledger.scheme.rules import SchemeRules

__all__ = ["check_rules"]

_CODE = re.compile(rf"[A-Z][A-Z0-9]{{0,{LONGEST_CODE - 1}}}")
_CHOICES = {"rounding": ("exact", "up", "nearest"), "accepted": ("currency", "coupons")}
_HOLDERS = ("shop", "person")
_LIMITS = {  # least and most of each figure; the most only keeps sums far from 2**53
    "km_per_coupon": (1, 1_000),
    "cents_per_coupon": (1, 100_000),
    "currency_cents": (1, 100_000),
    "reconversion_fee_bp": (0, 10_000),
    "dues_cents": (0, 1_000_000),
}
_LIMITS_OR_NONE = {
    "expiry_months": (1, 1_200),
    "payout_cents_per_km": (0, 100_000),
    "longest_ride_km": (1, 10_000),
}


def check_rules(rules: SchemeRules) -> None:
    """Refuse rules that cannot be played by.

    Raises
    ------
    InputError
        With every fault.
    """
    with Faults() as faults:
        _check_texts(faults, rules)
        for column, limits in _LIMITS.items():
            _check_figure(faults, column, getattr(rules, column), limits)
        for column, limits in _LIMITS_OR_NONE.items():
            if getattr(rules, column) is not None:
                _check_figure(faults, column, getattr(rules, column), limits)
        for column in ("desk_exchange", "dues_required"):
            if type(getattr(rules, column)) is not bool:
                faults.add("not_true_false", column=column, value=getattr(rules, column))
        for column, known in _CHOICES.items():
            if getattr(rules, column) not in known:
                faults.add("not_one_of", column=column, value=getattr(rules, column), known=known)
        _check_lists(faults, rules)
        if not faults.found:
            _check_together(faults, rules)


def _check_texts(faults: Faults, rules: SchemeRules) -> None:
    check_name(faults, "name", rules.name)
    check_text(faults, "exemption", rules.exemption)
    for column in ("coupon", "currency"):
        code = getattr(rules, column)
        if code is None and column == "currency":
            continue
        if not isinstance(code, str) or not _CODE.fullmatch(code) or code == "EUR":
            faults.add("not_an_asset_code", column=column, value=code)
    if rules.coupon == rules.currency:
        faults.add("codes_alike", column="currency", value=rules.currency)
    try:
        ZoneInfo(rules.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError, AttributeError):
        faults.add("unknown_time_zone", column="timezone", value=rules.timezone)


def _check_figure(faults: Faults, column: str, value: object, limits: tuple[int, int]) -> None:
    least, most = limits
    if type(value) is not int:
        faults.add("not_whole", column=column, value=value)
    elif not least <= value <= most:
        faults.add("rule_out_of_range", column=column, value=value, least=least, most=most)


def _check_lists(faults: Faults, rules: SchemeRules) -> None:
    booklets: object = rules.booklets_km
    if not isinstance(booklets, tuple):
        faults.add("not_a_list", column="booklets_km", value=rules.booklets_km)
    else:
        for km in booklets:
            _check_figure(faults, "booklets_km", km, (1, 100_000))
    holders: object = rules.reconverted_by
    if not isinstance(holders, tuple):
        faults.add("not_a_list", column="reconverted_by", value=rules.reconverted_by)
    else:
        for holder in holders:
            if holder not in _HOLDERS:
                faults.add("not_one_of", column="reconverted_by", value=holder, known=_HOLDERS)


def _check_together(faults: Faults, rules: SchemeRules) -> None:
    """Whether rules that are well formed each agree among themselves."""
    for km in rules.booklets_km:
        if km % rules.km_per_coupon:
            faults.add("booklet_not_whole", column="booklets_km", value=km, of=rules.km_per_coupon)
    if rules.currency is None:
        if rules.accepted == "currency":
            faults.add("currency_missing", column="accepted", value=rules.accepted)
        if rules.desk_exchange:
            faults.add("currency_missing", column="desk_exchange", value=rules.desk_exchange)
    payout = rules.payout_cents_per_km
    if payout is not None:
        if rules.currency is None:
            faults.add("currency_missing", column="payout_cents_per_km", value=payout)
        if payout * rules.km_per_coupon < rules.cents_per_coupon:
            faults.add("payout_below_price", column="payout_cents_per_km", value=payout)
    if rules.dues_required and not rules.dues_cents:
        faults.add("dues_missing", column="dues_cents", value=rules.dues_cents)
