"""The prefect's table: its figures, and which of them may be published.

The prefect's own copy carries every figure: the law asks for them (arrêté of 17 October 2019) and
it goes to one authority. A copy that others may see tells of no few people: a figure of fewer than
`THRESHOLD` persons is left out, and so is every figure from which it could be worked out.
"""

from __future__ import annotations

import csv
import io
from calendar import isleap
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.carpool.law.checks import check_whole
from msap_mobility.carpool.law.prefect_figures import (
    THRESHOLD,
    Figure,
    is_safe,
    mean,
    plain,
    told_in,
)
from msap_mobility.errors import Faults
from msap_mobility.wording import say
from msap_mobility.wording.quantities import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.wording import Lang

__all__ = ["PrefectReport"]

_SCHEMA = "msap.prefect/1"
_MOST = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectReport:
    """What happened in one year, as R3133-5 asks for it.

    Parameters
    ----------
    year
        The calendar year.
    volunteers, employed
        Drivers.
    residence_only, resources_only, both
        Beneficiaries by condition of R3133-1, each in one class.
    owned_vehicles, lent_vehicles, owned_seats, lent_seats
        Vehicles of the association, or lent to it without profit; their seats together.
    trips, distance_m
        Rides, and their metres together.
    contribution_cents
        Asked of the beneficiaries in the year, euro cents.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> report = PrefectReport(
    ...     year=2026, volunteers=14, employed=0, residence_only=31, resources_only=0, both=4,
    ...     owned_vehicles=1, owned_seats=9, lent_vehicles=13, lent_seats=65, trips=300,
    ...     distance_m=5_410_000, contribution_cents=54_100,
    ... )
    >>> report.beneficiaries, report.by_residence, report.by_resources
    (35, 35, 4)
    >>> report.to_dict()["figures"]["by_resources"], report.mean_distance_m
    (None, 18033)
    >>> report.to_dict(private=True)["figures"]["by_resources"]
    4
    """

    year: int
    volunteers: int
    employed: int
    residence_only: int
    resources_only: int
    both: int
    owned_vehicles: int
    owned_seats: int
    lent_vehicles: int
    lent_seats: int
    trips: int
    distance_m: int
    contribution_cents: int

    def __post_init__(self) -> None:
        with Faults() as faults:
            for one in fields(self):
                least, most = (2019, 9998) if one.name == "year" else (0, _MOST)
                check_whole(faults, one.name, getattr(self, one.name), least, most)

    @property
    def due(self) -> date:
        """The last day on which it may be sent: before 1 March of the next year."""
        return date(self.year + 1, 2, 29 if isleap(self.year + 1) else 28)

    @property
    def drivers(self) -> int:
        """Volunteers and employed."""
        return self.volunteers + self.employed

    @property
    def beneficiaries(self) -> int:
        """Everybody who was driven."""
        return self.residence_only + self.resources_only + self.both

    @property
    def by_residence(self) -> int:
        """Beneficiaries who live in a rural commune or a small urban unit."""
        return self.residence_only + self.both

    @property
    def by_resources(self) -> int:
        """Beneficiaries by resources; those of both conditions are counted here too."""
        return self.resources_only + self.both

    @property
    def mean_distance_m(self) -> int | None:
        """Metres a trip, rounded to the nearest; None without a trip."""
        return mean(self.distance_m, self.trips)

    def figures(self, *, private: bool = False) -> tuple[Figure, ...]:
        """The lines of the table.

        Parameters
        ----------
        private
            True: the prefect's own copy, every figure. False: a copy others may see, without
            figures of fewer than `THRESHOLD` persons and those that would give them away.

        Notes
        -----
        The split of the beneficiaries is told only if each of its three classes is empty or large
        enough: with the total, the two published counts give all three. What the rides of a few
        people come to (number, distance, contribution) tells of these few and goes with them; a
        lent car stands for its owner.
        """
        people = private or is_safe(self.beneficiaries)
        split = private or (people and is_safe(self.residence_only, self.resources_only, self.both))
        driving = private or is_safe(self.drivers)
        hired = private or (driving and is_safe(self.volunteers, self.employed))
        lent = private or is_safe(self.lent_vehicles)
        rode = private or (people and is_safe(self.trips))
        own_seats = mean(10 * self.owned_seats, self.owned_vehicles)  # shown with one decimal
        lent_seats = mean(10 * self.lent_seats, self.lent_vehicles)
        lines = (
            ("drivers", self.drivers, 0, driving),
            ("volunteers", self.volunteers, 0, hired),
            ("beneficiaries", self.beneficiaries, 0, people),
            ("by_residence", self.by_residence, 0, split),
            ("by_resources", self.by_resources, 0, split),
            ("owned_vehicles", self.owned_vehicles, 0, True),
            ("owned_mean_seats", own_seats, 1, True),
            ("lent_vehicles", self.lent_vehicles, 0, lent),
            ("lent_mean_seats", lent_seats, 1, lent),
            ("contribution", self.contribution_cents, 2, rode),
            ("trips", self.trips, 0, rode),
            ("mean_distance", self.mean_distance_m, 3, rode),
        )
        return tuple(
            Figure(code, value if told else None, decimals, withheld=not told)
            for code, value, decimals, told in lines
        )

    def to_dict(self, *, private: bool = False) -> dict[str, Any]:
        """JSON data; only a private one can be read back.

        Parameters
        ----------
        private
            See `figures`.
        """
        lines = self.figures(private=private)
        data = {
            "schema": _SCHEMA,
            "year": self.year,
            "due": self.due.isoformat(),
            "private": private,
            "figures": {line.code: line.value for line in lines},
            "withheld": [line.code for line in lines if line.withheld],
        }
        return {**data, "counts": asdict(self)} if private else data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What ``to_dict(private=True)`` gave.

        Raises
        ------
        InputError
            If `data` is a published copy, or no report at all.
        """
        with Faults() as faults:
            if data.get("schema") != _SCHEMA or "counts" not in data:
                faults.add("law_not_a_private_report", value=data.get("schema"))
        return cls(**data["counts"])

    def to_csv(self, lang: Lang = "en", *, private: bool = False) -> str:
        """The table as the spreadsheets of `lang` open it: semicolons in French, commas in English.

        Parameters
        ----------
        lang
            Of the labels and of the decimal sign.
        private
            See `figures`.
        """
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";" if lang == "fr" else ",", lineterminator="\n")
        writer.writerow((say("law.prefect.figure", lang), str(self.year)))
        for line in self.figures(private=private):
            told = told_in(lang, line, plain)
            writer.writerow((say(f"law.prefect.{line.code}", lang), told))
        return out.getvalue()

    def text(self, lang: Lang = "en", *, private: bool = False) -> str:
        """The table as lines, with what it is, when it is due and what was left out, in `lang`.

        Parameters
        ----------
        lang
            Of the words.
        private
            See `figures`.
        """
        lines = [say("law.prefect.title", lang, year=str(self.year), due=self.due)]
        for line in self.figures(private=private):
            told = told_in(lang, line, number)
            label = say(f"law.prefect.{line.code}", lang)
            lines.append(say("law.prefect.line", lang, label=label, told=told))
        which = "private" if private else "published"
        lines.append(say(f"law.prefect.{which}", lang, threshold=THRESHOLD))
        return "\n".join(lines)
