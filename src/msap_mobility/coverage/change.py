"""What changed for whom between two coverages of the same homes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from msap_mobility.coverage.rounding import rounded_people, rounded_share
from msap_mobility.coverage.telling import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.coverage.disclosure import HomeMask, SignArray
    from msap_mobility.coverage.indicators import Indicators
    from msap_mobility.coverage.partition import Dimension, Partition
    from msap_mobility.model import Homes
    from msap_mobility.model.home import FloatArray
    from msap_mobility.wording import Lang

__all__ = ["ChangeRow", "Changes", "Signs", "Transition", "change_rows"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """The change of every home: individual answers, not for publication.

    Parameters
    ----------
    before, after
        The measures of every home.

    Examples
    --------
    >>> import numpy as np
    >>> from msap_mobility.coverage import Indicators
    >>> never = Indicators(reached=np.array([False]), space_time=np.zeros(1),
    ...                    wait_s=np.array([np.inf]), visits_per_week=np.zeros(1))
    >>> daily = Indicators(reached=np.array([True]), space_time=np.array([0.2]),
    ...                    wait_s=np.array([30000.0]), visits_per_week=np.array([7.0]))
    >>> change = Changes(before=never, after=daily)
    >>> change.gained.tolist(), change.wait.tolist()
    ([True], [1])
    """

    before: Indicators
    after: Indicators

    @property
    def gained(self) -> HomeMask:
        """Reached now and not before."""
        return ~self.before.reached & self.after.reached

    @property
    def lost(self) -> HomeMask:
        """Reached before and not any more."""
        return self.before.reached & ~self.after.reached

    @property
    def kept(self) -> HomeMask:
        """Reached before and after."""
        return self.before.reached & self.after.reached

    @property
    def space_time(self) -> SignArray:
        """Of the hours covered: 1 more, −1 fewer, 0 as many; however small the change."""
        return _sign(self.after.space_time, self.before.space_time)

    @property
    def wait(self) -> SignArray:
        """Of the expected wait: 1 shorter, −1 longer, 0 the same; never reached = for ever."""
        return _sign(self.before.wait_s, self.after.wait_s)


def _sign(greater: FloatArray, less: FloatArray) -> SignArray:
    return (greater > less).astype(np.int8) - (greater < less).astype(np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Persons by being reached before and after.

    Parameters
    ----------
    gained, lost, kept, never
        Newly reached; no longer reached; reached both times; neither time.
    """

    gained: float
    lost: float
    kept: float
    never: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Persons by the direction of a change.

    Parameters
    ----------
    better, same, worse
        How many.
    """

    better: float
    same: float
    worse: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One row of a comparison.

    Parameters
    ----------
    dimension, keys
        What the row holds, as in a `CoverageRow`.
    homes, people
        Households and persons in it.
    reach
        Who is reached before and after.
    space_time, wait
        For whom the hours covered and the expected wait became better or worse. Any of the three
        is None where it would tell of a few households; hours are not told by commune.
    wait_change_s
        Mean change of the expected wait of the persons reached both times, seconds; negative =
        shorter. None if there are none, or withheld.
    step
        0 = exact; else the step of the shares that `reach` is made of, its persons rounded to
        tens. A rounded row tells of reach only, and only where of all homes none loses it, or
        none gains it: then the change follows from the shares before and after.
    """

    dimension: Dimension
    keys: tuple[str, ...]
    homes: int
    people: float
    reach: Transition | None
    space_time: Signs | None
    wait: Signs | None
    wait_change_s: float | None
    step: float = 0.0

    def label(self, lang: Lang = "en", names: Mapping[str, str] | None = None) -> str:
        """What the row is about, in `lang`; `names` are names of communes and groups."""
        return label(self.dimension, self.keys, lang, names or {})

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {**asdict(self), "keys": list(self.keys)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChangeRow:
        """Read `to_dict` back."""
        parts: dict[str, Any] = {
            name: None if data[name] is None else kind(**data[name])
            for name, kind in (("reach", Transition), ("space_time", Signs), ("wait", Signs))
        }
        return cls(**{**data, "keys": tuple(data["keys"]), **parts})


def change_rows(
    homes: Homes, changes: Changes, partition: Partition, measures: frozenset[str]
) -> Iterator[ChangeRow]:
    """The rows of one partition.

    Parameters
    ----------
    homes, changes
        Rows of one order.
    partition
        Which homes make a row.
    measures
        What may be told: any of ``"reach"``, ``"space_time"``, ``"wait"``.
    """
    for number, (keys, step) in enumerate(zip(partition.keys, partition.steps, strict=True)):
        inside = partition.part == number
        told = measures & {"reach"} if step else measures
        yield ChangeRow(
            dimension=partition.dimension,
            keys=keys,
            homes=len(np.unique(homes.ids[inside])),
            people=float(homes.people[inside].sum()),
            reach=_told_transition(homes, changes, inside, step) if "reach" in told else None,
            space_time=_signs(homes, changes.space_time, inside) if "space_time" in told else None,
            wait=_signs(homes, changes.wait, inside) if "wait" in told else None,
            wait_change_s=_wait_change(homes, changes, inside) if "wait" in told else None,
            step=step,
        )


def _told_transition(
    homes: Homes, changes: Changes, inside: HomeMask, step: float
) -> Transition | None:
    """Exact, or what follows from the rounded shares before and after, if anything does."""
    exact = _transition(homes, changes, inside)
    if step == 0:
        return exact
    return _rounded(exact, step) if _one_way(homes, changes) else None


def _one_way(homes: Homes, changes: Changes) -> bool:
    """Whether nobody gains or nobody loses: then the shares before and after tell the change."""
    gained, lost = (_people(homes, which) for which in (changes.gained, changes.lost))
    return gained == 0 or lost == 0


def _rounded(exact: Transition, step: float) -> Transition:
    """No more than follows from the rounded shares before and after."""
    people = exact.gained + exact.lost + exact.kept + exact.never
    before = rounded_share((exact.kept + exact.lost) / people, step)
    after = rounded_share((exact.kept + exact.gained) / people, step)
    return Transition(
        gained=rounded_people(max(after - before, 0.0), people),
        lost=rounded_people(max(before - after, 0.0), people),
        kept=rounded_people(min(before, after), people),
        never=rounded_people(1 - max(before, after), people),
    )


def _transition(homes: Homes, changes: Changes, inside: HomeMask) -> Transition:
    never = ~(changes.before.reached | changes.after.reached)
    return Transition(
        gained=_people(homes, changes.gained & inside),
        lost=_people(homes, changes.lost & inside),
        kept=_people(homes, changes.kept & inside),
        never=_people(homes, never & inside),
    )


def _signs(homes: Homes, sign: SignArray, inside: HomeMask) -> Signs:
    return Signs(
        better=_people(homes, (sign > 0) & inside),
        same=_people(homes, (sign == 0) & inside),
        worse=_people(homes, (sign < 0) & inside),
    )


def _wait_change(homes: Homes, changes: Changes, inside: HomeMask) -> float | None:
    kept = changes.kept & inside
    people = homes.people[kept]
    if people.sum() == 0:
        return None
    change = changes.after.wait_s[kept] - changes.before.wait_s[kept]
    return float((people * change).sum() / people.sum())


def _people(homes: Homes, which: HomeMask) -> float:
    return float(homes.people[which].sum())
