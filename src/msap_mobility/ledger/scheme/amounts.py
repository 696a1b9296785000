"""Amounts and distances as they are given: exact, or refused by name."""

from __future__ import annotations

import re
from decimal import Decimal

from msap_mobility.errors import Fault, InputError
from msap_mobility.ledger.checks import MOST_UNITS

__all__ = ["Exact", "metres_of", "told_of", "units_of"]

Exact = int | Decimal | str
"""A number that is what it says. A float is not: 0.1 + 0.2 is no 0.3."""

_WRITTEN = re.compile(r"([+-]?)([0-9]{1,20})(?:[.,]([0-9]{1,40}))?")


def units_of(value: Exact, decimals: int, column: str = "amount") -> int:
    """An amount in minor units.

    Parameters
    ----------
    value
        Minor units as an int; or units as a `Decimal` or a text ("3.00", "3,00").
    decimals
        How many decimals the asset has.
    column
        What the amount is called, for the faults.

    Raises
    ------
    InputError
        If it is a float, no number, finer than the asset, not above zero, or beyond 2**53 - 1.

    Examples
    --------
    >>> units_of(300, 2), units_of("3.00", 2), units_of("3", 2), units_of("50", 0)
    (300, 300, 300, 50)
    >>> units_of(3.0, 2)
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: column amount: 3.0 is not an exact number. ...
    """
    units = value if type(value) is int else _scaled(value, decimals, column)
    if units <= 0:
        raise InputError([Fault(code="amount_not_positive", column=column, value=value)])
    if units > MOST_UNITS:
        details = {"most": MOST_UNITS}
        raise InputError(
            [Fault(code="too_many_units", column=column, value=value, details=details)],
        )
    return units


def metres_of(km: Exact, column: str = "km") -> int:
    """Kilometres, exact to the metre, as metres.

    Raises
    ------
    InputError
        As for `units_of`.

    Examples
    --------
    >>> metres_of(25), metres_of("12,5")
    (25000, 12500)
    """
    if type(km) is int:
        units_of(km, 0, column)  # before it is written out: it may have thousands of digits
        return units_of(1000 * km, 3, column)
    return units_of(km, 3, column)


def told_of(*given: object) -> str:
    """What was given of several, for a fault: "-" if nothing was.

    Examples
    --------
    >>> told_of(3, None, "A001"), told_of(None, "")
    ('3; A001', '-')
    """
    return "; ".join(str(each) for each in given if each not in (None, "")) or "-"


def _scaled(value: object, decimals: int, column: str) -> int:
    """`value` times ten to the `decimals`, which must be whole."""
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
        text = f"{value:f}"
    else:
        text = value.strip() if isinstance(value, str) else ""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise InputError([Fault(code="amount_not_exact", column=column, value=value)])
    sign, whole, part = match[1], match[2], (match[3] or "").rstrip("0")
    if len(part) > decimals:
        details = {"decimals": decimals}
        raise InputError(
            [Fault(code="amount_too_fine", column=column, value=str(value), details=details)],
        )
    units = int(whole + part.ljust(decimals, "0"))
    return -units if sign == "-" else units
