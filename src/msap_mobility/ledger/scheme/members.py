"""Who takes part. Names and contacts are kept apart from the journal, and can be forgotten."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import check_text
from msap_mobility.ledger.journal import instant_of, microseconds
from msap_mobility.ledger.scheme.book import refuse
from msap_mobility.ledger.scheme.chart import check_owner, members_account, owner_of
from msap_mobility.ledger.scheme.expiry import months_before

if TYPE_CHECKING:
    from msap_mobility.ledger.entry import AccountTerms, Entry, Holder
    from msap_mobility.ledger.outcome import Posted
    from msap_mobility.ledger.scheme.book import Book
    from msap_mobility.ledger.scheme.slip import Asked, Slip
    from msap_mobility.ledger.sight import Written

__all__ = ["Member", "add_shop", "check_note", "export_member", "members", "note_member", "purge"]

KEPT_MONTHS = 24
"""Names are kept two years after the last contact (CNIL, délibérations 2021-028, 2023-095)."""

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person or a shop.

    Parameters
    ----------
    id
        Opaque: it stays in the journal for ever.
    holder
        ``"person"`` or ``"shop"``.
    name, contact
        As noted; empty if nothing is, or if it was purged.
    """

    id: str
    holder: Holder
    name: str = ""
    contact: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return asdict(self)


def add_shop(book: Book, shop: str, slip: Slip) -> Posted:
    """Register a shop: only registered ones are paid, and only they turn currency into euros.

    Raises
    ------
    Refused
        If a private person has this id, or it differs from another member's in capitals or spaces
        only.
    InputError
        If the id cannot be used.
    """
    check_owner(shop, "shop")
    asked = book.asked(slip, "shop", {"shop": shop}, identity=f"shop/{shop}")
    return book.post(asked, lambda: [_registration(book, shop, asked)])


def _registration(book: Book, shop: str, asked: Asked) -> Entry:
    if book.holder(shop) == "person":
        raise refuse("shop_is_person", asked, member=shop)
    book.heed_alike(shop)
    till: AccountTerms = members_account(shop, book.rules.shop_asset, "shop")
    return asked.entry({}, accounts=(till,))


def note_member(book: Book, member: str, name: str, contact: str, slip: Slip) -> Posted:
    """Note, or overwrite, the name and the contact of a member.

    The journal keeps that it was done, not what: the time of the last contact, for `purge`.

    Raises
    ------
    Refused
        If the id differs from another member's in capitals or spaces only.
    InputError
        If the id cannot be used, or a text is none or too long.
    """
    with Faults() as faults:
        with faults.also():
            check_owner(member, "member")
        with faults.also():
            check_note(name, contact)
    book.heed_alike(member)
    asked = book.asked(slip, "contact", {"member": member})
    posted = book.post(asked, lambda: [asked.entry({})])
    book.journal.engine.note_member(member, name, contact)
    book.known.add(member)
    return posted


def check_note(name: str, contact: str) -> None:
    """Refuse a name or a contact that cannot be kept.

    Raises
    ------
    InputError
        If a text is none, or too long.
    """
    with Faults() as faults:
        check_text(faults, "name", name, LONGEST_NOTE)
        check_text(faults, "contact", contact, LONGEST_NOTE)


def members(book: Book, holder: Holder) -> tuple[Member, ...]:
    """All persons, or all shops, by id; who is only noted counts as a person."""
    noted = {member: (name, contact) for member, name, contact in book.reader.noted()}
    holders: dict[str, Holder] = dict.fromkeys(noted, "person")
    for standing in book.journal.accounts():
        if standing.terms.holder != "system":
            holders[owner_of(standing.terms.id)] = standing.terms.holder
    return tuple(
        Member(id=member, holder=holder, name=name, contact=contact)
        for member in sorted(holders)
        if holders[member] == holder
        for name, contact in [noted.get(member, ("", ""))]
    )


def export_member(book: Book, member: str) -> dict[str, Any]:
    """Everything held about a member: the answer to an access request (GDPR, article 15).

    Reads the whole journal.

    Raises
    ------
    InputError
        If the id cannot be a member's.
    """
    check_owner(member, "member")
    name, contact = book.reader.noted_of(member) or ("", "")
    accounts = [each for each in book.journal.accounts() if owner_of(each.terms.id) == member]
    return {
        "id": member,
        "holder": book.holder(member),
        "name": name,
        "contact": contact,
        "accounts": [
            {"id": each.terms.id, "asset": each.terms.asset, "posted": each.posted}
            for each in accounts
        ],
        "entries": [
            _told(written) for written in book.journal.entries() if member in _named(written)
        ],
    }


def purge(book: Book, before: datetime | None) -> tuple[str, ...]:
    """Blank the names and contacts of those of whom nothing was written since `before`.

    None is two years before now, see `KEPT_MONTHS`. Their accounts stay: what they hold is theirs,
    under an id that names nobody.

    Returns
    -------
    tuple of str
        Ids of those whose names were blanked.
    """
    if before is None:
        now = book.now()
        before = datetime.combine(months_before(now.date(), KEPT_MONTHS), now.timetz())
    since = book.reader.seq_at(microseconds(before))
    active = {name for written in book.journal.entries(since) for name in _named(written)}
    gone = [
        member
        for member, name, contact in book.reader.noted()
        if member not in active and (name or contact)
    ]
    for member in gone:
        book.journal.engine.note_member(member, "", "")
    return tuple(gone)


def _named(written: Written) -> set[str]:
    """The ids an entry names, in its legs, its accounts or its facts."""
    entry = written.entry
    owners = {owner_of(account) for account in entry.legs}
    owners |= {owner_of(terms.id) for terms in entry.accounts}
    facts = entry.data or {}
    owners |= {str(facts[role]) for role in ("member", "rider", "driver", "shop") if role in facts}
    return owners


def _told(written: Written) -> dict[str, Any]:
    entry = written.entry
    effective = written.recorded if entry.effective is None else entry.effective
    return {
        "seq": written.seq,
        "key": entry.key,
        "kind": entry.kind,
        "recorded": instant_of(written.recorded).isoformat(),
        "effective": instant_of(effective).isoformat(),
        "ref": entry.ref,
        "data": dict(entry.data or {}),
        "legs": dict(entry.legs),
    }
