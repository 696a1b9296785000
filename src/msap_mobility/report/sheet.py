"""The map of a story: the same circuits and villages as in the tables, as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.formats import geojson
from msap_mobility.render import Layer, Look, Sheet, radius, round_look
from msap_mobility.render.palette import GROUND, INK, PAPER
from msap_mobility.report.phrases import circuit_name, listed, weeks_phrase
from msap_mobility.report.rounds import hours_text
from msap_mobility.wording import say

if TYPE_CHECKING:
    from msap_mobility.report.circuits import Call, Circuit
    from msap_mobility.report.story import Story, Village
    from msap_mobility.wording import Lang

__all__ = ["sheet_of"]

_CELL = Look(fill="#d9cfb8", opacity=0.75)
_PEOPLE = Look(fill=PAPER, stroke="#7d8790", width=1.2, opacity=0.55, radius=8.0)
_REACHED = Look(fill="#5d8aa8", stroke="#3f6680", width=0.8, opacity=0.75, radius=6.0)
_UNTOLD = Look(fill="#55616b", radius=2.5)
_MAISON = Look(fill=INK, stroke=PAPER, width=1.5, radius=10.0, shape="house")
_DEPOT = Look(fill=GROUND, stroke=INK, width=2.0, radius=10.0, shape="diamond")
_STOP = Look(fill=INK, stroke=PAPER, width=1.5)


def sheet_of(story: Story, lang: Lang) -> Sheet:
    """Everything the map shows, the lowest layer first."""
    return Sheet(
        title=say("report.map.name", lang, name=story.name),
        description=_description(story, lang),
        layers=(
            _cells(story, lang),
            *_villages(story, lang),
            *(_route(n, tour, story.cycle.weeks, lang) for n, tour in enumerate(story.circuits)),
            _places("depots", _DEPOT, story, lang),
            _places("maisons", _MAISON, story, lang),
            _stops(story, lang),
        ),
        attribution=_attribution(story, lang),
        north=say("report.map.north", lang),
    )


def _description(story: Story, lang: Lang) -> str:
    told = [
        say(
            "report.map.circuit",
            lang,
            circuit=circuit_name(tour, story.cycle.weeks, lang),
            stops=listed([call.place.name for call in tour.calls], lang),
        )
        for tour in story.circuits
    ]
    return " ".join([say("report.map.description", lang, n=len(story.villages)), *told])


def _attribution(story: Story, lang: Lang) -> str:
    """Publishers whose licence asks to be named, each up to its first comma; the rest is below."""
    origins = [source.origin.split(",")[0] for source in story.sources if source.licence]
    named = [origin for origin in dict.fromkeys(origins) if origin]
    return say("report.map.attribution", lang, origins=" ; ".join(named)) if named else ""


def _cells(story: Story, lang: Lang) -> Layer:
    return Layer(
        id="cells",
        kind="area",
        legend=say("report.map.cells", lang, n=story.threshold),
        look=_CELL,
        features=tuple(geojson.polygon(ring) for ring in story.cells),
    )


def _villages(story: Story, lang: Lang) -> tuple[Layer, ...]:
    """A ring for the people of a commune and, inside it, a disc for those who are reached.

    A commune of which too little may be told has a dot: neither ring nor disc.
    """
    most = max((village.people for village in story.villages), default=0.0)
    told = [village for village in story.villages if village.reached is not None]
    untold = [village for village in story.villages if village.reached is None]
    rings = [_disc(village, village.people, most, label=village.name) for village in told]
    discs = [_disc(one, one.people * one.reached, most) for one in told if one.reached]
    dots = [_disc(village, 0.0, most, label=village.name) for village in untold]
    layers = (("people", _PEOPLE, rings), ("reached", _REACHED, discs), ("untold", _UNTOLD, dots))
    return tuple(
        Layer(
            id=id_,
            kind="point",
            legend=say(f"report.map.{id_}", lang) if features else "",
            look=look,
            features=tuple(features),
        )
        for id_, look, features in layers
    )


def _disc(village: Village, people: float, most: float, **more: str) -> geojson.Feature:
    size = round(max(radius(people, most=most), 2.5), 1)
    return geojson.point(
        village.lon, village.lat, id=village.code, name=village.name, radius=size, **more
    )


def _route(number: int, tour: Circuit, weeks: int, lang: Lang) -> Layer:
    return Layer(
        id=f"circuit-{tour.letter}",
        kind="line",
        legend=circuit_name(tour, weeks, lang),
        look=round_look(tour.weekday, tour.weeks[0] - 1, number=number),
        features=(
            geojson.line(
                tour.line,
                id=tour.letter,
                circuit=tour.letter,
                name=circuit_name(tour, weeks, lang),
                days=list(tour.days),
            ),
        ),
    )


def _places(kind: str, look: Look, story: Story, lang: Lang) -> Layer:
    places = story.depots if kind == "depots" else story.maisons
    return Layer(
        id=kind,
        kind="point",
        legend=say(f"report.map.{kind}", lang),
        look=look,
        features=tuple(
            geojson.point(place.lon, place.lat, id=place.id, name=place.name) for place in places
        ),
    )


def _stops(story: Story, lang: Lang) -> Layer:
    return Layer(
        id="stops",
        kind="badge",
        legend=say("report.map.stops", lang),
        look=_STOP,
        features=tuple(_stop(calls, story, lang) for calls in _calls_by_point(story)),
    )


Calls = list[tuple["Circuit", "Call"]]


def _calls_by_point(story: Story) -> list[Calls]:
    """All calls at one point of the map: two places there share a badge, for one would hide."""
    by_point: dict[tuple[float, float], Calls] = {}
    for tour in story.circuits:
        for call in tour.calls:
            point = round(call.place.lon, 4), round(call.place.lat, 4)
            by_point.setdefault(point, []).append((tour, call))
    return [by_point[point] for point in sorted(by_point)]


def _stop(calls: Calls, story: Story, lang: Lang) -> geojson.Feature:
    """A stop with all its calls: which circuit, as which stop, when."""
    places = {call.place.id: call.place for _, call in calls}
    first = next(iter(places.values()))
    return geojson.point(
        first.lon,
        first.lat,
        places=list(places),
        name=listed([place.name for place in places.values()], lang),
        label=" ".join(f"{tour.letter}{call.order}" for tour, call in calls),
        circuits=[tour.letter for tour, _ in calls],
        calls=[_call(tour, call, story, lang) for tour, call in calls],
    )


def _call(tour: Circuit, call: Call, story: Story, lang: Lang) -> dict[str, str]:
    """What is shown of one call when its stop is pointed at."""
    weeks = weeks_phrase(tour.weeks, story.cycle.weeks, lang)
    hours = hours_text(call, lang)
    return {
        "badge": f"{tour.letter}{call.order}",
        "name": call.place.name,
        "when": say("report.map.call", lang, weekday=tour.weekday, weeks=weeks, hours=hours),
    }
