"""Made-up maps."""

from __future__ import annotations

from hypothesis import strategies as st

from msap_mobility.formats import geojson
from msap_mobility.render import Layer, Look, Sheet, round_look

lon = st.floats(1.0, 1.6).map(lambda value: round(value, 5))
lat = st.floats(49.5, 49.9).map(lambda value: round(value, 5))
position = st.tuples(lon, lat)
label = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@st.composite
def sheets(draw) -> Sheet:
    """Areas, lines, points and badges, all with names that might be markup."""
    points = [
        geojson.point(*at, name=name, label=name, radius=size)
        for at, name, size in draw(
            st.lists(st.tuples(position, label, st.floats(2, 20)), min_size=1, max_size=12)
        )
    ]
    stops = [
        geojson.point(*at, name=name, label="A1 B2", circuits=["A", "B"])
        for at, name in draw(st.lists(st.tuples(position, label), max_size=6))
    ]
    lines = draw(st.lists(st.lists(position, min_size=2, max_size=5), max_size=4))
    squares = [
        [(x, y), (x + 0.01, y), (x + 0.01, y + 0.01), (x, y + 0.01), (x, y)]
        for x, y in draw(st.lists(position, max_size=4))
    ]
    routes = [
        Layer(
            id=f"circuit-{number}",
            kind="line",
            legend=f"Circuit {number}",
            look=round_look(number, number % 4, number=number),
            features=(geojson.line(pairs, name=f"Circuit {number}"),),
        )
        for number, pairs in enumerate(lines)
    ]
    return Sheet(
        title=draw(label),
        description="Made up.",
        layers=(
            Layer(
                id="cells",
                kind="area",
                legend="Homes",
                look=Look(fill="#d9cfb8"),
                features=tuple(geojson.polygon(ring) for ring in squares),
            ),
            Layer(
                id="people",
                kind="point",
                legend="People",
                look=Look(fill="#ffffff", stroke="#7d8790", width=1.0),
                features=tuple(points),
            ),
            *routes,
            Layer(
                id="maison",
                kind="point",
                legend="Maison",
                look=Look(fill="#1d2730", shape="house"),
                features=tuple(points[:1]),
            ),
            Layer(
                id="stops",
                kind="badge",
                legend="Stop",
                look=Look(fill="#1d2730"),
                features=tuple(stops),
            ),
        ),
        attribution="Made up",
    )
