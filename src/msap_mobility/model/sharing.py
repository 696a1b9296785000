"""What offers, requests and rides have in common: checks, reading, and keeping homes to oneself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from msap_mobility.calendar import Rhythm, Span
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.checks import check_id
from msap_mobility.model.place import Place
from msap_mobility.model.window import PARIS, Moments, Window
from msap_mobility.units import metres, seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

__all__ = [
    "Distance",
    "Duration",
    "Leg",
    "Names",
    "RhythmOf",
    "assembled",
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
    "metres_of",
    "names_from",
    "names_of",
    "on_day",
    "place_of",
    "read_record",
    "read_rhythm",
    "rhythm_from",
    "same_place",
    "seconds_of",
    "told",
    "tuple_from",
    "veiled",
    "window_of",
]

Leg = Literal["out", "back", "round"]
"""The way there, the way back, or both in one car whose driver waits."""

RhythmOf = Literal["depart", "arrive"]
"""What the hours of a rhythm are: hours of departure, or of arrival."""

Duration = str | int
"""A text with its unit ("12 min"), or seconds."""

Distance = str | int
"""A text with its unit ("5 km"), or metres."""

Names = str | Iterable[str]
"""Names in any order, or a text of names parted by semicolons."""

R = TypeVar("R")


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


def on_day(rhythm: Rhythm | None, day: date, zone: str) -> Window | None:
    """The window of a rhythm on one day; None if it is not one of its days, or there is none.

    On the nights when the clocks change an hour that is skipped is the moment of the jump, and one
    that is shown twice is the first (`calendar.Span`).
    """
    if rhythm is None or day not in rhythm.dates(day, day):
        return None
    span, hours = Span(first=day, last=day, tz=zone), rhythm.hours[0]
    opens, closes = (span.instant(span.second(day, at)) for at in (hours.start_s, hours.end_s))
    return Window(opens, closes)


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
        with faults.also(column=name):
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
