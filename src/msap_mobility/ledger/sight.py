"""What the judge of postings sees of a journal, and the rows it asks an engine to insert."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.ledger.entry import AccountTerms, Entry
    from msap_mobility.ledger.outcome import Posted

__all__ = ["Head", "Rows", "Sight", "Standing", "Written"]


class Head(NamedTuple):
    """The end of a scheme's chain: number, hash and time of its last entry."""

    seq: int
    hash: str
    recorded: int


@dataclass(slots=True)
class Standing:
    """An account as it stands now: its number, its terms, its balance, what holds keep back."""

    no: int
    terms: AccountTerms
    posted: int = 0
    outgoing: int = 0
    incoming: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the journal, with what its writing added: number, time and hash."""

    seq: int
    recorded: int
    hash: str
    entry: Entry


class Sight(Protocol):
    """What a judge may look up; all of it as the open transaction sees it."""

    def standing(self, account: str) -> Standing | None:
        """The account under this id."""

    def written(self, key: str) -> Written | None:
        """The entry under this key."""

    def answer(self, written: Written) -> Posted:
        """What was answered when the entry was written, `replayed`."""

    def closer(self, target: str) -> str | None:
        """Key of the entry that closed this hold, or reversed this entry."""

    def state(self, serial: str) -> str:
        """State of a numbered coupon; empty if it was never seen."""

    def last_account(self) -> int:
        """The greatest account number of the scheme; 0 if it has none."""

    def due(self, since: int, until: int) -> Iterable[str]:
        """Keys of the open holds that end after `since` and not after `until`, the first first."""


@dataclass(slots=True)
class Rows:
    """What an engine has to insert, each row in the order of its table's columns."""

    entries: list[tuple[object, ...]] = field(default_factory=list)
    legs: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    accounts: list[tuple[int, int, str, str, str, int]] = field(default_factory=list)
    terms: list[tuple[int, int, int, int | None, int | None, int]] = field(default_factory=list)
    marks: list[tuple[int, str, int, str]] = field(default_factory=list)

    def lengths(self) -> tuple[int, ...]:
        """How many rows of each kind there are."""
        lists = self.entries, self.legs, self.accounts, self.terms, self.marks
        return tuple([len(rows) for rows in lists])

    def cut(self, lengths: tuple[int, ...]) -> None:
        """Drop the rows beyond `lengths`."""
        entries, legs, accounts, terms, marks = lengths
        del self.entries[entries:]
        del self.legs[legs:]
        del self.accounts[accounts:]
        del self.terms[terms:]
        del self.marks[marks:]
