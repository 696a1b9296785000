"""A file cut short, or with bits flipped: findings or a clean refusal, never a traceback."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger.engines.sqlite import SqliteEngine
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.journal import Journal
from msap_mobility.ledger.proof.verify import verify, verify_file
from tests.ledger.proof.story import Hands, tell
from tests.ledger.stores import SMALL, Clock

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.ledger.proof.finding import Verification


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve schemes' worth of the story in one file: trees with several levels of pages."""
    path = tmp_path_factory.mktemp("long") / "ledger.sqlite"
    for number in range(12):
        clock = Clock()
        with Journal(SqliteEngine.create(path, f"scheme {number}", SMALL, clock)) as journal:
            tell(journal, clock)
    Hands(path).settle()
    return path


def verified(path: Path, scheme: str) -> Verification | None:
    """What verifying finds; None where the file no longer holds the name of the scheme."""
    with suppress(InputError):
        return verify_file(path, scheme)
    return None


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits(long: Path, tmp_path: Path, seed: int) -> None:
    """Never sound unless all content is what it was."""
    original = long.read_bytes()
    before = Hands(long).content()
    path = tmp_path / "ledger.sqlite"
    dice = random.Random(seed)
    for _ in range(12):
        data = bytearray(original)
        for _ in range(dice.choice((1, 1, 8, 64))):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        found = [verified(path, f"scheme {number}") for number in range(12)]
        if all(each is not None and each.sound for each in found):
            assert Hands(path).content() == before


@pytest.mark.parametrize("part", [0, 1, 16, 100, 1023, 2048, 5000, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_file_cut_short(long: Path, tmp_path: Path, part: float) -> None:
    data = long.read_bytes()
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(data[: part if isinstance(part, int) else int(len(data) * part)])
    found = verified(path, "scheme 3")
    assert found is None or not found.sound
    with (
        suppress(Unusable, InputError),
        Journal(SqliteEngine.open(path, "scheme 3")) as journal,
    ):
        assert not verify(journal).sound


def test_damage_in_one_place_leaves_the_rest_readable(hands: Hands) -> None:
    """One page of legs is overwritten: it is named, and the entries are all read."""
    (root,) = hands.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'ledger_leg'")[0]
    (size,) = hands.rows("PRAGMA page_size")[0]
    data = bytearray(hands.path.read_bytes())
    data[(root - 1) * size : root * size] = b"\x55" * size
    hands.path.write_bytes(data)
    found = verify_file(hands.path)
    assert found.entries == 20
    codes = {each.code for each in found.findings}
    assert "file_damaged" in codes or "file_unreadable" in codes
    assert {each.seq for each in found.findings if each.place == "leg paul/KM"} >= {2, 3, 4}


def test_an_unreadable_entry_stands_alone(long: Path, tmp_path: Path) -> None:
    """A text that is no UTF-8 any more cannot be read: that entry is named, the others are read."""
    path = tmp_path / "ledger.sqlite"
    data = long.read_bytes()
    place = data.index("zoé/KM\tKM\tperson".encode())  # in an entry, not in an index
    path.write_bytes(data[: place + 2] + b"\xff" + data[place + 3 :])
    found = [verify_file(path, f"scheme {number}") for number in range(12)]
    hurt = [each for each in found if not each.sound]
    assert len(hurt) == 1
    unread = [each for each in hurt[0].findings if each.code in ("unreadable", "gap")]
    assert {each.seq for each in unread} <= {13, 14, 15, 16, None}
    assert unread


def test_a_number_as_great_as_any_does_not_hold_it_up(hands: Hands) -> None:
    """The last entry moves far away, and one before it can no longer be read."""
    far = 2**39
    hands.run(
        f"UPDATE ledger_entry SET seq = {far}, id = {(1 << 40) + far} WHERE seq = 20",
        "UPDATE ledger_entry SET ref = CAST(x'ff' AS TEXT) WHERE seq = 4",
    )
    found = verify_file(hands.path)
    assert found.entries == 19
    assert {(each.code, each.seq) for each in found.findings} >= {("unreadable", 4), ("gap", 20)}


def test_a_file_that_is_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("Hello, this is a letter.\n" * 200)
    assert [each.code for each in verify_file(path).findings] == ["file_unreadable"]
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE dog (name TEXT)")
    assert [each.code for each in verify_file(path).findings] == ["file_unreadable"]


def test_damage_reaches_no_caller_of_an_open_journal(hands: Hands) -> None:
    """Rows that cannot be what they are give `Unusable` where they are read, findings here."""
    with Journal(SqliteEngine.open(hands.path)) as journal:
        hands.run("UPDATE ledger_entry SET legs = 'x' WHERE seq = 4")
        hands.run("UPDATE ledger_account SET asset = ' ' WHERE account = 8")
        with pytest.raises(Unusable, match="verification"):
            journal.entry("r1")
        with pytest.raises(Unusable, match="verification"):
            journal.balance("jeanne/KM")
        found = verify(journal)
    assert {each.seq for each in found.findings if each.code == "link_broken"} == {4}


def test_a_copy_of_the_damage_can_be_verified_without_the_right_to_write(
    hands: Hands, tmp_path: Path
) -> None:
    other = tmp_path / "shelf"
    other.mkdir()
    shutil.copy(hands.path, other / "ledger.sqlite")
    (other / "ledger.sqlite").chmod(0o444)
    assert verify_file(other / "ledger.sqlite").sound
