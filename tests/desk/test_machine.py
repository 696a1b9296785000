"""Verbs of the desk in any order, against a reference of ten lines; fund and seats after each."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import DeskRefused
from tests.desk.places import fresh
from tests.desk.scenes import BY, DAY, done, offer, people, request, ride
from tests.ledger import postgres_server

if TYPE_CHECKING:
    from msap_mobility.model import Ride

SEATS = {"small": 1, "roomy": 2, "other": 1}
DRIVERS = {"small": "jeanne", "roomy": "marc", "other": "jeanne"}
RIDES = {f"r{number}": ("paul", "lucie", "ines")[number % 3] for number in range(5)}
KM = 8

ABOARD = ("promised", "driven", "confirmed", "settled")
NEXT = {
    ("proposed", "decline"): "asked",
    ("proposed", "promise"): "promised",
    ("promised", "drive"): "driven",
    ("driven", "confirm"): "confirmed",
    ("confirmed", "settle"): "settled",
    **{(stage, "cancel"): "cancelled" for stage in ("asked", "proposed", "promised", "driven")},
    **{(stage, "no_show"): "no_show" for stage in ("promised", "driven")},
}

some_ride, some_car = st.sampled_from(sorted(RIDES)), st.sampled_from(sorted(SEATS))


class Reference:
    """Where each ride stands, in which car, and who was to be aboard when it was proposed."""

    def __init__(self) -> None:
        self.stage, self.car, self.with_ = dict.fromkeys(RIDES, "asked"), dict[str, str](), {}
        self.last, self.gone = dict[str, str](), set[str]()

    def aboard(self, car: str) -> set[str]:
        return {name for name, to in self.car.items() if to == car and self.stage[name] in ABOARD}

    def fits(self, name: str, car: str) -> bool:
        full = len(self.aboard(car) | {name}) > SEATS[car]
        return car not in self.gone and not full and self.is_free(name, car)

    def is_free(self, name: str, car: str) -> bool:
        """Whether nobody would be in two cars; all set out at the same time."""
        mine, others = self.inside(car) | {DRIVERS[car], RIDES[name]}, set(SEATS) - {car}
        return not any(mine & self.inside(other) for other in others)

    def inside(self, car: str) -> set[str]:
        riders = {RIDES[name] for name in self.aboard(car)}
        return riders | {DRIVERS[car]} if riders else riders

    def propose(self, name: str, car: str) -> bool:
        same = self.stage[name] == "proposed" and self.car[name] == car
        if not self.fits(name, car) or not (self.stage[name] == "asked" or same):
            return False
        self.stage[name], self.car[name] = "proposed", car
        self.with_[name] = self.aboard(car) | {name}
        self.last[name] = "propose"
        return True

    def say(self, name: str, verb: str) -> bool:
        if self.last.get(name) == verb:
            return True  # told twice
        if (self.stage[name], verb) not in NEXT:
            return False
        self.stage[name], self.last[name] = NEXT[self.stage[name], verb], verb
        return True


class Desks(RuleBasedStateMachine):
    """One desk and its ledger beside the reference."""

    kind = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.model, self.closing = Reference(), ExitStack()

    @initialize()
    def begin(self) -> None:
        place = self.closing.enter_context(fresh(self.kind))
        self.ledger = place.ledger()
        for name in ("paul", "lucie", "ines"):
            self.ledger.sell_booklet(name, km=50)
        self.desk = place.desk(self.ledger)
        people(self.desk)
        for car, seats in SEATS.items():
            done(self.desk.add_offer(offer(car, DRIVERS[car], seats=seats), by=BY))
        for name, who in RIDES.items():
            done(self.desk.ask(request(name, who), by=BY))

    def teardown(self) -> None:
        self.closing.close()

    def choice(self, name: str, car: str) -> Ride:
        """The car with those aboard and one more."""
        all_ = sorted(self.model.aboard(car) | {name})
        asked = [request(each, RIDES[each]) for each in all_]
        return ride(offer(car, DRIVERS[car], seats=SEATS[car]), *asked)

    def expect(self, allowed: bool, answer: Any) -> None:
        assert isinstance(answer, DeskRefused | EventRefused) is not allowed, (allowed, answer)

    @rule(name=some_ride, car=some_car)
    def propose(self, name: str, car: str) -> None:
        if self.model.stage[name] in ABOARD and self.model.car[name] == car:
            return  # aboard already: nothing to propose
        choice = self.choice(name, car)
        self.expect(self.model.propose(name, car), self.desk.propose(name, choice, by=BY))

    @rule(name=some_ride, car=some_car)
    def book(self, name: str, car: str) -> None:
        model, answer = self.model, self.desk.book(name, self.choice(name, car), by=BY)
        if model.stage[name] in ABOARD and model.car[name] == car:
            allowed = car not in model.gone
        else:
            allowed = model.propose(name, car) and model.say(name, "promise")
        self.expect(allowed, answer)

    @rule(name=some_ride)
    def promise(self, name: str) -> None:
        model, answer = self.model, self.desk.promise(name, by=BY)
        car, stage = model.car.get(name, ""), model.stage[name]
        stands = stage == "proposed" and not (
            car in model.gone or model.aboard(car) - model.with_[name]
        )
        if stage == "proposed" and not (stands and model.is_free(name, car)):
            self.expect(False, answer)
        else:
            self.expect(model.say(name, "promise"), answer)

    @rule(name=some_ride, verb=st.sampled_from(["decline", "drive", "confirm", "settle"]))
    def goes_on(self, name: str, verb: str) -> None:
        self.expect(self.model.say(name, verb), getattr(self.desk, verb)(name, by=BY))

    @rule(name=some_ride, verb=st.sampled_from(["cancel", "no_show"]))
    def ends(self, name: str, verb: str) -> None:
        self.expect(self.model.say(name, verb), getattr(self.desk, verb)(name, by=BY))

    @rule(car=some_car)
    def withdraw(self, car: str) -> None:
        answer = self.desk.withdraw_offer(car, by=BY)
        waiting = [each for each in self.model.aboard(car) if self.model.stage[each] == "promised"]
        self.expect(not waiting, answer)
        if not waiting:
            self.model.gone.add(car)

    @rule()
    def replay(self) -> None:
        assert self.desk.replay() == ()
        assert self.desk.unposted == ()

    @invariant()
    def stands_as_the_reference_says(self) -> None:
        found = {life.ride: life.stage for life in self.desk.lives_on(DAY)}
        assert found == self.model.stage
        states = {name: self.desk.state(name) for name in RIDES}
        assert {name: state.stage for name, state in states.items() if state} == found
        cars = {each.offer: set(each.requests) for each in self.desk.rides(DAY)}
        assert cars == {car: who for car in SEATS if (who := self.model.aboard(car))}
        assert all(len(who) <= SEATS[car] for car, who in cars.items())

    @invariant()
    def fund_is_circulation_and_holds_are_promises(self) -> None:
        cover = self.ledger.cover()
        assert cover.fund_cents == cover.total_cents == 3 * 300
        stages = Counter((RIDES[name], stage) for name, stage in self.model.stage.items())
        for who in ("paul", "lucie", "ines"):
            balance = self.ledger.balance(who)["KM"]
            held = sum(stages[who, stage] for stage in ("promised", "driven", "confirmed"))
            assert (balance.outgoing, balance.posted) == (
                KM * held,
                50 - KM * stages[who, "settled"],
            )


class DesksInFiles(Desks):
    """The same in a SQLite file."""

    kind = "sqlite"


class DesksOnServers(Desks):
    """The same on PostgreSQL."""

    kind = "postgres"


@pytest.mark.parametrize(("machine", "examples"), [(Desks, 40), (DesksInFiles, 5)])
def test_any_order_of_verbs(machine: type[Desks], examples: int) -> None:
    often = settings(max_examples=examples, stateful_step_count=30)
    run_state_machine_as_test(machine, settings=often)


def test_any_order_of_verbs_on_a_server() -> None:
    postgres_server.dsn()  # skips without one
    few_ones = settings(max_examples=4, stateful_step_count=25)
    run_state_machine_as_test(DesksOnServers, settings=few_ones)
