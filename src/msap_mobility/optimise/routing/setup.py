"""Time to set up once a place: part of the way into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import as_int64, whole
from msap_mobility.optimise.routing.problem.columns import int32

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from msap_mobility.optimise.arrays import Int32

__all__ = ["with_setup"]


def with_setup(duration_s: ArrayLike, setup_s: ArrayLike) -> Int32:
    """Travel times that contain setting up where they lead.

    Several tasks one after the other at one place pay it once. Whoever comes back later pays
    again. A break or waiting after the way is after the setting up.

    Parameters
    ----------
    duration_s
        (P, P) or (K, P, P): whole seconds from row to column.
    setup_s
        One number, or (P,): whole seconds at each place; 0 where nothing is set up, as at depots.

    Returns
    -------
    int32 array
        As `duration_s`, with `setup_s` added to every way into another place. What it takes from
        a place to itself stays.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole``, ``array_outside``: every fault at once.

    Examples
    --------
    >>> with_setup([[0, 60], [60, 0]], [0, 300]).tolist()
    [[0, 360], [60, 0]]
    """
    ways, into = as_int64(duration_s), as_int64(setup_s)
    places = ways.shape[-1] if ways.ndim else 0
    into = np.full(places, into) if into.ndim == 0 else into
    with Faults() as faults:
        profiles = (-1,) * (ways.ndim - 2)
        whole(faults, "duration_s", ways, (*profiles, places, places), least=0)
        whole(faults, "setup_s", into, (places,), least=0)
    return int32(ways + np.where(np.eye(places, dtype=np.bool_), 0, into))
