"""Coverage in sentences; the words themselves are in ``wording/*/coverage.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.coverage.figures import Figures
    from msap_mobility.coverage.partition import Dimension
    from msap_mobility.coverage.table import CoverageTable
    from msap_mobility.wording import Lang

__all__ = ["label", "sentences"]


def label(dimension: Dimension, keys: tuple[str, ...], lang: Lang, names: Mapping[str, str]) -> str:
    """What a row is about.

    Parameters
    ----------
    dimension, keys
        As in `Partition`.
    lang
        ``"en"`` or ``"fr"``.
    names
        Names of communes and groups by their code or id; the key itself where there is none.

    Examples
    --------
    >>> label("age", ("65_plus",), "fr", {}), label("commune", ("76070",), "fr", {})
    ('65 ans et plus', '76070')
    >>> label("commune", ("a", "b"), "en", {"a": "Ayen"})
    'Ayen, b (together)'
    """
    if not keys:
        return say("coverage.row.all", lang)
    named = ", ".join(_name(dimension, key, lang, names) for key in keys)
    return named if len(keys) == 1 else say("coverage.row.together", lang, names=named)


def _name(dimension: Dimension, key: str, lang: Lang, names: Mapping[str, str]) -> str:
    code = f"coverage.{dimension}.{key}"
    if has(code, lang):
        return say(code, lang)
    return names.get(key, key) or say("coverage.row.nameless", lang)


def sentences(table: CoverageTable, lang: Lang, names: Mapping[str, str]) -> Iterator[str]:
    """The main figures of a table: of everybody, then a line for each age, car and isolation."""
    total = table.total
    if total.low is None or total.high is None:
        yield say("coverage.withheld", lang, people=total.people, n=table.threshold)
        return
    yield from _of_everybody(total.people, total.low, lang)
    if not total.certain:
        yield say(
            "coverage.unknown_hours",
            lang,
            people=total.high.people_reached,
            share=total.high.share_reached,
            space_time=total.high.space_time,
        )
    for row in table.rows:
        if row.dimension in {"age", "car", "alone"} and row.low is not None:
            yield say(
                "coverage.line",
                lang,
                label=row.label(lang, names),
                people=row.people,
                share=row.low.share_reached,
                space_time=row.low.space_time,
            )


def _of_everybody(people: float, found: Figures, lang: Lang) -> Iterator[str]:
    yield say(
        "coverage.reached",
        lang,
        people=people,
        reached=found.people_reached,
        share=found.share_reached,
    )
    yield say("coverage.space_time", lang, space_time=found.space_time)
    if found.mean_wait_s is not None:
        yield say("coverage.wait", lang, wait=found.mean_wait_s)
    if found.people_never > 0:
        yield say("coverage.never", lang, n=round(found.people_never))
