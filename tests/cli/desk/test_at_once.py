"""Two commands at once for the last seat: one gets it, the other is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from typing import Self

import pytest

from msap_mobility.cli.desk import booking
from tests.cli.desk.conftest import Ask, Run, asked, offered

ROUNDS = 6
AGENT = """
import contextlib, io, sys, time
from msap_mobility.cli import main
print("ready", flush=True)
for line in sys.stdin:
    instant, *words = line.split()
    time.sleep(max(0, float(instant) - time.time()))
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            main(["desk", *words, "--lang", "en"])
    except SystemExit as ended:
        print(ended.code, told.getvalue().replace(chr(10), " "), flush=True)
"""


class Agent:
    """A program of its own that runs commands when it is told to."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", AGENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )

    def tell(self, *words: object) -> None:
        """Have a command run at an instant, the first of the words."""
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def hear(self) -> str:
        """What it answered: the exit code, and all it said."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)


@pytest.mark.usefixtures("desk")
def test_two_programs_and_the_last_seat(run: Run, ask: Ask) -> None:
    for number in range(ROUNDS):
        hours = f"{8 + number:02}:00-{8 + number:02}:30"
        run("offer", *offered(f"a{number}", "--seats", 1, hour=f"{8 + number:02}:10"))
        run("request", *asked(f"p{number}", "paul", hours=hours))
        run("request", *asked(f"l{number}", "lucie", hours=hours))
    with Agent() as one, Agent() as other:
        two = one, other
        assert [each.hear() for each in two] == ["ready", "ready"]
        for each in two:  # what is read and compiled the first time
            each.tell(0, "offers")
            each.hear()
        for number in range(ROUNDS):
            instant = time.time() + 0.05
            for each, name in zip(two, ("p", "l"), strict=True):
                each.tell(instant, "book", f"{name}{number}", "--offer", f"a{number}")
            answers = [each.hear() for each in two]
            assert sorted(answer.split()[0] for answer in answers) == ["0", "5"], answers
            (refused,) = [answer for answer in answers if answer.startswith("5")]
            assert "seats" in refused  # whether it looked before the other one had booked or after
    stages = Counter(ride["stage"] for ride in ask("rides", "--from", "2031-12-02")["rides"])
    assert stages == {"promised": ROUNDS, "asked": ROUNDS}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("seats", "code"), [(1, "seat_taken"), (2, "offer_changed")])
def test_somebody_is_quicker(
    run: Run, ask: Ask, monkeypatch: pytest.MonkeyPatch, seats: int, code: str
) -> None:
    run("offer", *offered("o2", "--seats", seats))
    run("request", *asked("r1", "paul"))
    run("request", *asked("r2", "lucie"))
    look = booking.with_offers

    def slowly(*about: object) -> object:
        monkeypatch.setattr(booking, "with_offers", look)
        found = look(*about)  # type: ignore[arg-type]
        assert run("book", "r2", "--offer", "o2")[0] == 0
        return found

    monkeypatch.setattr(booking, "with_offers", slowly)
    assert ask("book", "r1", "--offer", "o2", ends=5)["code"] == code
    assert ask("rides", "--from", "2031-12-02")["rides"][0]["stage"] == "asked"
    code_then = run("book", "r1", "--offer", "o2")[0]
    assert code_then == (5 if seats == 1 else 0)
