"""What is read of a journal, held against what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.ledger.canonical import GENESIS
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.entry import Entry
from msap_mobility.ledger.genesis import decimals_of, genesis
from msap_mobility.ledger.journal import instant_of, microseconds
from msap_mobility.ledger.outcome import Refused
from msap_mobility.ledger.reading import Reader
from msap_mobility.ledger.sight import Head
from msap_mobility.wording import LANGUAGES
from tests.ledger.core.test_refusals import hold, mark, move, terms, void
from tests.ledger.stores import NOON, SMALL, STORES, Clock, Store, fresh, person, ride, sale
from tests.ledger.strategies import EVIL

if TYPE_CHECKING:
    from msap_mobility.ledger.journal import Journal

FAR = 1 << 40
"""Numbers of entries end here; the ids of the next scheme begin."""


def test_pages_join_without_a_gap(journal: Journal) -> None:
    journal.post(sale())
    journal.post_each([ride(f"r{number}", 1) for number in range(10)])
    reader = journal.engine.reader
    whole = list(reader.entries())
    assert [written.seq for written in whole] == list(range(1, 13))
    for page in (1, 2, 3, 11, 12, 13):
        for after in (-1, 0, 1, 5, 11, 12, 13, FAR, 10 * FAR):
            assert list(reader.entries(after, page)) == whole[max(after, 0) :]
    assert list(journal.entries(after=11)) == whole[11:]
    assert [reader.numbered(written.seq) for written in whole] == whole
    assert [journal.entry(written.entry.key) for written in whole] == whole


def test_a_page_is_of_a_thousand_unless_told() -> None:
    with fresh("memory") as store:
        journal = store.create()
        journal.post(sale(km=2000))
        journal.post_each([ride(f"r{number}", 1) for number in range(1100)])
        assert len(list(journal.entries())) == 1102


@pytest.mark.parametrize("count", [0, 1, 2, 8, 9, 99, 100, 101, 199, 200, 201])
def test_many_accounts_are_looked_up_a_hundred_at_a_time(many: Journal, count: int) -> None:
    reader = many.engine.reader
    ids = [f"m{number:03}/KM" for number in range(count)]
    found = [each.terms.id for each in reader.standings_of(ids)]
    assert sorted(found) == ids
    ghosts = [f"ghost{number}" for number in range(count)]
    assert list(reader.standings_of(ghosts)) == []
    assert sorted(each.terms.id for each in reader.standings_of([*ghosts, *ids])) == ids


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 10, 100, 101])
def test_an_entry_of_many_legs_finds_its_accounts(many: Journal, count: int) -> None:
    getters = {f"m{number:03}/KM": 1 for number in range(count)}
    key = f"many{count}"
    answer = many.post(Entry(key=key, kind="share", legs={"paul/KM": -count, **getters}))
    assert set(answer.balances) == {"paul/KM", *getters}
    assert many.entry(key).entry.legs == {"paul/KM": -count, **getters}  # type: ignore[union-attr]


@pytest.fixture(scope="module", params=STORES)
def many(request: pytest.FixtureRequest) -> Any:
    with fresh(request.param) as store:
        journal = store.create()
        opened = [person(f"m{number:03}/KM") for number in range(205)]
        journal.post(terms(*opened, key="open"))
        journal.post(sale(km=9000))
        yield journal


@given(
    steps=st.lists(st.sampled_from((-5, 0, 0, 1, 2, 50)), max_size=25),
    asked=st.lists(st.integers(-10, 200), min_size=1, max_size=8),
)
def test_the_last_entry_before_an_instant(steps: list[int], asked: list[int]) -> None:
    """Bisection against brute force, past balances against the answers given at the time."""
    clock = Clock()
    with fresh("memory") as store:
        journal = store.create(clock=clock)
        balances = {1: 0, 2: journal.post(sale()).balances["paul/KM"]}
        for number, step in enumerate(steps):
            clock.now += step
            answer = journal.post(ride(f"r{number}", 1))
            balances[answer.seq] = answer.balances["paul/KM"]
        written = list(journal.entries())
        times = [each.recorded for each in written]
        assert times == sorted(times)
        for instant in (NOON + after for after in asked):
            seq = sum(time <= instant for time in times)
            assert journal.engine.reader.seq_at(instant) == seq
            past = journal.balance("paul/KM", at=instant_of(instant))
            assert past.posted == balances.get(seq, 0)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 7, 8])
def test_the_last_entry_before_an_instant_on_every_store(
    journal: Journal, clock: Clock, count: int
) -> None:
    journal.post(sale())
    for number in range(count):
        clock.now = NOON + 10 * (number + 1)
        journal.post_each([ride(f"r{number}", 1), ride(f"s{number}", 1)])
    seq_at = journal.engine.reader.seq_at
    assert seq_at(NOON - 1) == seq_at(-(2**60)) == 0
    assert seq_at(NOON) == 2
    for number in range(count):
        assert seq_at(NOON + 10 * (number + 1)) == 4 + 2 * number
        assert seq_at(NOON + 10 * (number + 1) - 1) == 2 + 2 * number
    assert seq_at(2**62) == 2 + 2 * count


def test_past_balances_know_of_holds(journal: Journal, clock: Clock) -> None:
    journal.post(sale())
    for after, entry in enumerate((hold(units=10, expires=NOON + 3), void("hold"))):
        clock.now = NOON + 1 + after
        journal.post(entry)
    at = [journal.balance("paul/KM", at=instant_of(NOON + after)) for after in range(4)]
    assert [each.outgoing for each in at] == [0, 10, 0, 0]
    assert [each.available for each in at] == [50, 40, 50, 50]
    jeanne = [journal.balance("jeanne/KM", at=instant_of(NOON + after)) for after in range(3)]
    assert [(each.posted, each.incoming) for each in jeanne] == [(0, 0), (0, 10), (0, 0)]
    before = journal.balance("paul/KM", at=instant_of(NOON - 1))
    assert (before.asset, before.account) == ("KM", "paul/KM")
    assert (before.posted, before.outgoing, before.incoming) == (0, 0, 0)


def test_a_coupon_has_the_state_of_its_last_entry(journal: Journal) -> None:
    reader = journal.engine.reader
    assert reader.state("A1") == ""
    for before, after in (("", "printed"), ("printed", "sold"), ("sold", "lost")):
        journal.post(mark("A1", before, after, after))
        assert reader.state("A1") == after
    assert reader.state("A2") == reader.state("a1") == ""
    assert reader.trail("A1") == [(2, "printed"), (3, "sold"), (4, "lost")]


def test_coupons_in_a_state_are_found_with_the_entry_that_brought_them_there(
    journal: Journal,
) -> None:
    changes = [("B2", "", "sold"), ("A1", "", "printed"), ("A1", "printed", "sold")]
    for number, (serial, before, after) in enumerate([*changes, ("B2", "sold", "used")]):
        journal.post(mark(serial, before, after, f"m{number}"))
    in_state = journal.engine.reader.in_state
    assert in_state("sold", 99) == [("A1", 4)]
    assert in_state("used", 5) == [("B2", 5)]
    assert in_state("used", 4) == []
    assert in_state("printed", 99) == []
    journal.post(mark("A0", "", "sold", "last"))
    assert in_state("sold", 99) == [("A0", 6), ("A1", 4)]


def test_what_left_an_account_since_an_entry(journal: Journal) -> None:
    journal.post(sale())
    for number in range(3):
        journal.post(ride(f"r{number}", 10 + number))
    journal.post(move("back", jeanne=-5, paul=5))
    paul, jeanne = (each.no for each in journal.accounts()[6:8])
    spent = journal.engine.reader.spent_since
    assert [spent(paul, seq) for seq in (0, 2, 3, 4, 5, 6)] == [33, 33, 23, 12, 0, 0]
    assert spent(jeanne, 0) == 5
    assert spent(99, 0) == 0


def test_names_are_noted_and_blanked(journal: Journal) -> None:
    engine, reader = journal.engine, journal.engine.reader
    assert reader.noted() == []
    assert reader.noted_of("paul") is None
    engine.note_member("zoe", "Zoé", "06")
    engine.note_member("paul", "Paul'; --", "")
    engine.note_member("zoe", "Zoé Petit", "07")
    assert reader.noted() == [("paul", "Paul'; --", ""), ("zoe", "Zoé Petit", "07")]
    assert reader.noted_of("zoe") == ("Zoé Petit", "07")
    engine.note_member("zoe", "", "")
    assert reader.noted_of("zoe") == ("", "")
    assert reader.noted_of("ZOE") is None
    assert journal.engine.reader.head().seq == 1


def test_a_query_of_the_caller_s_own_stays_in_its_scheme(store: Store) -> None:
    first = store.create("ayen")
    journal = first if store.kind == "memory" else store.create("argences")
    journal.post_each([sale(), ride(km=1)])
    rows = journal.engine.reader.rows
    by_seq = "SELECT key FROM {p}entry WHERE scheme = ? AND id - {first} > ? ORDER BY id LIMIT ?"
    assert rows(by_seq, 1, 5) == [("sale",), ("ride",)]
    assert rows(by_seq, 2, 5) == [("ride",)]
    assert rows("SELECT count(*) FROM {p}entry WHERE scheme = ?") == [(3,)]


def test_who_ended_an_entry_is_known(journal: Journal) -> None:
    journal.post_each([sale(), hold(), void("hold", "let go"), ride(km=1)])
    journal.post(move("undo", "reverse", "ride", paul=1, jeanne=-1))
    reader = journal.engine.reader
    assert reader.closer("hold") == "let go"
    assert reader.closer("ride") == "undo"
    assert reader.closer("sale") is None
    assert reader.closer("nothing") is None


def test_nothing_is_found_under_a_name_that_nobody_has(journal: Journal) -> None:
    for name in ("nobody", "", "\ud800", "PAUL/KM", "paul/KM ", *EVIL):
        assert journal.entry(name) is None
        assert journal.engine.reader.standing(name) is None
        with pytest.raises(Refused) as caught:
            journal.balance(name)
        assert (caught.value.refusal.code, caught.value.refusal.key) == ("unknown_account", "")
        assert caught.value.refusal.values == {"account": name}


def test_holds_are_due_in_order(journal: Journal) -> None:
    journal.post(sale())
    for key, after in (("c", 30), ("a", 10), ("b", 10), ("z", 20)):
        journal.post(hold(key, 1, expires=NOON + after))
    journal.post(hold("open", 1))
    journal.post(void("z", "let go"))
    reader = journal.engine.reader
    assert list(reader.due(NOON, NOON + 30)) == ["a", "b", "c"]
    assert list(reader.due(NOON + 9, NOON + 29)) == ["a", "b"]
    assert list(reader.due(NOON + 10, NOON + 30)) == ["c"]
    assert list(reader.due(NOON + 30, NOON + 99)) == []
    assert [reader.next_due(NOON + after) for after in (0, 9, 10, 29, 30)] == [
        *(NOON + 10, NOON + 10, NOON + 30, NOON + 30, None)
    ]


# ---------------------------------------------------------------------- what a reader asks


def reader_of(rows: list[tuple[Any, ...]], **more: Any) -> tuple[Reader, list[Any]]:
    """A reader of a database that answers every query with these rows, and what it was asked."""
    asked: list[Any] = []

    def run(query: str, values: Any) -> list[tuple[Any, ...]]:
        asked.append((query, tuple(values)))
        return rows

    return Reader(run, 3, "x.", **more), asked


def test_a_scheme_without_entries_begins_at_the_beginning() -> None:
    reader, asked = reader_of([])
    assert reader.head() == Head(0, GENESIS, 0)
    assert asked[0][1] == (3 * FAR, 4 * FAR - 1)
    assert reader.written("k") is None
    assert reader.standing("a") is None
    assert reader.balance_in(1, 5) == (0, 0, 0)
    assert list(reader.entries()) == []


def test_a_reader_speaks_as_the_driver_does() -> None:
    """Places of values, names of tables, as many places as values: in every query."""
    for placeholder in ("?", "%s"):
        reader, asked = reader_of([], placeholder=placeholder)
        accounts = [f"a{number}" for number in range(8)]
        reader.rows("SELECT {p}entry, {first} WHERE ? = ?", "v")
        list(reader.standings_of(accounts))
        reader.numbered(5)
        for ask in (reader.head, reader.standings, reader.noted):
            ask()
        for ask_for in (reader.written, reader.standing, reader.closer, reader.state, reader.trail):
            ask_for("x")
        for query, values in asked:
            assert query.count(placeholder) == len(values)
            assert query.count("?") + query.count("%s") == len(values)
            assert "{" not in query
        assert asked[0] == (
            f"SELECT x.entry, {3 * FAR} WHERE {placeholder} = {placeholder}",
            (3, "v"),
        )
        many = asked[1][1]
        assert len(asked) == 11
        assert many == (3, *accounts, *["a7"] * 92)


def test_a_row_that_nobody_could_have_written_is_told() -> None:
    account = ("", 1, "KM", "person", 0, None, None, 0, None, None, None)
    entry = (1, "k", "x", "post", None, 5, "", "", "", None, None, "", "", "a\t1.5", bytes(32))
    bad_json = (*entry[:8], "{", *entry[9:13], "", bytes(32))
    for row, read in (
        (account, lambda reader: reader.standing("a")),
        (entry, lambda reader: reader.written("k")),
        (bad_json, lambda reader: list(reader.entries())),
    ):
        reader, _ = reader_of([row])
        with pytest.raises(Unusable) as caught:
            read(reader)
        assert caught.value.code == "row_unreadable"
        assert caught.value.values == {"said": repr(caught.value.__cause__)}
        assert all(caught.value.values["said"] in caught.value.text(lang) for lang in LANGUAGES)


# ---------------------------------------------------------------------- several schemes


def test_schemes_of_one_database_know_nothing_of_each_other(store: Store, clock: Clock) -> None:
    if store.kind == "memory":
        pytest.skip("memory holds one scheme")
    ayen = store.create("ayen", clock=clock)
    argences = store.create("argences", clock=clock)
    ayen.post(sale("k", 50))
    argences.post(sale("k", 7, "jeanne/KM"))  # the same key, the same accounts
    ayen.post(terms(person("luc/KM"), key="luc"))
    ayen.post(hold("h", 5, expires=NOON + 5))
    argences.post(mark("A1", "", "printed", "m"))
    with pytest.raises(Refused, match="luc/KM"):
        argences.post(move("w", jeanne=-1, luc=1))
    with pytest.raises(Refused, match="'h'"):
        argences.post(void("h", "v"))
    clock.now += 5
    argences.post(mark("A1", "printed", "sold", "n"))
    assert [each.entry.key for each in argences.entries()] == ["genesis", "k", "m", "n"]
    assert [each.entry.key for each in ayen.entries()] == ["genesis", "k", "luc", "h"]
    assert ayen.balance("paul/KM").posted == 50
    assert argences.balance("paul/KM").posted == 0
    assert ayen.engine.reader.state("A1") == ""
    assert ayen.engine.reader.closer("h") is None
    for journal in (ayen, argences):
        reader = journal.engine.reader
        for number in (0, -1, 5, 999, -FAR, FAR - 1, FAR, FAR + 1, 1 - FAR, 2**63):
            assert reader.numbered(number) is None
        for after in (-1, -FAR, -FAR * 2, -(2**63)):
            assert len(list(reader.entries(after))) == 4
        assert list(reader.entries(FAR)) == []
    again = store.open("argences", clock)
    assert again.accounts() == argences.accounts()
    assert again.engine.decimals == {"EUR": 2, "KM": 0, "YACA": 2}


def test_a_scheme_begins_once(store: Store) -> None:
    journal = store.create()
    assert journal.engine.name == "ayen"
    if store.kind != "memory":
        with pytest.raises(InputError):
            store.create()
        with pytest.raises(InputError):
            store.open("nowhere")
    assert len(list(journal.entries())) == 1


def test_a_scheme_has_a_head_of_its_own(store: Store, clock: Clock) -> None:
    journal = store.create(clock=clock)
    first = journal.engine.reader.numbered(1)
    assert first is not None
    assert first.entry == SMALL
    assert journal.engine.reader.head() == Head(1, first.hash, NOON)
    assert first.hash != GENESIS


def test_the_first_entry_declares_the_decimals() -> None:
    first = genesis({"EUR": 2, "KM": 0}, data={"name": "Ayen", "decimals": 5, "x/decimals/Y": 1})
    assert decimals_of(first) == {"EUR": 2, "KM": 0}
    assert (first.key, first.kind, first.phase, first.legs) == ("genesis", "genesis", "post", {})
    assert first.data == {
        "decimals/EUR": 2,
        "decimals/KM": 0,
        "name": "Ayen",
        "decimals": 5,
        "x/decimals/Y": 1,
    }
    assert decimals_of(ride()) == {}
    accounts = [person("paul/KM"), person("jeanne/KM")]
    assert genesis({}, iter(accounts)).accounts == tuple(accounts)
    assert genesis({}, accounts, {}).data == {}
    assert genesis({"KM": 0}).accounts == ()


# ---------------------------------------------------------------------- hostile texts


@pytest.mark.parametrize("kind", STORES)
def test_every_text_comes_back_as_it_went_in(kind: str) -> None:
    """SQL, formats and other scripts in every field: they are written, read, and mean nothing."""
    with fresh(kind) as store:
        journal = store.create("ayen'; DROP TABLE x; --")
        journal.post(sale())
        for number, text in enumerate(EVIL):
            key = f"{number} {text}"[:200]
            opened = person("x/KM")
            entry = Entry(
                key=key,
                kind=text,
                legs={"paul/KM": -1, text: 1},
                ref=text,
                actor=text,
                data={text: text, "n": number},
                accounts=(type(opened)(id=text, asset="KM", holder="person"),),
                marks=(mark(text, "", text).marks[0],),
            )
            answer = journal.post(entry)
            assert answer.balances[text] == 1
            assert journal.entry(key).entry == entry  # type: ignore[union-attr]
            assert journal.post(entry).replayed
            assert journal.balance(text).posted == 1
            assert journal.engine.reader.state(text) == text
            held = Entry(
                key=f"h{number}", kind=text, legs={text: -1, "paul/KM": 1}, phase="reserve"
            )
            journal.post(held)
            ended = Entry(key=f"v{number}", kind=text, legs={}, phase="void", target=held.key)
            assert journal.post(ended).balances[text] == 1
        assert journal.balance("paul/KM").posted == 50 - len(EVIL)
        assert len(list(journal.entries())) == 2 + 3 * len(EVIL)


# ---------------------------------------------------------------------- instants


@given(st.datetimes(timezones=st.sampled_from((UTC, timezone(timedelta(hours=-9, minutes=-30))))))
def test_instants_go_there_and_back(instant: datetime) -> None:
    assert instant_of(microseconds(instant)) == instant


def test_an_instant_without_its_zone_is_no_instant(journal: Journal) -> None:
    for naive in (datetime(2026, 12, 1, 12), datetime.max):  # noqa: DTZ001, DTZ901
        with pytest.raises(InputError, match="timezone") as caught:
            microseconds(naive)
        assert caught.value.faults[0].value == naive.isoformat()
        with pytest.raises(InputError, match="timezone"):
            journal.balance("paul/KM", at=naive)
    assert journal.balance("paul/KM", at=datetime.max.replace(tzinfo=UTC)).posted == 0
    assert journal.balance("paul/KM", at=datetime.min.replace(tzinfo=UTC)).posted == 0
