"""``msap desk init``: a desk is set up, its places beside it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.cli.asking import clock_us
from msap_mobility.cli.desk import options
from msap_mobility.cli.desk.command import reading
from msap_mobility.cli.desk.places import kept_places, read_places
from msap_mobility.cli.desk.telling import document
from msap_mobility.cli.printing import print_json
from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.cli.desk.asking import Agent
    from msap_mobility.wording import Lang

__all__ = ["commands"]


def commands(lang: Lang) -> Iterator[click.Command]:
    """The command of this module."""
    yield reading("init", lang, init, options.places(lang), options.option("zone", lang))


def init(agent: Agent, zone: str | None) -> None:
    """Set a desk up in a file or on a PostgreSQL server."""
    from msap_mobility.desk import Desk
    from msap_mobility.files import publish
    from msap_mobility.model.window import PARIS

    places = read_places(agent).places if agent.places else {}
    agent.check_ledger()
    beside = _beside(agent)
    desk = Desk.create(agent.place, zone=zone or PARIS, clock=clock_us)
    with closing(desk):
        if beside is not None and agent.places:
            publish(beside.parent, {beside.name: Path(agent.places).read_bytes()})
        if agent.as_json:
            print_json(document("begun", place=agent.shown, zone=desk.zone, places=len(places)))
            return
        agent.tell("cli.desk.begun", place=agent.shown, zone=desk.zone)
        if beside is not None and agent.places:
            agent.tell("cli.desk.places_kept", n=len(places), file=beside.name)


def _beside(agent: Agent) -> Path | None:
    """Where the places are kept, if any are given.

    Raises
    ------
    InputError
        If others are there already, or the desk is on a server.
    """
    if not agent.places:
        return None
    beside = kept_places(agent.place)
    if beside is None:
        raise InputError([Fault(code="places_beside_server", column="places", value=agent.places)])
    if beside.exists() and beside.read_bytes() != Path(agent.places).read_bytes():
        raise InputError([Fault(code="places_there", column="places", value=str(beside))])
    return beside
