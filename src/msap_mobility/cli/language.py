"""Which language the user reads: the option, else the environment, else English."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msap_mobility.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.wording import Lang

__all__ = ["spoken_language"]

_VARIABLES = ("MSAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def spoken_language(arguments: Sequence[str]) -> Lang:
    """The language to speak, known before the command line is parsed so that help is in it too.

    Parameters
    ----------
    arguments
        The command line without the program's name.

    Examples
    --------
    >>> spoken_language(["plan", "bellencombre", "--lang", "fr"])
    'fr'
    >>> spoken_language(["plan", "--lang=en"])
    'en'
    """
    wished = [_asked(arguments), *(os.environ.get(name, "") for name in _VARIABLES)]
    for wish in wished:
        for lang in LANGUAGES:
            if wish.lower().startswith(lang):
                return lang
    return "en"


def _asked(arguments: Sequence[str]) -> str:
    for position, word in enumerate(arguments):
        if word == "--lang":
            return next(iter(arguments[position + 1 :]), "")
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return ""
