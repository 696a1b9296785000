"""Who may ride with whom, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.errors import Faults
from msap_mobility.optimise.arrays import LIMIT, as_int64, whole

if TYPE_CHECKING:
    from msap_mobility.optimise.arrays import Int64

__all__ = ["Edges"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges:
    """Who may ride with whom, and what it is worth: three arrays of one length.

    Parameters
    ----------
    driver, rider
        Indices from 0, as int64. The same pair may stand twice: the better one counts.
    gain
        int64: what the ride is worth, in any one unit. A ride worth nothing or less is never
        chosen.

    Raises
    ------
    InputError
        ``array_shape``, ``array_not_whole`` or ``array_outside``.

    Examples
    --------
    >>> edges = Edges.of(driver=[0, 0, 1], rider=[0, 1, 1], gain=[5, 3, 2])
    >>> len(edges)
    3
    """

    driver: Int64
    rider: Int64
    gain: Int64

    def __post_init__(self) -> None:
        with Faults() as faults:
            size = len(self.driver)
            for name in ("driver", "rider", "gain"):
                least, most = (-LIMIT, LIMIT) if name == "gain" else (0, 2**31 - 1)
                whole(faults, name, getattr(self, name), (size,), least=least, most=most)

    def __len__(self) -> int:
        return len(self.driver)

    @classmethod
    def of(cls, *, driver: Any, rider: Any, gain: Any) -> Edges:
        """From any sequences of whole numbers."""
        return cls(driver=as_int64(driver), rider=as_int64(rider), gain=as_int64(gain))
