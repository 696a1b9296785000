"""Threads that post at the same moment share one commit, and each has its own answer."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from msap_mobility.ledger import group_commit as module
from msap_mobility.ledger.engines.unusable import Unusable
from msap_mobility.ledger.group_commit import GroupCommit

if TYPE_CHECKING:
    from collections.abc import Callable


class Engine:
    """Answers each group with itself; its first commit lasts until the door opens."""

    def __init__(self, spoil: Callable[[Any], None] = lambda _: None) -> None:
        self.commits: list[list[Any]] = []
        self.door = threading.Event()
        self.entered = threading.Event()
        self._spoil = spoil
        self._alone = threading.Lock()

    def append(self, groups: Any) -> list[Any]:
        assert self._alone.acquire(blocking=False), "two commits at once"
        try:
            first = not self.commits
            self.commits.append(list(groups))
            if first:
                self.entered.set()
                assert self.door.wait(60)
            for group in groups:
                self._spoil(group)
            return list(groups)
        finally:
            self._alone.release()


class Callers:
    """Threads that bring a group each, in order, while the first commit lasts."""

    def __init__(self, engine: Engine) -> None:
        self.commit = GroupCommit(engine.append)
        self.answers: dict[str, Any] = {}
        self._engine = engine
        self._threads: list[threading.Thread] = []

    def bring(self, *groups: str) -> None:
        """One more caller; returns once it is in line."""
        thread = threading.Thread(target=self._call, args=groups)
        waiting = len(self.commit._line)
        self._threads.append(thread)
        thread.start()
        if len(self._threads) == 1:
            assert self._engine.entered.wait(60)
            return
        until = time.monotonic() + 60
        while len(self.commit._line) == waiting:
            assert time.monotonic() < until
            time.sleep(0.001)

    def open_the_door(self) -> None:
        """Let the first commit end, and wait for all answers."""
        self._engine.door.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _call(self, *groups: str) -> None:
        try:
            self.answers[groups[0]] = self.commit(groups)  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001 - it is what the test looks at
            self.answers[groups[0]] = error


def test_alone_a_caller_writes_at_once() -> None:
    engine = Engine()
    engine.door.set()
    commit = GroupCommit(engine.append)
    assert commit(["a"]) == ["a"]  # type: ignore[list-item]
    assert commit(["b", "c"]) == ["b", "c"]  # type: ignore[list-item]
    assert engine.commits == [["a"], ["b", "c"]]


def test_who_comes_meanwhile_shares_the_next_commit_in_order() -> None:
    engine = Engine()
    callers = Callers(engine)
    for groups in (["a"], ["b"], ["c", "d"], ["e"]):
        callers.bring(*groups)
    callers.open_the_door()
    assert engine.commits == [["a"], ["b", "c", "d", "e"]]
    assert callers.answers == {"a": ["a"], "b": ["b"], "c": ["c", "d"], "e": ["e"]}


def test_a_commit_holds_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 2)
    engine = Engine()
    callers = Callers(engine)
    for group in "abcdef":
        callers.bring(group)
    callers.open_the_door()
    assert engine.commits == [["a"], ["b", "c"], ["d", "e"], ["f"]]
    assert callers.answers == {group: [group] for group in "abcdef"}


def test_who_spoils_a_commit_spoils_only_his_own() -> None:
    def spoil(group: str) -> None:
        if group == "c":
            raise ValueError(group)

    engine = Engine(spoil)
    callers = Callers(engine)
    for group in "abcd":
        callers.bring(group)
    callers.open_the_door()
    assert isinstance(callers.answers.pop("c"), ValueError)
    assert callers.answers == {"a": ["a"], "b": ["b"], "d": ["d"]}
    assert engine.commits == [["a"], ["b", "c", "d"], ["b"], ["c"], ["d"]]


def test_a_full_disk_is_told_to_all_without_trying_each() -> None:
    def spoil(group: str) -> None:
        if group != "a":
            raise Unusable("disk_full", path="ledger.sqlite")

    engine = Engine(spoil)
    callers = Callers(engine)
    for group in "abcd":
        callers.bring(group)
    callers.open_the_door()
    assert engine.commits == [["a"], ["b", "c", "d"]]
    errors = [callers.answers[group] for group in "bcd"]
    assert [error.code for error in errors] == ["disk_full"] * 3
    assert len({id(error) for error in errors}) == 3  # a traceback each


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_leader_takes_nobody_with_him(error: type[BaseException]) -> None:
    raised = threading.Event()

    def spoil(group: str) -> None:
        if group == "b" and not raised.is_set():
            raised.set()
            raise error

    engine = Engine(spoil)
    callers = Callers(engine)
    for group in "abcd":
        callers.bring(group)
    callers.open_the_door()
    assert isinstance(callers.answers.pop("b"), error)
    assert callers.answers == {"a": ["a"], "c": ["c"], "d": ["d"]}
    assert engine.commits[-1] == ["c", "d"]


def test_those_just_served_together_are_waited_for() -> None:
    engine = Engine()
    engine.door.set()
    commit = GroupCommit(engine.append)
    commit._expected, commit._moment_s = 3, 60.0
    threads = [threading.Thread(target=commit, args=([group],)) for group in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [sorted(groups) for groups in engine.commits] == [["a", "b", "c"]]


def test_who_does_not_come_again_holds_nobody_up() -> None:
    engine = Engine()
    engine.door.set()
    commit = GroupCommit(engine.append)
    commit._expected, commit._moment_s = 2, 0.001
    assert commit(["a"]) == ["a"]  # type: ignore[list-item]
    commit._moment_s = 60.0  # nobody else was served with it: the next is alone
    assert commit(["b"]) == ["b"]  # type: ignore[list-item]
    assert engine.commits == [["a"], ["b"]]


def test_many_threads_many_times() -> None:
    engine = Engine()
    engine.door.set()
    commit = GroupCommit(engine.append)
    wrong: list[Any] = []

    def work(no: int) -> None:
        for turn in range(50):
            brought = [(no, turn, part) for part in range(turn % 3 + 1)]
            answers = commit(brought)  # type: ignore[arg-type]
            if answers != brought:
                wrong.append((brought, answers))

    threads = [threading.Thread(target=work, args=(no,)) for no in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    written = [group for groups in engine.commits for group in groups]
    assert len(written) == len(set(written)) == 16 * sum(turn % 3 + 1 for turn in range(50))
    for no in range(16):  # each thread's own groups keep their order
        mine = [group for group in written if group[0] == no]
        assert mine == sorted(mine)
