"""Members in a desk's tables, their names apart from them, and how they are forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.desk.refused import DeskRefused
from msap_mobility.model.member import Contact, Member

if TYPE_CHECKING:
    from datetime import date, datetime

    from msap_mobility.desk.store import Run
    from msap_mobility.model.member import Role

__all__ = [
    "contact",
    "forget",
    "member",
    "members",
    "note",
    "objection",
    "register",
    "two_years_before",
]


def two_years_before(now: datetime) -> datetime:
    """Two years before `now`: how long names are kept after the last contact.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> two_years_before(datetime(2028, 2, 29, 12, tzinfo=UTC)).isoformat()
    '2026-02-28T12:00:00+00:00'
    """
    day = min(now.day, 28) if now.month == 2 else now.day
    return now.replace(year=now.year - 2, day=day)


def register(run: Run, member: Member, at_us: int) -> None:
    """Write a member, or overwrite what was written."""
    run(
        "INSERT INTO {p}member (id, data, at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET data = excluded.data, at = excluded.at",
        (member.id, json.dumps(member.to_dict(), ensure_ascii=False), at_us),
    )


def note(run: Run, member: str, contact: Contact) -> None:
    """Write, or overwrite, how a member is reached."""
    run(
        "INSERT INTO {p}contact (member, data) VALUES (?, ?)"
        " ON CONFLICT (member) DO UPDATE SET data = excluded.data",
        (member, json.dumps(contact.to_dict(), ensure_ascii=False)),
    )


def member(run: Run, member: str) -> Member | None:
    """A member; None if there is none of this id."""
    rows = run("SELECT data FROM {p}member WHERE id = ?", (member,))
    return Member.from_dict(json.loads(rows[0][0])) if rows else None


def members(run: Run) -> tuple[Member, ...]:
    """All members, by id."""
    rows = run("SELECT data FROM {p}member ORDER BY id")
    return tuple(Member.from_dict(json.loads(data)) for (data,) in rows)


def contact(run: Run, member: str) -> Contact | None:
    """How a member is reached; None if nothing was noted, or it was forgotten."""
    rows = run("SELECT data FROM {p}contact WHERE member = ?", (member,))
    return Contact.from_dict(json.loads(rows[0][0])) if rows else None


def objection(run: Run, name: str, role: Role, today: date) -> DeskRefused | None:
    """Why somebody may not act in a role today; what is to be signed or shown later does not count.

    None if they may.
    """
    found = member(run, name)
    if found is None:
        return DeskRefused(code="not_a_member", subject=name)
    signed, seen = (
        day if day is not None and day <= today else None
        for day in (found.charter_signed, found.licence_seen)
    )
    lacks = replace(found, charter_signed=signed, licence_seen=seen).lacks(role)
    if lacks:
        return DeskRefused(code="member_lacks", subject=name, values={"lacks": ";".join(lacks)})
    return None


def forget(run: Run, before: datetime, zone: str) -> tuple[str, ...]:
    """Blank the names and the places of those who were not heard of since `before`.

    Their ids stay in events and calls: they name nobody. The places of offers and requests of
    everybody that are as old go too, and those of the rides agreed for them: where a car stood and
    who was taken to which doctor is nobody's business any more.

    Returns
    -------
    tuple of str
        Ids of those who were forgotten.
    """
    day = before.astimezone(ZoneInfo(zone)).date().isoformat()
    since, since_us = before.astimezone(UTC).isoformat(), int(before.timestamp() * 1_000_000)
    gone = tuple(sorted(_named(run) - _heard_since(run, since, since_us, day)))
    for name in gone:
        run("DELETE FROM {p}contact WHERE member = ?", (name,))
        run("UPDATE {p}offer SET data = '' WHERE driver = ?", (name,))
    withdrawn = "SELECT offer FROM {p}withdrawn WHERE at < ?"
    run(f"UPDATE {{p}}offer SET data = '' WHERE id IN ({withdrawn})", (since_us,))
    run("UPDATE {p}offer SET data = '' WHERE at < ? AND day <> '' AND day < ?", (since_us, day))
    run("UPDATE {p}request SET data = '' WHERE at < ? AND day < ?", (since_us, day))
    run(
        "UPDATE {p}agreed SET data = '' WHERE ride IN (SELECT ride FROM {p}life WHERE day < ?)",
        (day,),
    )
    return gone


def _named(run: Run) -> set[str]:
    """Of whom a name is noted, or the places of a regular trip."""
    rows = run("SELECT member FROM {p}contact")
    rows += run("SELECT driver FROM {p}offer WHERE day = '' AND data <> ''")
    return {name for (name,) in rows}


def _heard_since(run: Run, since: str, since_us: int, day: str) -> set[str]:
    """Who was registered, offered, asked, rode, drove or was phoned since."""
    queries: tuple[tuple[str, Any], ...] = (
        ("SELECT id FROM {p}member WHERE at >= ?", since_us),
        ("SELECT driver FROM {p}offer WHERE at >= ?", since_us),
        ("SELECT rider FROM {p}request WHERE at >= ?", since_us),
        ("SELECT member FROM {p}call WHERE at >= ?", since),
        ("SELECT actor FROM {p}event WHERE at >= ?", since),
        ("SELECT rider FROM {p}life WHERE day >= ?", day),
        ("SELECT driver FROM {p}life WHERE day >= ?", day),
    )
    return {name for sql, value in queries for (name,) in run(sql, (value,))}
