"""Coverage in sentences; the words themselves are in ``wording/*/coverage.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from msap_mobility.coverage.change import ChangeRow
    from msap_mobility.coverage.comparison import Comparison
    from msap_mobility.coverage.figures import Figures
    from msap_mobility.coverage.partition import Dimension
    from msap_mobility.coverage.table import CoverageTable
    from msap_mobility.model import Group
    from msap_mobility.wording import Lang

__all__ = ["change_sentences", "group_names", "label", "sentences"]

_MOST_NAMED = 8
_NOTICED_S = 30  # a change of the wait that a minute would not show is not told


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


def group_names(groups: Sequence[Group], lang: Lang) -> dict[str, str]:
    """What each group is, by its id: as few traits as tell it from the others, its id if none do.

    Parameters
    ----------
    groups
        All groups of a table.
    lang
        ``"en"`` or ``"fr"``.

    Examples
    --------
    >>> from msap_mobility.model import Group, Limit
    >>> limits = (Limit(mode="walk", max_m=800),)
    >>> group_names([Group(id="a", age="65_plus", car=False, alone=True, limits=limits),
    ...              Group(id="b", age="under_65", car=True, alone=False, limits=limits)], "en")
    {'a': '65 and over, without a car', 'b': 'under 65, with a car'}
    """
    short = [_traits(group, lang) for group in groups]
    long = [
        f"{name}, {say(f'coverage.alone.{_yes_no(group.alone)}', lang)}"
        if short.count(name) > 1
        else name
        for group, name in zip(groups, short, strict=True)
    ]
    return {
        group.id: f"{name} ({group.id})" if long.count(name) > 1 else name
        for group, name in zip(groups, long, strict=True)
    }


def _traits(group: Group, lang: Lang) -> str:
    age = say(f"coverage.age.{group.age}", lang)
    return f"{age}, {say(f'coverage.car.{_yes_no(group.car)}', lang)}"


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


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
                "coverage.line_rounded" if row.step else "coverage.line",
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


def change_sentences(comparison: Comparison, lang: Lang, names: Mapping[str, str]) -> Iterator[str]:
    """The main figures of a comparison: reach, waits, each group, and the communes concerned."""
    total, before, after = next(comparison.figures())
    if total.reach is None or before is None or after is None:
        yield say("coverage.change.withheld", lang, n=comparison.threshold)
        return
    yield say(
        "coverage.change.reached", lang, before=before.share_reached, after=after.share_reached
    )
    yield say("coverage.change.space_time", lang, before=before.space_time, after=after.space_time)
    yield from _of_the_change(total, lang)
    yield from _by_trait(comparison, lang, names)
    yield from _by_commune(comparison, lang, names)


def _of_the_change(total: ChangeRow, lang: Lang) -> Iterator[str]:
    if total.reach is not None:
        yield say("coverage.change.gained", lang, n=round(total.reach.gained))
        if total.reach.lost > 0:
            yield say("coverage.change.lost", lang, n=round(total.reach.lost))
        else:
            yield say("coverage.change.nobody_lost", lang)
    if total.wait is not None:
        yield say("coverage.change.wait", lang, better=total.wait.better, worse=total.wait.worse)
    if total.wait_change_s is not None and abs(total.wait_change_s) >= _NOTICED_S:
        code = "shorter" if total.wait_change_s < 0 else "longer"
        yield say(f"coverage.change.{code}", lang, change=abs(total.wait_change_s))


def _by_trait(comparison: Comparison, lang: Lang, names: Mapping[str, str]) -> Iterator[str]:
    for row, before, after in comparison.figures():
        if row.dimension in {"age", "car", "alone"} and before and after:
            yield say(
                "coverage.change.line_rounded" if row.step else "coverage.change.line",
                lang,
                label=row.label(lang, names),
                before=before.share_reached,
                after=after.share_reached,
                hours_before=before.space_time,
                hours_after=after.space_time,
            )


def _by_commune(comparison: Comparison, lang: Lang, names: Mapping[str, str]) -> Iterator[str]:
    """Where the gainers and the losers live, most people first."""
    for code, name in (("gainers", "better"), ("losers", "worse")):
        concerned = [
            (people, row.label(lang, names))
            for row in comparison.by("commune")
            if row.wait is not None and (people := getattr(row.wait, name)) > 0
        ]
        concerned.sort(key=lambda entry: (-entry[0], entry[1]))
        listed = ", ".join(
            say("coverage.change.place", lang, place=place, people=people)
            for people, place in concerned[:_MOST_NAMED]
        )
        if concerned:
            yield say(f"coverage.change.{code}", lang, places=listed)
        if len(concerned) > _MOST_NAMED:
            yield say("coverage.change.elsewhere", lang, n=len(concerned) - _MOST_NAMED)
