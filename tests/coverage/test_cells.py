"""Homes on a map: squares that hold enough households, everybody in one of them."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from msap_mobility.coverage import coarsen
from msap_mobility.model import Group, Home, Homes, Limit

GROUP = Group(
    id="all", age="65_plus", car=False, alone=True, limits=(Limit(mode="walk", max_m=800),)
)


def off_the_borders(points):
    """The points, five metres away from every line of the grid.

    The sides of a drawn square are straight on the map and those of the grid are not quite: nearer
    to one, the ring that holds a point need not be that of its square.
    """
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)
    metres = np.array(to_grid.transform(*np.array(points).T))
    corner = metres // 1000 * 1000
    lon_lat = to_grid.transform(*(corner + np.clip(metres - corner, 5, 995)), direction="INVERSE")
    return list(np.array(lon_lat).T)


def homes_at(points):
    rows = [
        Home(id=f"h{n}", lon=lon, lat=lat, people=1, group="all")
        for n, (lon, lat) in enumerate(points)
    ]
    return Homes.of(rows, groups=(GROUP,))


def inside(ring, lon, lat):
    """Rings are convex: the point lies left of every side."""
    return all(
        (bx - ax) * (lat - ay) - (by - ay) * (lon - ax) > -1e-8
        for (ax, ay), (bx, by) in pairwise(ring)
    )


@st.composite
def villages(draw):
    """Some villages of some homes each, within about thirty kilometres."""
    points = []
    for _ in range(draw(st.integers(1, 5))):
        lon, lat = draw(st.floats(1.0, 1.4)), draw(st.floats(49.6, 49.9))
        spread = draw(st.sampled_from([0.0, 0.01, 0.05]))
        count = draw(st.integers(1, 25))
        seed = draw(st.integers(0, 99))
        points += list((lon, lat) + spread * np.random.default_rng(seed).normal(size=(count, 2)))
    return off_the_borders(points)


@settings(deadline=None, max_examples=40)
@given(villages(), st.integers(0, 99))
def test_every_cell_has_enough_of_each_and_nobody_is_lost(points, seed):
    homes = homes_at(points)
    reached = np.random.default_rng(seed).random(len(homes)) < 0.5
    told = coarsen(homes, threshold=5, values={"reached": reached})
    if len(homes) < 5:
        assert told.cells == ()
        assert told.people_not_drawn == round(len(homes) / 10) * 10
        return
    cell_of = [
        [number for number, cell in enumerate(told.cells) if any(inside(r, *p) for r in cell.rings)]
        for p in points
    ]
    # A home on a border may lie in two rings by rounding; it is in one at least.
    assert all(cell_of)
    for number, cell in enumerate(told.cells):
        members = np.array([number in numbers for numbers in cell_of])
        assert members.sum() >= 5
        if cell.shares["reached"] is not None and all(len(numbers) == 1 for numbers in cell_of):
            yes = (members & reached).sum()
            no = (members & ~reached).sum()
            assert yes == 0 or yes >= 5
            assert no == 0 or no >= 5
            assert abs(cell.shares["reached"] - yes / (yes + no)) < 0.0501
            assert cell.people == round(members.sum() / 10) * 10


def test_a_dense_village_is_drawn_by_the_kilometre_and_a_scattered_one_by_more():
    rng = np.random.default_rng(0)
    dense = [(1.24, 49.72)] * 40
    scattered = list((1.24, 49.90) + 0.02 * rng.normal(size=(15, 2)))
    sizes = {cell.id[7:].split("m")[0] for cell in coarsen(homes_at([*dense, *scattered])).cells}
    assert "RES1000" in sizes
    assert len(sizes) > 1


def test_before_and_after_are_told_by_their_joint_classes():
    homes = homes_at([(1.24, 49.72)] * 40)
    before, after = np.arange(40) < 20, np.arange(40) < 22
    told = coarsen(homes, values={"before": before, "after": after})
    assert [cell.shares for cell in told.cells] == [{"before": None, "after": None}]
    assert coarsen(homes, values={"before": before}).cells[0].shares == {"before": 0.5}


def test_homes_without_people_are_not_drawn():
    homes = homes_at([(1.24, 49.72)] * 40)
    homes.people[:] = 0
    assert coarsen(homes).cells == ()


def test_the_order_of_homes_does_not_matter():
    rng = np.random.default_rng(1)
    points = list((1.24, 49.72) + 0.03 * rng.normal(size=(90, 2)))
    assert coarsen(homes_at(points)) == coarsen(homes_at(points[::-1]))


def test_squares_are_those_of_the_european_grid():
    (cell,) = coarsen(homes_at([(1.45, 45.24)] * 11)).cells  # near Ayen
    north, east = cell.id.split("mN")[1].split("E")
    assert (int(north) % 1000, int(east) % 1000) == (0, 0)
    ((west, south), *_rest) = cell.rings[0]
    assert abs(west - 1.45) < 0.03
    assert abs(south - 45.24) < 0.02
