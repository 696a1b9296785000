"""Which files decide what kernels do: whatever they import when they run, wherever it stands."""

from __future__ import annotations

from pathlib import Path

from msap_mobility.compiled.sources import kernel_needs, kernel_sources

KERNEL = (
    "from __future__ import annotations\n"
    "from typing import TYPE_CHECKING\n"
    "from msap_mobility.compiled import kernel\n"
    "if TYPE_CHECKING:\n"
    "    from steps.names import Name\n"
    "else:\n"
    "    import steps.otherwise\n"
    "try:\n"
    "    from steps.tried import A\n"
    "except ImportError:\n"
    "    from steps.caught import A\n"
    "finally:\n"
    "    import steps.last\n"
    "for each in range(2):\n"
    "    with open(__file__):\n"
    "        from .within import B\n"
    "match 3:\n"
    "    case 4:\n"
    "        from steps import matched\n"
    '@kernel("int64(int64)")\n'
    "def step(x):\n"
    "    from steps.inside import C\n"
    "    return x\n"
)
IMPORTED = ("otherwise", "tried", "caught", "last", "within", "matched", "inside")


def test_imports_are_found_wherever_they_stand_but_for_those_of_type_checkers(
    tmp_path: Path,
) -> None:
    package = tmp_path / "steps"
    package.mkdir()
    for name in ("__init__", "names", "unused", *IMPORTED):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    (package / "kernels.py").write_text(KERNEL, encoding="utf-8")
    found = {file.stem for file in kernel_sources(package)}
    assert found - {"__init__"} == {"kernels", *IMPORTED}


CALLER = (
    "from msap_mobility.compiled import kernel\n"
    "import steps.between\n"
    '@kernel("int64(int64)")\n'
    "def call(x):\n"
    "    from steps.later import step\n"
    "    return x\n"
)
STEP = 'from msap_mobility.compiled import kernel\n@kernel("int64(int64)")\ndef step(x): return x\n'


def test_a_module_needs_the_kernels_it_loads_through_others_not_those_of_a_function(
    tmp_path: Path,
) -> None:
    package = tmp_path / "steps"
    package.mkdir()
    texts = {"__init__": "", "between": "from steps import first\n", "caller": CALLER}
    for name, text in {**texts, "first": STEP, "later": STEP}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    assert kernel_needs(package) == {
        "steps.caller": {"steps.first"},
        "steps.first": set(),
        "steps.later": set(),
    }
