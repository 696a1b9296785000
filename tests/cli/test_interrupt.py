"""Ctrl-C ends a search with its best so far; a second one gives up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from msap_mobility.cli.watch import watched_search

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")


def test_the_first_interrupt_asks_the_search_to_stop_and_the_second_ends_it() -> None:
    handler = signal.getsignal(signal.SIGINT)
    with watched_search("en") as watch:
        assert not watch.should_stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert watch.should_stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interrupted_plan_is_written_whole_and_can_be_replayed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["plan", "bellencombre", "--out", str(out), "--budget", "600 s", "--lang", "en"]
    ready = tmp_path / "ready"
    code = (
        "import sys, pathlib; import msap_mobility.cli.watch as watch\n"
        "told = watch.Watch.__init__\n"
        "def init(self, progress):\n"
        "    def tell(share, need):\n"
        f"        pathlib.Path({str(ready)!r}).touch(); progress(share, need)\n"
        "    told(self, tell)\n"
        "watch.Watch.__init__ = init\n"
        "from msap_mobility.cli import main; main(sys.argv[1:])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not ready.exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert "best plan so far" in stderr
    assert (out / "plan.json").exists()
    again = [sys.executable, "-m", "msap_mobility", "replay", str(out / "plan.json")]
    done = subprocess.run(again, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
