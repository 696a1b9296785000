"""New rules for a scheme: an entry of their own, in force from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.book import heed
from msap_mobility.ledger.scheme.cover import cover
from msap_mobility.ledger.scheme.editions import changes, edition_key, reissued, unchangeable
from msap_mobility.ledger.scheme.law import objections
from msap_mobility.ledger.scheme.rules import be_rules

if TYPE_CHECKING:
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.rules import SchemeRules
    from msap_mobility.ledger.scheme.slip import Slip

__all__ = ["amend"]


def amend(book: Book, rules: SchemeRules, slip: Slip) -> Posted:
    """Change the rules. The codes of coupon and currency stay for ever.

    Raises
    ------
    Refused
        If the value of a coupon, or what shops take, would change while anything circulates; if a
        code would change, the law objects, or somebody else changed the rules at the same time.
    InputError
        If they are no rules.
    """
    be_rules(rules)
    edition = book.edition
    asked = book.asked(slip, "amend", changes(rules), identity=edition_key(edition.number + 1))
    heed(objections(rules.currency_cents, rules.reconverted_by, rules.exemption), asked)
    heed(unchangeable(edition, rules, cover(book, None).total_cents), asked)
    return book.post(asked, lambda: [asked.entry({}, accounts=reissued(edition, rules))])
