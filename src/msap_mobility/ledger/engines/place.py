"""Whether a folder is a place for a database: not on another machine, and better not synced.

SQLite's write-ahead log is shared in the memory of one machine and does not work across a network
(https://sqlite.org/wal.html, section 1). A program that copies a folder to a cloud may take the
file and its log at two different moments, or put an old copy in their place
(https://sqlite.org/howtocorrupt.html, sections 1.2 to 1.4).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "LedgerWarning",
    "check_place",
    "mounts_of_linux",
    "mounts_of_macos",
    "network_kind",
    "synced_by",
]


class LedgerWarning(UserWarning):
    """The ledger works, but not as safely as it could."""


_NETWORK = re.compile(
    r"(fuse\.)?(nfs|cifs|smb|9p|afs|afpfs|coda|ncp|webdav|davfs|ceph|gluster|lustre|beegfs|gpfs|gfs"
    r"|ocfs2|orangefs|pvfs|moosefs|juicefs|vboxsf|prl_fs|ftp|sshfs|rclone|s3fs|gcsfuse|gvfsd"
    r"|curlftpfs|onedriver)",
)
"""How the types of file systems on other machines begin."""

_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mon drive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "icloud": "iCloud",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "kdrive": "kDrive",
    "pcloud": "pCloud",
    "pcloud drive": "pCloud",
    "pclouddrive": "pCloud",
    "proton drive": "Proton Drive",
    "synologydrive": "Synology Drive",
    "seafile": "Seafile",
    "syncthing": "Syncthing",
}
"""Names of folders, in lower case, by which the programs that copy them are known."""

_OWNER = re.compile(r"( - |-| \().*")  # "OneDrive - Mairie", "GoogleDrive-a@b.fr", "Dropbox (Moi)"

_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
"""Set by OneDrive on Windows to the folders it copies."""

_REMOTE = 4  # DRIVE_REMOTE, what GetDriveTypeW says of a network drive


def check_place(path: Path) -> None:
    """Refuse a database on a network drive; warn of one in a synced folder.

    Parameters
    ----------
    path
        The file, there or not yet.

    Raises
    ------
    Unusable
        If the folder is on another machine.

    Warns
    -----
    LedgerWarning
        If a program copies the folder to a cloud.
    """
    place = path.resolve()
    kind = _kind_here(place)
    if kind is not None:
        raise Unusable("network_drive", path=path, kind=kind)
    program = synced_by(place, os.environ)
    if program is not None:
        told = say("ledger_place.synced", path=path, program=program)
        warnings.warn(told, LedgerWarning, stacklevel=3)


def network_kind(place: PurePath, mounts: Iterable[tuple[str, str]]) -> str | None:
    """The type of the network file system that holds a place; None if the place is on this machine.

    Parameters
    ----------
    place
        An absolute path without links.
    mounts
        Mount points and types; of two on one point the later hides the former.

    Examples
    --------
    >>> network_kind(PurePath("/srv/desk/a.sqlite"), [("/", "ext4"), ("/srv", "nfs4")])
    'nfs4'
    """
    holding, kind = -1, ""
    for point, its_kind in mounts:
        depth = len(PurePath(point).parts)
        if depth >= holding and place.is_relative_to(point):
            holding, kind = depth, its_kind
    return kind if _NETWORK.match(kind) else None


def mounts_of_linux(text: str) -> list[tuple[str, str]]:
    r"""Mount points and types, as ``/proc/mounts`` lists them (``man 5 fstab`` for the escapes).

    Examples
    --------
    >>> mounts_of_linux(r"//nas/d /mnt/my\040disk cifs rw,relatime 0 0")
    [('/mnt/my disk', 'cifs')]
    """
    fields = (line.split(" ") for line in text.splitlines())
    return [(_unescaped(each[1]), each[2]) for each in fields if len(each) > 2]


def mounts_of_macos(text: str) -> list[tuple[str, str]]:
    """Mount points and types, as ``/sbin/mount`` lists them on macOS.

    Examples
    --------
    >>> mounts_of_macos("//paul@nas/desk on /Volumes/desk (smbfs, nodev, nosuid)")
    [('/Volumes/desk', 'smbfs')]
    """
    return re.findall(r"^.* on (/.*) \((\w+)", text, re.MULTILINE)


def synced_by(place: PurePath, environment: Mapping[str, str]) -> str | None:
    """The program that copies a place to a cloud, as far as names tell; None if none does.

    Parameters
    ----------
    place
        An absolute path without links.
    environment
        The variables of the environment.

    Examples
    --------
    >>> synced_by(PurePath("/home/paul/OneDrive - Mairie/desk.sqlite"), {})
    'OneDrive'
    """
    folders = filter(None, map(environment.get, _VARIABLES))
    if any(place.is_relative_to(folder) for folder in folders):
        return "OneDrive"
    for part in place.parts[:-1]:
        program = _SYNCED.get(part.lower()) or _SYNCED.get(_OWNER.sub("", part).lower())
        if program:
            return program
    return None


def _unescaped(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)


if sys.platform == "win32":  # pragma: no cover - each machine sees one branch

    def _kind_here(place: Path) -> str | None:
        import ctypes  # noqa: PLC0415 - needed here only

        drive = place.drive
        if drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\")):
            return "UNC"
        remote = ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == _REMOTE
        return drive if remote else None

elif sys.platform == "darwin":  # pragma: no cover

    def _kind_here(place: Path) -> str | None:
        try:
            told = subprocess.run(
                ["/sbin/mount"], capture_output=True, text=True, check=True, timeout=5
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return network_kind(place, mounts_of_macos(told.stdout))

else:

    def _kind_here(place: Path) -> str | None:
        try:
            text = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
        return network_kind(place, mounts_of_linux(text))
