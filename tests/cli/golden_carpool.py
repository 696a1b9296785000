"""The day of `examples/carpool_day` through ``msap carpool … --json``: its golden examples."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from msap_mobility.cli import asking, main

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = Path(__file__).resolve().parents[2] / "examples" / "carpool_day"
EVE_NS = 1_796_684_400_000_000_000  # 7 December 2026, Paris 20:00
TUESDAY = "2026-12-08"


@contextlib.contextmanager
def on_the_eve() -> Iterator[None]:
    """The command line reads a clock that stands still."""
    with mock.patch.object(asking, "time", SimpleNamespace(time_ns=lambda: EVE_NS)):
        yield


def said(*words: object) -> Any:
    """What ``msap carpool`` prints for these words, the tables and ``--json``."""
    tables = (TABLES / "offers.csv", TABLES / "requests.csv")
    points = ("--meeting-points", TABLES / "meeting_points.csv")
    out = io.StringIO()
    quiet = contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO())
    with on_the_eve(), quiet[0], quiet[1], contextlib.suppress(SystemExit):
        options = (*tables, *points, "--day", TUESDAY, "--json")
        main(["carpool", *map(str, (*words, *options))])
    return json.loads(out.getvalue())


def carpool_answers() -> dict[str, Any]:
    """Every document of the group."""
    return {
        "match-1": said("match", "--budget", "2000 it"),
        "answer-1": said("who", "lucie_to_the_doctor", "--most", "2"),
    }
