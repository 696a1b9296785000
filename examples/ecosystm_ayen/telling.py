"""The year, told in French and in English."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msap_mobility.ledger.books.circulation import circulation
from msap_mobility.ledger.books.period import midnight
from msap_mobility.wording.quantities import number

from .figures import counted

if TYPE_CHECKING:
    from msap_mobility.wording import Lang

    from .diary import Diary
    from .figures import Figures
    from .maison import Maison
    from .year import Year

__all__ = ["report", "said"]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def said(name: str, lang: Lang, **values: Any) -> str:
    """A sentence of `words.toml`."""
    return _words()[lang][name].format(**values)


def report(year: Year, maison: Maison, diary: Diary, lang: Lang) -> str:
    """What came out: the proof, the figures, the desk's report, the ledger's, the prefect's."""
    equal, steps = diary.covered()
    verified = maison.ledger.verify(maison.ledger.checkpoint())
    circulated = circulation(
        maison.ledger.journal,
        since=midnight(year.days[0]),
        until=midnight(year.last + timedelta(days=1)),
    )
    figures = counted(year, maison)
    parts = (
        said("cover", lang, equal=equal, steps=steps),
        said("verified", lang, said=verified.summary(lang)),
        _told(figures, lang),
        maison.desk.report(year.days[0], year.last).text(lang),
        circulated.summary(lang),
        figures.prefect.text(lang, private=True),  # of people who are made up
    )
    return "\n\n".join(parts)


def _told(figures: Figures, lang: Lang) -> str:
    km = figures.metres / 1000
    kinds = {kind: figures.kinds.get(kind, 0) for kind in ("carpool", "tus", "neither")}
    mean = number(km / max(1, figures.rides), lang, 1)
    lines = [
        said("rides", lang, rides=figures.rides, km=number(km, lang), mean=mean),
        said("riders", lang, riders=figures.riders, elderly=figures.elderly),
        said("charged", lang, coupons=number(figures.coupons, lang)),
        said("law", lang, **kinds),
        said(
            "registry",
            lang,
            accepted=figures.accepted,
            trips=figures.ways,
            refused=figures.ways - figures.accepted,
        ),
    ]
    for code, count in sorted(figures.refusals.items()):
        lines.append(said("refusal", lang, count=count, why=said(f"no_{code}", lang)))
    lines.append(said("in_time", lang, accepted=figures.in_time))
    return "\n".join(lines)
