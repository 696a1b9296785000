"""A route told step by step: where to turn, into which road, how far and how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, cos, degrees, radians
from typing import TYPE_CHECKING, Literal

from msap_mobility.model import Reached
from msap_mobility.roads.way_lines import Line, run_line
from msap_mobility.roads.weights import metres_of, seconds_of
from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from msap_mobility.roads.sections import Sections
    from msap_mobility.roads.turn_ways import Run
    from msap_mobility.wording import Lang

__all__ = [
    "OFF_ROAD",
    "Directions",
    "Step",
    "Turn",
    "off_road_step",
    "road_step",
    "road_words",
    "steps_of",
]

Turn = Literal[
    "depart", "straight", "slight_left", "left", "sharp_left", "slight_right", "right",
    "sharp_right", "back",
]  # fmt: skip

OFF_ROAD = "off_road"
"""Kind of the straight ways between places and their road."""

_SLIGHT, _PLAIN, _SHARP, _BACK = 25.0, 55.0, 125.0, 170.0
"""Degrees from which on a turn is told so. Assumed: quarter turns and their halves, rounded."""

_WORTH_TELLING_M = 1.0
"""A way off the road shorter than this is part of the step beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of a route along one road.

    Parameters
    ----------
    turn
        How one comes into it.
    road
        Its name, or its number for want of one; empty if it has neither.
    kind
        As in `Sections.kinds`, or `OFF_ROAD`.
    metres, seconds
        Of the stretch, what is lost at its end included.
    line
        (lon, lat) of its points.
    """

    turn: Turn
    road: str
    kind: str
    metres: float
    seconds: float
    line: Line

    def text(self, lang: Lang = "en") -> str:
        """The step as a sentence."""
        values = {
            "road": _words(self.road, self.kind, lang),
            "distance_m": self.metres,
            "time_s": self.seconds,
        }
        special = f"roads.step.{self.kind}"
        return say(special if has(special) else f"roads.step.{self.turn}", lang, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """A route and its steps; their metres and seconds add up to its own, their lines to its line.

    Parameters
    ----------
    status
        Why there is none, or `Reached.OK`.
    steps
        In order; none if there is no way.
    """

    status: Reached
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """Of all steps; infinite if there is no way."""
        return sum(step.seconds for step in self.steps) if self._is_there else float("inf")

    @property
    def metres(self) -> float:
        """Of all steps; infinite if there is no way."""
        return sum(step.metres for step in self.steps) if self._is_there else float("inf")

    @property
    def _is_there(self) -> bool:
        return self.status is Reached.OK

    def text(self, lang: Lang = "en") -> str:
        """A line for each step."""
        return "\n".join(step.text(lang) for step in self.steps)


def off_road_step(line: Line, metres: float, m_per_s: float) -> Step:
    """Straight across."""
    seconds = metres / m_per_s
    return Step(turn="straight", road="", kind=OFF_ROAD, metres=metres, seconds=seconds, line=line)


def road_step(sections: Sections, run: Run, weight: int) -> Step:
    """Along one section."""
    number = run.direction >> 1
    return Step(
        turn="straight",
        road=sections.names[int(sections.name[number])],
        kind=sections.kinds[int(sections.kind[number])],
        metres=float(metres_of(weight)),
        seconds=float(seconds_of(weight)),
        line=run_line(sections, run),
    )


def steps_of(pieces: Iterable[Step]) -> tuple[Step, ...]:
    """Pieces that follow each other as steps: one for each road, with the turn into it."""
    told: list[Step] = []
    for piece in pieces:
        if not told:
            told.append(replace(piece, turn="depart"))
            continue
        turn = _turn(told[-1].line, piece.line)
        if _goes_on(told[-1], piece, turn) or _is_trifle(piece):
            told[-1] = _joined(told[-1], piece)
        elif _is_trifle(told[-1]):
            first = _joined(told[-1], piece)
            told[-1] = replace(first, road=piece.road, kind=piece.kind)
        else:
            told.append(replace(piece, turn=turn))
    return tuple(told)


def road_words(sections: Sections, number: int, lang: Lang) -> str:
    """What a section is called: by its road's name or number, or else by its kind."""
    if number < 0:
        return ""
    name, kind = int(sections.name[number]), int(sections.kind[number])
    return _words(sections.names[name], sections.kinds[kind], lang)


def _words(name: str, kind: str, lang: Lang) -> str:
    code = f"roads.kind.{kind}"
    return name or say(code if has(code) else "roads.kind.road", lang)


def _goes_on(step: Step, piece: Step, turn: Turn) -> bool:
    """Whether one stays on a road: of one name, or of one kind without a name."""
    if step.road != piece.road or (not step.road and step.kind != piece.kind):
        return False
    return turn in ("straight", "slight_left", "slight_right")


def _is_trifle(step: Step) -> bool:
    return step.kind == OFF_ROAD and step.metres < _WORTH_TELLING_M


def _joined(step: Step, other: Step) -> Step:
    return replace(
        step,
        metres=step.metres + other.metres,
        seconds=step.seconds + other.seconds,
        line=(*step.line, *other.line[1:]),
    )


def _turn(line: Line, following: Line) -> Turn:
    """From the direction in which one line ends to that in which the next begins."""
    before, after = _bearing(line[::-1]), _bearing(following)
    if before is None or after is None:
        return "straight"
    angle = (after - (before + 180) + 180) % 360 - 180  # to the left positive
    size = abs(angle)
    if size < _SLIGHT:
        return "straight"
    if size >= _BACK:
        return "back"
    left = angle > 0
    if size < _PLAIN:
        return "slight_left" if left else "slight_right"
    if size < _SHARP:
        return "left" if left else "right"
    return "sharp_left" if left else "sharp_right"


def _bearing(line: Line) -> float | None:
    """Of the first part of a line, degrees from east against the clock."""
    (lon, lat), *others = line
    for there_lon, there_lat in others:
        if (there_lon, there_lat) != (lon, lat):
            return degrees(atan2(there_lat - lat, (there_lon - lon) * cos(radians(lat))))
    return None
