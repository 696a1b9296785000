"""Several processes at once: what a module calls is compiled before it, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from msap_mobility.compiled.together import compile_together

DIAMOND = {
    "end": {"left", "right"},
    "left": {"top"},
    "right": {"top"},
    "top": set(),
    "alone": set(),
}


def files_before(file: str) -> float:
    """Number of the files there before this one, which the name `file` begins with."""
    place = Path(file)
    there = {other.name for other in place.parent.iterdir()}
    place.touch(exist_ok=False)
    missing = DIAMOND[place.name] - there
    if missing:
        raise LookupError(missing)
    return len(there)


def refuse(module: str) -> float:
    raise ArithmeticError(module)


def in_folder(folder: Path) -> dict[str, set[str]]:
    return {
        str(folder / name): {str(folder / each) for each in needed}
        for name, needed in DIAMOND.items()
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_each_comes_once_and_after_what_it_needs(tmp_path: Path, processes: int) -> None:
    told = compile_together(in_folder(tmp_path), files_before, processes)
    assert {Path(module).name for module in told} == set(DIAMOND)
    assert told[str(tmp_path / "end")] >= 3


def test_who_heads_the_longest_row_goes_first(tmp_path: Path) -> None:
    told = compile_together(in_folder(tmp_path), files_before, 1)
    assert next(iter(told)) == str(tmp_path / "top")
    assert told[str(tmp_path / "top")] == 0


def test_what_goes_wrong_in_a_process_is_told() -> None:
    with pytest.raises(ArithmeticError, match="lonely"):
        compile_together({"lonely": set()}, refuse, 2)
