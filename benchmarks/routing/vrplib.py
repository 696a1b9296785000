"""Readers of VRPLIB text with one kind of vehicle: capacity, time windows, prizes, groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import NOBODY, Aim, Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.text import Sections, sections
from benchmarks.routing.tsplib import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = [
    "TIMED",
    "alternatives",
    "capacity",
    "coordinates",
    "demands",
    "enough",
    "prizes",
    "service",
    "truncated",
    "windows",
    "windows_of",
    "windows_unrounded",
]

_PLAIN = ("NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION")
TIMED = (*_PLAIN, "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION")


def truncated(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The DIMACS rule, in tenths: one decimal, the rest cut off."""
    return np.floor(10.0 * euclid(places) + 1e-9)


def coordinates(read: Sections) -> NDArray[np.float64]:
    """float64 (P, 2)."""
    return read.table("NODE_COORD_SECTION", read.count("DIMENSION"), 2)


def demands(read: Sections) -> NDArray[np.float64]:
    """float64 (P,)."""
    found = read.table("DEMAND_SECTION", read.count("DIMENSION"), 1)[:, 0]
    if (found < 0).any():
        raise read.bad(f"DEMAND_SECTION: id {int(np.argmax(found < 0)) + 1} is below 0")
    return found


def service(read: Sections) -> NDArray[np.float64]:
    """float64 (P,): of the section, or SERVICE_TIME for every customer."""
    count = read.count("DIMENSION")
    if "SERVICE_TIME_SECTION" in read.rows:
        return read.table("SERVICE_TIME_SECTION", count, 1)[:, 0]
    return np.full(count, read.number("SERVICE_TIME", 0.0))


def intervals(read: Sections) -> NDArray[np.float64]:
    """float64 (P, 2): earliest and latest."""
    found = read.table("TIME_WINDOW_SECTION", read.count("DIMENSION"), 2)
    turned = found[:, 0] > found[:, 1]
    if turned.any():
        raise read.bad(
            f"TIME_WINDOW_SECTION: id {int(np.argmax(turned)) + 1} ends before it begins"
        )
    return found


def depot(read: Sections) -> int:
    """The one depot, by default the first node."""
    if "DEPOT_SECTION" not in read.rows:
        return 0
    listed = read.ids("DEPOT_SECTION", read.count("DIMENSION"))
    if len(listed) != 1:
        raise read.bad(f"DEPOT_SECTION: {len(listed)} depots instead of 1")
    return listed[0]


def clients(read: Sections) -> NDArray[np.int64]:
    """Every node but the depot."""
    return np.delete(np.arange(read.count("DIMENSION")), depot(read))


def enough(loads: NDArray[np.float64], carries: float) -> int:
    """Vehicles of a free fleet: more than any plan of use, fewer than there are clients.

    Half as many as clients, at least 25, and always more than a packing of the loads needs: engines
    that look at every empty vehicle are not slowed down by hundreds of them.
    """
    clients = len(loads)
    packed = 2 * math.ceil(loads.sum() / carries) + 1 if carries > 0 else clients
    return min(clients, max(25, math.ceil(clients / 2), packed))


def capacity(file: Path) -> Ground:
    """CVRP of the X set: whole distances; the number in the name limits nothing."""
    read = sections(file)
    read.only(_PLAIN)
    if read.text("EDGE_WEIGHT_TYPE", "EUC_2D") != "EUC_2D":
        raise read.headers["EDGE_WEIGHT_TYPE"].bad("only EUC_2D is read here")
    nodes = clients(read)
    return Ground(
        lengths=nearest(coordinates(read)),
        visits=Visits.of(node=nodes, load=-demands(read)[nodes]),
        asked=Asked.of(visit=np.arange(len(nodes)), vehicles=1),
        fleet=Fleet.of(
            count=enough(demands(read)[nodes], read.number("CAPACITY")),
            start=depot(read),
            capacity=read.number("CAPACITY"),
        ),
    )


