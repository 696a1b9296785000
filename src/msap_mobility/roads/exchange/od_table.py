"""Origin–destination tables: a row for each pair of places, as r5r and r5py write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import NUMBER
from msap_mobility.roads.exchange.frames import read_frame, written_frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from msap_mobility.roads.exchange.listed_places import ListedPlaces

__all__ = ["R5", "OdColumns", "OdTable", "read_od_table", "written_od_table"]

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_SECONDS = {"min": 60.0, "s": 1.0}

_NO_WAY = ("", "NA")
"""What stands for a pair without a way: r5py and pandas leave the cell empty, R writes NA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OdColumns:
    """What the columns of a table are called.

    Parameters
    ----------
    origin, destination
        Ids of the places.
    time
        Travel time from the one to the other.
    metres
        Distance, of the same way; empty = not in the table.
    unit
        Of the times: minutes or seconds.

    Examples
    --------
    >>> OdColumns(time="travel_time").names
    ('from_id', 'to_id', 'travel_time')
    """

    origin: str = "from_id"
    destination: str = "to_id"
    time: str = "travel_time_p50"
    metres: str = ""
    unit: Literal["min", "s"] = "min"

    @property
    def names(self) -> tuple[str, ...]:
        """Of those that are in the table, in their order."""
        named = (self.origin, self.destination, self.time, self.metres)
        return tuple(name for name in named if name)


