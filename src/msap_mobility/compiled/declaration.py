"""`kernel`: compile a function once, load it ever after."""

from __future__ import annotations

import inspect
import logging
import threading
from importlib import import_module
from pathlib import Path
from pickle import UnpicklingError
from time import perf_counter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from msap_mobility.compiled.cache import folder_for, numba_caching_in, warn_of_memory
from msap_mobility.compiled.sources import (
    count_kernels,
    kernel_modules,
    kernel_needs,
    package_folder,
)
from msap_mobility.compiled.table import tables
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["kernel", "on_first_compilation", "warmup"]

P = ParamSpec("P")
R = TypeVar("R")

_SECONDS_PER_KERNEL = 0.7  # 40 kernels took 25 s on one core of a small server

_log = logging.getLogger("msap_mobility.compiled")
_log.addHandler(logging.NullHandler())
_lock = threading.Lock()
_seconds: dict[str, float] = {}
_announced = False


def _log_first_compilation(seconds: float) -> None:
    _log.info(say("compiled.first", seconds=seconds))


_announce: Callable[[float], None] = _log_first_compilation


def on_first_compilation(announce: Callable[[float], None]) -> None:
    """Have `announce` called, once a process, before kernels are compiled and not merely loaded.

    Without it the logger ``msap_mobility.compiled`` tells it at level INFO.

    Parameters
    ----------
    announce
        Gets a guess of the seconds it will take; its sentence is ``compiled.first``.

    Examples
    --------
    >>> on_first_compilation(lambda seconds: print(say("compiled.first", seconds=seconds)))
    >>> on_first_compilation(_log_first_compilation)
    """
    global _announce  # noqa: PLW0603 - one announcer a process, chosen by the program's entry
    _announce = announce


def kernel(signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a numba kernel: compiled at once for one signature, free of the GIL, cached.

    Parameters
    ----------
    signature
        numba's text, for example ``"int64(int64[::1], int64)"``; classes of `Table` by name.

    Returns
    -------
    Callable
        A decorator; type checkers see the kernel with the signature written in Python.

    Notes
    -----
    The machine code is cached in `cache_folder`, or kept in memory if that cannot be written (one
    warning). Kernels declared outside a package (a notebook, a test) stay in memory.

    Examples
    --------
    >>> @kernel("int64(int64[::1], int64)")
    ... def count_above(values, least):
    ...     count = 0
    ...     for value in values:
    ...         if value > least:
    ...             count += 1
    ...     return count
    >>> import numpy as np
    >>> count_above(np.arange(10, dtype=np.int64), 6)
    3
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        start = perf_counter()
        compiled: Callable[P, R] = _compile(function, signature)
        module = function.__module__
        _seconds[module] = _seconds.get(module, 0.0) + perf_counter() - start
        return compiled

    return declare


def warmup(*, processes: int = 1) -> Mapping[str, float]:
    """Compile every kernel of the library, or load it if that was done before.

    Parameters
    ----------
    processes
        Modules compiled at once. If more than one, in fresh processes: nothing is loaded in this
        one, and a script that asks for it needs the guard ``if __name__ == "__main__":``.

    Returns
    -------
    Mapping
        Name of each module that declares kernels, to the seconds they took in the process that
        compiled them.

    Examples
    --------
    >>> all(seconds >= 0 for seconds in warmup().values())
    True
    """
    package = package_folder(Path(__file__))
    if package is None:
        return {}
    if processes == 1:
        return {module: _seconds_of(module) for module in kernel_modules(package)}
    from msap_mobility.compiled.together import compile_together  # noqa: PLC0415 - slow to load

    if _kept(package) < count_kernels(package):
        _announce_once(Path(__file__))
    return compile_together(kernel_needs(package), _seconds_of, processes)


def _seconds_of(module: str) -> float:
    """Seconds the kernels of a module take, or took, in this process."""
    import_module(module)
    return _seconds.get(module, 0.0)


def _kept(package: Path) -> int:
    """How many kernels of a package were compiled before."""
    folder = folder_for(package / "__init__.py")
    return 0 if folder is None else sum(1 for _ in folder.rglob("*.nbi"))


def _compile(function: Callable[..., Any], signature: str) -> Any:
    """The compiled `function`: from the cache, or new."""
    file = Path(inspect.getfile(function))
    folder = folder_for(file)
    if folder is not None:
        try:
            return _dispatcher(function, signature, folder)
        except (OSError, EOFError, UnpicklingError):  # full disk, torn file
            warn_of_memory(folder)
    return _dispatcher(function, signature, None)


def _dispatcher(function: Callable[..., Any], signature: str, folder: Path | None) -> Any:
    numba = import_module("numba")
    if numba.config.DISABLE_JIT:
        return function
    # Nobody calls a kernel by its C address, so no code for that is made.
    dispatcher = numba.njit(nogil=True, no_cfunc_wrapper=True)(function)
    if folder is not None:
        with numba_caching_in(folder):
            dispatcher.enable_caching()
        if not Path(dispatcher.stats.cache_path).is_relative_to(folder):
            raise NotADirectoryError(folder)  # numba fell back on a folder that goes stale
    if folder is None or not _has_index(dispatcher, function):
        _announce_once(Path(inspect.getfile(function)))
    dispatcher.compile(_signature(signature))
    dispatcher.disable_compile()
    return dispatcher


def _signature(text: str) -> Any:
    """Numba's own words, or with tables called by name."""
    if any(name in text for name in tables()):
        return import_module("msap_mobility.compiled.table_type").signature_of(text)
    return text


def _has_index(dispatcher: Any, function: Callable[..., Any]) -> bool:
    """Whether numba has an index file of `function`: good enough to decide about a message."""
    name = function.__qualname__.replace("<", "").replace(">", "")
    return any(Path(dispatcher.stats.cache_path).glob(f"*.{name}-*.nbi"))


def _announce_once(file: Path) -> None:
    global _announced  # noqa: PLW0603 - once a process
    with _lock:
        if _announced:
            return
        _announced = True
    package = package_folder(file)
    kernels = 1 if package is None else count_kernels(package)
    _announce(_SECONDS_PER_KERNEL * kernels)
