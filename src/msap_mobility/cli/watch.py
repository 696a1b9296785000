"""Long work shown on stderr, and stopped by Ctrl-C with its best so far."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from msap_mobility.wording import Lang

__all__ = ["Watch", "announce_compilation", "watched_search"]


class Watch:
    """What a search is given: `progress` to tell, `should_stop` to ask.

    Examples
    --------
    >>> watch = Watch(lambda share, need: None)
    >>> watch.should_stop()
    False
    """

    def __init__(self, progress: Callable[[float, float], None]) -> None:
        self.progress = progress
        self.interrupted = False

    def should_stop(self) -> bool:
        """Whether the user asked to stop."""
        return self.interrupted


@contextmanager
def watched_search(lang: Lang, words: str = "cli") -> Iterator[Watch]:
    """Show a bar on stderr while a search runs; the first Ctrl-C ends it with its best so far.

    A second Ctrl-C ends the program.

    Parameters
    ----------
    lang
        Of what is said.
    words
        ``<words>.searching`` and ``<words>.stopping`` are said.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say(f"{words}.searching", lang, need=0), total=None)

        def show(share: float, need: float) -> None:
            searching = say(f"{words}.searching", lang, need=need)
            bar.update(task, total=1.0, completed=share, description=searching)

        watch = Watch(show)
        with _first_interrupt_stops(watch, say(f"{words}.stopping", lang)):
            yield watch


@contextmanager
def _first_interrupt_stops(watch: Watch, told: str) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if watch.interrupted:
            raise KeyboardInterrupt
        watch.interrupted = True
        click.echo(told, err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def announce_compilation(lang: Lang) -> None:
    """Say on stderr, once, that kernels are being compiled, if they are."""
    from msap_mobility.compiled import on_first_compilation

    on_first_compilation(
        lambda seconds: click.echo(say("compiled.first", lang, seconds=seconds), err=True)
    )
