"""The accounts of a scheme: its own, and those of its members.

An account id is ``owner/ASSET``. In euros (debit positive): ``fund`` is the guarantee fund,
``bank`` the maison's own money, ``backed`` what the fund owes (negative); ``fees``, ``dues`` and
``expired`` are income (negative), ``subsidy`` an expense. In units: ``issue`` is minus what
circulates, its weight the value of one unit in cents; ``paper`` are the numbered coupons sold and
not yet used, whoever carries them; ``lost`` those reported lost and given back to nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import LONGEST, check_id
from msap_mobility.ledger.entry import AccountTerms, Holder

if TYPE_CHECKING:
    from msap_mobility.ledger.scheme.rules import SchemeRules

__all__ = [
    "BACKED",
    "BANK",
    "DUES",
    "EXPIRED_UNITS",
    "FEES",
    "FUND",
    "SUBSIDY",
    "account_of",
    "check_owner",
    "is_own",
    "issue_account",
    "members_account",
    "own_accounts",
    "owner_of",
]

FUND = "fund/EUR"
BANK = "bank/EUR"
BACKED = "backed/EUR"
FEES = "fees/EUR"
DUES = "dues/EUR"
EXPIRED_UNITS = "expired/EUR"
SUBSIDY = "subsidy/EUR"

_OWN = ("fund", "bank", "backed", "fees", "dues", "expired", "subsidy", "issue", "paper", "lost")


LONGEST_CODE = 12
"""Most characters of an asset's code."""


def account_of(owner: str, asset: str) -> str:
    """Id of the account of `owner` in `asset`.

    Examples
    --------
    >>> account_of("paul", "KM")
    'paul/KM'
    """
    return f"{owner}/{asset}"


def owner_of(account: str) -> str:
    """Whose account it is.

    Examples
    --------
    >>> owner_of("paul/KM")
    'paul'
    """
    return account.rpartition("/")[0]


def check_owner(owner: str, column: str) -> None:
    """Refuse an id that cannot be a member's.

    Raises
    ------
    InputError
        If it is empty, holds a slash, or is the name of an account of the scheme's own.

    Examples
    --------
    >>> check_owner("fund", "member")
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: column member: 'fund' is an account of the scheme's own. ...
    """
    with Faults() as faults:
        check_id(faults, column, owner, LONGEST - len("/") - LONGEST_CODE)
        if not faults.found and "/" in owner:
            faults.add("slash_in_member", column=column, value=owner)
        if not faults.found and is_own(owner):
            faults.add("member_kept_back", column=column, value=owner)


def is_own(owner: str) -> bool:
    """Whether it is the name of an account of the scheme's own.

    Examples
    --------
    >>> is_own("fund"), is_own("issue.2"), is_own("paul")
    (True, True, False)
    """
    return owner.partition(".")[0] in _OWN


def issue_account(asset: str, edition: int = 1) -> str:
    """The account that issues `asset`; another one once the value of a coupon was changed.

    Examples
    --------
    >>> issue_account("KM"), issue_account("KM", 3)
    ('issue/KM', 'issue.3/KM')
    """
    return account_of("issue" if edition == 1 else f"issue.{edition}", asset)


def members_account(owner: str, asset: str, holder: Holder) -> AccountTerms:
    """A member's account: it may not go below zero."""
    return AccountTerms(id=account_of(owner, asset), asset=asset, holder=holder, floor=0)


def own_accounts(rules: SchemeRules) -> tuple[AccountTerms, ...]:
    """The scheme's own accounts, opened by its first entry.

    Examples
    --------
    >>> from msap_mobility.ledger.scheme.rules import SchemeRules
    >>> [terms.id for terms in own_accounts(SchemeRules.ayen())][:3]
    ['fund/EUR', 'bank/EUR', 'backed/EUR']
    """
    coupon, currency = rules.coupon, rules.currency
    euros = [AccountTerms(id=name, asset="EUR") for name in _EUROS]
    units = [
        AccountTerms(id=issue_account(coupon), asset=coupon, weight=rules.cents_per_coupon),
        AccountTerms(id=account_of("paper", coupon), asset=coupon, floor=0),
        AccountTerms(id=account_of("lost", coupon), asset=coupon, floor=0),
    ]
    if currency is not None:
        units.append(AccountTerms(id=issue_account(currency), asset=currency, weight=1))
    return (AccountTerms(id=FUND, asset="EUR", floor=0, weight=1), *euros, *units)


_EUROS = (BANK, BACKED, FEES, DUES, EXPIRED_UNITS, SUBSIDY)
