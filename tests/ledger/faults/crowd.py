"""One of many processes that write to a ledger at the same time.

``python -m tests.ledger.faults.crowd PLACE draw NO TIMES``: take a coupon from the purse so many
times; tells how often it got one. ``... same NO TIMES``: post the same entries as all others;
tells number, hash and whether it was replayed. ``... clash NO TIMES``: its own entries under the
same keys as all others; tells ``mine`` or the code of the refusal. All wait for a line before.
"""

from __future__ import annotations

import sys

from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.outcome import Refused
from tests.ledger.faults.places import PERSONS, open_journal, sale


def main() -> None:
    place, verb, no, times = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    journal = open_journal(place)
    print("ready", flush=True)
    sys.stdin.readline()
    told: list[str] = []
    got = 0
    for turn in range(times):
        try:
            if verb == "draw":
                to = PERSONS[no % len(PERSONS)]
                legs = {"purse/KM": -1, to: 1}
                journal.post(Entry(key=f"draw-{no}-{turn}", kind="ride", legs=legs))
                got += 1
            elif verb == "same":
                posted = journal.post(sale(f"same-{turn}", PERSONS[0], 1))
                told.append(f"{posted.seq}:{posted.hash}:{posted.replayed}")
            else:
                journal.post(sale(f"clash-{turn}", PERSONS[0], no + 1))
                told.append("mine")
        except Refused as refused:
            told.append(refused.refusal.code)
    print(got, *told)
    journal.close()


if __name__ == "__main__":
    main()
