"""A territory as a scenario folder: whole, or not there at all."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from msap_mobility.errors import Fault, InputError
from msap_mobility.files import publish
from msap_mobility.scenario.saving import files_of
from msap_mobility.scenario.scenario import Scenario
from msap_mobility.scenario.territory.drawing import draw
from msap_mobility.scenario.territory.services import NEARBY, nearby_table
from msap_mobility.wording import say

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.scenario.territory.around import Around
    from msap_mobility.scenario.territory.drawing import Drawn
    from msap_mobility.scenario.territory.findings import Findings
    from msap_mobility.wording import Lang

__all__ = ["write_territory"]


def write_territory(folder: Path, around: Around) -> Findings:
    """Write the scenario folder of what an extract holds round a maison.

    It is written beside and then given its name, so that a reader sees all of it or nothing.

    Parameters
    ----------
    folder
        Must be absent or empty.
    around
        What is asked.

    Returns
    -------
    Findings
        What was found and what was assumed.

    Raises
    ------
    InputError
        ``folder_not_empty``, and as `draw`.
    MissingExtra
        If osmium is needed and not installed.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Fault(code="folder_not_empty", value=str(folder))])
    drawn = draw(around, folder.resolve().name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.parent / f".{folder.resolve().name}.{os.getpid()}"
    try:
        _write(beside, drawn, around)
        Scenario.load(beside)
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return drawn.findings


def _write(folder: Path, drawn: Drawn, around: Around) -> None:
    folder.mkdir()
    shutil.copyfile(around.extract, folder / around.extract.name)
    publish(
        folder,
        {
            **files_of(drawn.scenario),
            NEARBY: nearby_table(drawn.nearby),
            "README.md": _readme(drawn, around.lang),
        },
    )


def _readme(drawn: Drawn, lang: Lang) -> str:
    lines = "\n".join(f"- {line}" for line in drawn.findings.lines(lang))
    return f"# {drawn.scenario.title[lang]}\n\n{say('territory.readme', lang)}\n\n{lines}\n"
