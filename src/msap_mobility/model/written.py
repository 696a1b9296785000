"""Offers, requests and rides as text and as JSON data, and as `repr` may show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from msap_mobility.calendar import Rhythm
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.place import Place
from msap_mobility.model.sharing import check_past
from msap_mobility.model.window import PARIS, Moments, Window
from msap_mobility.units import metres, seconds

__all__ = [
    "Distance",
    "Duration",
    "Names",
    "assembled",
    "metres_of",
    "names_from",
    "names_of",
    "place_of",
    "read_record",
    "read_rhythm",
    "rhythm_from",
    "seconds_of",
    "told",
    "tuple_from",
    "veiled",
    "window_of",
]

Duration = str | int
"""A text with its unit ("12 min"), or seconds."""

Distance = str | int
"""A text with its unit ("5 km"), or metres."""

Names = str | Iterable[str]
"""Names in any order, or a text of names parted by semicolons."""

R = TypeVar("R")


def seconds_of(duration: Duration | None) -> int | None:
    """A length of time as `Duration` says it, or none."""
    return seconds(duration) if isinstance(duration, str) else duration


def metres_of(distance: Distance | None) -> int | None:
    """A distance as `Distance` says it, or none."""
    return metres(distance) if isinstance(distance, str) else distance


def names_of(names: Names) -> frozenset[str]:
    """Names as `Names` says them."""
    if isinstance(names, str):
        return frozenset(name.strip() for name in names.split(";") if name.strip())
    return frozenset(names)


def names_from(data: Any) -> frozenset[str]:
    """Names from the list of JSON data.

    Raises
    ------
    InputError
        ``not_a_set`` if it is no list of texts.
    """
    if not isinstance(data, list | tuple) or not all(isinstance(name, str) for name in data):
        raise InputError([Fault(code="not_a_set", value=data)])
    return frozenset(data)


def tuple_from(data: Any) -> tuple[Any, ...]:
    """A tuple from a list of JSON data.

    Raises
    ------
    InputError
        ``not_a_list``.
    """
    if not isinstance(data, list | tuple):
        raise InputError([Fault(code="not_a_list", value=data)])
    return tuple(data)


def rhythm_from(data: Any) -> Rhythm:
    """A rhythm from the text of JSON data.

    Raises
    ------
    InputError
        ``not_a_text``, and as `Rhythm.of`.
    """
    if not isinstance(data, str):
        raise InputError([Fault(code="not_a_text", value=data)])
    return Rhythm.of(data)


def read_rhythm(text: str | Rhythm | None) -> Rhythm | None:
    """A rhythm, or the text of one."""
    return Rhythm.of(text) if isinstance(text, str) else text


def window_of(moments: Moments | None, zone: str = PARIS) -> Window | None:
    """A window as `Window.of` reads it, or none."""
    return None if moments is None else Window.of(moments, zone)


def place_of(place: Place | str | None, places: Mapping[str, Place]) -> Place | None:
    """A place, or the one of `places` that has this id.

    Raises
    ------
    InputError
        ``unknown_place``.
    """
    if not isinstance(place, str):
        return place
    if place in places:
        return places[place]
    details = {"known": ", ".join(sorted(places)[:8])}
    raise InputError([Fault(code="unknown_place", value=place, details=details)])


_TOGETHER = (
    frozenset({"depart", "arrive", "rhythm", "back", "stay_s"}),
    frozenset({"start", "end", "home"}),
)
"""Fields that are checked against one another."""


def assembled(
    record: Callable[..., R],
    given: Mapping[str, Any],
    written: Mapping[str, Callable[[], Any]],
    now: datetime | None,
) -> R:
    """A record of fields that are given and fields that must be read first.

    Parameters
    ----------
    record
        The dataclass.
    given, written
        Values by field; what reads a value by field.
    now
        If given, a window that closed before is a fault.

    Raises
    ------
    InputError
        With every fault of both, but none that follows from another one.
    """
    faults, values, unread = Faults(), dict(given), set[str]()
    for name, read in written.items():
        values[name] = None
        found = len(faults.found)
        with faults.also(column=name), _all_about(name):
            values[name] = read()
            check_past(faults, name, values[name], now)
        if len(faults.found) > found:
            unread.add(name)
    unsure = unread.union(*(group for group in _TOGETHER if group & unread))
    try:
        made = record(**values)
    except InputError as error:
        faults.found += [fault for fault in error.faults if fault.column not in unsure]
    if faults.found:
        raise InputError(faults.found)
    return made


@contextmanager
def _all_about(name: str) -> Iterator[None]:
    """Say of every fault that it is one of this field, and not of a part of what it holds."""
    try:
        yield
    except InputError as error:
        raise InputError([replace(fault, column=name) for fault in error.faults]) from None


def veiled(record: Any) -> str:
    """A record as `repr` shows it: places by their id, and what is as by default left out."""
    shown = []
    for field in fields(record):
        value = getattr(record, field.name)
        if value != field.default:
            shown.append(f"{field.name}={_veil(value)}")
    return f"{type(record).__name__}({', '.join(shown)})"


def _veil(value: object) -> str:
    match value:
        case Place():
            return f"<{value.id}>"
        case frozenset():
            return "{" + ", ".join(sorted(map(repr, value))) + "}"
        case Window():
            first, last = (at.isoformat(" ") for at in (value.earliest, value.latest))
            return f"'{first}'" if first == last else f"('{first}', '{last}')"
        case datetime():
            return f"'{value.isoformat(' ')}'"
        case Rhythm():
            return repr(value.text())
        case _:
            return repr(value)


_TOLD: Mapping[type, Callable[[Any], Any]] = {
    Window: Window.to_list,
    datetime: datetime.isoformat,
    Rhythm: Rhythm.text,
}


def told(value: Any) -> Any:
    """A field of a record as JSON data."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [told(each) for each in value]
    for kind, tell in _TOLD.items():
        if isinstance(value, kind):
            return tell(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def read_record(
    record: Callable[..., R], data: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]
) -> R:
    """A record from the JSON data of its fields.

    Parameters
    ----------
    record
        The dataclass.
    data
        Name and value of each field; what is missing is as by default.
    readers
        How to read the fields that JSON has no form for; None is left None.

    Raises
    ------
    InputError
        With every fault: ``record_key_missing``, ``record_key_unknown``, and those of the record.
    """
    if not isinstance(data, Mapping):
        raise InputError([Fault(code="not_a_record", value=type(data).__name__)])
    given: dict[str, Any] = {}
    with Faults() as faults:
        known = {field.name: field for field in fields(record)}  # type: ignore[arg-type]
        for name in data.keys() - known.keys():
            faults.add("record_key_unknown", value=name, known=", ".join(known))
        for name, field in known.items():
            if name not in data and field.default is MISSING:
                faults.add("record_key_missing", value=name)
            elif name in data:
                with faults.also(column=name):
                    value = data[name]
                    read = readers.get(name)
                    given[name] = value if read is None or value is None else read(value)
    return record(**given)
