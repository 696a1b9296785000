"""The rules of a scheme through time: in its first entry, then in entries that change them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.errors import BrokenInvariant
from msap_mobility.ledger.entry import AccountTerms, Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.outcome import Amount, Refusal
from msap_mobility.ledger.scheme.chart import issue_account, own_accounts
from msap_mobility.ledger.scheme.rules import SchemeRules

if TYPE_CHECKING:
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.sight import Written

__all__ = [
    "Edition",
    "changes",
    "edition_key",
    "first_entry",
    "following",
    "founding",
    "reissued",
    "unchangeable",
]

RULES = "rules"
"""Under this name an entry's data hold a set of rules, as one line of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A set of rules and since when it holds.

    Parameters
    ----------
    number
        1 for the first entry's, then 2, 3 …
    since
        When it came into force, microseconds since 1970 UTC.
    rules
        The rules.
    issue
        The account that issues coupons; a new one whenever their value was changed.
    """

    number: int
    since: int
    rules: SchemeRules
    issue: str


def first_entry(rules: SchemeRules) -> Entry:
    """The entry a scheme of these rules begins with.

    Examples
    --------
    >>> first_entry(SchemeRules.ayen()).kind
    'genesis'
    """
    return genesis(rules.decimals, own_accounts(rules), changes(rules))


def edition_key(number: int) -> str:
    """Key of the entry of an edition after the first.

    Examples
    --------
    >>> edition_key(2)
    'rules/2'
    """
    return f"{RULES}/{number}"


def founding(reader: Reader) -> Edition:
    """The rules a scheme began with.

    Raises
    ------
    BrokenInvariant
        If the scheme was begun without rules, by the journal alone.
    """
    first = reader.numbered(1)
    if first is None or RULES not in (first.entry.data or {}):
        raise BrokenInvariant("a scheme's first entry holds its rules")
    rules = _read(first.entry)
    return Edition(number=1, since=_since(first), rules=rules, issue=issue_account(rules.coupon))


def following(reader: Reader, edition: Edition) -> Edition | None:
    """The edition after this one, or None if this is the one in force."""
    written = reader.written(edition_key(edition.number + 1))
    if written is None:
        return None
    opened = [terms.id for terms in written.entry.accounts if not terms.closed]
    return Edition(
        number=edition.number + 1,
        since=_since(written),
        rules=_read(written.entry),
        issue=(opened or [edition.issue])[0],
    )


def changes(rules: SchemeRules) -> dict[str, str | int]:
    """Rules as the facts of the entry that brings them."""
    return {RULES: _text(rules)}


def unchangeable(edition: Edition, rules: SchemeRules, circulating: int) -> Refusal | None:
    """Why these rules cannot follow that edition, if they cannot.

    Parameters
    ----------
    edition
        What holds now.
    rules
        What is to hold.
    circulating
        Value of the coupons and the currency in circulation, euro cents.
    """
    was = edition.rules
    if (was.coupon, was.currency) != (rules.coupon, rules.currency):
        values = {"coupon": was.coupon, "currency": was.currency or "-"}
        return Refusal(code="assets_fixed", key="", values=values)
    if circulating and (*_value(was), was.accepted) != (*_value(rules), rules.accepted):
        worth = Amount(circulating, "EUR", 2)
        return Refusal(code="value_in_circulation", key="", values={"worth": worth})
    return None


def reissued(edition: Edition, rules: SchemeRules) -> tuple[AccountTerms, ...]:
    """For another value: the account that issued the old coupons, closed, and one for the new."""
    if _value(edition.rules) == _value(rules):
        return ()
    coupon, worth = rules.coupon, edition.rules.cents_per_coupon
    old = AccountTerms(id=edition.issue, asset=coupon, weight=worth, closed=True)
    issue = issue_account(coupon, edition.number + 1)
    return old, AccountTerms(id=issue, asset=coupon, weight=rules.cents_per_coupon)


def _value(rules: SchemeRules) -> tuple[int, ...]:
    """What a coupon and the currency are worth."""
    return rules.km_per_coupon, rules.cents_per_coupon, rules.currency_cents


def _since(written: Written) -> int:
    effective = written.entry.effective
    return written.recorded if effective is None else effective


def _text(rules: SchemeRules) -> str:
    return json.dumps(rules.to_dict(), ensure_ascii=False, separators=(",", ":"))


def _read(entry: Entry) -> SchemeRules:
    return SchemeRules.from_dict(json.loads(str((entry.data or {})[RULES])))
