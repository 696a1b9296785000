"""Random events on every store at once, against the reference of a few dictionaries."""

from __future__ import annotations

import itertools
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from msap_mobility.ledger.engines.sqlite_posting import Doubt
from msap_mobility.ledger.entry import MOST_UNITS, AccountTerms, Entry, Mark
from msap_mobility.ledger.genesis import genesis
from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.outcome import Posted, Refusal
from tests.ledger import postgres_server
from tests.ledger.core.reference import Reference, Told, chained
from tests.ledger.stores import Clock, Store, fresh, person, sale, shop, system

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from msap_mobility.ledger.journal import Journal

SCHEMES = ("ayen", "argences")
ASSETS = {"EUR": 2, "KM": 0, "YACA": 2}
SYSTEM = (
    system("fund/EUR", floor=0, weight=1),
    system("backed/EUR"),
    system("issue/KM", weight=6),
    system("issue/YACA", weight=1),
    person("paul/KM"),
    person("jeanne/KM", ceiling=60),
    person("jeanne/YACA", floor=-20),
    shop("bakery/YACA"),
)
SERIALS = ("A1", "A2", "1:")
STATES = ("", "printed", "sold", "used", "lost")

ONE = {"paul/KM": -1, "jeanne/KM": 1}

few = st.integers(1, 9)
some_units = st.one_of(few, few, few, few, st.sampled_from((60, MOST_UNITS, MOST_UNITS - 30)))
fair = st.booleans()


def loan(key: str, units: int) -> Entry:
    """Currency to Jeanne and the bakery, the euros it stands for put into the fund."""
    legs = {"issue/YACA": -units, "fund/EUR": units, "backed/EUR": -units}
    half = units // 2
    return Entry(
        key=key, kind="loan", legs={**legs, "jeanne/YACA": half, "bakery/YACA": units - half}
    )


START = (sale("s1", 50), sale("s2", 20, "jeanne/KM"), loan("s3", 500))


class Boom:
    """No entry at all: whoever looks at it fails."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)


class Journals:
    """The stores that are kept alike: a scheme's journals, each with its second writer."""

    def __init__(self, kind: str, stack: ExitStack, names: dict[str, str], clock: Clock) -> None:
        self.store: Store = stack.enter_context(fresh(kind))
        self.by_scheme: dict[str, list[Journal]] = {}
        for scheme, name in names.items():
            first = self.store.create(name, genesis(ASSETS, SYSTEM), clock)
            second = [] if kind == "memory" else [self.store.open(name, clock)]
            self.by_scheme[scheme] = [first, *second]


def careful(journal: Journal) -> Journal:
    """Make a journal look every key up before it judges, as it does when in doubt."""
    posting = journal.engine._posting
    judged = posting.post

    def post(groups: Any, now: int, *, trusting: bool) -> Any:
        if trusting:
            raise Doubt
        return judged(groups, now, trusting=False)

    posting.post = post
    return journal


