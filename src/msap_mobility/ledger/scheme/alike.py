"""Ids that look alike: "Paul", "paul" and "pa ul" would be three members, and are one person."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from msap_mobility.ledger.scheme.chart import is_own, owner_of

if TYPE_CHECKING:
    from msap_mobility.ledger.reading import Reader

__all__ = ["Known", "folded"]

_OPENED = "SELECT account, id FROM {p}account WHERE scheme = ? AND account > ? ORDER BY account"


def folded(member: str) -> str:
    """An id without what is easily typed another way: capitals, spaces, forms of the same letter.

    Examples
    --------
    >>> folded("Paul Martin") == folded("paulmartin ")
    True
    """
    return "".join(unicodedata.normalize("NFKC", member).casefold().split())


class Known:
    """The ids of a scheme's members, each account read once.

    What another program writes between the look and the entry is not seen, nor whom it noted
    since the first look without an account: this guards against slips of the hand, not of the law.
    """

    def __init__(self) -> None:
        self._by_fold: dict[str, str] = {}
        self._read = 0

    def add(self, member: str) -> None:
        """Take an id for known."""
        self._by_fold.setdefault(folded(member), member)

    def like(self, member: str, reader: Reader) -> str | None:
        """Another member's id that this one looks like, if there is one."""
        if not self._by_fold:
            for noted, _, _ in reader.noted():
                self.add(noted)
        for no, account in reader.rows(_OPENED, self._read):
            self._read = no
            if not is_own(owner_of(account)):
                self.add(owner_of(account))
        other = self._by_fold.get(folded(member))
        return None if other in (None, member) else other
