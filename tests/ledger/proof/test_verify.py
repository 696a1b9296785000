"""A ledger that is what its entries say is sound, on every store, while it is written to."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest

from msap_mobility.errors import InputError
from msap_mobility.ledger import proof
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.proof.finding import MOST_LISTED, Finding, Findings, Verification
from msap_mobility.ledger.proof.verify import verify, verify_file
from msap_mobility.wording import LANGUAGES, has
from tests.ledger.proof.oracle import faultless
from tests.ledger.proof.story import Hands, tell
from tests.ledger.stores import Clock, Store, fresh, ride, sale


def test_the_story_is_sound(store: Store, clock: Clock) -> None:
    journal = store.create(clock=clock)
    tell(journal, clock)
    found = verify(journal)
    assert found.findings == ()
    assert found.sound
    assert found.head == journal.engine.reader.head().hash
    assert found.entries == journal.engine.reader.head().seq == 20
    assert found.legs == sum(len(_moved(entry)) for entry in _entries(journal))


def _entries(journal):
    return [written.entry for written in journal.entries()]


def _moved(entry: Entry):
    ends = {"h1/done": 2, "h2/off": 2, "h3/expired": 2}
    return range(ends.get(entry.key, len(entry.legs)))


def test_the_oracle_says_so_too(hands: Hands) -> None:
    assert faultless(hands.content(), "ayen")


AROUND = {
    "fund": {"fund/EUR": 6, "bank/EUR": -6, "issue/KM": -1, "paul/KM": 1},
    "backed": {"backed/EUR": 5, "bank/EUR": -5},
    "half": {"fund/EUR": 6, "backed/EUR": -5, "bank/EUR": -1, "issue/KM": -1, "paul/KM": 1},
}
"""Each asset sums to zero and the fund covers what circulates; what the fund owes goes astray."""


@pytest.mark.parametrize("name", AROUND)
def test_who_posts_around_the_verbs_is_found_though_he_puts_it_right(
    store: Store, clock: Clock, name: str
) -> None:
    """What the fund owes is minus the fund at every instant, not only in the end."""
    journal = store.create(clock=clock)
    journal.post(sale())
    legs = AROUND[name]
    journal.post(Entry(key="around", kind="around", legs=legs))
    back = {account: -units for account, units in legs.items()}
    journal.post(Entry(key="back", kind="around", legs=back))
    found = verify(journal)
    off = [("mirror_broken", 3, "entry"), ("mirror_broken", 4, "entry")]
    assert [(each.code, each.seq, each.place) for each in found.findings] == off
    fund, mirror = legs.get("fund/EUR", 0), legs.get("backed/EUR", 0)
    assert found.findings[0].values == {"fund": fund, "mirror": mirror}


def test_a_fresh_scheme_is_sound(store: Store) -> None:
    found = verify(store.create())
    assert (found.sound, found.entries, found.legs) == (True, 1, 0)


def test_each_scheme_of_a_file_is_verified_by_itself(store: Store) -> None:
    one, two = store.create("one"), store.create("two")
    one.post(sale())
    two.post(sale())
    two.post(ride())
    assert [verify(each).entries for each in (one, two)] == [2, 3]
    assert verify(one).sound
    assert verify(two).sound


def test_progress_is_told(hands: Hands) -> None:
    seen: list[tuple[int, int]] = []
    verify_file(hands.path, progress=lambda *step: seen.append(step))
    assert seen == [(20, 20)]


def test_pages_are_read_one_after_another(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msap_mobility.ledger.proof.pages.PAGE", 3)
    seen: list[tuple[int, int]] = []
    found = verify_file(hands.path, progress=lambda *step: seen.append(step))
    assert found.sound
    assert found == verify_file(hands.path)
    assert seen == [(3, 20), (6, 20), (9, 20), (12, 20), (15, 20), (18, 20), (20, 20)]


def test_it_is_sound_while_others_write() -> None:
    with fresh("sqlite") as store:
        journal = store.create(clock=None)
        journal.post(sale(km=10_000))
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                journal.post(ride(f"r{number}", 1))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            found = [verify(journal) for _ in range(15)]
        finally:
            stop.set()
            writer.join()
        assert [each.findings for each in found] == [()] * 15
        assert found[-1].entries > found[0].entries


def test_a_missing_file_and_an_unknown_scheme_are_wrong_input(hands: Hands, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ledger at"):
        verify_file(tmp_path / "none.sqlite")
    with pytest.raises(InputError, match="no scheme 'brive'; there are ayen"):
        verify_file(hands.path, "brive")


def test_verifying_changes_nothing(hands: Hands) -> None:
    before = hands.path.read_bytes()
    verify_file(hands.path)
    assert hands.path.read_bytes() == before
    assert [path.name for path in hands.path.parent.iterdir()] == ["ledger.sqlite"]


def test_a_verification_makes_the_round_trip(hands: Hands) -> None:
    hands.run("UPDATE ledger_leg SET posted = posted + 1 WHERE seq = 4")
    found = verify_file(hands.path)
    assert not found.sound
    again = Verification.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again == found
    assert found.to_dict()["sound"] is False


def test_the_summary_says_where_in_both_languages(hands: Hands) -> None:
    hands.run("UPDATE ledger_leg SET amount = amount - 1 WHERE seq = 4 AND account = 7")
    found = verify_file(hands.path)
    assert "entry 4, leg paul/KM: this row should hold -25, 105, 0, 0" in found.summary("en")
    assert "écriture 4, leg paul/KM : cette ligne devrait contenir" in found.summary("fr")
    assert "1 finding in 20 entries" in found.summary("en")
    assert "1 constat sur 20 écritures" in found.summary("fr")


def test_every_finding_has_its_words() -> None:
    text = "".join(path.read_text() for path in Path(proof.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'note\(\s*"([a-z_]+)"', text))
    codes |= {"key_repeated", "closed_twice"}
    assert len(codes) > 40
    told = {code for code in codes if all(has(f"finding.{code}", lang) for lang in LANGUAGES)}
    assert codes == told


def test_findings_beyond_the_most_are_counted() -> None:
    findings = Findings()
    for seq in range(MOST_LISTED + 2):
        findings.note("time_back", seq, "entry")
    found = Verification(
        scheme="a",
        entries=1,
        legs=0,
        head="",
        findings=tuple(findings.listed),
        unlisted=findings.unlisted,
    )
    assert len(found.findings) == MOST_LISTED
    assert found.summary("en").endswith("… and 2 more.")
    assert f"{MOST_LISTED + 2} findings" in found.summary("en")


def test_what_is_no_plain_value_is_told_as_text() -> None:
    findings = Findings()
    findings.note("differs", 1, "leg", expected=b"\x00", found=None)
    assert findings.listed == [
        Finding(
            code="differs", seq=1, place="leg", values={"expected": "b'\\x00'", "found": "None"}
        )
    ]
