"""Colours stand out on the ground, and from one another, for every reader."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from msap_mobility.render import round_look
from msap_mobility.render.palette import DAY_COLOURS, GROUND, INK, PAPER, WEEK_DASHES

# Linear-RGB matrices of complete dichromacy: Viénot, Brettel, Mollon (1999) for protan and deutan.
PROTAN = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
DEUTAN = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])


def linear(colour: str) -> np.ndarray:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("colour", [*DAY_COLOURS, INK])
def test_lines_and_text_contrast_with_the_ground_and_with_paper(colour):
    assert contrast(colour, GROUND) >= 4.5
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("eye", [np.eye(3), PROTAN, DEUTAN], ids=["full", "protan", "deutan"])
def test_working_days_differ_for_every_eye(eye):
    seen = [lab(eye @ linear(colour)) for colour in DAY_COLOURS[:5]]
    nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2))
    assert nearest >= 10


def test_no_two_rounds_of_four_weeks_look_alike():
    looks = {
        (round_look(day, week).stroke, round_look(day, week).dash)
        for day in range(7)
        for week in range(len(WEEK_DASHES))
    }
    assert len(looks) == 28
