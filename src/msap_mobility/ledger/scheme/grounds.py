"""What each figure of a scheme's rules rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from msap_mobility.errors import Faults
from msap_mobility.provenance import Standing

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Ground", "grounds_of"]

_STANDINGS = get_args(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Whether a figure was observed or assumed, and where.

    Parameters
    ----------
    figure
        The rule it is about: ``"cents_per_coupon"``.
    standing
        ``"observed"`` (published by somebody), ``"estimated"`` or ``"assumed"`` (our choice, to be
        replaced by what the scheme really does).
    source
        Who says so.
    """

    figure: str
    standing: Standing
    source: str


def grounds_of(data: object, figures: Collection[str]) -> tuple[Ground, ...]:
    """Grounds from a table of figure to ``{standing, source}``.

    Raises
    ------
    InputError
        With every fault: another shape, a standing or a figure that does not exist.

    Examples
    --------
    >>> grounds_of({"name": {"standing": "observed", "source": "E3"}}, {"name"})[0].source
    'E3'
    """
    with Faults() as faults:
        if not isinstance(data, Mapping):
            faults.add("not_a_mapping", column="grounds", value=data)
            return ()
        return tuple(
            ground
            for figure, row in data.items()
            if (ground := _ground(faults, figure, row, figures)) is not None
        )


def _ground(
    faults: Faults,
    figure: str,
    row: Any,
    figures: Collection[str],
) -> Ground | None:
    place = f"grounds.{figure}"
    if figure not in figures:
        faults.add("rule_unknown", column=place, value=figure, known=sorted(figures))
    elif not isinstance(row, Mapping) or row.keys() != {"standing", "source"}:
        faults.add("not_a_ground", column=place, value=row)
    elif row["standing"] not in _STANDINGS:
        faults.add("not_one_of", column=place, value=row["standing"], known=_STANDINGS)
    elif not isinstance(row["source"], str):
        faults.add("not_a_text", column=place, value=row["source"])
    else:
        return Ground(figure=figure, standing=row["standing"], source=row["source"])
    return None
