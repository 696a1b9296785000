"""A made-up territory of six communes and three stops, small enough to be checked by eye."""

from __future__ import annotations

from msap_mobility.calendar import Cycle, Hours
from msap_mobility.model import Place, Points, Reached, Reason, Route
from msap_mobility.provenance import Provenance, Source
from msap_mobility.report.circuits import circuits_of
from msap_mobility.report.story import Gain, Story, Village
from msap_mobility.report.story import Reached as Told
from msap_mobility.tours.tour import Round, TourPlan, Unserved, Visit

HOUSE = Place(id="maison", name="La Maison des Lilas", lon=1.24, lat=49.72)
STOPS = (
    Place(id="hall", name="Salle des fêtes d'Ardouval", lon=1.29, lat=49.75),
    Place(id="square", name="Place de Grigneuseville", lon=1.18, lat=49.655),
    Place(id="nasty", name='<script>alert("x")</script> & Sévis', lon=1.205, lat=49.69),
)
PLACES = {place.id: place for place in (HOUSE, *STOPS)}

VILLAGES = (
    Village(
        code="1",
        name="Bellencombre",
        lon=1.238,
        lat=49.719,
        people=664,
        reached=0.8,
        reached_before=0.5,
    ),
    Village(
        code="2",
        name="Ardouval",
        lon=1.288,
        lat=49.748,
        people=180,
        reached=0.6,
        reached_before=None,
    ),
    Village(
        code="3",
        name="Grigneuseville",
        lon=1.182,
        lat=49.657,
        people=360,
        reached=0.55,
        reached_before=None,
    ),
    Village(
        code="4", name="Sévis", lon=1.207, lat=49.691, people=390, reached=0.7, reached_before=None
    ),
    Village(
        code="5",
        name="Pommeréval",
        lon=1.33,
        lat=49.74,
        people=520,
        reached=None,
        reached_before=None,
    ),
    Village(
        code="6",
        name="Les Grandes-Ventes",
        lon=1.23,
        lat=49.785,
        people=1700,
        reached=0.1,
        reached_before=None,
    ),
)


class Crow:
    """Straight ways at 40 km/h."""

    def table(self, origins: Points, destinations: Points, **_):  # pragma: no cover
        raise NotImplementedError

    def route(self, a: Place, b: Place) -> Route:
        metres = 111_195 * ((a.lat - b.lat) ** 2 + (0.65 * (a.lon - b.lon)) ** 2) ** 0.5
        line = ((a.lon, a.lat), (b.lon, b.lat))
        return Route(seconds=metres / 11, metres=metres, line=line, status=Reached.OK)


def visit(place: str, hour: float, minutes: int) -> Visit:
    start = int(hour * 3600)
    return Visit(
        place=place,
        arrive_s=start - 600,
        open_s=start,
        close_s=start + 60 * minutes,
        leave_s=start + 60 * minutes + 600,
        units=8,
    )


def round_on(day: int, *visits: Visit, lunch: Hours | None = None) -> Round:
    return Round(
        day=day,
        vehicle="van",
        crew="agent",
        depart_s=visits[0].arrive_s - 900,
        return_s=visits[-1].leave_s + 900,
        visits=visits,
        lunch=lunch,
        drive_s=3000,
        drive_m=31_400,
    )


PLAN = TourPlan(
    cycle=Cycle(weeks=4),
    rounds=(
        round_on(1, visit("hall", 9.5, 60), visit("square", 14, 75), lunch=Hours(43200, 45900)),
        round_on(3, visit("nasty", 10, 50)),
        round_on(8, visit("square", 9.5, 60), visit("nasty", 11.5, 60)),
        round_on(15, visit("hall", 9.5, 60), visit("square", 14, 75), lunch=Hours(43200, 45900)),
        round_on(17, visit("nasty", 10, 50)),
    ),
    services=("grocery",),
    people_reached=1870,
    people_in_all=3814,
    unserved=(
        Unserved(
            commune="6",
            homes=600,
            people=1530,
            reason=Reason(code="no_stop_within_reach", amount=1900, unit="m"),
        ),
    ),
    provenance=Provenance(
        verb="plan_tour",
        inputs_hash="0123456789abcdef0123",
        seed=0,
        starts=1,
        iterations=(2000,),
        engine="slack induction by string removals",
        objective=1870,
        bound=2100,
        gap=0.1095,
    ),
)

SOURCES = (
    Source.of(
        name="Communes",
        standing="observed",
        origin="INSEE, recensement",
        licence="Licence Ouverte 2.0",
        date="2022",
    ),
    Source.of(name="Foyers", standing="assumed", note="Tirés au sort autour des centres."),
    Source.of(name="Temps de trajet", standing="estimated", note="Erreur médiane de 11 à 14 %."),
)


def gain(name: str, people: float, before: float, after: float) -> Gain:
    return Gain(
        name=name,
        people=people,
        measures=(
            Told(measure="share_reached", before=(before, before), after=(after, after + 0.02)),
            Told(
                measure="space_time", before=(before / 5, before / 5), after=(after / 4, after / 4)
            ),
            Told(
                measure="median_wait_s",
                before=(float("inf"), float("inf")),
                after=(500_000.0, 500_000.0),
            ),
            Told(measure="visits_per_week", before=None, after=(1.25, 1.25)),
        ),
        newly=people * (after - before),
        sooner=None,
        later=0,
    )


def cell(lon: float, lat: float) -> tuple[tuple[float, float], ...]:
    x, y = lon + 0.0139, lat + 0.009
    return ((lon, lat), (x, lat), (x, y), (lon, y), (lon, lat))


STORY = Story(
    name="Pays des Lilas",
    cycle=PLAN.cycle,
    circuits=circuits_of(PLAN, places=PLACES, depots={"van": "maison"}, times=Crow()),
    villages=VILLAGES,
    cells=tuple(
        cell(v.lon + dx, v.lat + dy)
        for v in VILLAGES
        for dx, dy in [(-0.007, -0.004), (0.007, 0.005)]
    ),
    maisons=(HOUSE,),
    depots=(HOUSE,),
    people_reached=PLAN.people_reached,
    people_in_all=PLAN.people_in_all,
    everybody=gain("Tous", 3814, 0.2, 0.49),
    by_group=(gain("65 ans et plus", 900, 0.1, 0.4), gain("Sans voiture", 400, 0.05, 0.3)),
    by_commune=tuple(gain(v.name, v.people, 0.1, v.reached or 0.2) for v in VILLAGES),
    unserved=PLAN.unserved,
    names={v.code: v.name for v in VILLAGES} | {p.id: p.name for p in PLACES.values()},
    sources=SOURCES,
    provenance=PLAN.provenance,
    threshold=11,
)
