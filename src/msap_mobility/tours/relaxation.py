"""The least change of one rule that lets a stop join a tour as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.model import Reason
from msap_mobility.optimise.rounds.arrays import (
    CAPACITY,
    DAYS,
    NEVER,
    TO_S,
    RoundsProblem,
    empty_tour,
)
from msap_mobility.optimise.rounds.schedule import refresh
from msap_mobility.optimise.rounds.whatif import least_closed, least_return
from msap_mobility.tours.encode import patterns
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.model.reason import Unit
    from msap_mobility.tours.encode import Encoded
    from msap_mobility.tours.problem import TourProblem

__all__ = ["Relaxations"]

_RELAXATION = {
    "no_capacity_left": "more_capacity",
    "room_closed": "open_longer",
    "not_enough_room_hours": "open_longer",
    "no_time_left": "longer_shift",
}


class Relaxations:
    """Answers, for one tour, what it would take to visit one stop more.

    Parameters
    ----------
    problem, encoded
        The problem, twice.
    sequences
        Numbers of the stops of each shift, in driving order.
    """

    def __init__(
        self, problem: TourProblem, encoded: Encoded, sequences: Sequence[Sequence[int]]
    ) -> None:
        self.problem = problem
        self.encoded = encoded
        self._arrays = tuple(encoded.rounds)
        self._tour = empty_tour(encoded.rounds)
        self._by_stop: dict[int, Reason] = {}
        for number, sequence in enumerate(sequences):
            self._tour.sequence[number, : len(sequence)] = sequence
            self._tour.length[number] = len(sequence)
            self._tour.load[number] = encoded.rounds.units[list(sequence)].sum()
            refresh(self._arrays, tuple(self._tour), number)

    def least(self, stops: Sequence[int]) -> Reason:
        """The reason of the stop, among these, that is nearest to being visited.

        A fuller van comes before longer hours; of those, the fewest seconds.
        """
        return min((self.of(stop) for stop in stops), key=_rank)

    def of(self, stop: int) -> Reason:
        """Why a stop that is not visited is not, and what one rule would have to give."""
        if stop not in self._by_stop:
            self._by_stop[stop] = min(self._single_rules(stop), key=_rank)
        return self._by_stop[stop]

    def _single_rules(self, stop: int) -> list[Reason]:
        found = [Reason(code="several_rules", amount=0, unit="1", where=self._id(stop))]
        visits: dict[int, tuple[int, int, int]] = {}
        for shifts in patterns(stop, self.problem, self.encoded.shifts):
            for number in shifts:
                if number not in visits:
                    visits[number] = self._missing(stop, number)
            over_s, over_units, closed_s = np.max([visits[number] for number in shifts], axis=0)
            found += self._reasons(stop, shifts, int(over_s), int(over_units), int(closed_s))
        return found

    def _missing(self, stop: int, number: int) -> tuple[int, int, int]:
        """Seconds of shift, units of load, seconds of opening that one visit lacks.

        Each alone, the rules of time and opening without the load; `NEVER` if more of it does not
        help.
        """
        shift = self.encoded.rounds.shift[number]
        units = int(self._tour.load[number] + self.encoded.rounds.units[stop])
        longest = shift.copy()
        longest[TO_S] = DAY_S
        tour = tuple(self._tour)
        back_s = least_return(self._arrays, tour, longest, number, stop)
        over_s = NEVER if back_s >= NEVER else max(0, back_s - int(shift[TO_S]))
        closed_s = least_closed(self._arrays, tour, number, stop)
        return over_s, max(0, units - int(shift[CAPACITY])), closed_s

    def _reasons(
        self, stop: int, shifts: Sequence[int], over_s: int, over_units: int, closed_s: int
    ) -> list[Reason]:
        """The single rules that suffice for one pattern; time and load together if both lack."""
        where = self._id(stop)
        if over_units > 0:
            if over_s == 0:
                return [_reason("no_capacity_left", over_units, "units", where)]
            both = Reason(code="no_time_nor_capacity", amount=over_s, unit="s", where=where)
            return [both] if over_s < NEVER else []
        found = []
        if over_s == 0:
            found.append(Reason(code="would_fit", amount=0, unit="1", where=where))
        elif over_s < NEVER:
            found.append(_reason("no_time_left", over_s, "s", where))
        if 0 < closed_s < NEVER:
            code = "not_enough_room_hours" if self._opens(stop, shifts) else "room_closed"
            found.append(_reason(code, closed_s, "s", where))
        return found

    def _opens(self, stop: int, shifts: Sequence[int]) -> bool:
        """Whether the stop has hours on every day of these shifts."""
        rounds: RoundsProblem = self.encoded.rounds
        first = stop * int(rounds.setting[DAYS])
        keys = [first + self.encoded.shifts[number].day for number in shifts]
        return all(rounds.window_start[key] < rounds.window_start[key + 1] for key in keys)

    def _id(self, stop: int) -> str:
        return self.problem.stops[stop].place.id


def _reason(code: str, amount: int, unit: Unit, where: str) -> Reason:
    return Reason(code=code, amount=amount, unit=unit, relaxation=_RELAXATION[code], where=where)


def _rank(reason: Reason) -> tuple[int, float, str, str]:
    """Order of preference between reasons."""
    order = {"would_fit": 0, "no_capacity_left": 1, "no_time_nor_capacity": 3, "several_rules": 4}
    return order.get(reason.code, 2), reason.amount, reason.code, reason.where
