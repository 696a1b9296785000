"""One rule that a solution breaks, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from msap_mobility.wording import Lang, say

__all__ = ["Broken"]

_PLACES = (
    "route",
    "vehicle",
    "task",
    "request",
    "group",
    "customer",
    "cover",
    "pause",
    "dimension",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One rule a solution breaks, where, and by how much.

    Parameters
    ----------
    rule
        Stable code; ``routing_rule.<rule>`` is its sentence.
    amount
        By how much: seconds for times, the unit of the array for distances, loads and costs, else
        a number of things. For `unknown` the row that does not exist.
    route
        Row of `RoutingSolution.routes`, −1 where it does not apply, like all that follow.
    vehicle, task, request, group
        Rows of these tables.
    customer, cover, pause
        Rows of the customers of `Patterns`, of `Covering` and of `Breaks`.
    dimension
        Column of the loads.
    part
        Which part of the cost or of the solution, empty where it does not apply.

    Examples
    --------
    >>> late = Broken(rule="window", amount=600, route=0, task=5)
    >>> print(late.text("en"))
    Route 0, task 5: it begins 600 s outside its windows.
    """

    rule: str
    amount: int = 0
    route: int = -1
    vehicle: int = -1
    task: int = -1
    request: int = -1
    group: int = -1
    customer: int = -1
    cover: int = -1
    pause: int = -1
    dimension: int = -1
    part: str = ""

    def text(self, lang: Lang = "en") -> str:
        """The rule and the amount as a sentence, in `lang`."""
        named = [(place, getattr(self, place)) for place in _PLACES]
        parts = [say(f"routing_check.{place}", lang, row=row) for place, row in named if row >= 0]
        if self.part:
            parts.append(say(f"routing_check.{self.part}", lang))
        what = say(f"routing_rule.{self.rule}", lang, amount=self.amount)
        if not parts:
            return what
        where = ", ".join(parts)
        return say("routing_check.broken", lang, where=where[0].upper() + where[1:], what=what)

    def to_dict(self) -> dict[str, str | int]:
        """JSON data."""
        return asdict(self)
