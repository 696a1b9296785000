"""Telephone calls in a desk's tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msap_mobility.desk import people
from msap_mobility.desk.call import Call
from msap_mobility.desk.refused import DeskRefused

if TYPE_CHECKING:
    from msap_mobility.desk.booking import Said
    from msap_mobility.desk.call import Outcome
    from msap_mobility.desk.store import Run

__all__ = ["calls", "log"]


def log(run: Run, request: str, member: str, outcome: Outcome, said: Said) -> Call | DeskRefused:
    """Note a call; refused if there is no such request or member."""
    call = Call(request=request, member=member, outcome=outcome, at=said.at, by=said.by)
    if not run("SELECT 1 FROM {p}request WHERE id = ?", (request,)):
        return DeskRefused(code="request_unknown", subject=request)
    if people.member(run, member) is None:
        return DeskRefused(code="not_a_member", subject=member)
    run(
        "INSERT INTO {p}call (n, request, member, outcome, at, actor) VALUES"
        " ((SELECT coalesce(max(n), 0) + 1 FROM {p}call), ?, ?, ?, ?, ?)",
        (request, member, outcome, call.at.astimezone(UTC).isoformat(), call.by),
    )
    return call


def calls(run: Run, request: str) -> tuple[Call, ...]:
    """The calls about a request, in order."""
    rows = run(
        "SELECT request, member, outcome, at, actor FROM {p}call WHERE request = ? ORDER BY n",
        (request,),
    )
    return tuple(
        Call(request=of, member=member, outcome=outcome, at=datetime.fromisoformat(at), by=by)
        for of, member, outcome, at, by in rows
    )
