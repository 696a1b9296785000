"""The first entry of a scheme: its assets, its own accounts, its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.ledger.entry import AccountTerms

__all__ = ["GENESIS_KEY", "decimals_of", "genesis"]

GENESIS_KEY = "genesis"

_DECIMALS = "decimals/"


def genesis(
    decimals: Mapping[str, int],
    accounts: Iterable[AccountTerms] = (),
    data: Mapping[str, str | int] | None = None,
) -> Entry:
    """The entry a scheme begins with.

    Parameters
    ----------
    decimals
        Code of each asset and how many of its digits stand behind the decimal sign.
    accounts
        The scheme's own accounts.
    data
        Its rules, as further facts.

    Examples
    --------
    >>> decimals_of(genesis({"EUR": 2, "KM": 0}))
    {'EUR': 2, 'KM': 0}
    """
    assets = {_DECIMALS + asset: digits for asset, digits in decimals.items()}
    return Entry(
        key=GENESIS_KEY,
        kind="genesis",
        legs={},
        accounts=tuple(accounts),
        data={**assets, **(data or {})},
    )


def decimals_of(first: Entry) -> dict[str, int]:
    """Decimals of each asset, as the first entry declares them."""
    return {
        name.removeprefix(_DECIMALS): int(digits)
        for name, digits in (first.data or {}).items()
        if name.startswith(_DECIMALS)
    }
