"""Readers of pickups with deliveries: dial-a-ride and pickup and delivery with time windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim, Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.text import Line, Malformed, lines, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["dial_a_ride", "parcels"]

_RIDE = ("x", "y", "service", "load", "earliest", "latest")
_PARCEL = ("x", "y", "demand", "ready", "due", "service")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Rows ``id value…`` of the depot (0) and the tasks, in the order of their ids."""

    read: list[Line]
    values: dict[str, NDArray[np.float64]]

    def places(self) -> NDArray[np.float64]:
        """float64 (P, 2)."""
        return np.column_stack([self.values["x"], self.values["y"]])

    def visits(self) -> Visits:
        """All rows but the depot's."""
        loads = self.values["load" if "load" in self.values else "demand"]
        opens = self.values["earliest" if "earliest" in self.values else "ready"]
        closes = self.values["latest" if "latest" in self.values else "due"]
        for row, line in enumerate(self.read):
            if opens[row] > closes[row]:
                raise line.bad("its window ends before it begins")
        return Visits.of(
            node=np.arange(1, len(self.read)),
            service=self.values["service"][1:],
            load=loads[1:],
            earliest=opens[1:],
            latest=closes[1:],
        )


def dial_a_ride(file: Path) -> Ground:
    """Cordeau's dial-a-ride: whole route duration, ride time of each, distance driven."""
    head, *rest = _all_lines(file)
    if len(head) != 5:
        raise head.bad("not `vehicles, 2 x requests, duration, capacity, ride time`")
    count, tasks = head.positive_at(0, "vehicles"), head.positive_at(1, "2 x requests")
    if tasks % 2:
        raise head.bad(f"{tasks} tasks are no pairs")
    rows = _rows(file, rest, _RIDE, tasks + 1, may_repeat_depot=True)
    pickups = np.arange(tasks // 2)
    visits = rows.visits()
    _check_pairs(rows, visits, pickups, pickups + tasks // 2)
    return Ground(
        lengths=euclid(rows.places()),
        timed=True,
        visits=visits,
        asked=Asked.of(
            visit=pickups,
            delivery=pickups + tasks // 2,
            ride=head.number_at(4, "ride time"),
            vehicles=1,
        ),
        fleet=Fleet.of(
            count=count,
            capacity=head.number_at(3, "capacity"),
            earliest=rows.values["earliest"][0],
            latest=rows.values["latest"][0],
            duration=head.number_at(2, "duration"),
        ),
        whole=False,
    )


def parcels(file: Path) -> Ground:
    """Li & Lim's pairs with time windows: fewest vehicles first, then unrounded distance.

    The third number of the head, a speed, means nothing: it is 0 or 1, and all drive alike.
    """
    head, *rest = _all_lines(file)
    count, carries = head.positive_at(0, "vehicles"), head.number_at(1, "capacity")
    rows = _rows(file, rest, _PARCEL, len(rest), partners=True)
    visits = rows.visits()
    pickups, deliveries = _partners(rows)
    _check_pairs(rows, visits, pickups, deliveries)
    return Ground(
        lengths=euclid(rows.places()),
        timed=True,
        visits=visits,
        asked=Asked.of(visit=pickups, delivery=deliveries, vehicles=1),
        fleet=Fleet.of(
            count=count,
            capacity=carries,
            earliest=rows.values["ready"][0],
            latest=rows.values["due"][0],
        ),
        aim=Aim.VEHICLES,
        whole=False,
    )


def _all_lines(file: Path) -> list[Line]:
    """At least a head, a depot and a pair."""
    read = lines(file)
    if len(read) < 4:
        raise Malformed(file, 0, "a head, a depot and at least one pair are needed")
    return read


def _rows(
    file: Path,
    rest: list[Line],
    names: tuple[str, ...],
    count: int,
    *,
    may_repeat_depot: bool = False,
    partners: bool = False,
) -> _Rows:
    """Rows with the ids 0…count − 1, each once."""
    by_id: dict[int, Line] = {}
    width = 1 + len(names) + 2 * partners
    for line in rest:
        number = line.whole_at(0, "id")
        if number == count and may_repeat_depot:
            continue
        if not 0 <= number < count or number in by_id:
            raise line.bad(f"id {number} is there twice or outside 0…{count - 1}")
        if len(line) != width:
            raise line.bad(f"{len(line)} values instead of {width}")
        by_id[number] = line
    if len(by_id) < count:
        missing = next(number for number in range(count) if number not in by_id)
        raise Malformed(file, 0, f"task {missing} is missing")
    ordered = [by_id[number] for number in range(count)]
    table = np.array([numbers(line, 1, names) for line in ordered])
    return _Rows(read=ordered, values=dict(zip(names, table.T, strict=True)))


def _partners(rows: _Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pickups and their deliveries as rows of the visits, from the last two columns."""
    pickups, deliveries = [], []
    for number, line in enumerate(rows.read[1:], start=1):
        source, target = line.whole_at(7, "pickup"), line.whole_at(8, "delivery")
        if (source == 0) == (target == 0) or not 0 <= max(source, target) < len(rows.read):
            raise line.bad(f"is neither a pickup nor a delivery: {source} {target}")
        partner = rows.read[source or target]
        if partner.whole_at(8 if source else 7, "partner") != number:
            raise line.bad(f"its partner {source or target} names another one")
        if source == 0:
            pickups.append(number - 1)
            deliveries.append(target - 1)
    return np.array(pickups, dtype=np.int64), np.array(deliveries, dtype=np.int64)


def _check_pairs(
    rows: _Rows, visits: Visits, pickups: NDArray[np.int64], deliveries: NDArray[np.int64]
) -> None:
    """What is picked up is what is delivered."""
    for pickup, delivery in zip(pickups.tolist(), deliveries.tolist(), strict=True):
        if visits.load[pickup] < 0 or visits.load[pickup] + visits.load[delivery] != 0:
            raise rows.read[pickup + 1].bad("does not load what its delivery unloads")
