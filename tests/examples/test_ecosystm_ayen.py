"""A short year of Ecosyst'M: what comes out adds up, and a kill at any moment changes nothing."""

from __future__ import annotations

import itertools
import random
import re
import signal
import subprocess
import sys
import time
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples.ecosystm_ayen import living
from examples.ecosystm_ayen.days import steps
from examples.ecosystm_ayen.diary import Diary
from examples.ecosystm_ayen.figures import counted
from examples.ecosystm_ayen.living import left_of, live, opened
from examples.ecosystm_ayen.maison import Clock
from examples.ecosystm_ayen.matching import LENGTHS
from examples.ecosystm_ayen.telling import report
from examples.ecosystm_ayen.wishes import LONGEST_KM, TIMES
from examples.ecosystm_ayen.year import Year
from msap_mobility.carpool.check import check_rides
from msap_mobility.ledger.books.circulation import circulation
from msap_mobility.ledger.books.period import Period

if TYPE_CHECKING:
    from datetime import datetime

ROOT = Path(__file__).parents[2]
SEED, RIDES, WEEKS = 0, 45, 6
MOST_LIVES, LEAST_KILLS = 12, 10


@pytest.fixture(scope="module")
def year() -> Year:
    return Year.drawn(seed=SEED, rides=RIDES, weeks=WEEKS)


