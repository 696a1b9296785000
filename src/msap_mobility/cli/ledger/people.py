"""Members and shops: who takes part, what is held about them, and how they are forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.command import group, reading, writing
from msap_mobility.cli.ledger.telling import document, held, print_posted
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    member = options.argument("member", lang)
    noted = options.option("name", lang, required=True), options.option("contact", lang)
    before = options.option("before", lang, word="moment")
    yield reading("members", lang, members)
    yield group(
        "member",
        lang,
        writing("member.note", lang, note, member, *noted),
        reading("member.export", lang, export, member),
        reading("member.purge", lang, purge, before),
    )


def members(desk: Desk) -> None:
    """Everybody who takes part, persons first."""
    with desk.ledger() as ledger:
        everybody = (*ledger.members(), *ledger.shops())
        if desk.as_json:
            print_json(document("members", ledger, members=[each.to_dict() for each in everybody]))
            return
        heads = [
            desk.say(f"cli.ledger.head.{name}") for name in ("id", "holder", "name", "contact")
        ]
        rows = [
            (each.id, desk.say(f"cli.ledger.holder_is.{each.holder}"), each.name, each.contact)
            for each in everybody
        ]
        print_table(heads, rows, left=len(heads))


def note(desk: Desk, member: str, name: str, contact: str | None) -> None:
    """A member's name and contact are noted, outside the journal."""
    given = read(date=desk.date, member=member)
    with desk.ledger() as ledger:
        posted = ledger.note_member(member, name, contact or "", **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "note", member=member)


def export(desk: Desk, member: str) -> None:
    """Everything held about a member."""
    read(member=member)
    with desk.ledger() as ledger:
        data = ledger.export_member(member)
        if desk.as_json:
            print_json(document("member", ledger, member=data))
            return
        desk.tell(
            "cli.ledger.member_held", member=member, name=data["name"], contact=data["contact"]
        )
        if data["accounts"]:
            holds = held(ledger, ledger.balance(member), desk)
            desk.tell(
                "cli.ledger.holdings",
                holdings=desk.say("cli.ledger.holder", who=member, what=holds),
            )
        desk.tell("cli.ledger.entries", n=len(data["entries"]))


def purge(desk: Desk, before: str | None) -> None:
    """The names of those of whom nothing was written for long are blanked."""
    given = read(before=before)
    with desk.ledger() as ledger:
        gone = ledger.purge(given["before"])
        if desk.as_json:
            print_json(document("purged", ledger, members=list(gone)))
        else:
            desk.tell("cli.ledger.purged", n=len(gone), members=", ".join(gone))
