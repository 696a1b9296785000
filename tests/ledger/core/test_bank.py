"""Transfers at random while others count: no cent appears or vanishes, in any single look."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.outcome import Refusal, Refused
from tests.ledger.core.test_group_commit import in_threads
from tests.ledger.core.test_refusals import terms
from tests.ledger.stores import Clock, Store, person, sale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msap_mobility.ledger.journal import Journal

MEMBERS = tuple(f"m{number}/KM" for number in range(6))
EACH = 20
WRITERS = 4
READERS = 2
TRANSFERS = 25


def test_the_total_is_the_same_in_every_look(store: Store, clock: Clock) -> None:
    journal = store.create(clock=clock)
    journal.post(terms(*(person(member, ceiling=60) for member in MEMBERS), key="open"))
    journal.post_each([sale(f"sale {member}", EACH, member) for member in MEMBERS])
    done: list[int] = []
    looks: list[int] = []
    refusals: list[Refusal] = []

    def work(number: int) -> None:
        if number < WRITERS:
            refusals.extend(transfer(journal, number, clock))
            done.append(number)
        else:
            while len(done) < WRITERS:
                looks.append(look(journal))
            looks.append(look(journal))

    in_threads(WRITERS + READERS, work)
    assert {no.code for no in refusals} <= {"below_floor", "above_ceiling"}
    assert set(looks) == {EACH * len(MEMBERS)}
    check_history(journal)


def look(journal: Journal) -> int:
    """Every balance at one moment: the sum of the members'; no limit is passed."""
    held = {each.terms.id: each for each in journal.accounts()}
    sums: dict[str, int] = Counter()
    for each in held.values():
        sums[each.terms.asset] += each.posted
        assert each.terms.floor is None or each.posted - each.outgoing >= each.terms.floor
        assert each.terms.ceiling is None or each.posted + each.incoming <= each.terms.ceiling
    assert not any(sums.values())
    assert held["fund/EUR"].posted == -6 * held["issue/KM"].posted
    return sum(held[member].posted for member in MEMBERS)


def transfer(journal: Journal, number: int, clock: Clock) -> Iterator[Refusal]:
    """Some straight, some held first and captured in part; those that are refused come back."""
    chance = random.Random(number)
    for turn in range(TRANSFERS):
        key = f"{number}/{turn}"
        payer, getter = chance.sample(MEMBERS, 2)
        units = chance.randint(1, 30)
        legs = {payer: -units, getter: units}
        clock.now += 1
        try:
            if chance.random() < 0.5:
                journal.post(Entry(key=key, kind="ride", legs=legs))
                continue
            journal.post(Entry(key=key, kind="hold", legs=legs, phase="reserve"))
            taken = chance.randint(1, units)
            part = {payer: -taken, getter: taken}
            end = Entry(key=f"{key}/end", kind="ride", legs=part, phase="capture", target=key)
            journal.post(end)
        except Refused as no:
            yield no.refusal


def check_history(journal: Journal) -> None:
    """The entries alone, summed anew, give every balance; so do they at any past moment."""
    posted: dict[str, int] = Counter()
    written = list(journal.entries())
    for each in written:
        if each.entry.phase in ("post", "capture", "reverse"):
            posted.update(each.entry.legs)
    assert {each.terms.id: each.posted for each in journal.accounts()} == {
        each.terms.id: posted[each.terms.id] for each in journal.accounts()
    }
    middle = written[len(written) // 2].recorded
    total = sum(journal.balance(member, at=instant_of(middle)).posted for member in MEMBERS)
    assert total == EACH * len(MEMBERS)
