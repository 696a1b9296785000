"""How long a search may work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.units import DAY_S, seconds

__all__ = ["Budget"]

_ITERATIONS = re.compile(r"\s*(\d[\d_ ]{0,30})\s*(?:it|iterations?)\s*")


_MOST = {"seconds": 366 * DAY_S, "iterations": 2**53, "starts": 10_000, "workers": 1024}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The effort one search may spend.

    With `iterations` and no `seconds`, the same seed and starts give the same answer for any
    number of workers. With `seconds` only feasibility is promised; the iterations done are
    recorded in the result, so that it can be replayed.

    Parameters
    ----------
    seconds
        Wall-clock limit, up to a year, or None.
    iterations
        Limit on the iterations of each start, 1 to 2^53, or None.
    starts
        Independent searches, seeded by (seed, number), 1 to 10,000; the best is kept.
    workers
        Threads that execute them, 1 to 1,024. They share the work and never change the answer.

    Raises
    ------
    InputError
        If a number is out of range or neither limit is given.

    Examples
    --------
    >>> Budget.of("30 s"), Budget.of("2000 it").iterations
    (Budget(seconds=30.0, iterations=None, starts=1, workers=1), 2000)
    """

    seconds: float | None = None
    iterations: int | None = None
    starts: int = 1
    workers: int = 1

    def __post_init__(self) -> None:
        with Faults() as faults:
            if self.seconds is None and self.iterations is None:
                faults.add("not_a_budget", value="")
            for name, most in _MOST.items():
                number = getattr(self, name)
                if number is not None or name not in ("seconds", "iterations"):
                    _check(faults, name, number, most)

    @classmethod
    def of(cls, text: str, *, starts: int = 1, workers: int = 1) -> Budget:
        """Read ``"30 s"``, ``"2 min"`` or ``"2000 it"``.

        Raises
        ------
        InputError
            With the fault ``not_a_budget``.
        """
        if match := _ITERATIONS.fullmatch(text.lower()):
            iterations = int(re.sub(r"[_ ]", "", match[1]))
            return cls(iterations=iterations, starts=starts, workers=workers)
        try:
            return cls(seconds=float(seconds(text)), starts=starts, workers=workers)
        except InputError:
            raise InputError([Fault(code="not_a_budget", value=text)]) from None


def _check(faults: Faults, name: str, number: Any, most: int) -> None:
    whole = name != "seconds"
    if not isinstance(number, int if whole else int | float):
        faults.add("not_whole" if whole else "not_a_number", column=name, value=number)
    elif not 0 < number <= most:
        faults.add("out_of_range", column=name, value=number, least=int(whole), most=most)
