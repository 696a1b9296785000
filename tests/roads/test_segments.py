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
    shapes = [shapely.LineString(line) for line in ends]
    for row, dot in enumerate(shapely.points(dots)):
        far = np.array([shape.distance(dot) for shape in shapes])
        assert abs(metres[row] - far.min()) < 1e-9 * scale
        assert far[found[row]] < far.min() + 1e-9 * scale
        start, end = ends[found[row]]
        foot = start + share[row] * (end - start)
        assert abs(np.hypot(*(dots[row] - foot)) - metres[row]) < 1e-9 * scale
        if metres[row] == 0 and (far == 0).sum() > 0:
            assert found[row] == np.flatnonzero(far == 0)[0] or 0 < share[row] < 1


def test_of_equals_the_first_line() -> None:
    star = Segments.of(ends=[[0, 0, 9, 9], [0, 0, -9, 9], [5, 0, 0, 0]], line=[0, 1, 2])
    found, share, metres = star.nearest([0.0, 0.0], [0.0, -3.0])
    assert found.tolist() == [0, 0]
    assert share.tolist() == [0.0, 0.0]
    assert metres.tolist() == [0.0, 3.0]


def test_nothing_to_find() -> None:
    found, _, metres = Segments.of(ends=[], line=[]).nearest([1.0], [2.0])
    assert found.tolist() == [-1]
    assert np.isinf(metres).all()
