"""What is asked of the times of one order: lower bounds of differences, and windows.

A moment is a node and what is added to it: a task that takes its least ends so long after it
begins. Every bound says that one node comes no sooner than another plus a weight; node 0 is the
clock, at 0, so that a deadline is a bound of the clock. A bound that belongs to a rule lowers when
the rule gives way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import ANYWHERE, NONE, RELOAD, UNLIMITED
from msap_mobility.optimise.routing.reasons.reason import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from msap_mobility.optimise.routing.reasons.asked import Asked
    from msap_mobility.optimise.routing.reasons.reason import End
    from msap_mobility.optimise.routing.reasons.standings import Standing

__all__ = ["ARRIVAL", "CLOCK", "Bound", "Moment", "System", "Windows", "missed_window", "system_of"]

CLOCK, DEPARTURE, ARRIVAL = range(3)
Moment = tuple[int, int]
"""A node, and seconds after it."""
Bound = tuple[int, int, int, Rule | None]
"""(first, second, seconds, rule): the second node comes at least so long after the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """A node that lies in one of several windows."""

    node: int
    rows: list[list[int]]
    sooner: Rule
    later: Rule

    def missed(self, rule: Rule, time_s: int) -> tuple[int, int]:
        """How far a time lies beyond the end of a window that gives way, and of which."""
        return missed_window(self.rows, rule.end, time_s)


def missed_window(rows: Sequence[Sequence[int]], end: End, time_s: int) -> tuple[int, int]:
    """How long before a window opens (sooner) or after it closed (later), and which is nearest.

    Parameters
    ----------
    rows
        (opens, closes) of each.
    end
        Which end gives way.
    time_s
        When a task begins.

    Examples
    --------
    >>> missed_window([(10, 20), (30, 40)], "later", 27), missed_window([(10, 20)], "later", 12)
    ((7, 0), (0, 0))
    """
    apart = [opens - time_s if end == "sooner" else time_s - closes for opens, closes in rows]
    inside = [row for row, (opens, closes) in enumerate(rows) if opens <= time_s <= closes]
    if inside:
        return 0, inside[0]
    return min((off_s, row) for row, off_s in enumerate(apart) if off_s >= 0)


@dataclass(slots=True, kw_only=True)
class System:
    """All bounds of an order.

    Parameters
    ----------
    count
        How many nodes there are; 0 is the clock.
    ahead
        Bounds in the order of the route, each from a node that has one already.
    back
        Those that lead back, to the clock too.
    several
        Nodes with more than one window.
    begins
        The node of each task.
    """

    count: int = 3
    ahead: list[Bound] = field(default_factory=list)
    back: list[Bound] = field(default_factory=list)
    several: list[Windows] = field(default_factory=list)
    begins: dict[int, int] = field(default_factory=dict)

    def rules(self) -> set[Rule]:
        """Whatever may give way."""
        found = {rule for *_, rule in (*self.ahead, *self.back) if rule is not None}
        return found | {rule for each in self.several for rule in (each.sooner, each.later)}

    def bounds(self, relaxed: Mapping[Rule, int]) -> list[Bound]:
        """All bounds once these rules give way; each node has a time before it gives one."""
        bounds = [*self.ahead, *self.back]
        if relaxed:
            for number, (first, second, apart_s, rule) in enumerate(bounds):
                if rule is not None and rule in relaxed:
                    bounds[number] = (first, second, apart_s - relaxed[rule], rule)
        return bounds

    def new(self) -> int:
        """One node more."""
        self.count += 1
        return self.count - 1

    def no_sooner(self, node: int, time_s: int, rule: Rule | None) -> None:
        """It comes at this time or later."""
        if time_s > 0:
            self.ahead.append((CLOCK, node, time_s, rule))

    def no_later(self, node: int, time_s: int, rule: Rule) -> None:
        """It comes at this time or sooner."""
        if time_s < UNLIMITED:
            self.back.append((node, CLOCK, -time_s, rule))

    def follows(self, moment: Moment, node: int) -> None:
        """It does not come before a moment."""
        self.ahead.append((moment[0], node, moment[1], None))

    def within(self, moment: Moment, later: Moment, most_s: int, rule: Rule | None) -> None:
        """One moment comes at most so long after another."""
        if most_s < UNLIMITED:
            self.back.append((later[0], moment[0], later[1] - moment[1] - most_s, rule))


def system_of(asked: Asked, vehicle: int, tasks: tuple[int, ...], standing: Standing) -> System:
    """What is asked of the times of an order with its breaks.

    Parameters
    ----------
    asked
        The problem.
    vehicle
        Row of `Vehicles`.
    tasks
        In driving order, with `RELOAD` where it loads again.
    standing
        Of the breaks.
    """
    return _Drive(asked, vehicle, tasks, standing).system


