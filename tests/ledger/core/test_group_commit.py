"""Callers of the same moment share a commit; each gets his own answer, whatever befalls another."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger import group_commit
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.group_commit import GroupCommit
from msap_mobility.ledger.outcome import Posted, Refusal, Refused
from tests.ledger.core.test_groups import Boom
from tests.ledger.stores import ride, sale

if TYPE_CHECKING:
    from collections.abc import Callable

    from msap_mobility.ledger.journal import Journal

PATIENCE_S = 60
"""Longer than any step of these tests takes on a busy machine; only a hang takes it all."""


class Desk:
    """Threads that bring groups, and a database that commits when the test lets it.

    Groups are words here; the answer to a word is the word in capitals.
    """

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.busy = threading.Event()
        self.go = threading.Event()
        self.troubles: dict[str, BaseException] = {}
        self.outcomes: dict[str, Any] = {}
        self.threads: list[threading.Thread] = []
        self.commit = GroupCommit(self.append)  # type: ignore[arg-type]

    def append(self, groups: list[str]) -> list[str]:
        self.commits.append(groups)
        self.busy.set()
        assert self.go.wait(PATIENCE_S)
        for group in groups:
            if group in self.troubles:
                raise self.troubles[group]
        return [group.upper() for group in groups]

    def bring(self, *groups: str, waits: bool = True) -> None:
        """A thread brings groups; returns once it stands in line, or has begun to commit."""
        name = groups[0] if groups else "nothing"

        def run() -> None:
            try:
                self.outcomes[name] = self.commit(groups)  # type: ignore[arg-type]
            except BaseException as error:  # noqa: BLE001 - what the caller would see
                self.outcomes[name] = error

        thread = threading.Thread(target=run, name=name, daemon=True)
        self.threads.append(thread)
        before = len(self.commit._line)
        thread.start()
        if waits:
            until(lambda: len(self.commit._line) > before)
        else:
            assert self.busy.wait(PATIENCE_S)

    def finish(self) -> dict[str, Any]:
        """Let the database commit; what each thread was told."""
        self.go.set()
        for thread in self.threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), f"{thread.name} waits for ever"
        assert not self.commit._line
        assert self.commit._leader is None
        return self.outcomes


def until(true: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE_S * 1000):
        if true():
            return
        pause.wait(0.001)
    raise AssertionError("it never came")


@pytest.fixture
def desk() -> Desk:
    """One thread commits and cannot end; whoever comes now waits."""
    desk = Desk()
    desk.bring("first", waits=False)
    return desk


def test_alone_a_caller_commits_at_once() -> None:
    desk = Desk()
    desk.go.set()
    for word in ("a", "b"):
        assert desk.commit([word]) == [word.upper()]  # type: ignore[list-item, comparison-overlap]
    assert desk.commit([]) == []
    assert desk.commits == [["a"], ["b"], []]


def test_those_who_wait_share_the_next_commit_in_the_order_they_came(desk: Desk) -> None:
    for word in ("a", "b", "c"):
        desk.bring(word)
    assert desk.finish() == {"first": ["FIRST"], "a": ["A"], "b": ["B"], "c": ["C"]}
    assert desk.commits == [["first"], ["a", "b", "c"]]


def test_who_brings_many_gets_as_many_answers(desk: Desk) -> None:
    desk.bring("a1", "a2", "a3")
    desk.bring()
    desk.bring("b1")
    desk.bring("c1", "c2")
    told = desk.finish()
    assert told["a1"] == ["A1", "A2", "A3"]
    assert (told["nothing"], told["b1"], told["c1"]) == ([], ["B1"], ["C1", "C2"])
    assert desk.commits[1] == ["a1", "a2", "a3", "b1", "c1", "c2"]


def test_a_commit_takes_so_many_and_leaves_the_rest_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_TOGETHER", 3)
    for number in range(7):
        desk.bring(f"w{number}")
    told = desk.finish()
    assert all(told[f"w{number}"] == [f"W{number}"] for number in range(7))
    assert [len(commit) for commit in desk.commits] == [1, 3, 3, 1]


def test_the_error_of_one_is_his_alone(desk: Desk) -> None:
    desk.troubles["b"] = ZeroDivisionError("b")
    for word in ("a", "b", "c", "d"):
        desk.bring(word)
    told = desk.finish()
    assert told["b"] is desk.troubles["b"]
    assert (told["a"], told["c"], told["d"]) == (["A"], ["C"], ["D"])
    assert desk.commits == [["first"], ["a", "b", "c", "d"], ["a"], ["b"], ["c"], ["d"]]


def test_the_error_of_him_who_leads_is_his_alone(desk: Desk) -> None:
    desk.troubles["first"] = ZeroDivisionError("first")
    desk.troubles["a"] = ZeroDivisionError("a")
    for word in ("a", "b"):
        desk.bring(word)
    told = desk.finish()
    assert told["first"] is desk.troubles["first"]
    assert told["a"] is desk.troubles["a"]
    assert told["b"] == ["B"]
    assert desk.commit(["later"]) == ["LATER"]  # type: ignore[list-item, comparison-overlap]


def test_an_error_that_all_meet_is_told_to_each(desk: Desk) -> None:
    for word in ("a", "b"):
        desk.troubles[word] = OSError(word)
        desk.bring(word)
    told = desk.finish()
    assert [told[word] for word in ("a", "b")] == [desk.troubles[word] for word in ("a", "b")]


def test_who_is_interrupted_while_he_commits_leaves_the_others_their_turn(desk: Desk) -> None:
    desk.troubles["a"] = KeyboardInterrupt()
    for word in ("a", "b", "c"):
        desk.bring(word)
    told = desk.finish()
    assert isinstance(told["a"], KeyboardInterrupt)
    assert (told["b"], told["c"]) == (["B"], ["C"])
    assert desk.commits == [["first"], ["a", "b", "c"], ["b", "c"]]


def test_who_is_interrupted_while_he_commits_alone_leaves_the_others_their_turn(
    desk: Desk,
) -> None:
    desk.troubles["first"] = KeyboardInterrupt()
    for word in ("a", "b"):
        desk.bring(word)
    told = desk.finish()
    assert isinstance(told["first"], KeyboardInterrupt)
    assert (told["a"], told["b"]) == (["A"], ["B"])
    assert desk.commits == [["first"], ["a", "b"]]


def test_a_full_disk_is_told_to_all_who_share_the_commit(desk: Desk) -> None:
    """Each has an error of his own, and none is tried again: it would be in vain."""
    desk.troubles["b"] = Unusable("disk_full", path="x")
    for word in ("a", "b", "c"):
        desk.bring(word)
    told = desk.finish()
    assert {told[word].code for word in "abc"} == {"disk_full"}
    assert len({id(told[word]) for word in "abc"}) == 3
    assert desk.commits == [["first"], ["a", "b", "c"]]
    del desk.troubles["b"]
    assert desk.commit(["later"]) == ["LATER"]  # type: ignore[list-item, comparison-overlap]


def test_an_error_of_the_database_may_be_of_one_entry(desk: Desk) -> None:
    desk.troubles["b"] = Unusable("database_error", path="x", said="y")
    for word in ("a", "b"):
        desk.bring(word)
    told = desk.finish()
    assert told["a"] == ["A"]
    assert told["b"] is desk.troubles["b"]


def test_who_was_served_before_an_interrupt_is_not_served_again(desk: Desk) -> None:
    """A fault in the shared commit, then one by one, then an interrupt in the middle."""
    desk.troubles["c"] = KeyboardInterrupt()
    desk.troubles["b"] = ZeroDivisionError("b")
    for word in ("a", "b", "c", "d"):
        desk.bring(word)
    told = desk.finish()
    assert told["b"] is desk.troubles["b"]
    assert told["d"] == ["D"]
    assert Counter(word for commit in desk.commits[2:] for word in commit)["b"] == 1
    assert sorted(type(each).__name__ for each in (told["a"], told["c"])) == [
        *("KeyboardInterrupt", "KeyboardInterrupt")
    ]  # the one who led was interrupted, and then the one whose entry interrupts


def test_who_finds_the_leader_gone_before_he_stands_in_line_leads() -> None:
    """The other ends between a caller's first look and his second."""
    desk = Desk()
    desk.go.set()
    commit, lock = desk.commit, desk.commit._lock
    commit._leader = group_commit._NOBODY_ELSE

    class Lock:
        entered = 0

        def __enter__(self) -> None:
            lock.acquire()
            self.entered += 1
            if self.entered == 2:
                commit._leader = None

        def __exit__(self, *_: object) -> None:
            lock.release()

    commit._lock = Lock()  # type: ignore[assignment]
    desk.bring("a", waits=False)
    assert desk.finish() == {"a": ["A"]}


