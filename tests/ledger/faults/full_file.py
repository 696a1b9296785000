"""A process whose files may not grow: ``python -m tests.ledger.faults.full_file PLACE``.

Tells the code of what it cannot do at the limit, then posts the same once it is lifted.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from msap_mobility.ledger.engines.unusable import Unusable
from tests.ledger.faults.places import open_journal, sale


def main() -> None:
    place = sys.argv[1]
    path = Path(place.split(" ")[1])
    journal = open_journal(place)
    journal.post(sale("before", "purse/KM", 1))
    wal = path.with_name(path.name + "-wal")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + 3000, hard))
    posted = 0
    code = ""
    for turn in range(100):
        try:
            journal.post(sale(f"sale-{turn}", "purse/KM", 1))
            posted += 1
        except Unusable as no:
            code = no.code
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    again = journal.post(sale(f"sale-{posted}", "purse/KM", 1))
    print(code, posted, again.replayed)
    journal.close()


if __name__ == "__main__":
    main()
