"""What the ledger answers: posted, or refused and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import LedgerError
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["Amount", "Balance", "Posted", "Refusal", "Refused"]


@dataclass(frozen=True, slots=True)
class Amount:
    """So many minor units of an asset, for people to read.

    Parameters
    ----------
    units
        Integer minor units.
    asset
        Code of the asset.
    decimals
        How many of its digits stand behind the decimal sign.

    Examples
    --------
    >>> str(Amount(-350, "EUR", 2)), str(Amount(25, "KM", 0))
    ('-3.50 EUR', '25 KM')
    """

    units: int
    asset: str
    decimals: int

    def __str__(self) -> str:
        digits = str(abs(self.units)).zfill(self.decimals + 1)
        whole, part = digits[: len(digits) - self.decimals], digits[len(digits) - self.decimals :]
        sign = "-" if self.units < 0 else ""
        return f"{sign}{whole}{'.' if part else ''}{part} {self.asset}"


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry is in the journal, on disk.

    Parameters
    ----------
    key, seq
        Its idempotency key and its number in the scheme.
    recorded
        When it was written, microseconds since 1970 UTC.
    hash
        Its link of the chain, 64 hexadecimal digits.
    balances
        New posted balance of each account it touched, minor units.
    replayed
        Whether it was there before: the same entry had come under the same key.
    """

    key: str
    seq: int
    recorded: int
    hash: str
    balances: Mapping[str, int]
    replayed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "key": self.key,
            "seq": self.seq,
            "recorded": self.recorded,
            "hash": self.hash,
            "balances": dict(self.balances),
            "replayed": self.replayed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an entry was not written. Nothing was changed by it.

    Parameters
    ----------
    code
        Stable code; ``refusal.<code>.what`` and ``refusal.<code>.remedy`` are its words.
    key
        Idempotency key of the entry.
    values
        What the words need: account, amounts, the two payloads of a conflict.
    words
        Under which code its words stand, if they are not those of `code`.

    Examples
    --------
    >>> refusal = Refusal(code="unknown_account", key="k", values={"account": "paul/KM"})
    >>> print(refusal.text("en"))
    There is no account 'paul/KM'. Open it first, or correct its name.
    """

    code: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""

    def what(self, lang: Lang = "en") -> str:
        """What stands in the way, in `lang`."""
        return say(f"refusal.{self.words or self.code}.what", lang, key=self.key, **self.values)

    def remedy(self, lang: Lang = "en") -> str:
        """What to do about it, in `lang`."""
        return say(f"refusal.{self.words or self.code}.remedy", lang, key=self.key, **self.values)

    def text(self, lang: Lang = "en") -> str:
        """Both, as one line."""
        return f"{self.what(lang)} {self.remedy(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """JSON data; amounts as integer minor units with their asset."""
        return {
            "code": self.code,
            "key": self.key,
            "values": {name: _plain(value) for name, value in self.values.items()},
        }


class Refused(LedgerError):  # noqa: N818 - the name says what happened
    """The ledger says no. An exception, so that the caller's own transaction ends with it.

    Parameters
    ----------
    refusal
        Why.

    Examples
    --------
    >>> try:
    ...     raise Refused(Refusal(code="closed_account", key="k", values={"account": "a/KM"}))
    ... except Refused as no:
    ...     no.refusal.code
    'closed_account'
    """

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.text("en"))

    def __reduce__(self) -> tuple[type[Refused], tuple[Refusal]]:
        return Refused, (self.refusal,)

    def text(self, lang: Lang = "en") -> str:
        """Why, and what to do about it, in `lang`."""
        return self.refusal.text(lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account holds, integer minor units of its asset.

    Parameters
    ----------
    account, asset
        Which, and of what.
    posted
        What its legs sum to.
    outgoing, incoming
        Held back by open holds, and on its way in by them.

    Examples
    --------
    >>> Balance(account="paul/KM", asset="KM", posted=50, outgoing=25, incoming=0).available
    25
    """

    account: str
    asset: str
    posted: int
    outgoing: int
    incoming: int

    @property
    def available(self) -> int:
        """What may still leave: posted less what holds keep back."""
        return self.posted - self.outgoing


def _plain(value: Any) -> Any:
    if isinstance(value, Amount):
        return {"units": value.units, "asset": value.asset}
    if isinstance(value, date):
        return value.isoformat()
    return value
