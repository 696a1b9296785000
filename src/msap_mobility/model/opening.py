"""The noun that ties the house together: these services, at this place, from then to then.

A maison yields openings from its hours, a tour from its timetable, a hub from its seats. Coverage
reads them and does not care who made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from msap_mobility.calendar import Cycle
from msap_mobility.errors import Faults
from msap_mobility.model.checks import check_whole
from msap_mobility.model.fleet import MOST_UNITS
from msap_mobility.units import DAY_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.calendar import Horizon, Rhythm
    from msap_mobility.model.home import IntArray
    from msap_mobility.model.place import Place

__all__ = ["Channel", "Opening", "Presence", "Timetable"]

Channel = Literal["hub", "tour"]
_CHANNELS: tuple[Channel, ...] = ("hub", "tour")
_NO_LIMIT = -1
_MOST_NOTICE_S = 366 * DAY_S

SecondArray = np.ndarray[tuple[int], np.dtype[np.int64]]
MaskArray = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Services at a place from one instant to another.

    Parameters
    ----------
    place
        Id of the place.
    services
        Ids of what is offered.
    start_s, end_s
        Seconds on the horizon's axis (see `calendar.horizon`); the end is not included.
    channel
        ``"hub"`` or ``"tour"``.
    capacity
        People at once, 0 to 1,000,000; None = no limit.
    notice_s
        How long before it must be booked, whole seconds up to a year; 0 = walk in.
    audience
        Groups admitted; empty = everybody.
    certain
        False where the hours are not published: then coverage gives a value with this opening
        and one without.
    source
        Id of the maison or tour it comes from.
    """

    place: str
    services: tuple[str, ...]
    start_s: int
    end_s: int
    channel: Channel = "hub"
    capacity: int | None = None
    notice_s: int = 0
    audience: tuple[str, ...] = ()
    certain: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        _check_admission(self.capacity, self.notice_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A recurring opening: what a maison's door or a tour's calendar says.

    The fields are those of `Opening`, with a `rhythm` in the place of the two instants.

    Examples
    --------
    >>> from msap_mobility.calendar import EveryWeek, Hours, Rhythm
    >>> thursdays = Rhythm(rule=EveryWeek(weekdays=(3,)), hours=(Hours(48600, 59400),))
    >>> Presence(place="longueville", services=("grocery",), rhythm=thursdays).channel
    'hub'
    """

    place: str
    services: tuple[str, ...]
    rhythm: Rhythm
    channel: Channel = "hub"
    capacity: int | None = None
    notice_s: int = 0
    audience: tuple[str, ...] = ()
    certain: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        _check_admission(self.capacity, self.notice_s)

    def openings(self, horizon: Horizon) -> Iterator[Opening]:
        """The openings this presence yields on a horizon, in time order."""
        for start_s, end_s in self.rhythm.intervals(horizon):
            yield Opening(
                place=self.place,
                services=self.services,
                start_s=start_s,
                end_s=end_s,
                channel=self.channel,
                capacity=self.capacity,
                notice_s=self.notice_s,
                audience=self.audience,
                certain=self.certain,
                source=self.source,
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """Many openings as arrays on one horizon, sorted by (place, start, end).

    Parameters
    ----------
    horizon
        A `Cycle` (then times lie in [0, period)) or a `Span` (POSIX seconds).
    places
        The places columns of a times table stand for; `place` indexes them.
    place
        int32 index into `places`.
    start_s, end_s
        int64 seconds on the horizon's axis.
    services, audience
        uint64 masks over `service_ids` and `audience_ids`; audience 0 = everybody.
    capacity
        int32; −1 = no limit.
    notice_s
        int64.
    channel
        int8 index into ("hub", "tour").
    certain
        bool.
    source
        Text array.
    service_ids, audience_ids
        What the bits of the masks mean, at most 64 each.
    """

    horizon: Horizon
    places: tuple[Place, ...]
    place: IntArray
    start_s: SecondArray
    end_s: SecondArray
    services: MaskArray
    audience: MaskArray
    capacity: IntArray
    notice_s: SecondArray
    channel: np.ndarray[tuple[int], np.dtype[np.int8]]
    certain: np.ndarray[tuple[int], np.dtype[np.bool_]]
    source: np.ndarray[tuple[int], np.dtype[np.str_]]
    service_ids: tuple[str, ...]
    audience_ids: tuple[str, ...]

    @classmethod
    def of(
        cls,
        openings: Iterable[Opening],
        *,
        places: Sequence[Place],
        horizon: Horizon,
    ) -> Timetable:
        """A table from records.

        Raises
        ------
        InputError
            If an opening names a place that is not in `places`, ends before it starts, or the
            openings name more than 64 services or groups.
        """
        index = {place.id: number for number, place in enumerate(places)}
        rows = list(openings)
        service_ids = tuple(sorted({name for row in rows for name in row.services}))
        audience_ids = tuple(sorted({name for row in rows for name in row.audience}))
        with Faults() as faults:
            for row in rows:
                if row.place not in index:
                    faults.add("unknown_place", column="place", value=row.place, known="")
                if row.end_s <= row.start_s:
                    faults.add(
                        "ends_before_start", column="end", value=row.end_s, start=row.start_s
                    )
            for column, names in (("services", service_ids), ("audience", audience_ids)):
                if len(names) > 64:
                    faults.add("out_of_range", column=column, value=len(names), least=0, most=64)
        rows.sort(key=lambda row: (index[row.place], row.start_s, row.end_s, row.source))
        return cls(
            horizon=horizon,
            places=tuple(places),
            place=np.array([index[row.place] for row in rows], dtype=np.int32),
            start_s=np.array([row.start_s for row in rows], dtype=np.int64),
            end_s=np.array([row.end_s for row in rows], dtype=np.int64),
            services=_masks((row.services for row in rows), service_ids),
            audience=_masks((row.audience for row in rows), audience_ids),
            capacity=np.array(
                [_NO_LIMIT if row.capacity is None else row.capacity for row in rows],
                dtype=np.int32,
            ),
            notice_s=np.array([row.notice_s for row in rows], dtype=np.int64),
            channel=np.array([_CHANNELS.index(row.channel) for row in rows], dtype=np.int8),
            certain=np.array([row.certain for row in rows], dtype=np.bool_),
            source=np.array([row.source for row in rows], dtype=np.str_),
            service_ids=service_ids,
            audience_ids=audience_ids,
        )

    @classmethod
    def from_presences(
        cls,
        presences: Iterable[Presence],
        *,
        places: Sequence[Place],
        horizon: Horizon,
    ) -> Timetable:
        """Lay recurring presences on a horizon.

        Raises
        ------
        InputError
            As `of`, and if a rhythm cannot be laid on the cycle (a "2nd Thursday" on two weeks).
        """
        with Faults() as faults:
            openings: list[Opening] = []
            for presence in presences:
                with faults.also():
                    openings.extend(presence.openings(horizon))
        return cls.of(openings, places=places, horizon=horizon)

    def __len__(self) -> int:
        return len(self.place)

    @property
    def period_s(self) -> int | None:
        """Length of the cycle, None on a dated span."""
        return self.horizon.period_s if isinstance(self.horizon, Cycle) else None

    @property
    def bounds_s(self) -> tuple[int, int]:
        """First second of the horizon and the first one after it."""
        return self.horizon.start_s, self.horizon.end_s

    def openings(self) -> Iterator[Opening]:
        """The rows as records, in table order."""
        for row in range(len(self)):
            yield Opening(
                place=self.places[self.place[row]].id,
                services=_names(self.services[row], self.service_ids),
                start_s=int(self.start_s[row]),
                end_s=int(self.end_s[row]),
                channel=_CHANNELS[self.channel[row]],
                capacity=None if self.capacity[row] < 0 else int(self.capacity[row]),
                notice_s=int(self.notice_s[row]),
                audience=_names(self.audience[row], self.audience_ids),
                certain=bool(self.certain[row]),
                source=str(self.source[row]),
            )


def _check_admission(capacity: int | None, notice_s: int) -> None:
    with Faults() as faults:
        if capacity is not None:
            check_whole(faults, "capacity", capacity, 0, MOST_UNITS)
        check_whole(faults, "notice", notice_s, 0, _MOST_NOTICE_S)


def _masks(names_by_row: Iterable[tuple[str, ...]], known: tuple[str, ...]) -> MaskArray:
    bit = {name: 1 << number for number, name in enumerate(known)}
    return np.array(
        [sum(bit[name] for name in set(names)) for names in names_by_row], dtype=np.uint64
    )


def _names(mask: np.uint64, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for number, name in enumerate(known) if int(mask) >> number & 1)
