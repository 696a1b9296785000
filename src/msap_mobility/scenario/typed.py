"""Each section of ``scenario.toml`` as the typed input it stands for, and back to plain data.

The columns of the faults raised here are keys of the section, dotted where they are deep.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from msap_mobility import units
from msap_mobility.calendar import Cycle, EveryWeek, Rhythm, Span
from msap_mobility.calendar.checks import check_zone
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import DURATION
from msap_mobility.model import Group, Limit, Service
from msap_mobility.provenance import Source
from msap_mobility.scenario.given_times import ENDINGS, TimesRule
from msap_mobility.scenario.schema import read_rhythms, write_rhythms
from msap_mobility.scenario.synthetic import Share, SyntheticRule
from msap_mobility.tours.demand import Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from msap_mobility.calendar import Horizon, Hours
    from msap_mobility.scenario.sections import (
        DemandSection,
        GroupSection,
        HorizonSection,
        ServiceSection,
        SourceSection,
        SyntheticSection,
        TimesSection,
        TitleSection,
        TopSection,
    )

__all__ = [
    "MODES",
    "check_top",
    "demand",
    "demand_data",
    "group",
    "group_data",
    "horizon",
    "horizon_data",
    "service",
    "source",
    "synthetic",
    "times",
    "times_data",
    "title",
]

MODES = ("car", "walk")
"""The travel modes a limit may name."""


def check_top(section: TopSection) -> None:
    """Refuse a time zone that no clock shows, and a threshold that protects nobody."""
    with Faults() as faults:
        check_zone(faults, "tz", section.tz)
        if not 1 <= section.disclosure_homes <= 1000:
            faults.add(
                "out_of_range",
                column="disclosure_homes",
                value=section.disclosure_homes,
                least=1,
                most=1000,
            )


def title(section: TitleSection) -> dict[str, str]:
    """By language."""
    return {"en": section.en, "fr": section.fr}


def horizon(section: HorizonSection, tz: str) -> Horizon:
    """A cycle if weeks are given, a span if dates are."""
    given = {key for key, value in section if value is not None}
    if not (given == {"first", "last"} or {"weeks"} <= given <= {"weeks", "start"}):
        raise InputError([Fault(code="horizon_unclear", value=", ".join(sorted(given)))])
    dates = {}
    with Faults() as faults:
        for key in ("start", "first", "last"):
            if (value := getattr(section, key)) is not None:
                with _key(faults, key):
                    dates[key] = value if type(value) is date else units.day(str(value))
    if section.weeks is not None:
        return Cycle(weeks=section.weeks, tz=tz, **dates)
    return Span(tz=tz, **dates)


def horizon_data(value: Horizon) -> dict[str, Any]:
    """The section that `horizon` reads."""
    if isinstance(value, Cycle):
        return {"weeks": value.weeks, "start": value.start.isoformat()}
    return {"first": value.first.isoformat(), "last": value.last.isoformat()}


def service(section: ServiceSection) -> Service:
    """Field by field."""
    return Service(id=section.id, name=section.name, operator=section.operator)


def group(section: GroupSection) -> Group:
    """Limits and hours read from their texts."""
    with Faults() as faults:
        limits = []
        for mode, text in section.limits.items():
            with _key(faults, f"limits.{mode}"):
                limits.append(_limit(mode, text))
        hours: tuple[tuple[int, Hours], ...] = ()
        with _key(faults, "hours"):
            hours = _weekly(section.hours)
    return Group(
        id=section.id,
        age=section.age,
        car=section.car,
        alone=section.alone,
        limits=tuple(limits),
        hours=hours,
        need=section.need,
    )


def group_data(value: Group) -> dict[str, Any]:
    """The section that `group` reads."""
    return {
        "id": value.id,
        "age": value.age,
        "car": value.car,
        "alone": value.alone,
        "limits": {limit.mode: _limit_text(limit) for limit in value.limits},
        "hours": _weekly_text(value.hours) if value.hours else "",
        "need": value.need,
    }


def demand(section: DemandSection) -> Demand:
    """Lengths of time read from their texts."""
    with Faults() as faults:
        times = {}
        for key in ("base", "per_family"):
            with _key(faults, key):
                times[f"{key}_s"] = DURATION.read(getattr(section, key))
    return Demand(**section.model_dump(exclude={"base", "per_family"}), **times)


def demand_data(value: Demand) -> dict[str, Any]:
    """The section that `demand` reads."""
    return {
        "participation": value.participation,
        "people_per_household": value.people_per_household,
        "families_most": value.families_most,
        "share_paperwork": value.share_paperwork,
        "base": DURATION.write(value.base_s),
        "per_family": DURATION.write(value.per_family_s),
        "units_per_family": value.units_per_family,
    }


def synthetic(section: SyntheticSection) -> SyntheticRule:
    """Shares and distances read from their texts."""
    with Faults() as faults:
        radii = {}
        for key in ("centre_radius", "hamlet_radius"):
            with _key(faults, key):
                radii[f"{key}_m"] = units.metres(getattr(section, key))
        shares = []
        for share in section.shares:
            with _key(faults, "shares"):
                shares.append(Share(**share.model_dump()))
    return SyntheticRule(
        shares=tuple(shares),
        seed=section.seed,
        centre_share=section.centre_share,
        hamlet_homes=section.hamlet_homes,
        **radii,
    )


def times(section: TimesSection) -> TimesRule:
    """Of a known mode, from one place, whose name makes sense."""
    named = [key for key in ("table", "osrm", "valhalla") if getattr(section, key)]
    max_snap_m = 0.0
    with Faults() as faults:
        if section.mode not in MODES:
            known = ", ".join(MODES)
            faults.add("not_one_of", column="mode", value=section.mode, known=known)
        if len(named) != 1:
            faults.add("times_unclear", column=named[-1] if named else "", value=", ".join(named))
        elif section.table and not section.table.lower().endswith(ENDINGS):
            known = ", ".join(ENDINGS)
            faults.add("od_unknown_ending", column="table", value=section.table, known=known)
        elif not section.table:
            with _key(faults, named[0]):
                _check_address(getattr(section, named[0]))
        with _key(faults, "max_snap"):
            max_snap_m = units.metres(section.max_snap)
    return TimesRule(**section.model_dump(exclude={"max_snap"}), max_snap_m=max_snap_m)


def times_data(value: TimesRule) -> dict[str, Any]:
    """The section that `times` reads: what is not as usual."""
    usual = TimesRule(mode=value.mode)
    told = {key: getattr(value, key) for key in TimesRule.__slots__}
    changed = {key: one for key, one in told.items() if one != getattr(usual, key)}
    if "max_snap_m" in changed:
        changed["max_snap"] = _distance_text(int(changed.pop("max_snap_m")))
    return {"mode": value.mode, **changed}


def source(section: SourceSection) -> Source:
    """Field by field."""
    return Source.of(**section.model_dump())


def _check_address(url: str) -> None:
    from msap_mobility.roads import OsrmTimes  # noqa: PLC0415 - heavy

    OsrmTimes(url)


def _limit(mode: str, text: str) -> Limit:
    """A limit like ``800 m``, ``10 min`` or ``8 km, 10 min``."""
    with Faults() as faults:
        if mode not in MODES:
            faults.add("unknown_limit_mode", value=mode, known=", ".join(MODES))
        found: dict[str, float] = {}
        for part in text.split(","):
            found.update(_measure(part, faults))
    return Limit(mode=mode, **found)


def _measure(text: str, faults: Faults) -> dict[str, float]:
    readers: Mapping[str, Callable[[str], float]] = {
        "max_s": DURATION.read,
        "max_m": units.metres,
    }
    for name, read in readers.items():
        try:
            return {name: read(text.strip())}
        except InputError:
            continue
    faults.add("not_a_limit", value=text.strip())
    return {}


def _limit_text(limit: Limit) -> str:
    metres = [] if limit.max_m is None else [_distance_text(int(limit.max_m))]
    seconds = [] if limit.max_s is None else [DURATION.write(int(limit.max_s))]
    return ", ".join([*metres, *seconds])


def _distance_text(distance_m: int) -> str:
    return f"{distance_m} m" if distance_m % 1000 else f"{distance_m // 1000} km"


def _weekly(text: str) -> tuple[tuple[int, Hours], ...]:
    """(weekday, hours) pairs in order; empty text = always."""
    rhythms = read_rhythms(text) if text.strip() else ()
    pairs = []
    for rhythm in rhythms:
        weekdays = rhythm.rule.weekdays if isinstance(rhythm.rule, EveryWeek) else ()
        if not weekdays or rhythm != _plain(weekdays, rhythm.hours):
            raise InputError([Fault(code="not_weekly", value=text)])
        pairs += [(weekday, hours) for weekday in weekdays for hours in rhythm.hours]
    return tuple(sorted(pairs))


def _plain(weekdays: tuple[int, ...], hours: tuple[Hours, ...]) -> Rhythm:
    """The hours on the weekdays of every week, with no limit and no exception."""
    return Rhythm(rule=EveryWeek(weekdays=weekdays), hours=hours)


def _weekly_text(pairs: Iterable[tuple[int, Hours]]) -> str:
    """The text that `_weekly` reads: weekdays of equal hours told together."""
    by_day: dict[int, list[Hours]] = {}
    for weekday, hours in sorted(pairs):
        by_day.setdefault(weekday, []).append(hours)
    by_hours: dict[tuple[Hours, ...], list[int]] = {}
    for weekday, listed in by_day.items():
        by_hours.setdefault(tuple(listed), []).append(weekday)
    return write_rhythms(
        tuple(_plain(tuple(weekdays), listed) for listed, weekdays in by_hours.items())
    )


@contextmanager
def _key(faults: Faults, key: str) -> Iterator[None]:
    """Let the reading of one key fail on its own, whatever column its faults name."""
    try:
        yield
    except InputError as error:
        faults.found.extend(replace(fault, column=key) for fault in error.faults)
