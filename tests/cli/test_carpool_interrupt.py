"""Ctrl-C ends the search for rides with the best so far, written whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msap_mobility.carpool.match_files import read_rides

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")

SMALL_DAY_SEARCHED_APART = """
import pathlib, sys
from msap_mobility.optimise.assignment import packing
packing._SMALL = 0
search = packing.search_apart
def tell(*given, **options):
    pathlib.Path("ready").touch()
    return search(*given, **options)
packing.search_apart = tell
from msap_mobility.cli import main
main(sys.argv[1:])
"""


def write_day(folder: Path) -> None:
    """Four cars and six riders from place to place."""
    places = ["id,lon,lat", "a,1.32,45.25", "b,1.33,45.22", "c,1.41,45.26", "d,1.52,45.14"]
    offers = ["id,driver,start,end,depart,max_detour,rhythm"]
    offers += [f"o{n},d{n},a,d,,40 min,Mo-Fr 8:0{n}" + f"-8:2{n}" for n in range(4)]
    requests = ["id,rider,start,end,rhythm"]
    requests += [f"r{n},m{n},{'bc'[n % 2]},d,Mo-Fr 8:00-8:5{n}" for n in range(6)]
    for name, lines in (("places", places), ("offers", offers), ("requests", requests)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_an_interrupted_match_is_written_whole_and_can_be_promised(tmp_path: Path) -> None:
    write_day(tmp_path)
    words = ["carpool", "match", "offers.csv", "requests.csv", "--day", "2099-12-01"]
    words += ["--out", "out", "--lang", "en"]
    process = subprocess.Popen(
        [sys.executable, "-c", SMALL_DAY_SEARCHED_APART, *words, "--budget", "3600 s"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "ready").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert "best rides so far are being kept" in stderr
    rides = read_rides(tmp_path / "out/rides.json")
    assert rides
    again = [sys.executable, "-m", "msap_mobility", *words, "--promised", "out/rides.json"]
    done = subprocess.run(
        [*again, "--json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    kept = json.loads(done.stdout)["match"]["kept"]
    assert len(kept) == sum(len(ride.requests) for ride in rides)
