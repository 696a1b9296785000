"""The journals the other tests are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.ledger.stores import ride, sale

if TYPE_CHECKING:
    from msap_mobility.ledger.journal import Journal


def test_a_booklet_is_sold_and_ridden(journal: Journal) -> None:
    assert journal.post(sale()).balances["paul/KM"] == 50
    assert journal.post(ride()).balances == {"paul/KM": 25, "jeanne/KM": 25}
