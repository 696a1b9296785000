"""The nearest segment is the nearest of all, measured one by one."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.roads.segments import Segments

metre = st.integers(-40, 40)
point = st.tuples(metre, metre)


@given(
    st.lists(st.tuples(point, point), min_size=1, max_size=25),
    st.lists(point, min_size=1, max_size=12),
    st.sampled_from([1.0, 13.7, 900.0]),
)
@settings(max_examples=300, deadline=None)
def test_nearest_of_all(
    lines: list[tuple[tuple[int, int], tuple[int, int]]],
    points: list[tuple[int, int]],
    scale: float,
) -> None:
    """Whole numbers: points on segments, on shared ends, outside the grid, and many ties."""
    ends, dots = scale * np.array(lines, float), scale * np.array(points, float)
    segments = Segments.of(ends=ends.reshape(-1, 4), line=np.arange(len(lines)))
    found, share, metres = segments.nearest(dots[:, 0], dots[:, 1])
    some, _, near = segments.nearest(dots[:, 0], dots[:, 1], most_m=20 * scale)
    assert (some[metres <= 20 * scale] == found[metres <= 20 * scale]).all()
    assert (near[some >= 0] == metres[some >= 0]).all()
    shapes = [shapely.LineString(line) for line in ends]
    for row, dot in enumerate(shapely.points(dots)):
        far = np.array([shape.distance(dot) for shape in shapes])
        assert abs(metres[row] - far.min()) < 1e-9 * scale
        assert far[found[row]] < far.min() + 1e-9 * scale
        start, end = ends[found[row]]
        foot = start + share[row] * (end - start)
        assert abs(np.hypot(*(dots[row] - foot)) - metres[row]) < 1e-9 * scale


def test_of_equals_the_first_line() -> None:
    star = Segments.of(ends=[[0, 0, 9, 9], [0, 0, -9, 9], [5, 0, 0, 0]], line=[0, 1, 2])
    found, share, metres = star.nearest([0.0, 0.0], [0.0, -3.0])
    assert found.tolist() == [0, 0]
    assert share.tolist() == [0.0, 0.0]
    assert metres.tolist() == [0.0, 3.0]


def test_far_off_a_wide_network() -> None:
    """Through all grids: points that are nearer to far squares than to their own."""
    rng = np.random.default_rng(3)
    starts = np.vstack((rng.normal(0, 500, (2000, 2)), rng.normal(60_000, 500, (200, 2))))
    ends = np.hstack((starts, starts + rng.normal(0, 80, starts.shape)))
    segments = Segments.of(ends=ends, line=np.arange(len(ends)))
    assert len(segments.sides) > 2
    dots = rng.uniform(-90_000, 90_000, (300, 2))
    found, _, metres = segments.nearest(dots[:, 0], dots[:, 1])
    tree = shapely.STRtree(shapely.linestrings(ends.reshape(-1, 2, 2)))
    (_, theirs), far = tree.query_nearest(
        shapely.points(dots), return_distance=True, all_matches=False
    )
    assert (found == theirs).all()
    np.testing.assert_allclose(metres, far, rtol=1e-12)


def test_nothing_to_find() -> None:
    found, _, metres = Segments.of(ends=[], line=[]).nearest([1.0], [2.0])
    assert found.tolist() == [-1]
    assert np.isinf(metres).all()