class Rude:
    """The lock somebody waits at, until an interrupt comes: at once, or as he is woken."""

    def __init__(self, lock: Any, *, woken: bool) -> None:
        self.lock = lock
        self.woken = woken

    def acquire(self) -> None:
        if self.woken:
            self.lock.acquire()
        raise KeyboardInterrupt

    def release(self) -> None:
        self.lock.release()


@pytest.mark.parametrize("woken", [False, True])
def test_who_is_interrupted_while_he_waits_does_not_take_the_lead_with_him(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, woken: bool
) -> None:
    class Waiting(group_commit._Waiting):
        def __init__(self, groups: Any) -> None:
            super().__init__(groups)
            if groups == ("rude",):
                self.woken: Any = Rude(self.woken, woken=woken)

    monkeypatch.setattr(group_commit, "_Waiting", Waiting)
    if woken:
        desk.bring("rude")
    else:
        desk.bring("rude", waits=False)
        until(lambda: "rude" in desk.outcomes)
    desk.bring("a")
    desk.bring("b")
    told = desk.finish()
    assert isinstance(told["rude"], KeyboardInterrupt)
    assert (told["a"], told["b"]) == (["A"], ["B"])
    assert desk.commits == [["first"], ["a", "b"]]


# ---------------------------------------------------------------------- with a journal