def windows(file: Path) -> Ground:
    """VRPTW, one decimal (`trunc1`), in tenths; the header's VEHICLES limits nothing."""
    read = sections(file)
    read.only(TIMED)
    return windows_of(read, lengths=truncated(coordinates(read)), per=10.0, divisor=10.0)


def windows_unrounded(file: Path) -> Ground:
    """VRPTW, fewest vehicles first, then unrounded distance (`hier`)."""
    read = sections(file)
    read.only(TIMED)
    lengths = euclid(coordinates(read))
    return windows_of(read, lengths=lengths, aim=Aim.VEHICLES, whole=False)


def prizes(file: Path) -> Ground:
    """Prize-collecting VRPTW, in tenths; a client without a prize must be served."""
    read = sections(file)
    read.only((*TIMED, "PRIZE_SECTION"))
    worth = read.table("PRIZE_SECTION", read.count("DIMENSION"), 1)[:, 0]
    limit = int(read.number("VEHICLES", read.count("DIMENSION")))
    return windows_of(
        read,
        lengths=truncated(coordinates(read)),
        per=10.0,
        worth=np.where(worth > 0, 10.0 * worth, np.inf),
        count=limit,
    )


def alternatives(file: Path) -> Ground:
    """Generalised VRP: one of each group is visited; whole distances, VEHICLES is a limit."""
    read = sections(file)
    read.only((*_PLAIN, "MUTUALLY_EXCLUSIVE_GROUP_SECTION"))
    nodes = clients(read)
    group = _groups(read)[nodes]
    return Ground(
        lengths=nearest(coordinates(read)),
        visits=Visits.of(node=nodes, load=-demands(read)[nodes]),
        asked=Asked.of(
            visit=np.arange(len(nodes)),
            vehicles=1,
            prize=np.where(group >= 0, 0.0, np.inf),
            group=group,
        ),
        must=np.ones(group.max(initial=NOBODY) + 1, dtype=np.bool_),
        fleet=Fleet.of(
            count=read.count("VEHICLES"), start=depot(read), capacity=read.number("CAPACITY")
        ),
    )


def windows_of(
    read: Sections,
    *,
    lengths: NDArray[np.float64],
    per: float = 1.0,
    divisor: float = 1.0,
    worth: NDArray[np.float64] | None = None,
    count: int | None = None,
    aim: Aim = Aim.COST,
    whole: bool = True,
) -> Ground:
    """Clients with windows; times of the file times `per`."""
    nodes, home, times = clients(read), depot(read), per * intervals(read)
    return Ground(
        lengths=lengths,
        timed=True,
        visits=Visits.of(
            node=nodes,
            load=-demands(read)[nodes],
            service=per * service(read)[nodes],
            earliest=times[nodes, 0],
            latest=times[nodes, 1],
        ),
        asked=Asked.of(
            visit=np.arange(len(nodes)),
            vehicles=1,
            prize=np.inf if worth is None else worth[nodes],
        ),
        fleet=Fleet.of(
            count=count or enough(demands(read)[nodes], read.number("CAPACITY")),
            start=home,
            capacity=read.number("CAPACITY"),
            earliest=times[home, 0],
            latest=times[home, 1],
        ),
        aim=aim,
        divisor=divisor,
        whole=whole,
    )


def _groups(read: Sections) -> NDArray[np.int64]:
    """int64 (P,): the group of each node, or `NOBODY`; rows ``group id id…``."""
    count = read.count("DIMENSION")
    found = np.full(count, NOBODY, dtype=np.int64)
    for number, line in enumerate(read.section("MUTUALLY_EXCLUSIVE_GROUP_SECTION")):
        for column in range(1, len(line)):
            row = line.whole_at(column, "id of a member") - 1
            if not 0 <= row < count or found[row] != NOBODY:
                raise line.bad(f"id {row + 1} is no node, or is in two groups")
            found[row] = number
    return found