class Ledgers(RuleBasedStateMachine):
    """Two schemes side by side in each store."""

    kinds: tuple[str, ...] = ("memory", "sqlite")

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        self.clock = Clock()
        self.keys = (f"k{number}" for number in itertools.count())
        self.models = {name: Reference(name, tuple(ASSETS)) for name in SCHEMES}
        names = {name: name for name in SCHEMES}
        self.stores = [Journals(kind, self.stack, names, self.clock) for kind in self.kinds]
        wary = Journals("memory", self.stack, {"ayen": "ayen"}, self.clock)
        careful(wary.by_scheme["ayen"][0])
        self.stores.append(wary)
        for scheme, model in self.models.items():
            model.append([[genesis(ASSETS, SYSTEM)]], self.clock.now)
            for writer in (0, 1):
                self.append(scheme, writer, [START])

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            with self.stack:
                self.check_chain()
                self.check_past()

    # ------------------------------------------------------------------ what is done

    @rule(data=st.data(), writer=st.integers(0, 1), scheme=st.sampled_from(SCHEMES))
    def post(self, data: st.DataObject, writer: int, scheme: str) -> None:
        self.append(scheme, writer, [[self.event(data.draw, self.models[scheme])]])

    @rule(data=st.data(), writer=st.integers(0, 1), scheme=st.sampled_from(SCHEMES))
    def post_groups(self, data: st.DataObject, writer: int, scheme: str) -> None:
        """Groups of one to three; later ones may build on earlier ones, some fail in the middle."""
        model = self.models[scheme]
        sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
        fresh_ones: list[Entry] = []
        for _ in range(sum(sizes)):
            fresh_ones.append(self.event(data.draw, model, fresh_ones))
        ones = iter(fresh_ones)
        self.append(scheme, writer, [list(itertools.islice(ones, size)) for size in sizes])

    @rule(data=st.data(), writer=st.integers(0, 1), scheme=st.sampled_from(SCHEMES))
    def replay(self, data: st.DataObject, writer: int, scheme: str) -> None:
        """Send an old entry again, as it was or changed."""
        old = data.draw(st.sampled_from(list(self.models[scheme].entries.values())))
        changed = data.draw(st.sampled_from((old, old, replace(old, kind="other"))))
        self.append(scheme, writer, [[changed]])

    @rule(after=st.sampled_from((1, 1, 2, 3, 5, 5, 20, 1000, -1, -30)))
    def tick(self, after: int) -> None:
        self.clock.now += after

    @rule(data=st.data(), writer=st.integers(0, 1), scheme=st.sampled_from(SCHEMES))
    def fail(self, data: st.DataObject, writer: int, scheme: str) -> None:
        """An error in the middle of a transaction: what came before it is taken back as well."""
        entry = self.event(data.draw, self.models[scheme])
        for journal in self.writers(scheme, writer):
            with pytest.raises(ZeroDivisionError):
                journal.engine.append([[entry], [Boom()]])  # type: ignore[list-item]
            self.check(scheme, journal)

    def writers(self, scheme: str, writer: int) -> Iterator[Journal]:
        for store in self.stores:
            if scheme in store.by_scheme:
                yield store.by_scheme[scheme][writer % len(store.by_scheme[scheme])]

    def append(self, scheme: str, writer: int, groups: Sequence[Sequence[Entry]]) -> None:
        model = self.models[scheme]
        before = {*model.entries, *(f"{key}/expired" for key in model.due(self.clock.now))}
        expected = model.append(groups, self.clock.now)
        for journal in self.writers(scheme, writer):
            answers = journal.engine.append(groups)
            told = [
                each.code if isinstance(each, Refusal) else [of(posted) for posted in each]
                for each in answers
            ]
            assert told == expected
            seen = set(before)
            for answer in answers:
                self.check_answer(answer, seen)
            self.check(scheme, journal)

    @staticmethod
    def check_answer(answer: tuple[Posted, ...] | Refusal, seen: set[str]) -> None:
        if isinstance(answer, Refusal):
            assert answer.text("en") != answer.text("fr")
            return
        for posted in answer:
            assert posted.replayed == (posted.key in seen)
            seen.add(posted.key)

    # ------------------------------------------------------------------ what is asked

    def event(self, draw: Any, model: Reference, also: Sequence[Entry] = ()) -> Entry:
        """Any one thing a member, a desk or a fool may ask."""
        makers = (
            *(self.transfer, self.transfer, self.sale, self.reserve, self.reserve, self.reserve),
            *(self.end, self.end, self.end, self.reverse, self.account, self.account, self.coupon),
        )
        entry: Entry = draw(st.sampled_from(makers))(draw, model, also)
        return entry

    def transfer(self, draw: Any, model: Reference, _: Sequence[Entry]) -> Entry:
        effective = rarely(draw, self.clock.now - 5, self.clock.now + 3) if draw(fair) else None
        legs = self.legs(draw, model)
        return Entry(key=next(self.keys), kind="move", legs=legs, effective=effective)

    def legs(self, draw: Any, model: Reference) -> dict[str, int]:
        """Two to four legs; most of them balance, and most can be paid."""
        known = [name for name, terms in model.terms.items() if not terms.weight]
        asset = draw(st.sampled_from(("KM", "KM", "YACA", "any")))
        pool = [name for name in known if asset in ("any", model.terms[name].asset)]
        payer = rarely(draw, max(pool, key=lambda name: model.posted[name]), draw(one_of(pool)))
        others = [name for name in pool if name != payer] or ["nobody/KM"]
        getters = draw(st.lists(one_of(others), min_size=1, max_size=3, unique=True))
        legs = {rarely(draw, name, "nobody/KM"): draw(some_units) for name in getters}
        legs[payer] = rarely(draw, 0, 1) - sum(legs.values())
        sign = rarely(draw, 1, -1)
        return {name: within_bounds(sign * amount) for name, amount in legs.items() if amount}

    def sale(self, draw: Any, _: Reference, __: Sequence[Entry]) -> Entry:
        """Coupons for euros; now and then too few of them, and to be paid later."""
        km, cents = min(draw(some_units), MOST_UNITS // 6), rarely(draw, 6, 5)
        to = draw(st.sampled_from(("paul/KM", "jeanne/KM", "m1/KM")))
        legs = {"issue/KM": -km, to: km, "fund/EUR": cents * km, "backed/EUR": -cents * km}
        return Entry(
            key=next(self.keys), kind="sale", legs=legs, phase=rarely(draw, "post", "reserve")
        )

    def reserve(self, draw: Any, model: Reference, _: Sequence[Entry]) -> Entry:
        after = draw(st.sampled_from((None, 1, 3, 5, 10, 50, 50, 0)))
        expires = None if after is None else self.clock.now + after
        legs = self.legs(draw, model) or dict(ONE)
        return Entry(key=next(self.keys), kind="hold", legs=legs, phase="reserve", expires=expires)

    def end(self, draw: Any, model: Reference, also: Sequence[Entry]) -> Entry:
        """Capture or void a hold: mostly one that is open."""
        known = {**model.entries, **{entry.key: entry for entry in also}}
        holds = [key for key, each in known.items() if each.phase == "reserve"]
        still_open = [key for key in holds if key not in model.closers]
        target = draw(one_of(still_open or holds or [*known]))
        target = rarely(draw, target, draw(one_of(("no such key", *known))))
        phase = draw(st.sampled_from(("capture", "capture", "void", "expire")))
        if phase == "expire":
            key = f"{target}/expired"
            return Entry(key=key, kind="expiry", legs={}, phase=phase, target=target)
        legs: dict[str, int] = {}
        if phase == "capture":
            held = known[target].legs if target in known else {}
            legs = rarely(draw, dict(held), dict(ONE)) or dict(ONE)
            legs = part(legs) or legs if draw(fair) else legs
        return Entry(key=next(self.keys), kind="end", legs=legs, phase=phase, target=target)

    def reverse(self, draw: Any, model: Reference, also: Sequence[Entry]) -> Entry:
        moved = [each for each in (*model.entries.values(), *also) if each.legs]
        right = [each for each in moved if each.phase in ("post", "capture")]
        old = rarely(draw, draw(one_of(right or moved)), draw(one_of(moved)))
        legs = {account: -amount for account, amount in old.legs.items()}
        legs = rarely(draw, legs, part(legs) or dict(ONE))
        return Entry(key=next(self.keys), kind="undo", legs=legs, phase="reverse", target=old.key)

    def account(self, draw: Any, model: Reference, _: Sequence[Entry]) -> Entry:
        """Open an account, change its limits, close it, open it again; perhaps move it as well."""
        name = draw(st.sampled_from(("m1/KM", "m2/KM", "m3/YACA", "paul/KM", "jeanne/YACA")))
        terms = AccountTerms(
            id=name,
            asset=rarely(draw, name.split("/")[1], draw(st.sampled_from(("EUR", "GOLD")))),
            holder=rarely(draw, "person", "shop"),
            floor=draw(st.sampled_from((0, -20, None, 10))),
            ceiling=draw(st.sampled_from((None, None, 50, 10))),
            closed=draw(st.integers(0, 3)) == 3,
        )
        legs = self.legs(draw, model) if draw(fair) else {}
        return Entry(key=next(self.keys), kind="account", legs=legs, accounts=(terms,))

    def coupon(self, draw: Any, model: Reference, _: Sequence[Entry]) -> Entry:
        serials = draw(st.lists(st.sampled_from(SERIALS), min_size=1, max_size=3, unique=True))
        changes = tuple(
            Mark(
                serial=serial,
                before=rarely(draw, model.coupons.get(serial, ""), draw(st.sampled_from(STATES))),
                after=draw(st.sampled_from(STATES[1:])),
            )
            for serial in serials
        )
        return Entry(key=next(self.keys), kind="coupons", legs={}, marks=changes)

    # ------------------------------------------------------------------ what must hold

    def check(self, scheme: str, journal: Journal) -> None:
        model = self.models[scheme]
        found = {
            each.terms.id: (each.terms, each.posted, each.outgoing, each.incoming)
            for each in journal.accounts()
        }
        assert found == {name: (terms, *model.balance(name)) for name, terms in model.terms.items()}
        check_invariants(found.values())
        reader = journal.engine.reader
        head = reader.head()
        assert (head.seq, head.hash) == (len(model.past), model.hash)
        assert [reader.state(each) for each in SERIALS] == [
            model.coupons.get(each, "") for each in SERIALS
        ]
        self.check_memory(journal)

    @staticmethod
    def check_memory(journal: Journal) -> None:
        """What an engine remembers of accounts is what the database holds."""
        posting = getattr(journal.engine, "_posting", None)
        if posting is not None and posting._head == journal.engine.reader.head():
            held = {each.terms.id: each for each in journal.accounts()}
            assert all(held[name] == standing for name, standing in posting._known.items())

    def check_chain(self) -> None:
        """Each entry reads back as it was asked; its link is the model's, computed on its own."""
        for scheme, model in self.models.items():
            for journal in self.writers(scheme, 0):
                written = list(journal.entries())
                assert [each.seq for each in written] == list(range(1, len(written) + 1))
                assert [each.entry.key for each in written] == list(model.entries)
                for each in written:
                    asked, told = model.entries[each.entry.key], model.told[each.entry.key]
                    assert chained(each.entry) == chained(asked)
                    assert (each.recorded, each.hash) == (told.recorded, told.hash)

    def check_past(self) -> None:
        """Balances at the instants of the last entries, between them, and before the first."""
        for scheme, model in self.models.items():
            for recorded, balances in dict(model.past[-4:]).items():
                for journal in self.writers(scheme, 1):
                    for account in ("paul/KM", "jeanne/YACA"):
                        balance = journal.balance(account, at=instant_of(recorded))
                        held = balance.posted, balance.outgoing, balance.incoming
                        assert held == balances[account]
                        assert balance.available == held[0] - held[1]


def rarely(draw: Any, usual: Any, other: Any) -> Any:
    """What is usual, and once in a dozen times the other."""
    return other if draw(st.integers(0, 11)) == 11 else usual


def one_of(choices: Sequence[str] | Sequence[Entry]) -> Any:
    return st.sampled_from(choices)


def within_bounds(amount: int) -> int:
    return max(-MOST_UNITS, min(amount, MOST_UNITS))


def of(posted: Posted) -> Told:
    return Told(posted.seq, posted.recorded, posted.hash, dict(posted.balances))


def part(legs: Mapping[str, int]) -> dict[str, int]:
    """About half of each leg: still balanced where there are two."""
    halves = {account: int(amount / 2) for account, amount in legs.items()}
    return {account: amount for account, amount in halves.items() if amount}


def check_invariants(accounts: Any) -> None:
    """Each asset sums to zero, the fund covers what it backs, no account is past its limits."""
    sums = dict.fromkeys(ASSETS, 0)
    cover = 0
    for terms, posted, outgoing, incoming in accounts:
        sums[terms.asset] += posted
        cover += terms.weight * posted
        assert terms.floor is None or posted - outgoing >= terms.floor
        assert terms.ceiling is None or posted + incoming <= terms.ceiling
        assert outgoing >= 0
        assert incoming >= 0
        assert not terms.closed or (posted, outgoing, incoming) == (0, 0, 0)
    assert not any(sums.values())
    assert cover == 0


class LedgersOnServers(Ledgers):
    """The same with PostgreSQL beside them."""

    kinds = ("memory", "sqlite", "postgres")


def test_random_events_in_memory_and_in_a_file() -> None:
    run_state_machine_as_test(Ledgers, settings=settings(max_examples=30, stateful_step_count=30))


def test_random_events_on_every_store() -> None:
    postgres_server.dsn()  # skips without one
    few_ones = settings(max_examples=12, stateful_step_count=25)
    run_state_machine_as_test(LedgersOnServers, settings=few_ones)
