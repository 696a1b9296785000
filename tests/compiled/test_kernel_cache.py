"""Kernels are never stale, never compiled twice, and never stop the library from being imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = {
    "__init__.py": "",
    "limits.py": "STEP = 1\n",
    "inner.py": (
        "from msap_mobility.compiled import kernel\n"
        "from steps.limits import STEP\n\n\n"
        '@kernel("int64(int64)")\n'
        "def step(x):\n"
        "    return x + STEP\n"
    ),
    "outer.py": (
        "from msap_mobility.compiled import kernel\n"
        "from steps.inner import step\n\n\n"
        '@kernel("int64(int64)")\n'
        "def two_steps(x):\n"
        "    return step(step(x))\n"
    ),
}

ASK = """
import json, logging, sys, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    from msap_mobility.compiled import on_first_compilation
    told = []
    on_first_compilation(told.append)
    import numba
    before = numba.config.CACHE_DIR
    from steps.outer import two_steps
    from steps.inner import step
stats = [kernel.stats for kernel in (step, two_steps)]
print(json.dumps({
    "answer": two_steps(10),
    "hits": sum(sum(s.cache_hits.values()) for s in stats),
    "misses": sum(sum(s.cache_misses.values()) for s in stats),
    "folders": [s.cache_path for s in stats],
    "warnings": [str(w.message) for w in caught],
    "told": told,
    "host_setting_kept": numba.config.CACHE_DIR == before,
}))
"""


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A folder holding the small package `steps`, whose kernels call each other across files."""
    folder = tmp_path / "site"
    (folder / "steps").mkdir(parents=True)
    for name, text in PACKAGE.items():
        (folder / "steps" / name).write_text(text, encoding="utf-8")
    return folder


def start(steps: Path, code: str = ASK, **environment: str) -> subprocess.Popen[str]:
    source = Path(__file__).resolve().parents[2] / "src"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "MSAP_"))}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**inherited, "PYTHONPATH": os.pathsep.join((str(steps), str(source))), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> dict:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


def ask(steps: Path, **environment: str) -> dict:
    return result(start(steps, **environment))


def edit(steps: Path, name: str, old: str, new: str) -> None:
    file = steps / "steps" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_second_process_loads_and_says_nothing(steps: Path, tmp_path: Path) -> None:
    first = ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))
    second = ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))
    assert (first["answer"], first["hits"], first["misses"]) == (12, 0, 2)
    assert (second["answer"], second["hits"], second["misses"]) == (12, 2, 0)
    assert len(first["told"]) == 1
    assert second["told"] == []
    assert first["warnings"] == second["warnings"] == []
    assert first["host_setting_kept"]


def test_an_edit_of_a_called_kernel_in_another_file_is_seen(steps: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    assert ask(steps, MSAP_CACHE_DIR=cache)["answer"] == 12
    edit(steps, "inner.py", "x + STEP", "x + 5 * STEP")
    assert ask(steps, MSAP_CACHE_DIR=cache)["answer"] == 20


def test_an_edit_of_an_imported_constant_is_seen(steps: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    assert ask(steps, MSAP_CACHE_DIR=cache)["answer"] == 12
    edit(steps, "limits.py", "STEP = 1", "STEP = 7")
    assert ask(steps, MSAP_CACHE_DIR=cache)["answer"] == 24


def test_bounds_checks_have_a_folder_of_their_own(steps: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    plain = ask(steps, MSAP_CACHE_DIR=cache)
    checked = ask(steps, MSAP_CACHE_DIR=cache, NUMBA_BOUNDSCHECK="1")
    assert checked["misses"] == 2
    assert set(plain["folders"]).isdisjoint(checked["folders"])


def test_nothing_writable_works_in_memory_with_one_warning(steps: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a_file"
    blocked.write_text("", encoding="utf-8")  # no folder can be made in it, not even by root
    homes = ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE")
    answer = ask(steps, **{name: str(blocked / "home") for name in homes})
    assert answer["answer"] == 12
    assert len(answer["warnings"]) == 1
    assert "MSAP_CACHE_DIR" in answer["warnings"][0]
    assert list(steps.rglob("*.nbi")) == []


def test_a_torn_cache_file_is_survived(steps: Path, tmp_path: Path) -> None:
    ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))
    for file in (tmp_path / "cache").rglob("*.nbc"):
        file.write_bytes(file.read_bytes()[:100])
    answer = ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))
    assert answer["answer"] == 12
    assert len(answer["warnings"]) == 1


def test_two_processes_compile_at_once(steps: Path, tmp_path: Path) -> None:
    both = [start(steps, MSAP_CACHE_DIR=str(tmp_path / "cache")) for _ in range(2)]
    assert [result(process)["answer"] for process in both] == [12, 12]
    assert ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))["misses"] == 0


TOGETHER = """
from pathlib import Path
from msap_mobility.compiled.declaration import _seconds_of
from msap_mobility.compiled.sources import kernel_needs
from msap_mobility.compiled.together import compile_together
if __name__ == "__main__":
    import steps
    print(sorted(compile_together(kernel_needs(Path(steps.__file__).parent), _seconds_of, 2)))
"""


def test_what_several_processes_compile_the_next_one_loads(steps: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    done = start(steps, TOGETHER, MSAP_CACHE_DIR=cache)
    out, err = done.communicate(timeout=120)
    assert (out.strip(), err) == ("['steps.inner', 'steps.outer']", "")
    answer = ask(steps, MSAP_CACHE_DIR=cache)
    assert (answer["answer"], answer["hits"], answer["misses"]) == (12, 2, 0)
    assert answer["told"] == []


def test_old_folders_are_pruned_and_those_in_use_are_not(steps: Path, tmp_path: Path) -> None:
    kernels = tmp_path / "cache" / "kernels"
    now = time.time()
    for age in range(12):
        folder = kernels / f"old{age:02d}"
        folder.mkdir(parents=True)
        seconds = now - 60 if age in (10, 11) else now - 86_400 * (age + 1)
        os.utime(folder, (seconds, seconds))
    ask(steps, MSAP_CACHE_DIR=str(tmp_path / "cache"))
    left = {folder.name for folder in kernels.iterdir() if folder.name.startswith("old")}
    assert left == {"old00", "old01", "old02", "old03", "old04", "old10", "old11"}


def test_importing_compiled_does_not_import_numba() -> None:
    code = "import msap_mobility.compiled, sys; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_module_prints_seconds_to_stdout() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "msap_mobility.compiled"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    *modules, total = done.stdout.splitlines()
    assert "in total" in total
    assert all("msap_mobility." in line for line in modules)
