"""What a map shows, said once: the SVG map and the live map are both drawn from these records."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from msap_mobility.render.palette import DAY_COLOURS, WEEK_DASHES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.formats.geojson import Feature

__all__ = ["Kind", "Layer", "Look", "Sheet", "radius", "round_look", "stacked"]

_SHIFT = 2.5
"""Pixels between a round's line and the road."""

Kind = Literal["area", "line", "point", "badge"]
"""Polygons, lines, points drawn as a circle or a shape, or points drawn as their own label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the features of a layer are drawn; lengths in pixels.

    Parameters
    ----------
    fill, stroke
        ``#rrggbb``; empty = none.
    width
        Of the stroke.
    dash
        Lengths drawn and left out in turn; empty = a whole line.
    opacity
        Of the fill, 0 to 1.
    radius
        Of a point whose feature has no ``radius`` of its own.
    shape
        A name of `palette.SHAPES`; empty = a circle.
    shift
        By how many pixels a line is moved right and down, so that two on one road both show.
    """

    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    radius: float = 5.0
    shape: str = ""
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def cased(self) -> bool:
        """Whether a line lies on a wider one of paper: a broken one would hide what it crosses."""
        return not self.dash


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Features that look alike.

    Parameters
    ----------
    id
        Unique in its sheet, fit for an XML name.
    kind
        See `Kind`.
    legend
        What the sign means, in the reader's language; empty = not in the legend.
    look
        See `Look`.
    features
        Properties read here: ``label`` (text beside a point, or in a badge), ``radius`` (pixels),
        ``name`` (told on pointing).
    """

    id: str
    kind: Kind
    legend: str
    look: Look
    features: tuple[Feature, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A map: its words and its layers, the lowest first.

    Parameters
    ----------
    title, description
        The text alternative: what the map is, and what it shows, as sentences.
    layers
        From the ground up.
    attribution
        Whose data it is; a duty of most licences.
    north
        What stands over the north arrow.
    """

    title: str
    description: str
    layers: tuple[Layer, ...]
    attribution: str
    north: str = "N"

    def positions(self) -> Iterator[tuple[float, float]]:
        """Every (lon, lat) of every feature."""
        for layer in self.layers:
            for feature in layer.features:
                yield from _pairs(feature.coordinates)


def _pairs(coordinates: tuple[Any, ...]) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], tuple):
        for part in coordinates:
            yield from _pairs(part)
    else:
        yield float(coordinates[0]), float(coordinates[1])


def stacked(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers in the order they are drawn: among lines, whole ones lie under broken ones.

    A whole line is then seen through the gaps of a broken one on the same road.
    """
    lines = iter(sorted((layer for layer in layers if layer.kind == "line"), key=_broken))
    return tuple(next(lines) if layer.kind == "line" else layer for layer in layers)


def _broken(layer: Layer) -> bool:
    return bool(layer.look.dash)


def round_look(weekday: int, week: int, *, number: int = 0) -> Look:
    """The line of a round: hue by weekday (0 = Monday), pattern by week of the cycle.

    Parameters
    ----------
    weekday, week
        Of the cycle, both from 0.
    number
        Of the round: each is shifted its own way, by golden angles around the true line.

    Examples
    --------
    >>> round_look(0, 0).dash, round_look(0, 1).dash
    ((), (10, 5))
    """
    angle = number * math.pi * (3 - math.sqrt(5))
    return Look(
        stroke=DAY_COLOURS[weekday % 7],
        width=3.0,
        dash=WEEK_DASHES[week % len(WEEK_DASHES)],
        shift=(round(_SHIFT * math.cos(angle), 1), round(_SHIFT * math.sin(angle), 1)),
    )


def radius(people: float, *, most: float, largest: float = 22.0) -> float:
    """The radius of a circle whose *area* is in proportion to `people`.

    Parameters
    ----------
    people
        How many.
    most
        The number whose circle has the radius `largest`.
    largest
        Pixels.

    Examples
    --------
    >>> radius(250, most=1000, largest=20)
    10.0
    """
    return float(largest * (max(people, 0.0) / most) ** 0.5) if most > 0 else 0.0