def in_threads(count: int, work: Callable[[int], None]) -> None:
    """Run `work` in so many threads at once; what one raises is raised here."""
    start = threading.Barrier(count)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait(PATIENCE_S)
            work(number)
        except BaseException as error:  # noqa: BLE001 - raised below
            raised.append(error)

    threads = [threading.Thread(target=run, args=(no,), daemon=True) for no in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    if raised:
        raise raised[0]


def test_every_thread_is_told_of_its_own_entries(journal: Journal) -> None:
    """Posted, refused, said again, wrong: each thread by turns, all at once."""
    journal.post(sale(km=1000))
    told: list[dict[str, Any]] = [{} for _ in range(8)]

    def work(number: int) -> None:
        mine = told[number]
        for turn in range(6):
            key = f"{number}/{turn}"
            mine[key] = journal.post(ride(key, 1))
            with pytest.raises(Refused) as caught:
                journal.post(ride(f"{key}/too far", 5000))
            assert caught.value.refusal.key == f"{key}/too far"
            assert journal.post(ride(key, 1)).replayed
            with pytest.raises(Refused, match="used before"):
                journal.post(ride(key, 2))
            with pytest.raises(ZeroDivisionError):
                journal.post(Boom())  # type: ignore[arg-type]
            both = journal.post_each([ride(f"{key}/b", 1), ride(f"{key}/c", 5000)])
            assert [type(each) for each in both] == [Posted, Refusal]

    in_threads(8, work)
    written = {each.entry.key: each for each in journal.entries()}
    for mine in told:
        for key, answer in mine.items():
            assert answer.key == key
            assert (answer.seq, answer.hash) == (written[key].seq, written[key].hash)
    assert journal.balance("paul/KM").posted == 1000 - 8 * 6 * 2
    assert len(written) == 2 + 8 * 6 * 2


def test_one_key_from_many_threads_is_written_once(journal: Journal) -> None:
    journal.post(sale())
    answers: list[Posted] = []
    in_threads(8, lambda _: answers.append(journal.post(ride("same", 5))))
    assert sorted(answer.replayed for answer in answers) == [False, *[True] * 7]
    assert len({(answer.seq, answer.hash) for answer in answers}) == 1
    assert journal.balance("paul/KM").posted == 45
