"""Our own file of a travel-time table: dense arrays and the places themselves, in one npz."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.errors import Fault, InputError
from msap_mobility.model import Points
from msap_mobility.roads.exchange.listed_places import ListedPlaces
from msap_mobility.roads.exchange.od_table import OdTable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["archived_od_table", "read_od_archive"]


def archived_od_table(table: OdTable) -> bytes:
    """The table as the bytes of an npz file.

    Its arrays: ``id``, ``lon``, ``lat`` of the places; ``origin`` and ``destination``, the rows of
    those that occur as such; ``seconds`` and, where known, ``metres``: float64, shape (origins,
    destinations), infinite where there is no way.
    """
    origins, row = np.unique(table.origin, return_inverse=True)
    destinations, column = np.unique(table.destination, return_inverse=True)
    arrays: dict[str, Any] = {
        "id": table.places.ids.astype(np.str_),
        "lon": table.places.points.lon,
        "lat": table.places.points.lat,
        "origin": origins,
        "destination": destinations,
    }
    for name, values in (("seconds", table.seconds), ("metres", table.metres)):
        if values is not None:
            arrays[name] = np.full((len(origins), len(destinations)), np.inf)
            arrays[name][row, column] = values
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def read_od_archive(path: Path) -> OdTable:
    """Read what `archived_od_table` wrote.

    Raises
    ------
    InputError
        ``od_file_missing`` or ``od_file_damaged``.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return _table({name: arrays[name] for name in arrays.files})
    except FileNotFoundError:
        fault = Fault(code="od_file_missing", file=path.name, value=path.name)
    except KeyError as error:
        fault = _damaged(path, f"no {error}")
    except (ValueError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        fault = _damaged(path, " ".join(str(error).split()))
    raise InputError([fault])


def _table(arrays: dict[str, Any]) -> OdTable:
    places = ListedPlaces(
        ids=arrays["id"].astype(object), points=Points(arrays["lon"], arrays["lat"])
    )
    seconds, metres = arrays["seconds"], arrays.get("metres")
    shape = (len(arrays["origin"]), len(arrays["destination"]))
    rows = np.concatenate((arrays["origin"], arrays["destination"]))
    if not (
        seconds.shape == shape == (shape if metres is None else metres.shape)
        and len(places.ids) == len(places.points)
        and np.isin(rows, np.arange(len(places))).all()
        and (seconds >= 0).all()
        and (metres is None or (metres >= 0).all())
    ):
        raise ValueError(", ".join(f"{name} {array.shape}" for name, array in arrays.items()))
    row, column = np.nonzero(np.isfinite(seconds))
    return OdTable.of_rows(
        places,
        arrays["origin"][row],
        arrays["destination"][column],
        seconds[row, column],
        None if metres is None else metres[row, column],
    )


def _damaged(path: Path, cause: str) -> Fault:
    details = {"cause": cause}
    return Fault(code="od_file_damaged", file=path.name, value=path.name, details=details)
