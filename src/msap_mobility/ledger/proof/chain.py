"""The link of an entry, computed anew from its row: the verifier's own reading of the form.

Form 1, the only one so far. Each text is preceded by its number of characters (code points) and a
colon, each whole number followed by a semicolon; a missing number is empty. What was asked is, in
this order: key, kind, phase; effective; ref, actor, data, target; expires; accounts, marks, legs.
The link is the SHA-256 of: ``1:``, the link before (64 hexadecimal digits), the name of the scheme;
the number, the time recorded; what was asked.

A later form gets another leading number. An entry is then held to each form in turn, the newest
first: no two forms can give the same text.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

__all__ = ["BEFORE_FIRST", "COLUMNS", "Row", "link"]

BEFORE_FIRST = "0" * 64
"""What stands for the link before the first."""

COLUMNS = (
    "seq, key, kind, phase, effective, recorded, ref, actor, data, target, expires, accounts,"
    " marks, legs, hash"
)
"""Columns of the table of entries, in the order of a `Row`."""

Row = tuple[Any, ...]
"""What a query gives. Any, because a damaged file may give anything."""


def link(previous: str, scheme: str, row: Row) -> bytes:
    r"""SHA-256 of the entry in `row`, 32 bytes.

    Parameters
    ----------
    previous
        The link before, 64 hexadecimal digits; `BEFORE_FIRST` for the first.
    scheme
        Name of the scheme.
    row
        A row of the table of entries.

    Raises
    ------
    TypeError, ValueError
        If a column holds what it cannot hold.

    Examples
    --------
    >>> row = (1, "k", "ride", "post", None, 0, "", "", "", None, None, "", "", "a\t-1", b"")
    >>> link(BEFORE_FIRST, "ayen", row).hex()[:16]
    'eb67a0ae303b2015'
    """
    seq, key, kind, phase, when, at, ref, actor, data, target, until, opened, marks, legs, _ = row
    if data or target or opened or marks or when is not None or until is not None:
        happened = "" if when is None else when
        ends = "" if until is None else until
        target = target or ""
        rest = (
            f"{len(data)}:{data}{len(target)}:{target}{ends};"
            f"{len(opened)}:{opened}{len(marks)}:{marks}"
        )
    else:  # the commonest entry: all of these are empty
        happened, rest = "", "0:0:;0:0:"
    asked = (
        f"{len(key)}:{key}{len(kind)}:{kind}{len(phase)}:{phase}{happened};"
        f"{len(ref)}:{ref}{len(actor)}:{actor}{rest}{len(legs)}:{legs}"
    )
    text = f"1:{previous}{len(scheme)}:{scheme}{seq};{at};{len(asked)}:{asked}"
    return sha256(text.encode()).digest()
