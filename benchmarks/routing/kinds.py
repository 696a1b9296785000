"""Readers of VRPLIB text with several kinds of vehicle: depots, costs, clients they may serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.routing.ground import Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.text import Sections, sections
from benchmarks.routing.vrplib import clients, coordinates, demands, depot, intervals, service

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["costly", "depots", "skilled"]

_CLIENTS = ("NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION")
_TIMED = (*_CLIENTS, "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION", "CAPACITY_SECTION")
_PER = 1000.0


class _Vehicle(NamedTuple):
    """What one vehicle is; equal ones are one kind."""

    depot: int
    capacity: float
    fixed: float = 0.0
    per_length: float = 1.0
    serves: frozenset[int] | None = None


def depots(file: Path) -> Ground:
    """Several depots and time windows, in thousandths."""
    read = sections(file)
    read.only((*_TIMED, "VEHICLES_DEPOT_SECTION"))
    count = read.count("VEHICLES")
    homes = read.ids("DEPOT_SECTION", read.count("DIMENSION"))
    of = read.table("VEHICLES_DEPOT_SECTION", count, 1)[:, 0].astype(np.int64) - 1
    if strange := sorted(set(of.tolist()) - set(homes)):
        raise read.bad(f"VEHICLES_DEPOT_SECTION: {strange[0] + 1} is no depot")
    carries = _each(read, "CAPACITY", "CAPACITY_SECTION", count)
    kinds, number = _kinds([_Vehicle(*each) for each in zip(of.tolist(), carries, strict=True)])
    nodes = np.delete(np.arange(read.count("DIMENSION")), homes)
    return _timed(read, nodes, kinds, number)


def skilled(file: Path) -> Ground:
    """Vehicles that may serve some clients only, with time windows, in thousandths."""
    read = sections(file)
    read.only((*_TIMED, "VEHICLES_ALLOWED_CLIENTS_SECTION"))
    count, home = read.count("VEHICLES"), depot(read)
    carries = _each(read, "CAPACITY", "CAPACITY_SECTION", count)
    served = {
        row: frozenset(line.positive_at(column, "client") - 1 for column in range(1, len(line)))
        for line, row in read.numbered("VEHICLES_ALLOWED_CLIENTS_SECTION", count)
    }
    vehicles = [_Vehicle(home, carries[row], serves=served[row]) for row in range(count)]
    return _timed(read, clients(read), *_kinds(vehicles))


def costly(file: Path) -> Ground:
    """Vehicles of different size and cost; exact distances, the total is told by hundredths."""
    read = sections(file)
    costs = ("VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION")
    read.only((*_CLIENTS, "CAPACITY_SECTION", *costs))
    count, nodes = read.count("VEHICLES"), clients(read)
    columns = (
        _each(read, "CAPACITY", "CAPACITY_SECTION", count),
        _each(read, "VEHICLES_FIXED_COST", costs[0], count, default=0.0),
        _each(read, "VEHICLES_UNIT_DISTANCE_COST", costs[1], count, default=1.0),
    )
    home = depot(read)
    kinds, number = _kinds([_Vehicle(home, *each) for each in zip(*columns, strict=True)])
    if any(kind.per_length != int(kind.per_length) for kind in kinds):
        raise read.bad(f"{costs[1]}: only whole costs are read")
    return Ground(
        lengths=euclid(coordinates(read)),
        visits=Visits.of(node=nodes, load=-demands(read)[nodes]),
        asked=Asked.of(visit=np.arange(len(nodes)), vehicles=len(kinds)),
        fleet=Fleet.of(
            count=number,
            start=home,
            capacity=[kind.capacity for kind in kinds],
            fixed=[kind.fixed for kind in kinds],
            per_length=[kind.per_length for kind in kinds],
        ),
        divisor=100.0,
        whole=False,
    )


def _timed(
    read: Sections, nodes: NDArray[np.int64], kinds: list[_Vehicle], number: list[int]
) -> Ground:
    """Clients with windows, kinds of vehicle with the windows of their depots."""
    times, homes = np.rint(_PER * intervals(read)), [kind.depot for kind in kinds]
    refused = [
        [kind.serves is not None and node not in kind.serves for kind in kinds]
        for node in nodes.tolist()
    ]
    return Ground(
        lengths=np.rint(_PER * euclid(coordinates(read))),
        timed=True,
        visits=Visits.of(
            node=nodes,
            load=-demands(read)[nodes],
            service=np.rint(_PER * service(read)[nodes]),
            earliest=times[nodes, 0],
            latest=times[nodes, 1],
        ),
        asked=Asked.of(visit=np.arange(len(nodes)), vehicles=len(kinds), refused=refused),
        fleet=Fleet.of(
            count=number,
            start=homes,
            capacity=[kind.capacity for kind in kinds],
            earliest=times[homes, 0],
            latest=times[homes, 1],
            duration=_PER * read.number("VEHICLES_MAX_DURATION", np.inf),
            length=_PER * read.number("VEHICLES_MAX_DISTANCE", np.inf),
        ),
    )


def _each(
    read: Sections, header: str, section: str, count: int, default: float | None = None
) -> list[float]:
    """A number of each vehicle: of the section, or the header's for all."""
    if section in read.rows:
        return [float(value) for value in read.table(section, count, 1)[:, 0]]
    return [read.number(header, default)] * count


def _kinds(vehicles: list[_Vehicle]) -> tuple[list[_Vehicle], list[int]]:
    """Kinds in the order they come, and how many there are of each."""
    number: dict[_Vehicle, int] = {}
    for vehicle in vehicles:
        number[vehicle] = number.get(vehicle, 0) + 1
    return list(number), list(number.values())
