"""Files are whole or absent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.files import content_hash, publish, write_whole


def test_all_files_of_a_folder_appear_together(tmp_path: Path) -> None:
    publish(tmp_path / "out", {"plan.json": "{}", "private/homes.csv": b"id\n"})
    assert (tmp_path / "out/plan.json").read_text(encoding="utf-8") == "{}"
    assert (tmp_path / "out/private/homes.csv").read_bytes() == b"id\n"


def test_a_failure_while_writing_leaves_the_old_files_and_no_rest(tmp_path: Path) -> None:
    publish(tmp_path, {"a.txt": "old a", "b.txt": "old b"})
    with patch("os.fsync", side_effect=[None, OSError("disk full")]), pytest.raises(OSError):
        publish(tmp_path, {"a.txt": "new a", "b.txt": "new b"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old a"


def test_a_killed_writer_never_shows_half_a_file(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from msap_mobility.files import write_whole\n"
        "os.fsync = lambda handle: os._exit(9)\n"
        "write_whole(Path(sys.argv[1]) / 'plan.json', 'x' * 100_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == 9
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="rights are of another kind on Windows")
def test_a_file_has_the_rights_an_ordinary_open_gives(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    write_whole(tmp_path / "whole", "x")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_the_hash_names_the_list_of_parts(one: list[bytes], other: list[bytes]) -> None:
    assert (content_hash(*one) == content_hash(*other)) == (one == other)
