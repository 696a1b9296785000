"""Coverage told in rows: in all, by age, by car, by isolation, by group, by commune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msap_mobility.coverage.figures import Figures
from msap_mobility.coverage.telling import label, sentences
from msap_mobility.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.coverage.partition import Dimension
    from msap_mobility.wording import Lang

__all__ = ["CoverageRow", "CoverageTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One row of a coverage table.

    Parameters
    ----------
    dimension, keys
        What the row holds: see `Partition`. Several keys are rows told together because one alone
        would tell of a few households.
    homes, people
        Households and persons in it.
    low
        The figures if places of unknown hours never open; None where they are withheld.
    high
        The figures if they open whenever they may. Equal to `low` where all hours are known.
    step
        0 = exact figures; else the step to which shares are rounded, see `coverage.rounding`.
        Households and persons in the row are exact all the same.
    """

    dimension: Dimension
    keys: tuple[str, ...]
    homes: int
    people: float
    low: Figures | None
    high: Figures | None
    step: float = 0.0

    @property
    def certain(self) -> bool:
        """Whether no unknown hours bear on the row."""
        return self.low == self.high

    def label(self, lang: Lang = "en", names: Mapping[str, str] | None = None) -> str:
        """What the row is about, in `lang`; `names` are names of communes and groups."""
        return label(self.dimension, self.keys, lang, names or {})

    def to_dict(self) -> dict[str, Any]:
        """JSON data; ``high`` is null where it equals ``low``."""
        return {
            "dimension": self.dimension,
            "keys": list(self.keys),
            "homes": self.homes,
            "people": self.people,
            "step": self.step,
            "low": None if self.low is None else self.low.to_dict(),
            "high": None if self.high is None or self.certain else self.high.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CoverageRow:
        """Read `to_dict` back."""
        low = None if data["low"] is None else Figures.from_dict(data["low"])
        high = low if data["high"] is None else Figures.from_dict(data["high"])
        return cls(**{**data, "keys": tuple(data["keys"]), "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageTable:
    """Coverage as it may be published: what `Coverage.table` gives.

    Parameters
    ----------
    rows
        All homes first, then by age, car, isolation, group and commune. Rows that would give
        away a few households are rounded or merged; a dimension where nothing helps is missing.
    services
        Services asked for (any of them counts); empty = whatever is open.
    stay_s
        Length of a visit.
    threshold
        Fewest households behind any figure.
    provenance
        What was measured.
    """

    rows: tuple[CoverageRow, ...]
    services: tuple[str, ...]
    stay_s: int
    threshold: int
    provenance: Provenance

    @property
    def total(self) -> CoverageRow:
        """The row of all homes."""
        return self.rows[0]

    @property
    def rounded(self) -> bool:
        """Whether any row is rounded."""
        return any(row.step > 0 for row in self.rows)

    def by(self, dimension: Dimension) -> tuple[CoverageRow, ...]:
        """The rows of one dimension, empty if it is not told."""
        return tuple(row for row in self.rows if row.dimension == dimension)

    def summary(self, lang: Lang = "en", names: Mapping[str, str] | None = None) -> str:
        """The main figures as sentences, in `lang`."""
        return "\n".join(sentences(self, lang, names or {}))

    def to_rows(self) -> list[dict[str, Any]]:
        """Flat rows for a CSV file.

        The column ``hours`` says ``known`` for the figures that known hours assure; where unknown
        hours could better them, a second row says ``all``. Empty = not told, or no such number.
        """
        flat: list[dict[str, Any]] = []
        for row in self.rows:
            about = {
                "dimension": row.dimension,
                "keys": " ".join(row.keys),
                "homes": row.homes,
                "people": row.people,
                "step": row.step,
            }
            told = [("known", row.low)] if row.certain else [("known", row.low), ("all", row.high)]
            flat += [{**about, "hours": hours, **_cells(found)} for hours, found in told]
        return flat

    def to_dict(self) -> dict[str, Any]:
        """JSON data: no home, no infinity, null where there is no number."""
        return {
            "rows": [row.to_dict() for row in self.rows],
            "services": list(self.services),
            "stay_s": self.stay_s,
            "threshold": self.threshold,
            "provenance": self.provenance.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CoverageTable:
        """Read `to_dict` back."""
        return cls(
            rows=tuple(CoverageRow.from_dict(row) for row in data["rows"]),
            services=tuple(data["services"]),
            stay_s=data["stay_s"],
            threshold=data["threshold"],
            provenance=Provenance.from_dict(data["provenance"]),
        )


def _cells(found: Figures | None) -> dict[str, float | None]:
    if found is None:
        return dict.fromkeys(Figures.__slots__)
    return found.to_dict()
