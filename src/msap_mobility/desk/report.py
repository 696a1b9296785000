"""What a desk did in some days: for the maison's own book, by ids and figures alone."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msap_mobility.desk import lives
from msap_mobility.desk.asking import id_before
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from msap_mobility.desk.lives import Life
    from msap_mobility.desk.store import Run
    from msap_mobility.wording import Lang

__all__ = ["DeskReport", "DriverLoad", "drawn_up", "loads"]

_LINES = ("requests", "rides", "distance", "people", "settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverLoad:
    """What one driver did.

    Parameters
    ----------
    driver
        Member id.
    rides
        Passengers taken, each way counted.
    metres
        Ridden by them.
    """

    driver: str
    rides: int
    metres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReport:
    """What a desk did in some days, both included.

    Parameters
    ----------
    first, last
        The days.
    requests
        Requests for these days; one that was asked again counts once.
    served
        Of them, those whose rides took place, or are promised.
    open
        Of them, those still to be arranged.
    unserved
        Of the others, how many for which reason: ``rider``, ``driver``, ``no_driver``,
        ``weather``, ``other`` (cancelled for), ``no_show``.
    rides, settled
        Rides that took place, one for each passenger and way; of them, those that are settled.
    metres
        Ridden by passengers.
    riders
        Different passengers.
    loads
        Of each driver, the busiest first.
    calls
        How many calls ended how.
    """

    first: date
    last: date
    requests: int
    served: int
    open: int
    unserved: Mapping[str, int]
    rides: int
    settled: int
    metres: int
    riders: int
    loads: tuple[DriverLoad, ...]
    calls: Mapping[str, int]

    def text(self, lang: Lang = "en") -> str:
        """The report in `lang`, a line each."""
        values = {
            **asdict(self),
            "drivers": len(self.loads),
            "unserved_n": sum(self.unserved.values()),
        }
        lines = [say(f"desk.report.{name}", lang, **values) for name in ("title", *_LINES)]
        for reason, n in self.unserved.items():
            told = say(f"desk.why.{reason}", lang)
            lines.append(say("desk.report.unserved", lang, reason=told, count=n))
        lines += [say("desk.report.load", lang, **asdict(load)) for load in self.loads]
        for outcome, n in self.calls.items():
            told = say(f"desk.outcome.{outcome}", lang)
            lines.append(say("desk.report.calls", lang, outcome=told, count=n))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        data = asdict(self)
        data |= {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return {"schema": "msap.desk.report/1", **data}


def drawn_up(run: Run, first: date, last: date, today: date, zone: str) -> DeskReport:
    """The report of some days.

    Parameters
    ----------
    run
        Of a reading transaction.
    first, last
        The days, both included.
    today
        A request for an earlier day that nobody took is unserved, one for a later day is open.
    zone
        IANA zone in which the days are counted.
    """
    days = (first.isoformat(), last.isoformat())
    found = lives.within(run, *days)
    rode = [each for each in found if each.stage in lives.RODE]
    requests = run(
        "SELECT r.id, r.day, l.stage FROM {p}request r JOIN {p}life l ON l.ride = r.id"
        " WHERE r.day BETWEEN ? AND ? ORDER BY r.id",
        days,
    )
    asked_again = {id_before(row[0]) for row in requests}
    requests = [row for row in requests if row[0] not in asked_again]
    others = [row for row in requests if row[2] not in lives.ABOARD]
    why = Counter(_why(run, id_, day, stage, today) for id_, day, stage in others)
    return DeskReport(
        first=first,
        last=last,
        requests=len(requests),
        served=len(requests) - len(others),
        open=why.pop("open", 0),
        unserved=dict(sorted(why.items())),
        rides=len(rode),
        settled=sum(each.stage == "settled" for each in rode),
        metres=sum(each.metres for each in rode),
        riders=len({each.rider for each in rode}),
        loads=_loads(rode),
        calls=_calls(run, first, last, zone),
    )


def loads(run: Run, first: date, last: date) -> dict[str, int]:
    """How many passengers each driver takes in some days, promised ones included."""
    found = lives.within(run, first.isoformat(), last.isoformat())
    return dict(Counter(each.driver for each in found if each.stage in lives.ABOARD))


def _why(run: Run, request: str, day: str, stage: str, today: date) -> str:
    if stage in ("asked", "proposed"):
        return "no_driver" if day < today.isoformat() else "open"
    if stage == "no_show":
        return "no_show"
    ((data,),) = run("SELECT data FROM {p}event WHERE ride = ? AND kind = 'cancelled'", (request,))
    return str(json.loads(data)["why"])


def _loads(rode: Sequence[Life]) -> tuple[DriverLoad, ...]:
    rides, metres = Counter[str](), Counter[str]()
    for each in rode:
        rides[each.driver] += 1
        metres[each.driver] += each.metres
    busiest: Iterable[str] = sorted(rides, key=lambda driver: (-rides[driver], driver))
    return tuple(DriverLoad(driver=one, rides=rides[one], metres=metres[one]) for one in busiest)


def _calls(run: Run, first: date, last: date, zone: str) -> dict[str, int]:
    midnights = (_midnight(first, zone), _midnight(last + timedelta(days=1), zone))
    rows = run(
        "SELECT outcome, count(*) FROM {p}call WHERE at >= ? AND at < ?"
        " GROUP BY outcome ORDER BY outcome",
        midnights,
    )
    return {outcome: int(n) for outcome, n in rows}


def _midnight(day: date, zone: str) -> str:
    """When a day begins, as calls are dated: in UTC."""
    begins = datetime.combine(day, time.min, ZoneInfo(zone))
    return begins.astimezone(UTC).isoformat()
