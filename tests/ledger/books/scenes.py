"""A scheme in full, its events at random, and one year of it that is always the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import microseconds
from msap_mobility.ledger.outcome import Posted
from tests.ledger.stores import Clock, person, shop, system

if TYPE_CHECKING:
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.sight import Written

DAY = 86_400_000_000

SCHEME = genesis(
    {"EUR": 2, "KM": 0, "YACA": 2},
    [
        system("fund/EUR", floor=0, weight=1),
        *(system(f"{own}/EUR") for own in ("bank", "backed", "fees", "dues", "expired", "subsidy")),
        system("issue/KM", weight=6),
        system("issue/YACA", weight=1),
        system("paper/KM", floor=0),
        person("paul/KM"),
        person("jeanne/KM"),
        person("jeanne/YACA"),
        shop("bakery/YACA"),
        shop("garage/YACA"),
    ],
)
"""A coupon is worth 6 cents."""


def at(*when: int) -> int:
    """Microseconds of an instant in UTC."""
    return microseconds(datetime(*when, tzinfo=UTC))


def legs_of(kind: str, n: int) -> dict[str, int]:
    """The legs of an event about `n` coupons, or `n` cents."""
    return {
        "booklet": {"issue/KM": -n, "paul/KM": n, "fund/EUR": 6 * n, "backed/EUR": -6 * n},
        "paper": {"issue/KM": -n, "paper/KM": n, "fund/EUR": 6 * n, "backed/EUR": -6 * n},
        "ride": {"paul/KM": -n, "jeanne/KM": n},
        "paper-ride": {"paper/KM": -n, "jeanne/KM": n},
        "exchange": {
            "jeanne/KM": -n,
            "issue/KM": n,
            "issue/YACA": -6 * n,
            "jeanne/YACA": 6 * n,
        },
        "spend": {"jeanne/YACA": -n, "bakery/YACA": n},
        "supply": {"bakery/YACA": -n, "garage/YACA": n},
        "reconvert": {
            "bakery/YACA": -100 * n,
            "issue/YACA": 100 * n,
            "fund/EUR": -100 * n,
            "backed/EUR": 100 * n,
            "bank/EUR": 2 * n,
            "fees/EUR": -2 * n,
        },
        "dues": {"bank/EUR": n, "dues/EUR": -n},
        "subsidy": {
            "bank/EUR": -n,
            "subsidy/EUR": n,
            "fund/EUR": n,
            "backed/EUR": -n,
            "issue/YACA": -n,
            "jeanne/YACA": n,
        },
        "lapse": {
            "paul/KM": -n,
            "issue/KM": n,
            "fund/EUR": -6 * n,
            "backed/EUR": 6 * n,
            "bank/EUR": 6 * n,
            "expired/EUR": -6 * n,
        },
    }[kind]


KINDS = (
    *("booklet", "paper", "ride", "paper-ride", "exchange", "spend", "supply", "reconvert"),
    *("dues", "subsidy", "lapse", "hold", "capture", "void", "reverse"),
)

events = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(1, 12),  # how much
        st.integers(0, 40 * 24),  # hours since the event before
        st.one_of(st.none(), st.integers(0, 60 * 24)),  # hours too late, if it is late paper
    ),
    max_size=25,
)
"""What happens in a scheme; what the rules refuse does not."""


def play(journal: Journal, clock: Clock, happens: list[tuple[str, int, int, int | None]]) -> None:
    """Let events happen, to people who hold enough for most of them."""
    for kind, n in (("booklet", 900), ("paper", 90), ("ride", 600), ("exchange", 500)):
        journal.post(Entry(key=f"stock/{kind}", kind=kind, legs=legs_of(kind, n)))
    journal.post(Entry(key="stock/spend", kind="spend", legs=legs_of("spend", 2_400)))
    holds: list[str] = []
    posted: list[str] = []
    for number, (kind, n, gap, late) in enumerate(happens):
        clock.now += gap * DAY // 24
        entry = _entry(journal, f"e{number}", kind, n, holds, posted)
        if entry is None:
            continue
        if late is not None and entry.phase == "post":
            entry = Entry(
                key=entry.key, kind=kind, legs=entry.legs, effective=clock.now - late * DAY // 24
            )
        (answer,) = journal.post_each([entry])
        if isinstance(answer, Posted) and entry.legs:
            (holds if entry.phase == "reserve" else posted).append(entry.key)


def _entry(
    journal: Journal, key: str, kind: str, n: int, holds: list[str], posted: list[str]
) -> Entry | None:
    if kind == "hold":
        return Entry(key=key, kind="promise", phase="reserve", legs=legs_of("ride", n))
    if kind in ("capture", "void"):
        if not holds:
            return None
        target = holds.pop()
        held = journal.entry(target).entry.legs if kind == "capture" else {}
        return Entry(key=key, kind="ride", phase=kind, target=target, legs=held)
    if kind == "reverse":
        if not posted:
            return None
        target = posted[-1]
        legs = {account: -units for account, units in journal.entry(target).entry.legs.items()}
        return Entry(key=key, kind="reverse", phase="reverse", target=target, legs=legs)
    return Entry(key=key, kind=kind, legs=legs_of(kind, n))


def effective(written: Written) -> int:
    """When an entry happened."""
    return written.recorded if written.entry.effective is None else written.entry.effective


def moves(journal: Journal) -> list[Written]:
    """The entries that moved something, as written."""
    return [
        written
        for written in journal.entries()
        if written.entry.legs and written.entry.phase in ("post", "capture", "reverse")
    ]


def post(
    journal: Journal, clock: Clock, when: int, key: str, kind: str, n: int, **more: Any
) -> None:
    """One event at an instant."""
    clock.now = when
    journal.post(Entry(key=key, kind=kind, legs=legs_of(kind, n), **more))


def year(journal: Journal, clock: Clock) -> None:
    """Two years of a small scheme, with late paper and a hold; the same every time."""
    post(journal, clock, at(2026, 10, 1, 8), "dues/2026/paul", "dues", 500)
    post(journal, clock, at(2026, 10, 1, 9), "b1", "booklet", 50, ref="carnet 1")
    clock.now = at(2026, 10, 5, 9)
    journal.post(
        Entry(key="r1/promised", kind="promise", phase="reserve", legs=legs_of("ride", 25))
    )
    clock.now = at(2026, 10, 6, 9)
    paid = {"phase": "capture", "target": "r1/promised"}
    journal.post(Entry(key="r1/settled", kind="ride", legs=legs_of("ride", 25), **paid))
    post(journal, clock, at(2026, 10, 7, 9), "x1", "exchange", 25)
    post(journal, clock, at(2026, 11, 2, 9), "s1", "spend", 150)
    post(journal, clock, at(2026, 11, 30, 23, 30), "t1", "subsidy", 50)  # 1 December in Paris
    post(journal, clock, at(2026, 12, 1, 9), "q1", "reconvert", 1)
    late = {"effective": at(2026, 12, 20, 9), "ref": "bordereau\u00a012"}
    post(journal, clock, at(2027, 1, 15, 9), "slip/12/settled", "ride", 5, **late)
    post(journal, clock, at(2027, 2, 1, 9), "l1", "lapse", 2)
    clock.now = at(2027, 2, 2, 9)
    undone = {"phase": "reverse", "target": "t1"}
    legs = {account: -units for account, units in legs_of("subsidy", 50).items()}
    journal.post(Entry(key="t1/reversed", kind="reverse", legs=legs, **undone))
