"""What the signs of a map mean, set in columns under it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.render.marks import swatch
from msap_mobility.render.markup import Markup, element

if TYPE_CHECKING:
    from msap_mobility.render.layers import Sheet

__all__ = ["Legend", "legend"]

ROW = 24.0
SIZE = 12.0
LONGEST = 40
"""Letters that fit half the width of the map at `SIZE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """A drawn legend and the height it takes, pixels."""

    markup: Markup
    height: float


def legend(sheet: Sheet, *, top: float, width: float) -> Legend:
    """The signs of all layers that say what they mean, in two or three columns.

    Parameters
    ----------
    sheet
        The map.
    top, width
        Where it begins and how wide it is, pixels.
    """
    told = [layer for layer in sheet.layers if layer.legend]
    columns = 3 if all(len(layer.legend) <= LONGEST * 2 // 3 for layer in told) else 2
    rows = math.ceil(len(told) / columns)
    entries = []
    for number, layer in enumerate(told):
        column, row = divmod(number, rows)
        x, y = column * width / columns, top + (row + 0.5) * ROW
        words = element("text", layer.legend, x=x + 46, y=y + 4, font_size=SIZE)
        entries.append(element("g", swatch(layer.kind, layer.look, x, y), words))
    return Legend(markup=element("g", *entries, class_="legend"), height=rows * ROW)
