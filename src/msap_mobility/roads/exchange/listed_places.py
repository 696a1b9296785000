"""Places by their ids: the table that goes with an origin–destination table."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import LATITUDE, LONGITUDE, TEXT
from msap_mobility.formats.tables import Column, read_table
from msap_mobility.model import Points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from msap_mobility.model import Place

__all__ = ["ListedPlaces"]

_COLUMNS = (
    Column(name="id", kind=TEXT, example="19015"),
    Column(name="lon", kind=LONGITUDE, example="1.324"),
    Column(name="lat", kind=LATITUDE, example="45.254"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListedPlaces:
    """Ids and where they are.

    Parameters
    ----------
    ids
        Texts, each once.
    points
        In the same order.

    Examples
    --------
    >>> from msap_mobility.model import Place
    >>> ListedPlaces.of([Place(id="a", name="A", lon=1.0, lat=45.0)]).ids.tolist()
    ['a']
    """

    ids: np.ndarray[Any, np.dtype[np.object_]]
    points: Points

    @classmethod
    def of(cls, places: Iterable[Place] | Mapping[str, Place] | Path | str) -> Self:
        """Places themselves, places by the id the table gives them, or a CSV file.

        The file has the columns ``id``, ``lon`` and ``lat``, in WGS84 degrees, as r5r's points;
        any other column is passed over.

        Raises
        ------
        InputError
            With every fault of the file; ``duplicate_id``; ``od_file_missing``.
        """
        if isinstance(places, Path | str):
            return cls._read(Path(places))
        by_id = _by_id(places)
        return cls(ids=_texts(by_id), points=Points.of(by_id.values()))

    @classmethod
    def _read(cls, path: Path) -> Self:
        try:
            content = path.read_bytes()
        except OSError:
            fault = Fault(code="od_file_missing", file=path.name, value=path.name)
            raise InputError([fault]) from None
        with Faults(file=path.name) as faults:
            table = read_table(
                content, (*_COLUMNS, *_passed_over(content)), file=path.name, faults=faults
            )
            first: dict[str, int] = {}
            for row, name in table.each("id"):
                if first.setdefault(name, row) != row:
                    faults.add(
                        "duplicate_id", row=row, column="id", value=name, first_row=first[name]
                    )
        lon, lat = (np.array(table.columns[name], np.float64) for name in ("lon", "lat"))
        return cls(ids=_texts(table.columns["id"]), points=Points(lon, lat))

    def __len__(self) -> int:
        return len(self.ids)


def _by_id(places: Iterable[Place] | Mapping[str, Place]) -> dict[str, Place]:
    if hasattr(places, "items"):
        return dict(places.items())
    by_id: dict[str, Place] = {}
    with Faults() as faults:
        for row, place in enumerate(places, start=1):
            if place.id in by_id:
                first = list(by_id).index(place.id) + 1
                faults.add("duplicate_id", row=row, column="id", value=place.id, first_row=first)
            by_id.setdefault(place.id, place)
    return by_id


def _texts(names: Iterable[str]) -> np.ndarray[Any, np.dtype[np.object_]]:
    listed = list(names)
    texts = np.empty(len(listed), object)
    texts[:] = listed
    return texts


def _passed_over(content: bytes) -> list[Column]:
    """The columns of the header that are none of ours: name, people and such."""
    head = content.decode("utf-8-sig", errors="replace").partition("\n")[0]
    known = {column.name for column in _COLUMNS}
    names = {name.strip() for name in next(csv.reader([head]), [])} - known
    return [Column(name=name, kind=TEXT, required=False) for name in sorted(names)]
