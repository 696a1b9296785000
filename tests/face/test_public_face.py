"""The public face is small, documented, lazy, and what it says it is."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import pytest

import msap_mobility

PUBLIC = [
    "Budget", "Cycle", "Desk", "Group", "Homes", "InputError", "Ledger", "MsapError", "Offer",
    "Opening", "Place", "Request", "Rhythm", "Scenario", "SchemeRules", "Span", "Timetable",
    "check_plan", "compare", "load", "match", "plan_tour", "who_can_take", "write_report",
]  # fmt: skip
HEAVY = {
    "pandas", "geopandas", "matplotlib", "ortools", "networkx", "numba", "scipy", "shapely",
    "pyproj", "numpy", "pydantic", "rich", "highspy", "icalendar", "holidays", "osmium",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Top-level packages a fresh interpreter holds after `code`."""
    report = (
        "import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_exported_names_are_the_agreed_ones() -> None:
    assert msap_mobility.__all__ == PUBLIC
    assert len(PUBLIC) <= 24


def test_no_exported_name_is_a_subpackage() -> None:
    assert not {module.name for module in pkgutil.iter_modules(msap_mobility.__path__)} & set(
        PUBLIC
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_every_exported_name_is_there_and_documented(name: str) -> None:
    assert getattr(msap_mobility, name).__doc__
    assert name in dir(msap_mobility)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        msap_mobility.nothing  # noqa: B018


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert not loaded_by("import msap_mobility") & HEAVY


def test_asking_for_help_loads_nothing_heavy() -> None:
    code = "from msap_mobility.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert not loaded_by(code) & HEAVY


def test_planning_needs_no_plotting_and_no_geopandas() -> None:
    code = "import msap_mobility as m; m.load('bellencombre').coverage()"
    assert not loaded_by(code) & {"matplotlib", "geopandas", "ortools", "numba"}
