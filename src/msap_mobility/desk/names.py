"""Ids a desk takes: those alone that a ledger takes too, since one may be joined later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.carpool.law import checks as law
from msap_mobility.ledger import checks as ledger
from msap_mobility.ledger.scheme.chart import check_owner

if TYPE_CHECKING:
    from msap_mobility.errors import Faults

__all__ = ["check_agent", "check_member", "check_ride"]

_LONGEST_RIDE = ledger.LONGEST - len("~9999-back/settled/topped-up")
"""The ledger's keys of a ride begin with its id."""


def check_ride(faults: Faults, column: str, name: object) -> None:
    """Note what is wrong unless `name` can be that of a request, and of the rides it becomes.

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> for name in ("r1", "r" * 200, ""):
    ...     check_ride(faults, "id", name)
    >>> [fault.code for fault in faults.found]
    ['text_too_long', 'not_a_name']
    """
    found = len(faults.found)
    law.check_id(faults, column, name)
    if len(faults.found) == found:
        ledger.check_id(faults, column, name, _LONGEST_RIDE)


def check_member(faults: Faults, column: str, name: str) -> None:
    """Note what is wrong unless `name` can be a member's: it may be no account of the scheme's own.

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> for name in ("paul", "paul/home", "fund"):
    ...     check_member(faults, "id", name)
    >>> [fault.code for fault in faults.found]
    ['slash_in_member', 'member_kept_back']
    """
    found = len(faults.found)
    law.check_id(faults, column, name)
    if len(faults.found) == found:
        with faults.also(column=column):
            check_owner(name, column)


def check_agent(faults: Faults, column: str, name: object) -> None:
    """Note what is wrong unless `name` can be that of whoever says something."""
    found = len(faults.found)
    law.check_id(faults, column, name)
    if len(faults.found) == found:
        ledger.check_name(faults, column, name)
