"""A full disk, a file that may not grow: a clear word, nothing lost, and on it goes afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.verify import verify
from tests.ledger.faults.places import FIRST, SCHEME, open_journal, sale
from tests.ledger.stores import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of half a megabyte."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("mounting a small disk takes root on Linux")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_nothing_is_lost(small_disk: Path) -> None:
    path = small_disk / "ledger.sqlite"
    journal = Journal(SqliteEngine.create(path, SCHEME, FIRST, Clock()))
    keys = []
    with pytest.raises(Unusable) as no:
        for turn in range(10_000):
            journal.post(sale(f"sale-{turn}", "purse/KM", 1))
            keys.append(f"sale-{turn}")
    assert no.value.code == "disk_full"
    assert str(path) in no.value.text("fr")
    assert len(keys) > 10
    assert [written.entry.key for written in journal.entries(after=1)] == keys
    with pytest.raises(Unusable):  # still full: the same clear word
        journal.post_together([sale(f"batch-{turn}", "purse/KM", 1) for turn in range(1000)])
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    assert not journal.post(sale(f"sale-{len(keys)}", "purse/KM", 1)).replayed
    assert journal.balance("purse/KM").posted == len(keys) + 1
    assert not verify(journal).findings
    journal.close()
    again = Journal(SqliteEngine.open(path, SCHEME))
    assert again.balance("purse/KM").posted == len(keys) + 1
    again.close()


def test_a_full_disk_has_no_place_for_a_new_ledger(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(b"\0" * 490_000)
    path = small_disk / "ledger.sqlite"
    with pytest.raises(Unusable) as no:
        SqliteEngine.create(path, SCHEME, FIRST, Clock())
    assert no.value.code == "disk_full"
    (small_disk / "other").unlink()
    SqliteEngine.create(path, SCHEME, FIRST, Clock()).close()


def test_at_the_limit_of_a_file_nothing_is_lost(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits of POSIX")
    path = tmp_path / "ledger.sqlite"
    SqliteEngine.create(path, SCHEME, FIRST).close()
    command = [sys.executable, "-m", "tests.ledger.faults.full_file", f"sqlite {path}"]
    child = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    code, posted, replayed = child.stdout.split()
    assert code in ("disk_full", "disk_error")
    assert replayed == "False"
    journal = open_journal(f"sqlite {path}")
    assert journal.balance("purse/KM").posted == 2 + int(posted)
    assert not verify(journal).findings
    journal.close()
