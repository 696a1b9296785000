"""Best known values: the family's table, or the solution beside the instance."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.routing.text import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Reference", "Routes", "reference_rows", "references", "routes_of"]

_TABLES = ("bks.csv", "optimal.csv")
_ROUTE = re.compile(r"route\s*#?\s*\d+\s*:(.*)", re.IGNORECASE)
_COST = re.compile(r"cost\s*:?\s*([\d.]+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The best value known, how exactly it is told, and its vehicles where they count."""

    value: float
    half_unit: float = 0.0
    vehicles: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """A published solution: clients of each vehicle as the file counts them, and its cost."""

    routes: tuple[tuple[int, ...], ...]
    cost: float


def reference_rows(folder: Path) -> list[dict[str, str]]:
    """Rows of the family's table; none if there is no table."""
    for name in _TABLES:
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8-sig", newline="") as text:
                return [
                    {key.strip(): (value or "").strip() for key, value in row.items() if key}
                    for row in csv.DictReader(text)
                ]
    return []


def references(
    folder: Path, columns: Sequence[str], vehicles: str | None = None
) -> dict[str, Reference]:
    """Of each instance of the table, the first of `columns` that says something."""
    found = {}
    for row in reference_rows(folder):
        told = next((row[column] for column in columns if row.get(column)), "")
        if told:
            used = row.get(vehicles or "", "")
            found[row["instance"]] = Reference(
                value=float(told),
                half_unit=0.5 * 10.0 ** -len(told.partition(".")[2]),
                vehicles=int(float(used)) if used else None,
            )
    return found


def routes_of(file: Path) -> Routes:
    """A ``.sol`` file.

    Raises
    ------
    Malformed
        A line that is no list of clients, or no cost at all.
    """
    routes, cost = [], None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if match := _ROUTE.fullmatch(line.strip()):
            words = match[1].split()
            if not all(word.isdigit() for word in words):
                raise Malformed(file, number, "a client is no number")
            routes.append(tuple(map(int, words)))
        elif match := _COST.fullmatch(line.strip()):
            cost = float(match[1])
    if cost is None:
        raise Malformed(file, 0, "no cost is told")
    return Routes(routes=tuple(routes), cost=cost)