@pytest.fixture(scope="module")
def undisturbed(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    live(year, folder)
    return folder


def test_the_same_seed_draws_the_same_year(year: Year) -> None:
    assert Year.drawn(seed=SEED, rides=RIDES, weeks=WEEKS) == year
    assert Year.drawn(seed=SEED + 1, rides=RIDES, weeks=WEEKS) != year


def test_ids_of_steps_are_unique(year: Year) -> None:
    ids = [step.id for step in steps(year)]
    assert len(set(ids)) == len(ids)


def test_the_fund_equals_what_circulates_after_every_step(year: Year, undisturbed: Path) -> None:
    with opened(year, undisturbed) as (maison, diary):
        made = len(steps(year))
        assert diary.covered() == (made, made)
        assert maison.ledger.verify(maison.ledger.checkpoint()).sound
        assert maison.desk.replayed == ()
        assert maison.desk.unposted == ()


def test_every_day_passes_the_checker(year: Year, undisturbed: Path) -> None:
    driven = 0
    with opened(year, undisturbed) as (maison, _):
        for day in year.days:
            rides = maison.desk.rides(day)
            driven += len(rides)
            over = ("cancelled", "no_show")
            left = {each.offer for each in maison.desk.lives_on(day) if each.stage in over}
            shorter = {each.id for each in rides if each.offer in left}
            offers = [maison.desk.offer(each.offer) for each in rides]
            requests = maison.desk.requests(day)
            for broken in check_rides(rides, [each for each in offers if each], requests, TIMES):
                assert broken.ride in shorter, broken
                assert broken.code in LENGTHS, broken
    assert driven > 10


def test_the_reports_add_up(year: Year, undisturbed: Path) -> None:
    with opened(year, undisturbed) as (maison, _):
        figures = counted(year, maison)
        desk = maison.desk.report(year.days[0], year.last)
        assert desk.open == 0
        assert desk.served + sum(desk.unserved.values()) == desk.requests
        assert figures.rides == desk.rides == desk.settled == sum(each.rides for each in desk.loads)
        assert figures.metres == desk.metres == sum(each.metres for each in desk.loads)
        assert sum(figures.kinds.values()) == figures.rides
        assert figures.kinds["neither"] == 0
        assert figures.prefect.trips == figures.kinds["tus"]
        assert figures.accepted <= figures.in_time <= figures.ways
        of_2026 = Period.year(2026)
        assert of_2026.since
        assert of_2026.until
        money = circulation(maison.ledger.journal, since=of_2026.since, until=of_2026.until)
        spent = sum(each.cents for each in money.shops)
        assert money.fund == money.owed == money.issued - money.reconverted
        assert spent == sum(
            amount
            for written in maison.ledger.journal.entries()
            if written.entry.kind == "spend"
            for amount in written.entry.legs.values()
            if amount > 0
        )
        assert money.paid == 6 * figures.coupons + spent
        assert abs(figures.metres / 1000 - figures.coupons) <= figures.rides / 2


def test_nobody_rides_further_than_the_scheme_allows(year: Year, undisturbed: Path) -> None:
    with opened(year, undisturbed) as (maison, _):
        lives = maison.desk.lives_on(year.days[0], year.last)
        assert 0 < max(each.metres for each in lives) < 1000 * LONGEST_KM + 500


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_home_is_told(year: Year, undisturbed: Path, lang: str) -> None:
    with opened(year, undisturbed) as (maison, diary):
        told = report(year, maison, diary, lang)  # type: ignore[arg-type]
    assert "home-" not in told
    for person in year.people:
        assert str(person.home.lon) not in told
        assert str(person.home.lat) not in told


def test_both_languages_say_the_same() -> None:
    file = ROOT / "examples" / "ecosystm_ayen" / "words.toml"
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    filled = {
        lang: {name: set(re.findall(r"{\w+}", text)) for name, text in said.items()}
        for lang, said in words.items()
    }
    assert filled["en"] == filled["fr"]


def test_a_finished_year_is_left_as_it_is(year: Year, undisturbed: Path) -> None:
    before = state(year, undisturbed)
    live(year, undisturbed)
    assert left_of(year, undisturbed)[0] == 0
    assert state(year, undisturbed) == before


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed at once here")
def test_killed_at_any_moment_it_ends_the_same(
    year: Year, undisturbed: Path, tmp_path: Path
) -> None:
    draw = random.Random(SEED)
    kills = 0
    for number in itertools.count():
        ended = run(tmp_path, draw, kill=number < MOST_LIVES)
        kills += not ended
        if ended:
            break
    assert kills >= LEAST_KILLS
    assert state(year, tmp_path) == state(year, undisturbed)


def test_cut_off_between_desk_and_ledger_it_ends_the_same(
    year: Year, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(SEED)
    monkeypatch.setattr(living, "Clock", partial(StoppingClock, draw))
    cuts = 0
    while left_of(year, tmp_path)[0]:
        try:
            live(year, tmp_path)
        except CutOff:
            cuts += 1
    assert cuts >= 20
    monkeypatch.undo()
    assert state(year, tmp_path) == state(year, undisturbed)


class CutOff(BaseException):
    """The power is gone."""


class StoppingClock(Clock):
    """Looked at so many times, it takes everything down: desk and ledger look in every verb."""

    def __init__(self, draw: random.Random, at: datetime) -> None:
        super().__init__(at)
        self._left = draw.randrange(5, 120)

    def __call__(self) -> int:
        self._left -= 1
        if self._left < 0:
            raise CutOff
        return super().__call__()


def test_a_folder_of_another_year_is_refused(tmp_path: Path) -> None:
    with Diary(tmp_path / "diary.sqlite") as diary:
        diary.agree({"seed": "7", "rides": "1", "weeks": "1"})
    done = subprocess.run(command(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "seed=7" in done.stderr
    assert "Traceback" not in done.stderr


def command(folder: Path) -> list[str]:
    options = {"out": folder, "seed": SEED, "rides": RIDES, "weeks": WEEKS}
    told = (part for name, value in options.items() for part in (f"--{name}", str(value)))
    return [sys.executable, "-m", "examples.ecosystm_ayen", *told]


def run(folder: Path, draw: random.Random, *, kill: bool) -> bool:
    """Run the program; kill it some days and milliseconds after it began. Whether it ended."""
    with subprocess.Popen(
        command(folder), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as life:
        assert life.stderr is not None
        if kill:
            for _ in range(draw.choice((1, 1, 2, 2, 3))):
                life.stderr.readline()
            time.sleep(draw.uniform(0, 0.1))
            life.send_signal(signal.SIGKILL)
        said = life.stderr.read()
    assert life.returncode in (0, -signal.SIGKILL), said
    return life.returncode == 0


def state(year: Year, folder: Path) -> dict[str, Any]:
    """All that desk and ledger know."""
    with opened(year, folder) as (maison, diary):
        desk, ledger = maison.desk, maison.ledger
        lives = desk.lives_on(year.days[0], year.last)
        requests = desk.requests(year.days[0], year.last)
        return {
            "steps": diary.done(),
            "cover": diary.covered(),
            "replayed": desk.replayed,
            "members": desk.members(),
            "offers": [desk.offers(day) for day in year.days],
            "requests": requests,
            "calls": [desk.calls(each.id) for each in requests],
            "lives": lives,
            "events": [desk.events(each.ride) for each in lives],
            "rides": [desk.rides(day) for day in year.days],
            "accounts": ledger.journal.accounts(),
            "entries": [(one.recorded, one.entry) for one in ledger.journal.entries()],
            "proof": ledger.verify(ledger.checkpoint()).to_dict(),
            "figures": counted(year, maison),
            "report": report(year, maison, diary, "en"),
        }
