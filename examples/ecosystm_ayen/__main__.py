"""Tell a year of Ecosyst'M: ``python -m examples.ecosystm_ayen --out out/ayen``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.wording import LANGUAGES
from msap_mobility.wording.quantities import day

from .diary import Diary
from .living import left_of, live, opened
from .telling import report, said
from .year import FIRST, Year

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from msap_mobility.wording import Lang

    from .days import Step

WRONG_INPUT = 2


def main() -> int:
    """Live the year, or what is left of it, and print the report.

    Returns
    -------
    int
        0, or 2 if the folder holds another year.
    """
    options = _options()
    lang: Lang = options.lang
    options.out.mkdir(parents=True, exist_ok=True)
    settings = {name: str(getattr(options, name)) for name in ("seed", "rides", "weeks")}
    kept = _kept(options.out, settings)
    if kept != settings:
        print(said("other", lang, kept=", ".join(map("=".join, kept.items()))), file=sys.stderr)
        return WRONG_INPUT
    year = Year.drawn(seed=options.seed, rides=options.rides, weeks=options.weeks)
    left, steps = left_of(year, options.out)
    print(said("going_on", lang, left=left, steps=steps), file=sys.stderr, flush=True)
    live(year, options.out, _days_told(lang))
    first = day(FIRST, lang)
    print(said("title", lang, seed=options.seed, weeks=options.weeks, first=first))
    print(said("facts", lang))
    print()
    with opened(year, options.out) as (maison, diary):
        print(report(year, maison, diary, lang))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.ecosystm_ayen", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/ecosystm_ayen"))
    parser.add_argument("--seed", type=_from(0, 2**32), default=0)
    parser.add_argument("--rides", type=_from(1, 3_000), default=300)
    parser.add_argument("--weeks", type=_from(1, 52), default=52)
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
    return parser.parse_args()


def _from(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number in a range."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text}: {least} … {most}")
        return int(text)

    return read


def _kept(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    with Diary(folder / "diary.sqlite") as diary:
        return diary.agree(settings)


def _days_told(lang: Lang) -> Callable[[Step], None]:
    """Say on stderr which day has begun."""
    begun: set[date] = set()

    def tell(step: Step) -> None:
        if step.at.date() not in begun:
            begun.add(step.at.date())
            print(day(step.at.date(), lang), file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
