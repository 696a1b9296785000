"""Readers of orienteering: as much score as fits in the length of one or several routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.routing.ground import Aim, Asked, Fleet, Ground, Visits, euclid
from benchmarks.routing.text import Line, Malformed, lines, numbers, sections
from benchmarks.routing.tsplib import lengths_of
from benchmarks.routing.vrplib import coordinates, depot

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["one", "team", "team_of_nodes"]

_END = re.compile(r"node (\d+) = (start|end)", re.IGNORECASE)
_HEAD = {"n": "nodes", "m": "vehicles", "tmax": "tmax"}


def one(file: Path) -> Ground:
    """OPLib: one round trip on a TSPLIB network; the score of the depot is collected too."""
    read = sections(file)
    read.only(("NODE_COORD_SECTION", "NODE_SCORE_SECTION", "DEPOT_SECTION"))
    home = depot(read)
    scores = read.table("NODE_SCORE_SECTION", read.count("DIMENSION"), 1)[:, 0]
    return _scored(
        lengths=lengths_of(read, coordinates(read)),
        scores=scores,
        ends=(home, home),
        vehicles=1,
        most=read.number("COST_LIMIT"),
        gift=float(scores[home]),
        whole=True,
    )


def team_of_nodes(file: Path, vehicles: int, tmax: float) -> Ground:
    """Chao's sets as rows ``id x y score``.

    Node 0 is the start and node 1 the end, unless a comment says ``node 0 = start, node 31 = end``.
    """
    read = lines(file)
    for number, line in enumerate(read):
        if line.whole_at(0, "id") != number:
            raise line.bad(f"id {line.words[0]} instead of {number}")
    table = _rows(file, read, 1)
    told = {word.lower(): int(node) for node, word in _END.findall(file.read_text("utf-8"))}
    ends = told.get("start", 0), told.get("end", 1)
    for node in ends:
        if not node < len(table) or table[node, 2]:
            raise Malformed(file, 0, f"node {node} is no start or end: it is not there or scores")
    return _team(table, ends, vehicles, tmax)


def team(file: Path) -> Ground:
    """Chao's sets as published: ``n``, ``m``, ``tmax``, then ``x y score`` from start to end."""
    read, head = lines(file), {}
    for line in read[: len(_HEAD)]:
        key = line.words[0].lower().rstrip(":")
        if key not in _HEAD:
            raise line.bad(f"none of {', '.join(_HEAD)}: {line.words[0]!r}")
        head[key] = line
    if len(head) < len(_HEAD):
        raise Malformed(file, 0, f"one of {', '.join(_HEAD)} is missing")
    table = _rows(file, read[len(_HEAD) :], 0)
    if len(table) != head["n"].positive_at(1, "n"):
        raise head["n"].bad(f"{len(table)} nodes instead of {head['n'].words[1]}")
    vehicles, tmax = head["m"].positive_at(1, "m"), head["tmax"].number_at(1, "tmax")
    return _team(table, (0, len(table) - 1), vehicles, tmax)


def _rows(file: Path, read: list[Line], first: int) -> NDArray[np.float64]:
    """float64 (P, 3): x, y, score."""
    if len(read) < 2:
        raise Malformed(file, 0, "a start and an end are needed")
    for line in read:
        if len(line) != first + 3:
            raise line.bad(f"{len(line)} values instead of {first + 3}")
    return np.array([numbers(line, first, ("x", "y", "score")) for line in read])


def _team(table: NDArray[np.float64], ends: tuple[int, int], vehicles: int, tmax: float) -> Ground:
    """Unrounded distances; `tmax` has one decimal in the literature."""
    return _scored(
        lengths=euclid(table[:, :2]),
        scores=table[:, 2],
        ends=ends,
        vehicles=vehicles,
        most=round(tmax, 1),
        gift=0.0,
        whole=False,
    )


def _scored(
    *,
    lengths: NDArray[np.float64],
    scores: NDArray[np.float64],
    ends: tuple[int, int],
    vehicles: int,
    most: float,
    gift: float,
    whole: bool,
) -> Ground:
    """Nodes with a score, those that have none left aside."""
    inner = np.array(
        [node for node in np.flatnonzero(scores > 0).tolist() if node not in ends], dtype=np.int64
    )
    return Ground(
        lengths=lengths,
        visits=Visits.of(node=inner),
        asked=Asked.of(visit=np.arange(len(inner)), prize=scores[inner], vehicles=1),
        fleet=Fleet.of(count=vehicles, start=ends[0], end=ends[1], length=most, per_length=0.0),
        aim=Aim.SCORE,
        gift=gift,
        whole=whole,
    )
