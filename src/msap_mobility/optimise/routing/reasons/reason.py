"""A reason: which rules give way, by how much, and where the request then stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["End", "Insertion", "Reason", "Relaxation", "Rule"]

End = Literal["", "sooner", "later"]
"""Which end of a span of time gives way: it begins sooner, or it ends later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit of the problem.

    Parameters
    ----------
    name
        As the checker names it, or ``vehicles_first``.
    vehicle, task, request, pause, dimension
        Rows as in `check.Broken`, −1 where they do not apply.
    window
        Row of `Tasks.window_s`, −1 where it does not apply.
    end
        Of windows of tasks, vehicles and breaks.
    """

    name: str
    vehicle: int = -1
    task: int = -1
    request: int = -1
    pause: int = -1
    dimension: int = -1
    window: int = -1
    end: End = ""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        where = (self.vehicle, self.task, self.request, self.pause, self.dimension, self.window)
        object.__setattr__(self, "_hash", hash((self.name, where, self.end)))

    def __hash__(self) -> int:
        return self._hash  # asked a million times


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A limit that gives way.

    Parameters
    ----------
    rule
        Which.
    amount
        By how much: seconds for times, the unit of the array for loads and distances, else a
        number of things (stops, trips, vehicles, skills lacking, days apart). Of a break that is
        not asked, the seconds it lasts.
    """

    rule: Rule
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A route with what is added to it.

    Parameters
    ----------
    route
        Row of `RoutingSolution.routes`, −1 for a vehicle that was not used.
    vehicle
        Row of `Vehicles`.
    tasks
        The whole order after the insertion.
    positions
        Where in it the tasks added stand, and a loading that was added for them.
    """

    route: int
    vehicle: int
    tasks: tuple[int, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why somebody is left out of a plan, and what would have to give way.

    Parameters
    ----------
    subject
        Who is left out: ``("request", row)``, ``("group", row)``, ``("customer", row)`` of
        `Patterns` or ``("cover", row)`` of `Covering`.
    requests
        Which requests the certificate adds.
    relaxations
        One rule, or several of which none can be spared.
    insertions
        The certificate: the routes that change, nobody removed from any. With the rules relaxed
        the plan with them keeps every rule.
    missing_prize
        What the prize lacks for the certificate to be worth its cost; 0 for who must be served.
    others
        The other single rules that would do, the smallest first, each with its certificate.

    Examples
    --------
    >>> late = Relaxation(rule=Rule(name="window", task=3, window=0, end="later"), amount=60)
    >>> reason = Reason(subject=("request", 2), requests=(2,), relaxations=(late,))
    >>> reason.rule, reason.amount
    ('window', 60)
    """

    subject: tuple[str, int]
    requests: tuple[int, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    missing_prize: int = 0
    others: tuple[Reason, ...] = ()

    @property
    def rule(self) -> str:
        """The rule that gives way, or what else is the matter.

        ``several`` rules; none, but it is not ``worth`` it; none at all: it ``fits``; or there is
        no ``choice``: an empty group, a customer without a pattern or out of every reach.
        """
        if self.relaxations:
            return self.relaxations[0].rule.name if len(self.relaxations) == 1 else "several"
        if not self.insertions:
            return "choice"
        return "worth" if self.missing_prize else "fits"

    @property
    def amount(self) -> int:
        """Of the one rule, or the missing prize; 0 where neither is meant (see `relaxations`)."""
        if self.relaxations:
            return self.relaxations[0].amount if len(self.relaxations) == 1 else 0
        return self.missing_prize
