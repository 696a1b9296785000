"""Checks that several records of the territory share."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from msap_mobility.errors import Faults

__all__ = [
    "check_amount",
    "check_column",
    "check_duration",
    "check_id",
    "check_point",
    "check_whole",
]

Amounts = np.ndarray[tuple[int], np.dtype[np.float64]]


def check_id(faults: Faults, name: str, column: str = "id") -> None:
    """Note ``id_not_usable`` unless other files can name it: in a cell, or in a list parted by ;.

    Examples
    --------
    >>> from msap_mobility.errors import Faults
    >>> faults = Faults()
    >>> for name in ("salle des fêtes", "caf;msa", " hall", ""):
    ...     check_id(faults, name)
    >>> [fault.value for fault in faults.found]
    ['caf;msa', ' hall', '']
    """
    if name != name.strip() or ";" in name or name.splitlines() != [name]:
        faults.add("id_not_usable", column=column, value=name)


def check_amount(faults: Faults, column: str, value: Any, least: float, most: float) -> None:
    """Note what is wrong unless `value` is a number from `least` to `most`, both included."""
    if not isinstance(value, (int, float, np.number)):
        faults.add("not_a_number", column=column, value=value)
    elif not least <= value <= most:
        faults.add("out_of_range", column=column, value=value, least=least, most=most)


def check_whole(faults: Faults, column: str, value: object, least: int, most: int) -> None:
    """Note what is wrong unless `value` is an integer from `least` to `most`, both included."""
    if isinstance(value, Integral):
        check_amount(faults, column, value, least, most)
    else:
        faults.add("not_whole", column=column, value=value)


def check_duration(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is a whole number of seconds, at most those of a day."""
    check_whole(faults, column, value, 0, DAY_S)


def check_point(faults: Faults, lon: object, lat: object) -> None:
    """Note what is wrong unless the two are a longitude and a latitude, WGS84 degrees."""
    check_amount(faults, "lon", lon, -180, 180)
    check_amount(faults, "lat", lat, -90, 90)


def check_column(faults: Faults, column: str, values: Amounts, least: float, most: float) -> None:
    """Note ``out_of_range`` for each of many numbers that lies outside, or is not a number."""
    for row in np.flatnonzero(~((values >= least) & (values <= most))):
        faults.add("out_of_range", column=column, value=float(values[row]), least=least, most=most)
