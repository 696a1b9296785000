"""Customers who come to a place within their reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.optimise.routing.problem.columns import Columns, filled, listed, starts_fit
from msap_mobility.optimise.routing.problem.marks import MANDATORY, UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.errors import Faults
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.problem.requests import Requests

__all__ = ["Covering", "check_covering", "covering_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covering:
    """U customers, each covered when at least one request within its reach is served.

    Reaches overlap freely; requests within reach are optional (the covering tour of Gendreau,
    Laporte & Semet 1997, doi 10.1287/opre.45.4.568; with several vehicles Hachicha et al. 2000,
    doi 10.1016/S0305-0548(99)00006-4).

    Parameters
    ----------
    prize
        int64 (U,): what leaving it uncovered costs, or `MANDATORY`.
    reach_start, reach
        CSR, int64 (U + 1,) and int32: customer u is within reach of the requests
        ``reach[reach_start[u]:reach_start[u + 1]]``.
    """

    prize: Int64
    reach_start: Int64
    reach: Int32

    @classmethod
    def of(cls, *, reach: Any = (), prize: Any = None) -> Covering:
        """From sequences; without prizes every customer must be covered.

        Parameters
        ----------
        reach
            Of each customer the requests.
        prize
            As the field.

        Examples
        --------
        >>> covering = Covering.of(reach=[[0, 1], [1], [1, 2]], prize=[-1, -1, 30])
        >>> len(covering), covering.reach_of(2)
        (3, (1, 2))
        """
        start, rows = listed(reach)
        return cls(prize=filled(prize, len(start) - 1, MANDATORY), reach_start=start, reach=rows)

    def reach_of(self, row: int) -> tuple[int, ...]:
        """The requests that cover a customer."""
        first, last = self.reach_start[row : row + 2]
        return tuple(self.reach[first:last].tolist())

    def __len__(self) -> int:
        return len(self.prize)


def covering_columns(covering: Covering, requests: int) -> Columns:
    """Shape, least and most of each column."""
    rows = len(covering.reach)
    return {
        "prize": ((len(covering),), MANDATORY, UNLIMITED),
        "reach_start": ((len(covering) + 1,), 0, rows),
        "reach": ((rows,), 0, requests - 1),
    }


def check_covering(faults: Faults, covering: Covering, requests: Requests) -> None:
    """Whoever covers is optional: served only if that is worth it."""
    if not starts_fit(faults, "covering.reach_start", covering.reach_start, len(covering.reach)):
        return
    for request in sorted(set(covering.reach.tolist())):
        if requests.prize[request] == MANDATORY:
            faults.add("routing_reach_mandatory", row=request, value=MANDATORY)
