"""Ctrl-C comes where it does no harm: held back while others would be left waiting for ever.

Python interrupts the main thread only, between any two steps of it: between the step that takes a
caller out of a line and the one that answers him, between taking a lock and knowing of it.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any, Self

try:  # what `signal` is made of: without its enums, in which it spends a tenth of a posting
    from _signal import getsignal  # type: ignore[import-not-found]
    from _signal import signal as set_signal
except ImportError:  # pragma: no cover - not CPython
    from signal import getsignal
    from signal import signal as set_signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

__all__ = ["Interrupts", "Waiting"]

_SIGINT = int(signal.SIGINT)


class Interrupts:
    """Holds SIGINT back for the time of a block, but while it waits (`Waiting`).

    One that was held back comes at the end of the block, or at its next wait. In other threads
    than the main one it does nothing, for nothing is to be done.

    Examples
    --------
    >>> try:
    ...     with Interrupts():
    ...         signal.raise_signal(signal.SIGINT)
    ...         print("held back")
    ... except KeyboardInterrupt:
    ...     print("now")
    held back
    now
    """

    __slots__ = ("_former", "_held", "_open")

    present: Interrupts | None = None
    """The block the main thread is in."""

    def __init__(self) -> None:
        self._former: Callable[[int, FrameType | None], Any] | None = None
        self._held: tuple[int, FrameType | None] | None = None
        self._open = False

    def __enter__(self) -> Self:
        if _in_main_thread() and Interrupts.present is None:
            former = getsignal(_SIGINT)
            if callable(former):  # else nobody is interrupted: the system ends us, or nothing does
                self._former = former
                set_signal(_SIGINT, self._take)
                Interrupts.present = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._former is not None:
            Interrupts.present = None
            set_signal(_SIGINT, self._former)
            self._give()

    def let_through(self) -> None:
        """Let one interrupt through, now or until they are held back again."""
        self._open = True
        if self._held is not None:
            self._open = False
            self._give()

    def hold_back(self) -> None:
        """Hold them back again."""
        self._open = False

    def _take(self, signum: int, frame: FrameType | None) -> None:
        self._held = signum, frame
        if self._open:
            self._open = False  # whoever tidies up after it is not interrupted again
            self._give()

    def _give(self) -> None:
        held, self._held = self._held, None
        if held is not None and self._former is not None:
            self._former(*held)


class Waiting:
    """A wait within `Interrupts`: it may be interrupted, and whoever waits must be ready for it."""

    __slots__ = ("_block",)

    def __enter__(self) -> None:
        self._block = Interrupts.present if _in_main_thread() else None
        if self._block is not None:
            self._block.let_through()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._block is not None:
            self._block.hold_back()


def _in_main_thread() -> bool:
    return threading.get_ident() == threading.main_thread().ident
