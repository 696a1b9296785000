"""Locks on single bytes of a file, which the system lets go when their process dies."""

from __future__ import annotations

import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ByteLocks"]

_FAR = 1 << 30  # beyond all that is written: Windows lets nobody read a locked byte
_NUMBERS = struct.Struct("<QQQ")
_NUMBER = struct.Struct("<Q")


class ByteLocks:
    """A small file that holds three numbers and lends its bytes as locks between processes.

    POSIX gives such locks to the process, not to the file descriptor: a process does not stand in
    its own way, and closing *any* descriptor of the file lets go of all of them. So a process must
    hold one object for a file, and close it last.

    Parameters
    ----------
    path
        The file, made if missing, with the rights of `beside` if that file exists.
    beside
        The database the file stands next to.

    Raises
    ------
    OSError
        Here and in every method, if the system can neither open, lock, read nor write the file.
    """

    def __init__(self, path: Path, beside: Path) -> None:
        flags = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.open(path, flags)
        except FileNotFoundError:
            self._file = os.open(path, flags | os.O_CREAT, 0o666)
            _take_rights(self._file, beside)
        found = os.fstat(self._file)
        self.identity = (found.st_dev, found.st_ino)

    def numbers(self) -> tuple[int, int, int]:
        """The numbers; zeros in a new file."""
        found = _read(self._file, _NUMBERS.size)
        return _NUMBERS.unpack(found.ljust(_NUMBERS.size, b"\0"))

    def put(self, which: int, number: int) -> None:
        """Write one of the numbers: 0, 1 or 2."""
        _write(self._file, _NUMBER.pack(number), which * _NUMBER.size)

    def take(self, first: int, count: int = 1) -> bool:
        """Lock bytes if nobody else holds one of them; says whether it did."""
        try:
            _lock(self._file, _FAR + first, count)
        except (BlockingIOError, PermissionError):
            return False
        return True

    def let_go(self, first: int, count: int = 1) -> None:
        """Unlock bytes, whether or not they were taken."""
        _unlock(self._file, _FAR + first, count)

    def close(self) -> None:
        """Close the file; every lock of this process on it is gone."""
        os.close(self._file)


if sys.platform == "win32":  # pragma: no cover - the other branch is
    import msvcrt

    def _lock(file: int, start: int, count: int) -> None:
        os.lseek(file, start, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, count)

    def _unlock(file: int, start: int, count: int) -> None:
        os.lseek(file, start, os.SEEK_SET)
        with suppress(PermissionError):  # they were not taken
            msvcrt.locking(file, msvcrt.LK_UNLCK, count)

    def _read(file: int, size: int) -> bytes:
        os.lseek(file, 0, os.SEEK_SET)
        return os.read(file, size)

    def _write(file: int, data: bytes, start: int) -> None:
        os.lseek(file, start, os.SEEK_SET)
        os.write(file, data)

    def _take_rights(file: int, beside: Path) -> None:
        """Rights come from the folder."""

else:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, lockf

    def _lock(file: int, start: int, count: int) -> None:
        lockf(file, LOCK_EX | LOCK_NB, count, start)

    def _unlock(file: int, start: int, count: int) -> None:
        lockf(file, LOCK_UN, count, start)

    def _read(file: int, size: int) -> bytes:
        return os.pread(file, size, 0)

    def _write(file: int, data: bytes, start: int) -> None:
        os.pwrite(file, data, start)

    def _take_rights(file: int, beside: Path) -> None:
        """Let in whom the database lets in, not whom the umask of the moment does."""
        with suppress(OSError):  # no database yet, or a file system without rights
            os.fchmod(file, beside.stat().st_mode & 0o777)
