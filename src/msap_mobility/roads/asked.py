"""What may be asked of travel times: limits, how many nearest, and tables that fit their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from msap_mobility.model import TimesTable

__all__ = ["check_cell", "check_how_many", "check_limit", "check_one_each", "check_shape"]


def check_limit(limit_s: float) -> None:
    """Refuse a limit that is no number: nothing is within it, and nothing beyond.

    Raises
    ------
    InputError
        ``limit_not_a_number``.

    Examples
    --------
    >>> check_limit(1800)
    """
    if np.isnan(limit_s):
        raise InputError([Fault(code="limit_not_a_number", value=limit_s)])


def check_how_many(k: float) -> None:
    """Refuse to look for the nearest none.

    Raises
    ------
    InputError
        ``nearest_how_many``.

    Examples
    --------
    >>> check_how_many(3)
    """
    if not (isinstance(k, int | np.integer) and k >= 1):
        raise InputError([Fault(code="nearest_how_many", value=k)])


def check_cell(cell_m: float | None) -> None:
    """Refuse a side of cells that is not a length above 0; None leaves the choice to us.

    Raises
    ------
    InputError
        ``isochrone_cell``.

    Examples
    --------
    >>> check_cell(50)
    """
    if cell_m is not None and not 0 < cell_m < np.inf:
        raise InputError([Fault(code="isochrone_cell", value=cell_m)])


def check_one_each(**lengths: int) -> None:
    """Refuse rows of which some have no partner.

    Parameters
    ----------
    lengths
        By what they are called.

    Raises
    ------
    InputError
        ``not_one_each``.

    Examples
    --------
    >>> check_one_each(origins=3, destinations=3)
    """
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError([Fault(code="not_one_each", value=told)])


def check_shape(table: TimesTable, origins: int, destinations: int) -> None:
    """Refuse a table that is not one row for each origin and one column for each destination.

    Raises
    ------
    InputError
        ``table_of_other_shape``.

    Examples
    --------
    >>> from msap_mobility.model import Points
    >>> from msap_mobility.roads import CalibratedTimes
    >>> here = Points(np.array([1.0, 1.1]), np.array([45.0, 45.0]))
    >>> check_shape(CalibratedTimes().table(here, here), 2, 2)
    """
    if table.shape != (origins, destinations):
        rows, columns = table.shape
        details = {"columns": columns, "origins": origins, "destinations": destinations}
        raise InputError([Fault(code="table_of_other_shape", value=rows, details=details)])
