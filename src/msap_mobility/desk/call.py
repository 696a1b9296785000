"""A telephone call about a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from msap_mobility.calendar.checks import check_choice
from msap_mobility.carpool.law.checks import check_id, check_instant
from msap_mobility.errors import Faults

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["OUTCOMES", "Call", "Outcome", "check_outcome"]

Outcome = Literal["agreed", "declined", "no_answer", "told"]
"""How a call ended: yes, no, nobody there, or a message passed on."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def check_outcome(faults: Faults, outcome: str) -> None:
    """Note what is wrong unless a call can end so."""
    check_choice(faults, "outcome", outcome, OUTCOMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whom the maison phoned for a request, and how it ended. What was said is not kept.

    Parameters
    ----------
    request
        Id of the request.
    member
        Who was phoned.
    outcome
        See `Outcome`.
    at
        When.
    by
        Id of the agent who phoned.

    Raises
    ------
    InputError
        With every fault.
    """

    request: str
    member: str
    outcome: Outcome
    at: datetime
    by: str

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in ("request", "member", "by"):
                check_id(faults, column, getattr(self, column))
            check_outcome(faults, self.outcome)
            check_instant(faults, "at", self.at)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "request": self.request,
            "member": self.member,
            "outcome": self.outcome,
            "at": self.at.isoformat(),
            "by": self.by,
        }
