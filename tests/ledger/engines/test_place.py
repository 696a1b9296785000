"""A ledger's file: refused on a network drive, warned of in a synced folder."""

from __future__ import annotations

import warnings
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from msap_mobility.ledger.engines import place as module
from msap_mobility.ledger.engines.place import (
    LedgerWarning,
    check_place,
    mounts_of_linux,
    mounts_of_macos,
    network_kind,
    synced_by,
)
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from tests.ledger.stores import SMALL

LINUX = r"""/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
nas:/volume /srv/desk nfs4 rw,vers=4.2 0 0
//nas/share /mnt/our\040share cifs rw 0 0
paul@host:/home /home/paul/far fuse.sshfs rw,nosuid 0 0
tmpfs /home/paul/far/near tmpfs rw 0 0
C:\134 /mnt/c 9p rw,dirsync 0 0
systemd-1 /late autofs rw 0 0
nas:/late /late nfs rw 0 0
nas:/early /early nfs rw 0 0
/dev/sdb1 /early ext4 rw 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
garbage
"""

MACOS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//paul@nas._smb._tcp.local/desk on /Volumes/desk on nas (smbfs, nodev, nosuid, mounted by paul)
nas:/volume on /private/nfs (nfs, nodev, nosuid)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/paul/ledger.sqlite", None),
        ("/srv/desk/ledger.sqlite", "nfs4"),
        ("/srv/desk", "nfs4"),
        ("/srv/desktop/ledger.sqlite", None),
        ("/mnt/our share/a/ledger.sqlite", "cifs"),
        ("/home/paul/far/ledger.sqlite", "fuse.sshfs"),
        ("/home/paul/far/near/ledger.sqlite", None),
        ("/mnt/c/Users/paul/ledger.sqlite", "9p"),
        ("/late/ledger.sqlite", "nfs"),
        ("/early/ledger.sqlite", None),
        ("/run/user/1000/doc/ledger.sqlite", None),
    ],
)
def test_the_deepest_mount_point_tells(path: str, kind: str | None) -> None:
    assert network_kind(PurePosixPath(path), mounts_of_linux(LINUX)) == kind


def test_mounts_of_a_mac() -> None:
    mounts = mounts_of_macos(MACOS)
    assert network_kind(PurePosixPath("/Users/paul/ledger.sqlite"), mounts) is None
    assert network_kind(PurePosixPath("/private/nfs/ledger.sqlite"), mounts) == "nfs"
    assert network_kind(PurePosixPath("/Volumes/desk on nas/x/ledger.sqlite"), mounts) == "smbfs"


@pytest.mark.parametrize(
    ("path", "program"),
    [
        (PurePosixPath("/home/paul/Dropbox/desk/ledger.sqlite"), "Dropbox"),
        (PurePosixPath("/home/paul/Dropbox (Mairie)/ledger.sqlite"), "Dropbox"),
        (PurePosixPath("/home/paul/Nextcloud/ledger.sqlite"), "Nextcloud"),
        (PurePosixPath("/home/paul/kDrive/ledger.sqlite"), "kDrive"),
        (PurePosixPath("/home/paul/pCloudDrive/ledger.sqlite"), "pCloud"),
        (PureWindowsPath("C:/Users/paul/OneDrive - Mairie d'Ayen/ledger.sqlite"), "OneDrive"),
        (PureWindowsPath("G:/Mon Drive/ledger.sqlite"), "Google Drive"),
        (
            PurePosixPath("/Users/p/Library/CloudStorage/GoogleDrive-p@x.fr/My Drive/l.sqlite"),
            "Google Drive",
        ),
        (
            PurePosixPath("/Users/p/Library/Mobile Documents/com~apple~CloudDocs/l.sqlite"),
            "iCloud",
        ),
        (PurePosixPath("/srv/desk/ledger.sqlite"), None),
        (PurePosixPath("/srv/desk/dropbox"), None),  # the file itself is no folder
        (PurePosixPath("/srv/dropboxes/ledger.sqlite"), None),
    ],
)
def test_synced_folders_are_known_by_name(
    path: PurePosixPath | PureWindowsPath, program: str | None
) -> None:
    assert synced_by(path, {}) == program


def test_a_folder_moved_elsewhere_is_known_by_the_environment() -> None:
    path = PureWindowsPath("D:/Cloud/desk/ledger.sqlite")
    assert synced_by(path, {"OneDrive": r"D:\Cloud"}) == "OneDrive"
    assert synced_by(path, {"OneDrive": r"D:\Cl"}) is None
    assert synced_by(path, {"OneDrive": ""}) is None


def test_a_ledger_on_a_network_drive_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_kind_here", lambda _: "nfs4")
    path = tmp_path / "ledger.sqlite"
    with pytest.raises(Unusable) as no:
        SqliteEngine.create(path, "ayen", SMALL)
    assert no.value.code == "network_drive"
    assert "nfs4" in no.value.text("fr")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_in_a_synced_folder_is_warned_of(tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    with pytest.warns(LedgerWarning, match="Dropbox"):
        SqliteEngine.create(folder / "ledger.sqlite", "ayen", SMALL).close()


def test_a_link_into_a_synced_folder_is_seen(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    link = tmp_path / "desk"
    try:
        link.symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    with pytest.warns(LedgerWarning):
        check_place(link / "ledger.sqlite")


def test_an_ordinary_folder_is_taken_without_a_word(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_place(tmp_path / "ledger.sqlite")
