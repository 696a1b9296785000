"""The year as it happens: from the first step that is not done to the last."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from .days import steps
from .diary import Diary
from .maison import Clock, Maison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .days import Step
    from .year import Year

__all__ = ["left_of", "live", "opened"]


def live(year: Year, folder: Path, told: Callable[[Step], None] = lambda _: None) -> None:
    """Make all steps that are not done yet, with a look at the fund after each.

    Parameters
    ----------
    year
        What is to happen.
    folder
        Where desk, ledger and diary are, or will be.
    told
        Hears of each step once it is done.
    """
    with Diary(folder / "diary.sqlite") as diary:
        done = diary.done()
        left = [step for step in steps(year) if step.id not in done]
        if not left:
            return
        with Maison(folder, Clock(left[0].at)) as maison:
            for step in left:
                maison.clock.at = step.at
                step.make(maison)
                maison.desk.replay()  # coupons that came free, or were bought, are held at once
                diary.write(step.id, *maison.check_cover())
                told(step)


def left_of(year: Year, folder: Path) -> tuple[int, int]:
    """How many steps are left, and how many the year has."""
    with Diary(folder / "diary.sqlite") as diary:
        done, every = diary.done(), steps(year)
    return sum(step.id not in done for step in every), len(every)


@contextmanager
def opened(year: Year, folder: Path) -> Iterator[tuple[Maison, Diary]]:
    """Desk, ledger and diary once the year is over."""
    morning_after = datetime.combine(year.last + timedelta(days=1), time(9))
    with Diary(folder / "diary.sqlite") as diary, Maison(folder, Clock(morning_after)) as maison:
        yield maison, diary
