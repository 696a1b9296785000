"""What was typed, read: every fault of it at once, under the name of its option."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msap_mobility.cli.typed import day, moment, month, read_all
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read"]


def read(**typed: Any) -> dict[str, Any]:
    """Each text as what it means; None stays None.

    Parameters
    ----------
    **typed
        Texts by the name of their argument or option, which says what they are.

    Raises
    ------
    InputError
        With the faults of all of them.

    Examples
    --------
    >>> read(date="30/11/2026", km="12,5", member="paul")
    {'date': datetime.date(2026, 11, 30), 'km': '12,5', 'member': 'paul'}
    """
    return read_all(typed, _READERS)


def _owner(column: str) -> Callable[[str], str]:
    def read_owner(text: str) -> str:
        from msap_mobility.ledger.scheme.chart import check_owner

        check_owner(text, column)
        return text

    return read_owner


def _km(text: str) -> str:
    from msap_mobility.ledger.scheme.amounts import metres_of

    metres_of(text)
    return text


def _amount(column: str) -> Callable[[str], str]:
    def read_amount(text: str) -> str:
        from msap_mobility.ledger.scheme.amounts import units_of

        units_of(text, 2, column)
        return text

    return read_amount


def _whole(code: str) -> Callable[[str], int]:
    def read_whole(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
            raise InputError([Fault(code=code, value=text)])
        return int(text)

    return read_whole


def _serials(text: str) -> tuple[str, ...]:
    from msap_mobility.ledger.scheme.serials import read_serials

    return read_serials(text)


def _serial(text: str) -> str:
    from msap_mobility.ledger.scheme.serials import one_serial

    return one_serial(text)


_READERS: dict[str, Callable[[str], Any]] = {
    **{name: _owner(name) for name in ("member", "shop", "rider", "driver")},
    **{name: _amount(name) for name in ("amount", "price")},
    **dict.fromkeys(("date", "on", "since", "until"), day),
    **dict.fromkeys(("at", "expires", "before", "closed", "earlier_closed"), moment),
    "km": _km,
    "coupons": _whole("not_a_count"),
    "month": month,
    "serial": _serial,
    "serials": _serials,
    "year": _whole("not_a_year"),
}
