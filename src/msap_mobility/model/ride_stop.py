"""Where a car stops on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import Faults
from msap_mobility.model.place import Place
from msap_mobility.model.sharing import check_ids, check_places
from msap_mobility.model.window import PARIS, Window, check_instant, settled
from msap_mobility.model.written import read_record, told, tuple_from, veiled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

__all__ = ["RideStop"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RideStop:
    """Where the car is at one instant, and who gets in and out.

    `repr` and `str` show the place by its id alone: it may be a home.

    Parameters
    ----------
    place
        Where.
    at
        When people get in or out; the car may have waited before.
    picks_up, sets_down
        Ids of requests. Both are empty where the car sets out and where it ends.

    Raises
    ------
    InputError
        With every fault.
    """

    place: Place
    at: datetime
    picks_up: tuple[str, ...] = ()
    sets_down: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_places(faults, place=self.place)
            check_instant(faults, "at", self.at)
            check_ids(faults, "picks_up", self.picks_up)
            check_ids(faults, "sets_down", self.sets_down)
        object.__setattr__(self, "at", settled(self.at))

    @classmethod
    def of(
        cls,
        place: Place,
        at: str | datetime,
        *,
        picks_up: Sequence[str] = (),
        sets_down: Sequence[str] = (),
        zone: str = PARIS,
    ) -> Self:
        """Read a stop as people write it, its instant as `Window.of` reads one."""
        window = Window.of(at, zone)
        return cls(
            place=place,
            at=window.earliest,
            picks_up=tuple(picks_up),
            sets_down=tuple(sets_down),
        )

    def __repr__(self) -> str:
        return veiled(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON data, the place with its coordinates included: not for publication."""
        return {name: told(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            With every fault.
        """
        return read_record(cls, data, _STOP_READERS)


_STOP_READERS: Mapping[str, Callable[[Any], Any]] = {
    "place": Place.from_dict,
    "at": lambda text: Window.of(text).earliest,
    "picks_up": tuple_from,
    "sets_down": tuple_from,
}
