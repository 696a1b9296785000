"""Help and wrong usage in the language of the user: click's own words are English."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from msap_mobility.cli.options import language
from msap_mobility.wording import has, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msap_mobility.wording import Lang

__all__ = ["context_in", "said_in", "speak"]

_SECTIONS = {"Options": "options", "Commands": "commands"}
_EXTRAS = {"required": "required", "default: ": "default"}
_TAIL = re.compile(r"  \[[^\[\]]*\]$")
_SURPLUS = re.compile(r"unexpected extra arguments? \((.*)\)")


class _Formatter(click.HelpFormatter):
    """Writes help with the headings of a language."""

    def __init__(self, lang: Lang, **sizes: Any) -> None:
        super().__init__(**sizes)
        self._lang = lang

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{_said('usage', self._lang)} ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        known = _SECTIONS.get(name)
        with super().section(_said(known, self._lang) if known else name):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], *sizes: int, **more: int) -> None:
        super().write_dl([(name, self._told(text)) for name, text in rows], *sizes, **more)

    def _told(self, text: str) -> str:
        if text == "Show this message and exit.":
            return _said("help", self._lang)
        tail = _TAIL.search(text)
        if tail is None:
            return text
        extras = tail[0]
        for english, name in _EXTRAS.items():
            extras = extras.replace(english, _said(name, self._lang))
        return text[: tail.start()] + extras


def context_in(lang: Lang) -> type[click.Context]:
    """The `click.Command.context_class` whose help is in `lang`."""

    class Context(click.Context):
        def make_formatter(self) -> click.HelpFormatter:
            sizes = {"width": self.terminal_width, "max_width": self.max_content_width}
            return _Formatter(lang, **sizes)

    return Context


def speak(group: click.Group, lang: Lang) -> None:
    """Let a group speak `lang`, and take ``--lang`` as its commands do."""
    group.context_class = context_in(lang)
    group.subcommand_metavar = _said("command_words", lang)
    group.params.append(language(lang))
    group.callback = _accept_language


def _accept_language(lang: Lang) -> None:
    """Nothing: `cli.language` has read it already."""


class _Said(click.UsageError):
    """Wrong usage, told in a language."""

    def __init__(self, message: str, ctx: click.Context | None, lang: Lang) -> None:
        super().__init__(message, ctx)
        self._lang = lang

    def show(self, file: IO[Any] | None = None) -> None:
        if self.ctx is not None:
            hint = _said("try", self._lang, command=self.ctx.command_path)
            click.echo(f"{self.ctx.get_usage()}\n{hint}\n", file=file, err=True)
        click.echo(_said("error", self._lang, message=self.message), file=file, err=True)


@contextmanager
def said_in(lang: Lang, group: str) -> Iterator[None]:
    """Tell wrong usage met in a block in `lang`, with the words of a group of commands."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        if isinstance(error, _Said):
            raise
        raise _Said(_message(error, lang, group), error.ctx, lang) from error


def _message(error: click.UsageError, lang: Lang, group: str) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return _missing(error.param, lang, group)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad(error.param, error, lang)
    if isinstance(error, click.NoSuchOption):
        told = _said("no_option", lang, name=error.option_name)
        return _with_likes(told, error.possibilities, lang)
    if isinstance(error, click.BadOptionUsage):
        code = "takes_none" if "does not take" in error.message else "no_value"
        return _said(code, lang, name=error.option_name)
    return _other(error, lang)


def _other(error: click.UsageError, lang: Lang) -> str:
    """What click has no class of its own for, in all of its versions."""
    if error.message == "Missing command.":
        return _said("which_command", lang)
    if isinstance(name := getattr(error, "command_name", None), str):  # since click 8.3
        likes = getattr(error, "possibilities", None)
        return _with_likes(_said("no_command", lang, name=name), likes, lang)
    surplus = _SURPLUS.search(error.message)
    return _said("surplus", lang, words=surplus[1]) if surplus else error.format_message()


def _missing(param: click.Parameter, lang: Lang, group: str) -> str:
    if isinstance(param, click.Option):
        return _said("no_value", lang, name=param.opts[0])
    if param.name == "place":
        return say(f"cli.{group}.no_place", lang)
    own = f"cli.{group}.no_argument"
    name = param.metavar or param.name
    return say(own, lang, name=name) if has(own, lang) else _said("no_argument", lang, name=name)


def _bad(param: click.Parameter, error: click.BadParameter, lang: Lang) -> str:
    name, wanted = param.opts[0], param.type
    if isinstance(wanted, click.Choice):
        return _said("not_one_of", lang, name=name, known=", ".join(map(str, wanted.choices)))
    if isinstance(wanted, click.IntRange):
        if wanted.max is None:
            return _said("not_from", lang, name=name, low=wanted.min)
        return _said("not_between", lang, name=name, low=wanted.min, high=wanted.max)
    if isinstance(wanted, click.types.IntParamType):
        return _said("not_whole", lang, name=name)
    return error.format_message()


def _with_likes(told: str, likes: Sequence[str] | None, lang: Lang) -> str:
    return f"{told} {_said('meant', lang, likes=', '.join(likes))}" if likes else told


def _said(part: str, lang: Lang, **values: object) -> str:
    return say(f"cli.usage.{part}", lang, **values)
