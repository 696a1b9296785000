"""The arguments and options of a group of commands, made of its own words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msap_mobility.wording import Lang

__all__ = ["GroupOptions"]


def _composed(text: str) -> str:
    """Each accent on its letter, so that two ways of typing it name one person."""
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOptions:
    """Makes the parameters of the commands of one group, each worded once.

    Parameters
    ----------
    group
        ``cli.<group>.word.<name>`` is what help calls a value, ``cli.<group>.option.<name>`` is
        the help of an option.
    ids
        Names of the parameters that name somebody or something for ever.
    """

    group: str
    ids: frozenset[str]

    def argument(self, name: str, lang: Lang) -> click.Parameter:
        """A text that must be given."""
        return click.Argument([name], type=self._sort(name), metavar=self._word(name, lang))

    def option(
        self, name: str, lang: Lang, *, required: bool = False, word: str = "", variable: str = ""
    ) -> click.Parameter:
        """A text that may be given.

        Parameters
        ----------
        name, lang
            Of the option.
        required
            Whether it must be given.
        word
            Of its metavar; the name's own if not given.
        variable
            Environment variable that stands for it; empty: none does.
        """
        code = f"cli.{self.group}.word.{word or name}"
        given = click.Option(
            [_dashed(name), name],
            type=self._sort(name),
            required=required,
            envvar=variable or None,
            help=self._help(name, lang),
        )
        given.metavar = say(code, lang) if has(code, lang) else None
        return given

    def choice(self, name: str, lang: Lang, values: Sequence[str], default: str) -> click.Parameter:
        """One of a few values."""
        return click.Option(
            [_dashed(name), name],
            type=click.Choice(list(values)),
            default=default,
            show_default=True,
            help=self._help(name, lang),
        )

    def flag(self, name: str, lang: Lang) -> click.Parameter:
        """Something that is so, or not."""
        return click.Option([_dashed(name), name], is_flag=True, help=self._help(name, lang))

    def file(
        self, name: str, lang: Lang, *, required: bool = False, word: str = "file"
    ) -> click.Parameter:
        """A file or folder."""
        return click.Option(
            [_dashed(name), name],
            type=click.Path(path_type=Path),
            required=required,
            metavar=self._word(word, lang),
            help=self._help(name, lang),
        )

    def _sort(self, name: str) -> object:
        return _composed if name in self.ids else None

    def _word(self, name: str, lang: Lang) -> str:
        return say(f"cli.{self.group}.word.{name}", lang)

    def _help(self, name: str, lang: Lang) -> str:
        return say(f"cli.{self.group}.option.{name}", lang)


def _dashed(name: str) -> str:
    return f"--{name.replace('_', '-')}"
