"""What offers, requests and rides have in common, and the checks they share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from msap_mobility.calendar import Rhythm, Span
from msap_mobility.model.checks import check_id
from msap_mobility.model.place import Place
from msap_mobility.model.window import Window

if TYPE_CHECKING:
    from datetime import date, datetime

    from msap_mobility.errors import Faults
    from msap_mobility.model.offer import Offer
    from msap_mobility.model.request import Request

__all__ = [
    "Leg",
    "RhythmOf",
    "check_count",
    "check_flags",
    "check_ids",
    "check_names",
    "check_past",
    "check_person",
    "check_places",
    "check_times",
    "check_tuple",
    "check_window",
    "occurrence",
    "same_place",
]

RegularT = TypeVar("RegularT", bound="Offer | Request")

Leg = Literal["out", "back", "round"]
"""The way there, the way back, or both in one car whose driver waits."""

RhythmOf = Literal["depart", "arrive"]
"""What the hours of a rhythm are: hours of departure, or of arrival."""


def check_count(faults: Faults, column: str, value: object, least: int, most: int) -> None:
    """Note what is wrong unless `value` is an int (no bool) from `least` to `most`."""
    if type(value) is not int:
        faults.add("not_whole", column=column, value=value)
    elif not least <= value <= most:
        faults.add("out_of_range", column=column, value=value, least=least, most=most)


def check_flags(faults: Faults, **flags: object) -> None:
    """Note what is wrong unless each is True or False."""
    for column, value in flags.items():
        if type(value) is not bool:
            faults.add("not_true_false", column=column, value=value)


def check_person(faults: Faults, column: str, value: object) -> None:
    """Note what is wrong unless `value` is a text that can name somebody or something."""
    if isinstance(value, str):
        check_id(faults, value, column)
    else:
        faults.add("not_a_text", column=column, value=value)


def check_names(faults: Faults, **sets: object) -> bool:
    """Note what is wrong unless each is a frozenset of names; say whether all are."""
    found = len(faults.found)
    for column, names in sets.items():
        if not isinstance(names, frozenset):
            faults.add("not_a_set", column=column, value=names)
            continue
        for name in sorted(names, key=str):
            check_person(faults, column, name)
    return len(faults.found) == found


def check_tuple(faults: Faults, column: str, values: object, kind: type) -> bool:
    """Note ``not_records`` unless `values` is a tuple of `kind`; say whether it is."""
    right = isinstance(values, tuple) and all(isinstance(value, kind) for value in values)
    if not right:
        faults.add("not_records", column=column, value=type(values).__name__, sort=kind.__name__)
    return right


def check_ids(faults: Faults, column: str, ids: object) -> bool:
    """Note what is wrong unless `ids` is a tuple of ids; say whether it is."""
    found = len(faults.found)
    if check_tuple(faults, column, ids, str) and isinstance(ids, tuple):
        for name in ids:
            check_id(faults, name, column)
    return len(faults.found) == found


def check_window(faults: Faults, column: str, window: object) -> bool:
    """Note ``not_a_window`` unless `window` is a `Window`; say whether it is."""
    right = isinstance(window, Window)
    if not right:
        faults.add("not_a_window", column=column, value=window)
    return right


def check_places(faults: Faults, **places: object) -> None:
    """Note what is wrong unless each is a `Place`. What is none is not quoted: it may be a home."""
    for column, place in places.items():
        if not isinstance(place, Place):
            faults.add("not_a_place", column=column, value=type(place).__name__)


def check_times(
    faults: Faults,
    depart: object,
    arrive: object,
    rhythm: object,
    rhythm_of: object,
) -> None:
    """Note what is wrong unless it is said when: by windows, or by a rhythm instead of them."""
    for column, window in (("depart", depart), ("arrive", arrive)):
        if window is not None:
            check_window(faults, column, window)
    if rhythm_of not in ("depart", "arrive"):
        faults.add("unknown_choice", column="rhythm_of", value=rhythm_of, choices="depart, arrive")
    if rhythm is None:
        if depart is None and arrive is None:
            faults.add("trip_without_time", column="depart")
        elif isinstance(depart, Window) and isinstance(arrive, Window):
            _check_order(faults, depart, arrive)
    elif not isinstance(rhythm, Rhythm):
        faults.add("not_a_rhythm", column="rhythm", value=rhythm, part=rhythm)
    elif len(rhythm.hours) > 1:
        faults.add("rhythm_of_several_hours", column="rhythm", value=rhythm.text())
    elif depart is not None or arrive is not None:
        faults.add("rhythm_and_window", column="rhythm", value=rhythm.text())


def _check_order(faults: Faults, depart: Window, arrive: Window) -> None:
    if arrive.latest <= depart.earliest:
        faults.add(
            "arrives_before_departure",
            column="arrive",
            value=arrive.latest.isoformat(" "),
            depart=depart.earliest.isoformat(" "),
        )


def check_past(faults: Faults, column: str, window: object, now: datetime | None) -> None:
    """Note ``window_is_past`` if what is a window closed before `now`."""
    if isinstance(window, Window) and now is not None and window.latest < now:
        value = window.latest.isoformat(" ")
        faults.add("window_is_past", column=column, value=value, now=now.isoformat(" "))


def same_place(a: object, b: object) -> bool:
    """Whether two places are one, by id or on the map."""
    return (
        isinstance(a, Place)
        and isinstance(b, Place)
        and (a.id == b.id or (a.lon, a.lat) == (b.lon, b.lat))
    )


def occurrence(regular: RegularT, day: date, zone: str) -> RegularT | None:
    """What a regular offer or request is on one day, under an id of its own; see `Offer.on`."""
    window = _on_day(regular.rhythm, day, zone)
    if window is None:
        return None
    when: dict[str, Any] = {regular.rhythm_of: window}
    return replace(regular, id=f"{regular.id}@{day.isoformat()}", rhythm=None, **when)


def _on_day(rhythm: Rhythm | None, day: date, zone: str) -> Window | None:
    """The window of a rhythm on one day; None if it is not one of its days, or there is none.

    On the nights when the clocks change an hour that is skipped is the moment of the jump, and one
    that is shown twice is the first (`calendar.Span`).
    """
    if rhythm is None or day not in rhythm.dates(day, day):
        return None
    span, hours = Span(first=day, last=day, tz=zone), rhythm.hours[0]
    opens, closes = (span.instant(span.second(day, at)) for at in (hours.start_s, hours.end_s))
    return Window(opens, closes)
