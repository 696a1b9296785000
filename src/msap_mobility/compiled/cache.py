"""The folder where compiled kernels wait for the next process."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import warnings
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from msap_mobility.compiled.sources import package_folder, sources_hash
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cache_folder", "folder_for", "numba_caching_in", "warn_of_memory"]

_KEPT = 8  # folders; older ones go when a new one is made
_IN_USE_S = 3600  # a folder touched within the last hour may belong to a running process

_lock = threading.RLock()
_folders: dict[Path, Path | None] = {}
_warned = False


def cache_folder() -> Path:
    """Where this user's machine keeps what we can compute again.

    ``MSAP_CACHE_DIR`` if set; else the system's cache folder: ``%LOCALAPPDATA%`` on Windows,
    ``~/Library/Caches`` on macOS, ``$XDG_CACHE_HOME`` or ``~/.cache`` elsewhere.

    Raises
    ------
    RuntimeError
        If the user has no home folder.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    if chosen := os.environ.get("MSAP_CACHE_DIR"):
        return Path(chosen).absolute()
    if sys.platform == "win32":
        system = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        system = Path.home() / "Library" / "Caches"
    else:
        system = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(system).absolute() / "msap_mobility"


def folder_for(file: Path) -> Path | None:
    """The folder for the kernels `file` declares; None if they stay in memory.

    Kernels outside a package (a notebook, a test) stay in memory: nothing tells what else they
    depend on. So do those whose folder cannot be written, with one warning.
    """
    package = package_folder(file)
    if package is None:
        return None
    with _lock:
        if package not in _folders:
            _folders[package] = _make_folder(package)
        folder = _folders[package]
        if folder is not None and folder.exists():
            os.utime(folder)  # in use: not to be pruned
        return folder


@contextmanager
def numba_caching_in(folder: Path) -> Iterator[None]:
    """Point numba's cache at `folder` while one dispatcher looks, then give the host's back.

    A dispatcher reads the setting once, when its caching is enabled; changing it for longer would
    move the caches of whatever else the host application compiles.
    """
    config = import_module("numba").config
    ours = {"CACHE_DIR": str(folder), "CACHE_LOCATOR_CLASSES": ""}
    with _lock:
        theirs = {name: getattr(config, name) for name in ours if hasattr(config, name)}
        try:
            for name in theirs:
                setattr(config, name, ours[name])
            yield
        finally:
            for name, value in theirs.items():
                setattr(config, name, value)


def warn_of_memory(folder: Path) -> None:
    """Warn, once a process, that kernels are kept in memory only."""
    global _warned  # noqa: PLW0603 - once a process
    with _lock:
        if not _warned:
            _warned = True
            warnings.warn(say("compiled.in_memory", folder=folder), RuntimeWarning, stacklevel=2)


def _make_folder(package: Path) -> Path | None:
    numba = import_module("numba")
    name = sources_hash(package, numba.__version__, numba.config.BOUNDSCHECK)
    try:
        folder = cache_folder() / "kernels" / name
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, RuntimeError):  # not writable, or no home
        warn_of_memory(Path("~" if not os.environ.get("MSAP_CACHE_DIR") else cache_folder()))
        return None
    if is_new:
        _prune(folder.parent)
    return folder


def _prune(kernels: Path) -> None:
    """Drop the caches of old sources, sparing the latest and any another process may be using."""
    used = {folder: _last_used_s(folder) for folder in kernels.iterdir()}
    for folder in sorted(used, key=lambda folder: used[folder], reverse=True)[_KEPT:]:
        if time() - used[folder] > _IN_USE_S:
            shutil.rmtree(folder, ignore_errors=True)


def _last_used_s(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # pruned by another process meanwhile
        return 0.0
