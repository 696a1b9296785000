"""The files beside the page: timetable, calendar, map layer, saved plan and coverage.

All are public except those under ``private/``.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msap_mobility.calendar import Span
from msap_mobility.formats import geojson, ical
from msap_mobility.formats.kinds import TEXT
from msap_mobility.formats.tables import Column, write_table
from msap_mobility.report.phrases import listed
from msap_mobility.units import clock_text
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from msap_mobility.coverage import Comparison
    from msap_mobility.model import Place, Presence, Reason
    from msap_mobility.report.circuits import Circuit
    from msap_mobility.report.story import Story, Village
    from msap_mobility.scenario import Scenario
    from msap_mobility.tours.tour import TourPlan
    from msap_mobility.wording import Lang

__all__ = [
    "comparison_json",
    "left_out_csv",
    "plan_json",
    "tour_calendar",
    "tour_geojson",
]

PUBLISHED_WEEKS = 52
"""How far ahead a calendar is published: a year, for nobody knows longer."""


def tour_geojson(story: Story) -> str:
    """The circuits, their stops, and the communes with their coverage, as GeoJSON.

    Names of properties are the same in every language; times are local, ``HH:MM``.
    """
    return geojson.write(
        [
            *(_commune(village) for village in story.villages),
            *(_circuit(tour) for tour in story.circuits),
            *(_stop(place, story) for place in _visited(story)),
            *(_place("maison", place) for place in story.maisons),
            *(_place("depot", place) for place in story.depots),
        ]
    )


def _commune(village: Village) -> geojson.Feature:
    return geojson.point(
        village.lon,
        village.lat,
        kind="commune",
        code=village.code,
        name=village.name,
        population=village.people,
        share_reached_before=village.reached_before,
        share_reached_after=village.reached,
        standing="estimated",
    )


def _circuit(tour: Circuit) -> geojson.Feature:
    return geojson.line(
        tour.line,
        kind="circuit",
        circuit=tour.letter,
        days=list(tour.days),
        dates=[date.isoformat() for date in tour.dates],
        vehicle=tour.vehicle,
        departs=clock_text(tour.depart_s),
        returns=clock_text(tour.return_s),
        drive_m=tour.drive_m,
        drive_s=tour.drive_s,
        standing="estimated",
    )


def _visited(story: Story) -> list[Place]:
    places = {call.place.id: call.place for tour in story.circuits for call in tour.calls}
    return [places[id_] for id_ in sorted(places)]


def _stop(place: Place, story: Story) -> geojson.Feature:
    calls = [
        {
            "circuit": tour.letter,
            "order": call.order,
            "days": list(tour.days),
            "arrives": clock_text(call.arrive_s),
            "opens": clock_text(call.open_s) if call.serves else None,
            "closes": clock_text(call.close_s) if call.serves else None,
        }
        for tour in story.circuits
        for call in tour.calls
        if call.place.id == place.id
    ]
    return geojson.point(
        place.lon,
        place.lat,
        kind="stop",
        place=place.id,
        name=place.name,
        commune=place.commune,
        calls=calls,
    )


def _place(kind: str, place: Place) -> geojson.Feature:
    return geojson.point(place.lon, place.lat, kind=kind, place=place.id, name=place.name)


def tour_calendar(
    scenario: Scenario, plan: TourPlan, openings: Sequence[Presence], lang: Lang
) -> bytes:
    """The openings of a tour as a calendar to subscribe to, a year from the first week on.

    Parameters
    ----------
    scenario
        Has the places and the names of the services.
    plan
        Its cycle says from when.
    openings
        `tours.presences` of the plan.
    lang
        Of the summaries.
    """
    first = plan.cycle.start
    last = first + timedelta(weeks=PUBLISHED_WEEKS) - timedelta(days=1)
    span = Span(first=first, last=last, tz=plan.cycle.tz)
    services = {service.id: service.name for service in scenario.services}
    events = []
    for number, opening in enumerate(openings, start=1):
        place = scenario.place(opening.place)
        offered = listed([services.get(name, name) for name in opening.services], lang)
        events.append(
            ical.CalendarEvent(
                uid=f"{scenario.id}-{place.id}-{number}",
                summary=say("report.calendar.event", lang, services=offered, place=place.name),
                rhythm=opening.rhythm,
                location=place.name,
                lon=place.lon,
                lat=place.lat,
            )
        )
    name = scenario.title.get(lang) or scenario.id
    return ical.write(events, span=span, stamp_s=span.start_s, name=name)


def plan_json(plan: TourPlan, run: Mapping[str, Any]) -> str:
    """The plan, and apart from it what its making took: ``msap.plan/1``."""
    return _json({"schema": "msap.plan/1", "plan": plan.to_dict(), "run": dict(run)})


def comparison_json(comparison: Comparison) -> str:
    """Coverage before and after, and the change, as it may be published: ``msap.comparison/1``."""
    return _json({"schema": "msap.comparison/1", "comparison": comparison.to_dict()})


def left_out_csv(
    reasons: Iterable[tuple[str, Reason]], names: Mapping[str, str], lang: Lang
) -> str:
    """The homes left out, one by one: for the maison's own eyes.

    Parameters
    ----------
    reasons
        `tours.left_out_homes`.
    names
        Of places, by id.
    lang
        Of the sentences.
    """
    columns = [Column(name=name, kind=TEXT, default="") for name in ("home", "reason", "why")]
    rows = (
        {
            "home": home,
            "reason": reason.code,
            "why": reason.text(lang, where=names.get(reason.where, reason.where)),
        }
        for home, reason in reasons
    )
    return write_table(rows, columns)


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
