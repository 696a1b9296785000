"""Members: who takes part, what is still missing, and how names are forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.command import reading, writing
from msap_mobility.cli.desk.telling import document, named
from msap_mobility.cli.printing import print_json, print_table
from msap_mobility.cli.typed import day, moment, read_all, under_options
from msap_mobility.errors import Faults
from msap_mobility.model.member import Contact, Member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.cli.desk.asking import Agent
    from msap_mobility.desk import Desk
    from msap_mobility.model.member import Role
    from msap_mobility.wording import Lang

__all__ = ["commands"]

_KNOWN = {
    "roles": "roles",
    "charter": "charter_signed",
    "identity": "id_seen",
    "licence": "licence_seen",
    "badge": "badge",
    "commune": "commune_code",
}
"""Options by the field of a `Member` they fill."""

_DAYS = ("charter", "identity", "licence")
_REACHED = ("name", "phone", "email", "address")
_ACTING: tuple[Role, ...] = ("driver", "rider")


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    known = options.options(
        lang,
        roles="roles",
        charter="day",
        identity="day",
        licence="day",
        badge="number",
        commune="insee",
        name="text",
        phone="text",
        email="text",
        address="text",
    )
    yield writing("member", lang, member, options.argument("member", lang), *known)
    yield reading("members", lang, members)
    yield reading("forget", lang, forget, options.option("before", lang, word="moment"))


def member(agent: Agent, member: str, **typed: str | None) -> None:
    """Register a member, or add to what is known of one; what is not given stays."""
    with agent.opened() as opened:
        desk = opened.desk
        given = {name: text for name, text in typed.items() if text is not None}
        known = desk.member(member)
        if given or known is None:
            found, contact = _read(desk, member, known, given)
            desk.register(found, contact, by=agent.by)
        _tell(agent, desk, [member])


def members(agent: Agent) -> None:
    """Everybody who is registered."""
    with agent.opened() as opened:
        _tell(agent, opened.desk, [each.id for each in opened.desk.members()])


def forget(agent: Agent, before: str | None) -> None:
    """Names and places of those not heard of for long are forgotten."""
    given = read_all({"before": before}, {"before": moment})
    with agent.opened() as opened:
        gone = opened.desk.purge(given["before"])
        if agent.as_json:
            print_json(document("purged", members=list(gone)))
        else:
            agent.tell("cli.desk.purged", n=len(gone))
            for name in gone:
                click.echo(f"  {name}")


def _read(
    desk: Desk, name: str, known: Member | None, given: Mapping[str, str]
) -> tuple[Member, Contact | None]:
    """What is known of a member now, and how they are reached if that is told."""
    before: dict[str, Any] = {} if known is None else known.to_dict()
    reached = {column: given[column] for column in _REACHED if column in given}
    fields: dict[str, Any] = {name: before.get(name) for name in _KNOWN.values()}
    fields["roles"] = before.get("roles", ())
    with Faults() as faults:
        for option in _KNOWN.keys() & given.keys():
            fields[_KNOWN[option]] = given[option]
            if option in _DAYS:
                fields[_KNOWN[option]] = None
                with faults.also(column=option):
                    fields[_KNOWN[option]] = day(given[option]) if given[option] else None
        with faults.also(), under_options({field: name for name, field in _KNOWN.items()}):
            told = {column: value for column, value in fields.items() if value is not None}
            found = Member.of(id=name, **told)
        with faults.also():
            contact = replace(desk.contact(name) or Contact(), **reached) if reached else None
    return found, contact


def _tell(agent: Agent, desk: Desk, names: list[str]) -> None:
    found = [each for each in map(desk.member, names) if each is not None]
    if agent.as_json:
        print_json(document("members", members=[_data(desk, each) for each in found]))
        return
    heads = [agent.say(f"cli.desk.head.{name}") for name in ("member", "roles", "badge", "lacks")]
    rows = [
        (
            named(desk, each.id),
            ", ".join(agent.say(f"cli.desk.role.{role}") for role in sorted(each.roles)),
            each.badge,
            _lacks(agent, each),
        )
        for each in found
    ]
    print_table(heads, rows, left=len(heads))


def _lacks(agent: Agent, member: Member) -> str:
    """What is missing before a member may do what they registered for."""
    lacking = {
        name: None for role in _ACTING if role in member.roles for name in member.lacks(role)
    }
    return ", ".join(agent.say(f"desk.lacks.{name}") for name in lacking)


def _data(desk: Desk, member: Member) -> dict[str, Any]:
    contact = desk.contact(member.id)
    return {
        **member.to_dict(),
        "contact": None if contact is None else contact.to_dict(),
        "lacks": {role: list(member.lacks(role)) for role in _ACTING},
    }
