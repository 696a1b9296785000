"""How far an account may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msap_mobility.ledger.checks import MOST_UNITS

if TYPE_CHECKING:
    from msap_mobility.ledger.entry import AccountTerms

__all__ = ["BrokenLimit", "broken_limit"]

BrokenLimit = Literal["", "closed_account", "below_floor", "above_ceiling", "too_large"]
"""Code of the refusal; empty if no limit is broken."""


def broken_limit(terms: AccountTerms, posted: int, outgoing: int, incoming: int) -> BrokenLimit:
    """Which limit of an account these balances would break.

    Parameters
    ----------
    terms
        Of the account.
    posted, outgoing, incoming
        What it would hold, and what holds would keep back and promise; minor units.

    Examples
    --------
    >>> from msap_mobility.ledger.entry import AccountTerms
    >>> terms = AccountTerms(id="paul/KM", asset="KM", floor=0)
    >>> broken_limit(terms, 25, 25, 0), broken_limit(terms, 25, 26, 0)
    ('', 'below_floor')
    """
    if terms.closed:
        return "closed_account"
    if terms.floor is not None and posted - outgoing < terms.floor:
        return "below_floor"
    if terms.ceiling is not None and posted + incoming > terms.ceiling:
        return "above_ceiling"
    if -MOST_UNITS <= posted <= MOST_UNITS and outgoing <= MOST_UNITS and incoming <= MOST_UNITS:
        return ""
    return "too_large"
