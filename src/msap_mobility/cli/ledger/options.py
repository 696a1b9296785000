"""The arguments and options of ``msap ledger``, each written and worded once."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.wording import Lang

__all__ = ["argument", "choice", "file", "flag", "key", "option", "place", "scheme", "slip"]


_IDS = ("member", "shop", "rider", "driver", "owner", "ride", "entry", "serial", "serials")
"""What names somebody or something in the journal."""


def _composed(text: str) -> str:
    """Each accent on its letter, so that two ways of typing it name one person."""
    return unicodedata.normalize("NFC", text)


def place(lang: Lang) -> click.Parameter:
    """Where the ledger is: a file, or the address of a PostgreSQL database."""
    return argument("place", lang)


def argument(name: str, lang: Lang) -> click.Parameter:
    """A text that must be given: ``cli.ledger.word.<name>`` is what help calls it."""
    sort = _composed if name in _IDS else None
    return click.Argument([name], type=sort, metavar=say(f"cli.ledger.word.{name}", lang))


def option(name: str, lang: Lang, *, required: bool = False, word: str = "") -> click.Parameter:
    """A text that may be given: ``cli.ledger.option.<name>`` is its help.

    Parameters
    ----------
    name, lang
        Of the option.
    required
        Whether it must be given.
    word
        Its metavar is ``cli.ledger.word.<word>``; the name's own if not given.
    """
    given = click.Option(
        [f"--{name.replace('_', '-')}", name],
        type=_composed if name in _IDS else None,
        required=required,
        help=say(f"cli.ledger.option.{name}", lang),
    )
    code = f"cli.ledger.word.{word or name}"
    given.metavar = say(code, lang) if has(code, lang) else None
    return given


def choice(name: str, lang: Lang, values: Sequence[str], default: str) -> click.Parameter:
    """One of a few values."""
    return click.Option(
        [f"--{name.replace('_', '-')}", name],
        type=click.Choice(list(values)),
        default=default,
        show_default=True,
        help=say(f"cli.ledger.option.{name}", lang),
    )


def flag(name: str, lang: Lang) -> click.Parameter:
    """Something that is so, or not."""
    text = say(f"cli.ledger.option.{name}", lang)
    return click.Option([f"--{name.replace('_', '-')}", name], is_flag=True, help=text)


def file(name: str, lang: Lang, *, required: bool = False, word: str = "file") -> click.Parameter:
    """A file or folder."""
    return click.Option(
        [f"--{name}", name],
        type=click.Path(path_type=Path),
        required=required,
        metavar=say(f"cli.ledger.word.{word}", lang),
        help=say(f"cli.ledger.option.{name}", lang),
    )


def scheme(lang: Lang) -> click.Parameter:
    """Which scheme of the ledger."""
    return option("scheme", lang, word="name")


def key(lang: Lang, words: str = "key") -> click.Parameter:
    """The idempotency key."""
    return click.Option(
        ["--idempotency-key", "key"],
        metavar=say("cli.ledger.word.key", lang),
        help=say(f"cli.ledger.option.{words}", lang),
    )


def slip(lang: Lang) -> tuple[click.Parameter, ...]:
    """What else comes with what is written: the day, the number of the slip, who wrote it."""
    texts: dict[str, Any] = {"ref": "", "actor": ""}
    return (
        option("date", lang, word="day"),
        *(
            click.Option(
                [f"--{name}"],
                default=default,
                metavar=say(f"cli.ledger.word.{name}", lang),
                help=say(f"cli.ledger.option.{name}", lang),
            )
            for name, default in texts.items()
        ),
    )
