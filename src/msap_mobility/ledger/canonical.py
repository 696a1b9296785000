"""The one text of an entry that is hashed: every field, each preceded by its length.

Two entries have the same text only if they are the same. The first number is the version of the
form; a later form gets another, and the ledger verifies each entry by the form it was written in.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import AccountTerms, Mark, data_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.ledger.entry import Entry

__all__ = [
    "FORM",
    "GENESIS",
    "entry_texts",
    "fields_text",
    "legs_text",
    "marks_text",
    "payload_hash",
    "payload_text",
    "read_legs",
    "read_marks",
    "read_terms",
    "record_hash",
    "terms_text",
]

FORM = 1
"""Version of the hashed form that is written today."""

GENESIS = "0" * 64
"""What stands before the first entry of a chain."""


def entry_texts(entry: Entry) -> tuple[str, str, str, str]:
    r"""An entry's further facts, accounts, coupons and legs as they are stored and hashed.

    Examples
    --------
    >>> from msap_mobility.ledger.entry import Entry
    >>> entry_texts(Entry(key="k", kind="ride", legs={"b": 1, "a": -1}))
    ('', '', '', 'a\t-1\nb\t1')
    """
    return (
        data_text(entry.data) if entry.data else "",
        terms_text(entry.accounts) if entry.accounts else "",
        marks_text(entry.marks) if entry.marks else "",
        legs_text(entry.legs),
    )


def payload_text(entry: Entry, texts: tuple[str, str, str, str] | None = None) -> str:
    r"""What was asked, as one text; lengths count characters (code points).

    Parameters
    ----------
    entry
        What was asked.
    texts
        Its `entry_texts`, if they are at hand.

    Examples
    --------
    >>> from msap_mobility.ledger.entry import Entry
    >>> payload_text(Entry(key="k", kind="ride", legs={"b": 1, "a": -1}))
    '1:k4:ride4:post;0:0:0:0:;0:0:8:a\t-1\nb\t1'
    """
    data, accounts, marks, legs = texts or entry_texts(entry)
    return fields_text(
        entry.key,
        entry.kind,
        entry.phase,
        entry.effective,
        entry.ref,
        entry.actor,
        data,
        entry.target,
        entry.expires,
        accounts,
        marks,
        legs,
    )


def fields_text(
    key: str,
    kind: str,
    phase: str,
    effective: int | None,
    ref: str,
    actor: str,
    data: str,
    target: str,
    expires: int | None,
    accounts: str,
    marks: str,
    legs: str,
) -> str:
    r"""`payload_text` from the columns of a stored entry.

    Every text is preceded by its length and a colon; the two instants end in a semicolon, and a
    missing one is empty.

    Examples
    --------
    >>> fields_text("k", "ride", "post", None, "", "", "", "", None, "", "", "a\t-1\nb\t1")
    '1:k4:ride4:post;0:0:0:0:;0:0:8:a\t-1\nb\t1'
    """
    when = "" if effective is None else effective
    until = "" if expires is None else expires
    return (
        f"{len(key)}:{key}{len(kind)}:{kind}{len(phase)}:{phase}{when};{len(ref)}:{ref}"
        f"{len(actor)}:{actor}{len(data)}:{data}{len(target)}:{target}{until};"
        f"{len(accounts)}:{accounts}{len(marks)}:{marks}{len(legs)}:{legs}"
    )


def payload_hash(payload: str) -> str:
    """SHA-256 of what was asked, 64 hexadecimal digits."""
    return sha256(payload.encode()).hexdigest()


def record_hash(previous: str, scheme: str, seq: int, recorded: int, payload: str) -> str:
    """Link of the chain: SHA-256 over the previous link, place, time and payload.

    Parameters
    ----------
    previous
        Hash of the entry before, 64 hexadecimal digits; `GENESIS` for the first.
    scheme
        Name of the scheme.
    seq
        Number of the entry, from 1.
    recorded
        When it was written, microseconds since 1970 UTC.
    payload
        `payload_text` of the entry.

    Examples
    --------
    >>> record_hash(GENESIS, "ayen", 1, 0, "1:k")[:16]
    '87ff336d4334a499'
    """
    text = f"{FORM}:{previous}{len(scheme)}:{scheme}{seq};{recorded};{len(payload)}:{payload}"
    return sha256(text.encode()).hexdigest()


def legs_text(legs: Mapping[str, int]) -> str:
    r"""Legs as lines of account, tab, amount, in the order of the account ids.

    Ids hold no control character, so the lines read back without doubt.

    Examples
    --------
    >>> legs_text({"paul/KM": -25, "jeanne/KM": 25})
    'jeanne/KM\t25\npaul/KM\t-25'
    """
    return "\n".join([f"{account}\t{amount}" for account, amount in sorted(legs.items())])


def read_legs(text: str) -> dict[str, int]:
    r"""Read `legs_text` back.

    Examples
    --------
    >>> read_legs("jeanne/KM\t25\npaul/KM\t-25")
    {'jeanne/KM': 25, 'paul/KM': -25}
    """
    legs = {}
    for line in text.split("\n") if text else ():
        account, amount = line.split("\t")
        legs[account] = int(amount)
    return legs


def terms_text(accounts: Iterable[AccountTerms]) -> str:
    r"""Accounts opened or changed, a line each.

    Examples
    --------
    >>> from msap_mobility.ledger.entry import AccountTerms
    >>> terms_text([AccountTerms(id="paul/KM", asset="KM", holder="person", floor=0)])
    'paul/KM\tKM\tperson\t0\t\t0\t'
    """
    return "\n".join(
        "\t".join(
            (
                terms.id,
                terms.asset,
                terms.holder,
                "" if terms.floor is None else str(terms.floor),
                "" if terms.ceiling is None else str(terms.ceiling),
                str(terms.weight),
                "closed" if terms.closed else "",
            ),
        )
        for terms in accounts
    )


def read_terms(text: str) -> tuple[AccountTerms, ...]:
    r"""Read `terms_text` back.

    Examples
    --------
    >>> read_terms("paul/KM\tKM\tperson\t0\t\t0\t")[0].holder
    'person'
    """
    found = []
    for line in text.split("\n") if text else ():
        name, asset, holder, floor, ceiling, weight, closed = line.split("\t")
        found.append(
            AccountTerms(
                id=name,
                asset=asset,
                holder=holder,  # type: ignore[arg-type]  # its own check tells
                floor=int(floor) if floor else None,
                ceiling=int(ceiling) if ceiling else None,
                weight=int(weight),
                closed=bool(closed),
            ),
        )
    return tuple(found)


def marks_text(marks: Iterable[Mark]) -> str:
    r"""Coupons that change state, a line each: serial, before, after.

    Examples
    --------
    >>> from msap_mobility.ledger.entry import Mark
    >>> marks_text([Mark(serial="A001", before="", after="printed")])
    'A001\t\tprinted'
    """
    return "\n".join(f"{mark.serial}\t{mark.before}\t{mark.after}" for mark in marks)


def read_marks(text: str) -> tuple[Mark, ...]:
    r"""Read `marks_text` back.

    Examples
    --------
    >>> read_marks("A001\t\tprinted")[0].after
    'printed'
    """
    lines = text.split("\n") if text else []
    return tuple(
        Mark(serial=serial, before=before, after=after)
        for serial, before, after in (line.split("\t") for line in lines)
    )