R5 = OdColumns()
"""r5r's columns, in minutes. r5py calls the time ``travel_time`` unless asked for percentiles."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OdTable:
    """Pairs of places with a way between them, each pair once.

    Parameters
    ----------
    places
        Among which the pairs are.
    origin, destination
        int64, rows of `places`, in ascending order.
    seconds, metres
        float64 per pair; `metres` is None where they are not known.
    repeated
        How many rows were left out because another of the same pair is faster.
    """

    places: ListedPlaces
    origin: Ints
    destination: Ints
    seconds: Floats
    metres: Floats | None
    repeated: int = 0

    @classmethod
    def of_rows(
        cls,
        places: ListedPlaces,
        origin: Ints,
        destination: Ints,
        seconds: Floats,
        metres: Floats | None = None,
    ) -> OdTable:
        """A table of rows in any order.

        Those without a way (infinite) are left out; of one pair the fastest stays, then the
        shortest.

        Examples
        --------
        >>> from msap_mobility.model import Place
        >>> from msap_mobility.roads.exchange.listed_places import ListedPlaces
        >>> places = ListedPlaces.of([Place(id=name, name="", lon=1, lat=45) for name in "ab"])
        >>> table = OdTable.of_rows(places, np.array([1, 0, 1]), np.array([0, 1, 0]),
        ...                         np.array([90.0, np.inf, 60.0]))
        >>> table.origin, table.seconds, table.repeated
        (array([1]), array([60.]), 1)
        """
        there = np.flatnonzero(np.isfinite(seconds))
        length = np.zeros(len(seconds)) if metres is None else metres
        keys = (length, seconds, destination, origin)
        order = there[np.lexsort(tuple(key[there] for key in keys))]
        first = np.ones(len(order), np.bool_)
        first[1:] = (np.diff(origin[order]) != 0) | (np.diff(destination[order]) != 0)
        kept = order[first]
        return cls(
            places=places,
            origin=origin[kept].astype(np.int64),
            destination=destination[kept].astype(np.int64),
            seconds=seconds[kept],
            metres=None if metres is None else metres[kept],
            repeated=len(order) - len(kept),
        )

    def __len__(self) -> int:
        return len(self.seconds)


def read_od_table(path: Path, places: ListedPlaces, columns: OdColumns = R5) -> OdTable:
    """Read a table in CSV or Parquet.

    Parameters
    ----------
    path
        ``.csv``, also compressed (``.csv.gz``), or ``.parquet`` (needs pyarrow).
    places
        That the table may name.
    columns
        What its columns are called.

    Raises
    ------
    InputError
        With every fault, each wrong value once, with its first row and the number of its rows:
        ``od_unknown_id``, ``not_a_number``, ``od_negative``, ``od_without_metres``,
        ``od_table_empty``; or ``missing_column``, ``semicolons``, ``od_file_missing``,
        ``od_file_damaged``. Rows count as in a spreadsheet, the first being 2.
    MissingExtra
        If pyarrow is needed and not installed.
    """
    frame = read_frame(path, columns.names)
    with Faults(file=path.name) as faults:
        if frame.empty:
            faults.add("od_table_empty", value=path.name)
        ends = [
            _rows_of(frame, name, places.ids, faults)
            for name in (columns.origin, columns.destination)
        ]
        seconds = _amounts(frame, columns.time, faults) * _SECONDS[columns.unit]
        metres = _amounts(frame, columns.metres, faults) if columns.metres else None
        if metres is not None:
            lost = np.flatnonzero(np.isfinite(seconds) & np.isinf(metres))
            if len(lost):
                faults.add(
                    "od_without_metres",
                    row=_row(frame, int(lost[0])),
                    column=columns.metres,
                    rows=len(lost),
                )
    return OdTable.of_rows(places, ends[0], ends[1], seconds, metres)


def written_od_table(table: OdTable, columns: OdColumns, kind: str) -> bytes:
    """The table as the bytes of a file; pairs without a way are not in it.

    Parameters
    ----------
    table, columns
        What, and under which names.
    kind
        ``".csv"`` or ``".parquet"``.

    Raises
    ------
    InputError
        ``od_no_metres_known``, if they are asked for and not known.
    MissingExtra
        If pyarrow is needed and not installed.
    """
    data: dict[str, Any] = {
        columns.origin: table.places.ids[table.origin],
        columns.destination: table.places.ids[table.destination],
        columns.time: table.seconds / _SECONDS[columns.unit],
    }
    if columns.metres:
        if table.metres is None:
            raise InputError([Fault(code="od_no_metres_known", column=columns.metres)])
        data[columns.metres] = table.metres
    return written_frame(data, kind)


def _row(frame: pd.DataFrame, number: int) -> int:
    """The row a spreadsheet shows for the record at `number`."""
    return int(frame.index[number]) + 2


def _rows_of(frame: pd.DataFrame, column: str, ids: Any, faults: Faults) -> Ints:
    """Per record, the row of the place it names; −1 where nobody knows it."""
    codes, values = _distinct(frame[column])
    known = {name: row for row, name in enumerate(ids.tolist())}
    rows = np.array([known.get(str(value), -1) for value in values] + [-1], np.int64)
    wrong = [number for number in range(-1, len(values)) if rows[number] < 0]
    _tell(frame, column, codes, values, dict.fromkeys(wrong, "od_unknown_id"), faults)
    return rows[codes]


def _amounts(frame: pd.DataFrame, column: str, faults: Faults) -> Floats:
    """Per record, a number of zero or more; infinite where the cell is empty."""
    codes, values = _distinct(frame[column])
    amounts = np.full(len(values) + 1, np.inf)
    wrong: dict[int, str] = {}
    for number, value in enumerate(values):
        text = str(value).strip()
        if text in _NO_WAY:
            continue
        try:
            amounts[number] = NUMBER.read(text)
        except InputError as error:
            wrong[number] = error.faults[0].code
        if amounts[number] < 0:
            wrong[number] = "od_negative"
    _tell(frame, column, codes, values, wrong, faults)
    return amounts[codes]


def _distinct(column: pd.Series[Any]) -> tuple[Ints, list[Any]]:
    """The different values of a column and, per record, which it is; −1 = none at all."""
    codes, values = column.factorize()
    return codes.astype(np.int64), list(values)


def _tell(
    frame: pd.DataFrame,
    column: str,
    codes: Ints,
    values: Sequence[Any],
    wrong: dict[int, str],
    faults: Faults,
) -> None:
    """One fault for each wrong value that occurs, where it does so first."""
    if not wrong:
        return
    found, first, rows = np.unique(codes, return_index=True, return_counts=True)
    for number, where, count in sorted(
        zip(found.tolist(), first.tolist(), rows.tolist(), strict=True), key=lambda seen: seen[1]
    ):
        if number in wrong:
            value = values[number] if number >= 0 else ""
            row = _row(frame, where)
            faults.add(wrong[number], row=row, column=column, value=value, rows=count)