class _Drive:
    """Bounds, from departure to arrival."""

    def __init__(
        self, asked: Asked, vehicle: int, tasks: tuple[int, ...], standing: Standing
    ) -> None:
        self.asked, self.vehicle, self.standing = asked, vehicle, standing
        self.system = System()
        vehicles = asked.problem.vehicles
        legs = asked.lasts_s[int(vehicles.profile[vehicle])]
        places = asked.places(vehicle, tasks)
        self.loaded: Moment = (DEPARTURE, 0)
        self.ended: dict[int, Moment] = {}
        earliest_s = int(vehicles.earliest_s[vehicle])
        self.system.ahead.append((CLOCK, DEPARTURE, 0, None))
        self.system.no_sooner(DEPARTURE, earliest_s, self.hours("sooner"))
        here: Moment = (DEPARTURE, 0)
        for gap, task in enumerate(tasks):
            here = self.drive(here, gap, legs[places[gap]][places[gap + 1]])
            here = self.load(here) if task == RELOAD else self.serve(here, task)
        last = len(tasks)
        if vehicles.end[vehicle] == ANYWHERE:
            here = self.rest(here, (last, False))
        else:
            here = self.drive(here, last, legs[places[last]][places[last + 1]])
        self.system.follows(here, ARRIVAL)
        self.whole()

    def hours(self, end: End) -> Rule:
        return Rule(name="vehicle_window", vehicle=self.vehicle, end=end)

    def drive(self, here: Moment, gap: int, lasts_s: int) -> Moment:
        """Breaks, the way, breaks."""
        node, after_s = self.rest(here, (gap, False))
        return self.rest((node, after_s + lasts_s), (gap, True))

    def rest(self, here: Moment, slot: tuple[int, bool]) -> Moment:
        breaks = self.asked.problem.breaks
        for row in self.standing.at(slot):
            node = self.system.new()
            self.system.follows(here, node)
            sooner = Rule(name="break_window", pause=row, end="sooner")
            later = Rule(name="break_window", pause=row, end="later")
            self.system.no_sooner(node, int(breaks.earliest_s[row]), sooner)
            self.system.no_later(node, int(breaks.latest_s[row]), later)
            after = Rule(name="break_after", pause=row)
            self.system.within((DEPARTURE, 0), (node, 0), int(breaks.after_s[row]), after)
            here = (node, int(breaks.duration_s[row]))
        return here

    def load(self, here: Moment) -> Moment:
        node = self.system.new()
        self.system.follows(here, node)
        self.loaded = (node, int(self.asked.problem.vehicles.reload_s[self.vehicle]))
        return self.loaded

    def serve(self, here: Moment, task: int) -> Moment:
        """Windows, time since loading, ride, and how long it takes."""
        asked, system = self.asked, self.system
        node = system.begins[task] = system.new()
        system.follows(here, node)
        self.windows(node, task)
        request = asked.request_of[task]
        if asked.delivery[request] == NONE:
            self.since_loading(node, request)
        elif task == asked.delivery[request] and request in self.ended:
            ride = Rule(name="ride", request=request)
            system.within(self.ended[request], (node, 0), asked.max_ride_s[request], ride)
        ends: Moment = (node, asked.service_s[task])
        if task == asked.pickup[request] and asked.max_ride_s[request] < UNLIMITED:
            ends = self.dwell(node, task)
        self.ended[request] = ends
        return ends

    def dwell(self, node: int, task: int) -> Moment:
        """An end of its own, for a ride begins with it."""
        least_s, most_s = self.asked.service_s[task], self.asked.service_most_s[task]
        if least_s == most_s:
            return node, least_s
        end = self.system.new()
        self.system.follows((node, least_s), end)
        self.system.within((node, 0), (end, 0), most_s, None)
        return end, 0

    def windows(self, node: int, task: int) -> None:
        rows = self.asked.windows[task]
        if not rows:
            return
        sooner = Rule(name="window", task=task, end="sooner")
        later = Rule(name="window", task=task, end="later")
        if len(rows) > 1:
            self.system.several.append(Windows(node=node, rows=rows, sooner=sooner, later=later))
            return
        self.system.no_sooner(node, rows[0][0], sooner)
        self.system.no_later(node, rows[0][1], later)

    def since_loading(self, node: int, request: int) -> None:
        """The release, and the longest time since the trip was loaded."""
        asked, (loading, after_s) = self.asked, self.loaded
        release = Rule(name="release", request=request)
        if asked.release_s[request] > 0:
            bound = (CLOCK, loading, asked.release_s[request] - after_s, release)
            self.system.back.append(bound)
        cold = Rule(name="cold", request=request)
        self.system.within(self.loaded, (node, 0), asked.max_cold_s[request], cold)

    def whole(self) -> None:
        """Latest end, shift, and the breaks that only longer routes take."""
        problem, system = self.asked.problem, self.system
        breaks, vehicle = problem.breaks, self.vehicle
        system.no_later(ARRIVAL, int(problem.vehicles.latest_s[vehicle]), self.hours("later"))
        unpaid_s = self.standing.excused_s + sum(
            int(breaks.duration_s[row]) for row, _ in self.standing.stands if not breaks.paid[row]
        )
        departs, arrives = (DEPARTURE, 0), (ARRIVAL, 0)
        if (longest_s := self.asked.longest_s[vehicle]) < UNLIMITED:
            shift = Rule(name="shift", vehicle=vehicle)
            system.within(departs, arrives, longest_s + unpaid_s, shift)
        for row in self.standing.left:
            system.within(departs, arrives, int(breaks.if_longer_s[row]), None)
