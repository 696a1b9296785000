"""What goes out on the road, and who drives it."""

from __future__ import annotations

from dataclasses import dataclass

from msap_mobility.calendar import Hours
from msap_mobility.calendar.checks import check_ordered
from msap_mobility.errors import Faults
from msap_mobility.model.checks import check_duration, check_id, check_whole

__all__ = ["MOST_UNITS", "Crew", "Vehicle"]

MOST_UNITS = 1_000_000
"""No van holds more: baskets or people, counted one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A van, its depot and what it carries.

    Parameters
    ----------
    id, name
        Unique id; the name people use.
    depot
        Id of the place where its day begins and ends.
    capacity
        Units aboard on leaving (food baskets), 1 to `MOST_UNITS`.
    setup_s, packing_s
        Time to open up on arrival and to pack before leaving a stop, whole seconds up to a
        day. No service is given in that time.

    Examples
    --------
    >>> Vehicle(id="van", name="Le camion", depot="bellencombre", capacity=60).setup_s
    600
    """

    id: str
    name: str
    depot: str
    capacity: int
    setup_s: int = 600
    packing_s: int = 600

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, self.id)
            check_whole(faults, "capacity", self.capacity, 1, MOST_UNITS)
            check_duration(faults, "setup", self.setup_s)
            check_duration(faults, "packing", self.packing_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """The people aboard one vehicle, and the shape of their day.

    Parameters
    ----------
    id, name
        Unique id; the name people use.
    vehicle
        Id of the vehicle they drive.
    services
        Ids of the services they can give.
    weekdays
        Days they work, 0 = Monday, in order, each once; at least one.
    shift
        From when to when they are on duty, leaving and returning to the depot included.
    lunch_s
        Length of the lunch break, whole seconds up to a day; 0 = none.
    lunch_window
        The break begins and ends inside this interval, and is taken at a stop or at the depot,
        neither driving nor serving.

    Examples
    --------
    >>> crew = Crew(id="agent", name="L'agente", vehicle="van", services=("grocery",))
    >>> crew.shift.end_s - crew.shift.start_s
    30600
    """

    id: str
    name: str
    vehicle: str
    services: tuple[str, ...]
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    shift: Hours = Hours(30600, 61200)
    lunch_s: int = 2700
    lunch_window: Hours = Hours(41400, 50400)

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_duration(faults, "lunch", self.lunch_s)
            window_s = self.lunch_window.end_s - self.lunch_window.start_s
            if not faults.found and window_s < self.lunch_s:
                faults.add(
                    "lunch_longer_than_window", column="lunch", value=self.lunch_s, window=window_s
                )
            check_id(faults, self.id)
            check_ordered(faults, "days", self.weekdays, range(7))
