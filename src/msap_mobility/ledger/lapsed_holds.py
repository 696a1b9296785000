"""Holds whose time is over and that no entry has ended yet: they keep nothing back any more.

The judge ends them by an entry of their own at the beginning of the next posting. A reader does
not wait for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.ledger.canonical import read_legs

if TYPE_CHECKING:
    from msap_mobility.ledger.reading import Reader

__all__ = ["lapsed"]

# Whatever was over when the entry number `seq` was written, was ended before it or by it.
_LAPSED = """
    SELECT e.legs FROM {p}entry e
    WHERE e.scheme = ? AND e.expires <= ? AND e.id <= {first} + ?
    AND e.expires > (SELECT recorded FROM {p}entry WHERE id = {first} + ?)
    AND NOT EXISTS (
        SELECT 1 FROM {p}entry c
        WHERE c.scheme = e.scheme AND c.target = e.key AND c.id <= {first} + ?)"""


def lapsed(reader: Reader, account: str, seq: int, instant: int) -> tuple[int, int]:
    """What open holds still keep of an account though they are over.

    Parameters
    ----------
    reader
        Of the scheme.
    account
        Its id.
    seq
        Number of the last entry that counts.
    instant
        The time it is, microseconds since 1970 UTC.

    Returns
    -------
    tuple of int
        Outgoing and incoming, minor units, as `Standing` counts them.
    """
    amounts = [
        read_legs(legs).get(account, 0) for (legs,) in reader.rows(_LAPSED, instant, seq, seq, seq)
    ]
    outgoing = -sum(amount for amount in amounts if amount < 0)
    return outgoing, sum(amount for amount in amounts if amount > 0)
