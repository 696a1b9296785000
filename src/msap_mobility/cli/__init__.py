"""The command line: parse, call, print.

stdout carries the result, stderr the progress. Exit codes are those of `endings.Exit`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from msap_mobility.cli.endings import Exit, end_with
from msap_mobility.cli.language import spoken_language
from msap_mobility.cli.streams import speak_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `msap` and exit.

    Parameters
    ----------
    arguments
        The command line without the program's name; None = that of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    speak_plainly()
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    import click

    from msap_mobility.cli.program import program
    from msap_mobility.cli.usage import said_in

    lang = spoken_language(words)
    try:
        with said_in(lang, "msap"):
            ended = program(lang).main(words, prog_name="msap", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return Exit.WRONG_INPUT
    except click.exceptions.Abort:
        return end_with(KeyboardInterrupt(), lang=lang, as_json=False)
    except SystemExit:  # click's own answer where whoever read us has read enough
        return Exit.DONE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - no bare traceback
        return end_with(error, lang=lang, as_json="--json" in words)
    return ended if isinstance(ended, int) else Exit.DONE
