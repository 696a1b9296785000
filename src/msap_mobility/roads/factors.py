"""The same roads at another hour or in another season: speeds by kind of road, times a factor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.errors import Faults
from msap_mobility.provenance import Source
from msap_mobility.roads.graph import RoadGraph
from msap_mobility.wording import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["factors_source", "with_factors"]


def with_factors(graph: RoadGraph, factors: Mapping[str, float]) -> RoadGraph:
    """A graph on which some kinds of road are slower, faster or closed; delays at nodes stay.

    Parameters
    ----------
    graph
        The roads.
    factors
        By kind, see `Sections.kinds`: what its speeds are multiplied by; 0 closes it, as snow does
        a pass, and so does a factor with which a section takes 12 days. Kinds that are not named
        stay as they are.

    Raises
    ------
    InputError
        Naming each kind that no road is of (``unknown_road_kind``) and each factor that is not a
        number of 0 or more (``not_a_speed_factor``).

    Examples
    --------
    >>> graph = RoadGraph.of_arcs(
    ...     node_id=[7, 8], lon=[1.0, 1.01], lat=[45.0, 45.0],
    ...     tails=[0, 1], heads=[1, 0], seconds=[60, 60], metres=[800, 800])
    >>> with_factors(graph, {"": 0.5}).seconds.tolist()
    [120.0, 120.0]
    """
    sections = graph.sections
    of_kind = np.ones(len(sections.kinds))
    with Faults() as faults:
        for kind, factor in factors.items():
            if kind not in sections.kinds:
                known = ", ".join(one for one in sections.kinds if one)
                faults.add("unknown_road_kind", value=kind, known=known)
            elif not 0 <= factor < np.inf:
                faults.add("not_a_speed_factor", value=factor, kind=kind)
            else:
                of_kind[sections.kinds.index(kind)] = factor
    factor_of = of_kind[sections.kind]
    along_s, against_s = (
        np.divide(seconds, factor_of, out=np.full(len(sections), np.inf), where=factor_of > 0)
        for seconds in (sections.along_s, sections.against_s)
    )
    return RoadGraph.of_sections(
        node_id=graph.node_id,
        lon=graph.lon,
        lat=graph.lat,
        sections=replace(sections, along_s=along_s, against_s=against_s),
        delay_s=graph.delay_s,
        banned=graph.banned,
        slope_known=graph.slope_known,
        profile=graph.profile,
        sources=graph.sources,
    )


def factors_source(factors: Mapping[str, float]) -> tuple[Source, ...]:
    """That speeds were changed, and by how much; nothing if none were.

    Examples
    --------
    >>> [source] = factors_source({"primary": 0.7, "track": 0})
    >>> source.standing, source.note.en
    ('assumed', 'Speeds were multiplied, 0 closing the road: primary × 0.70, track × 0.00.')
    """
    told = ", ".join(f"{kind} × {factor:.2f}" for kind, factor in factors.items() if factor != 1)
    if not told:
        return ()
    name = Words.saying("roads.source.factors.name")
    note = Words.saying("roads.source.factors.note", factors=told)
    return (Source(name=name, standing="assumed", note=note),)
