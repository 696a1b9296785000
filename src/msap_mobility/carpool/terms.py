"""What a ride is worth and what it costs, in whole seconds: the objectives of `match`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from msap_mobility.calendar.checks import check_choice
from msap_mobility.carpool.passages import ROUND
from msap_mobility.carpool.ways import NEVER
from msap_mobility.errors import Faults
from msap_mobility.model.sharing import check_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.carpool.problem import CarpoolProblem
    from msap_mobility.carpool.ways import Int64

__all__ = ["LOAD_S", "REQUEST_S", "Fairness", "Objective", "Terms"]

Objective = Literal["riders", "saving"]
"""As many requests served as can be, with the least driving; or the most driving saved."""

Fairness = Literal["none", "some", "strong"]
"""How much it counts that the same drivers are not always asked."""

REQUEST_S = 86_400
"""A request served is worth a day of driving: more than any detours that it can cost. Our choice;
half of it for the way there and half for the way back, where a return is wanted."""

LOAD_S: Mapping[Fairness, int] = {"none": 0, "some": 60, "strong": 300}
"""Seconds that a ride costs for each one its driver has given this month already. Our choice: with
"strong", somebody who gave ten rides is asked only if nobody who gave none is within 50 minutes."""

_MOST_LOAD = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What counts, and how much.

    Parameters
    ----------
    objective, fairness
        See `Objective` and `Fairness`.
    loads
        Rides each driver gave this month, by member id; who is not named gave none.

    Raises
    ------
    InputError
        ``unknown_choice``, ``not_whole``, ``out_of_range``.

    Examples
    --------
    >>> Terms(fairness="some", loads={"jeanne": 4}).load_s("jeanne")
    240
    """

    objective: Objective = "riders"
    fairness: Fairness = "none"
    loads: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_choice(faults, "objective", self.objective, get_args(Objective))
            check_choice(faults, "fairness", self.fairness, get_args(Fairness))
            for load in self.loads.values():
                check_count(faults, "loads", load, 0, _MOST_LOAD)

    @property
    def each_s(self) -> int:
        """Seconds for each ride given already."""
        return LOAD_S[self.fairness]

    def load_s(self, driver: str, more: int = 0) -> int:
        """What a ride of this driver costs, `more` rides of these days being given already."""
        return self.each_s * (self.loads.get(driver, 0) + more)

    def worth(self, problem: CarpoolProblem) -> Int64:
        """What it is worth to serve each leg of a problem, before detour and fairness.

        For ``"saving"`` it is the way by car from door to door; nothing where there is none.
        """
        passages, requests = problem.passages, problem.requests
        kind, number = passages.leg_kind, passages.leg_request
        if self.objective == "riders":
            returns = np.array([request.wants_return for request in requests], dtype=np.bool_)
            half = returns[number] & (kind != ROUND)
            return np.where(half, REQUEST_S // 2, REQUEST_S)
        start = problem.ways.numbers(request.start for request in requests)
        end = problem.ways.numbers(request.end for request in requests)
        there, _ = problem.ways.between(start, end)
        back, _ = problem.ways.between(end, start)
        ways = np.stack([there, back, there + back])[:, number]
        own = ways[kind.astype(np.intp), np.arange(len(kind))]
        return np.where(own >= NEVER, 0, own)

    def costs(self, problem: CarpoolProblem) -> Int64:
        """What the next ride of each offer costs its driver."""
        return np.array([self.load_s(offer.driver) for offer in problem.offers], dtype=np.int64)
