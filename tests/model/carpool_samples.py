"""Places, offers, requests and rides that tests draw from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from msap_mobility.calendar import Rhythm
from msap_mobility.model import Offer, Place, Request, Window

AYEN = Place(id="ayen", name="12 rue du Puits, Ayen", lon=1.32417, lat=45.25439)
BRIVE = Place(id="brive", name="Brive", lon=1.533, lat=45.159)
PERPEZAC = Place(id="perpezac", name="Chez Paul", lon=1.33333, lat=45.22222, commune="19161")
OBJAT = Place(id="objat", name="Objat", lon=1.41, lat=45.263)
PLACES = {place.id: place for place in (AYEN, BRIVE, PERPEZAC, OBJAT)}

names = st.text("abcé ", min_size=1, max_size=5).map(str.strip).filter(bool)
name_sets = st.frozensets(names, max_size=3)
instants = st.integers(0, 2 * 10**9).map(lambda second: datetime.fromtimestamp(second, tz=UTC))
zones = st.sampled_from(["Europe/Paris", "UTC", "America/Guadeloupe", "Indian/Reunion"])


@st.composite
def windows(draw: st.DrawFn) -> Window:
    from zoneinfo import ZoneInfo

    first = draw(instants).astimezone(ZoneInfo(draw(zones)))
    return Window(first, (first.astimezone(UTC) + timedelta(seconds=draw(st.integers(0, 90_000)))))


@st.composite
def times(draw: st.DrawFn) -> dict[str, Any]:
    """When: a window of departure, one of arrival, both, or a rhythm."""
    if draw(st.booleans()):
        text = draw(st.sampled_from(["Mo-Fr 8:00-8:20 except 2026-12-24", "2nd Th 9:30-10:00"]))
        return {"rhythm": Rhythm.of(text), "rhythm_of": draw(st.sampled_from(["depart", "arrive"]))}
    depart = draw(windows())
    choice = draw(st.sampled_from(["depart", "arrive", "both"]))
    if choice == "both":
        return {"depart": depart, "arrive": depart.later(draw(st.integers(1, 10_000)))}
    return {choice: depart}


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    kind = draw(st.sampled_from(["trip", "volunteer", "minibus"]))
    return Offer(
        id=draw(names),
        driver=draw(names),
        kind=kind,
        start=AYEN,
        end=BRIVE if kind == "trip" else None,
        home=draw(st.sampled_from([None, OBJAT])) if kind == "volunteer" else None,
        seats=draw(st.integers(1, 8)),
        max_detour_s=draw(st.integers(0, 7200)),
        max_detour_m=draw(st.none() | st.integers(0, 100_000)),
        wheelchair=draw(st.booleans()),
        luggage=draw(st.booleans()),
        tags=draw(name_sets),
        wants=draw(name_sets),
        not_with=draw(name_sets),
        **draw(times()),
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    when = draw(times())
    can_stay = "arrive" in when or when.get("rhythm_of") == "arrive"
    wheelchair, not_with = draw(st.booleans()), draw(name_sets)
    only_with = draw(name_sets) - not_with
    rider = draw(names)
    return Request(
        id=draw(names),
        rider=rider,
        start=PERPEZAC,
        end=BRIVE,
        party=draw(st.integers(1, 8)),
        wheelchair=wheelchair,
        luggage=draw(st.booleans()),
        tags=draw(name_sets),
        wants=draw(name_sets),
        not_with=not_with,
        only_with=frozenset() if only_with == {rider} else only_with,
        walk_limit_m=0 if wheelchair else draw(st.integers(0, 2_000)),
        max_ride_s=draw(st.none() | st.integers(1, 7_200)),
        stay_s=draw(st.none() | st.integers(0, 7_200)) if can_stay else None,
        **when,
    )
