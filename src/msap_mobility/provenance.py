"""Where a result comes from: inputs, sources, engine, seed, bound. Carried by every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from msap_mobility._version import __version__
from msap_mobility.wording import Words

__all__ = ["Provenance", "Source", "Standing"]

Standing = Literal["observed", "estimated", "assumed"]
Said = str | Mapping[str, str] | Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input or figure and what it rests on.

    Parameters
    ----------
    name
        What it is about ("population of the communes"), in both languages.
    standing
        ``observed`` (counted, published), ``estimated`` (a model's value with a known error) or
        ``assumed`` (our choice, to be replaced by the user's knowledge).
    origin, licence, date
        Publisher, terms and date as text; empty where nothing is published.
    note
        What a reader must know (the error of an estimate, the rule behind synthetic homes).

    Examples
    --------
    >>> Source.of(name="population", standing="observed", origin="INSEE 2026").standing
    'observed'
    """

    name: Words
    standing: Standing
    origin: str = ""
    licence: str = ""
    date: str = ""
    note: Words = field(default=Words("", ""))

    @classmethod
    def of(cls, *, name: Said, note: Said = "", **fields: Any) -> Source:
        """A source whose name and note are given as text, or as one text for each language."""
        return cls(name=Words.of(name), note=Words.of(note), **fields)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "name": self.name.to_data(),
            "standing": self.standing,
            "origin": self.origin,
            "licence": self.licence,
            "date": self.date,
            "note": self.note.to_data(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Source:
        """Read `to_dict` back."""
        return cls.of(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a result was made, enough to make it again.

    Parameters
    ----------
    verb
        What was asked ("plan_tour", "coverage").
    inputs_hash
        `files.content_hash` over the inputs as read.
    sources
        What the inputs rest on.
    seed, starts, iterations
        Of a search: the seed, the number of starts, the iterations each start really did.
    engine
        Name of the algorithm, empty for a measure.
    objective, bound, gap
        Of an optimisation: the value reached, a proven bound on the best value, and
        ``|bound − objective| / |bound|`` (None where no bound is known).
    version
        Of this library.

    Examples
    --------
    >>> Provenance(verb="coverage", inputs_hash="ab12").gap is None
    True
    """

    verb: str
    inputs_hash: str
    sources: tuple[Source, ...] = ()
    seed: int | None = None
    starts: int | None = None
    iterations: tuple[int, ...] = ()
    engine: str = ""
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    version: str = __version__

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "verb": self.verb,
            "version": self.version,
            "inputs_hash": self.inputs_hash,
            "sources": [source.to_dict() for source in self.sources],
            "seed": self.seed,
            "starts": self.starts,
            "iterations": list(self.iterations),
            "engine": self.engine,
            "objective": self.objective,
            "bound": self.bound,
            "gap": self.gap,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Provenance:
        """Read `to_dict` back."""
        sources = tuple(Source.from_dict(source) for source in data["sources"])
        return cls(**{**data, "sources": sources, "iterations": tuple(data["iterations"])})
