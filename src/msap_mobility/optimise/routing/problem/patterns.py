"""Customers visited on the days of one of their patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.optimise.routing.problem.columns import (
    Columns,
    filled,
    int32,
    listed,
    starts_fit,
)
from msap_mobility.optimise.routing.problem.marks import MANDATORY, UNLIMITED

if TYPE_CHECKING:
    from msap_mobility.errors import Faults
    from msap_mobility.optimise.arrays import Int32, Int64
    from msap_mobility.optimise.routing.problem.requests import Requests

__all__ = ["Patterns", "check_patterns", "pattern_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patterns:
    """T patterns among which C customers choose one each.

    A customer is served when the requests of exactly one of its patterns are; else none of its
    requests may be. Those requests have the prize 0 and no group: what leaving them costs is the
    customer's prize. Patterns of one customer may share requests; customers share none.

    The periodic routing problem is the one of Cordeau, Gendreau & Laporte 1997,
    doi 10.1002/(SICI)1097-0037(199709)30:2<105::AID-NET5>3.0.CO;2-G.

    Parameters
    ----------
    customer
        int32 (T,): whose pattern it is.
    price
        int64 (T,): what choosing it costs, as `pattern_prices` reckons it or otherwise.
    request_start, request
        CSR, int64 (T + 1,) and int32: pattern t is the requests
        ``request[request_start[t]:request_start[t + 1]]``, typically one for each of its days.
    prize
        int64 (C,): what not serving the customer costs, or `MANDATORY`.
    per_s_apart, apart_free_s
        int64 (C,): cost of each second by which the begins of its visits, as times of their days,
        lie farther apart than is free. The visit of a pickup and its delivery is the pickup.
    """

    customer: Int32
    price: Int64
    request_start: Int64
    request: Int32
    prize: Int64
    per_s_apart: Int64
    apart_free_s: Int64

    @classmethod
    def of(
        cls,
        *,
        customer: Any = (),
        requests: Any = (),
        price: Any = None,
        prize: Any = None,
        per_s_apart: Any = None,
        apart_free_s: Any = None,
    ) -> Patterns:
        """From sequences; what is left out costs nothing, and customers must be served.

        Parameters
        ----------
        customer, price, prize, per_s_apart, apart_free_s
            As the fields. There are as many customers as `prize` tells, or as `customer` names.
        requests
            Of each pattern the requests.

        Examples
        --------
        One customer, on Monday and Thursday or on Tuesday and Friday, the latter 40 dearer:

        >>> patterns = Patterns.of(customer=[0, 0], requests=[[0, 2], [1, 3]], price=[0, 40])
        >>> patterns.customers, patterns.requests_of(1)
        (1, (1, 3))
        """
        start, request = listed(requests)
        named = int(np.max(customer, initial=-1)) + 1
        count = named if prize is None or np.ndim(prize) == 0 else len(prize)
        return cls(
            customer=int32(customer),
            price=filled(price, len(customer), 0),
            request_start=start,
            request=request,
            prize=filled(prize, count, MANDATORY),
            per_s_apart=filled(per_s_apart, count, 0),
            apart_free_s=filled(apart_free_s, count, 0),
        )

    @property
    def customers(self) -> int:
        """How many customers there are, with a pattern or without."""
        return len(self.prize)

    def requests_of(self, row: int) -> tuple[int, ...]:
        """The requests of a pattern."""
        first, last = self.request_start[row : row + 2]
        return tuple(self.request[first:last].tolist())

    def __len__(self) -> int:
        return len(self.customer)


def pattern_columns(patterns: Patterns, requests: int) -> Columns:
    """Shape, least and most of each column."""
    count, rows, customers = (len(patterns),), len(patterns.request), (patterns.customers,)
    return {
        "customer": (count, 0, patterns.customers - 1),
        "price": (count, 0, UNLIMITED),
        "request_start": ((len(patterns) + 1,), 0, rows),
        "request": ((rows,), 0, requests - 1),
        "prize": (customers, MANDATORY, UNLIMITED),
        "per_s_apart": (customers, 0, UNLIMITED),
        "apart_free_s": (customers, 0, UNLIMITED),
    }


def check_patterns(faults: Faults, patterns: Patterns, requests: Requests) -> None:
    """No pattern without requests, none with one twice; a request belongs to one customer."""
    if not starts_fit(
        faults, "patterns.request_start", patterns.request_start, len(patterns.request)
    ):
        return
    owner: dict[int, int] = {}
    for row, customer in enumerate(patterns.customer.tolist()):
        members = patterns.requests_of(row)
        if not members:
            faults.add("routing_pattern_empty", row=row, value=customer)
        twice = {request for request in members if members.count(request) > 1}
        for request in sorted(twice):
            faults.add("routing_pattern_twice", row=row, value=request)
        for request in sorted(set(members)):
            if owner.setdefault(request, customer) != customer:
                faults.add(
                    "routing_pattern_shared", row=row, value=request, customer=owner[request]
                )
    for request in sorted(owner):
        if requests.prize[request] != 0 or requests.group[request] >= 0:
            faults.add("routing_pattern_prize", row=request, value=int(requests.prize[request]))
