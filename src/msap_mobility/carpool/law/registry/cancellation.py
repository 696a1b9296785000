"""Withdrawing a journey that was sent (API v3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from msap_mobility.carpool.law.checks import check_line, check_pattern
from msap_mobility.errors import Faults

__all__ = ["Cancellation"]

_CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")
_LONGEST = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Why a journey that was sent is withdrawn (POST /journeys/{id}/cancel).

    Parameters
    ----------
    code
        1 to 32 letters, digits, hyphens and underscores.
    message
        At most 512 characters; empty: not sent. Names nobody.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Cancellation(code="NOT_DRIVEN").to_payload()
    {'code': 'NOT_DRIVEN'}
    """

    code: str
    message: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_pattern(faults, "law_not_a_cancel_code", "code", self.code, _CODE)
            check_line(faults, "message", self.message, _LONGEST)

    def to_payload(self) -> dict[str, Any]:
        """The body of the request."""
        return {"code": self.code, **({"message": self.message} if self.message else {})}
