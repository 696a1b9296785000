"""What is asked of the times of one order: lower bounds of differences, and windows.

A moment is a node and what is added to it: a task that takes its least ends so long after it
begins. Every bound says that one node comes no sooner than another plus a weight; node 0 is the
clock, at 0, so that a deadline is a bound of the clock. A bound that belongs to a rule lowers when
the rule gives way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msap_mobility.optimise.routing.problem import NONE, RELOAD, UNLIMITED
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
    bounds
        In the order of the route, so that each node has a time before it gives one; after them
        those that lead back, to the clock too.
    several
        Nodes with more than one window.
    begins
        The node of each task.
    """

    count: int
    bounds: list[Bound]
    several: list[Windows]
    begins: dict[int, int]

    def rules(self) -> set[Rule]:
        """Whatever may give way."""
        found = {rule for *_, rule in self.bounds if rule is not None}
        return found | {rule for each in self.several for rule in (each.sooner, each.later)}

    def relaxed(self, by: Mapping[Rule, int]) -> list[Bound]:
        """The bounds once these rules give way."""
        if not by:
            return self.bounds
        return [
            bound if (rule := bound[3]) is None else (*bound[:2], bound[2] - by.get(rule, 0), rule)
            for bound in self.bounds
        ]


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
    drive = _Drive(asked, vehicle, standing)
    legs, places = asked.lasts_s[asked.profile[vehicle]], asked.places(vehicle, tasks)
    for gap, task in enumerate(tasks):
        drive.on(gap, legs[places[gap]][places[gap + 1]])
        if task == RELOAD:
            drive.load()
        else:
            drive.serve(task)
    last = len(tasks)
    if len(places) == last + 1:
        drive.rest((last, False))
    else:
        drive.on(last, legs[places[last]][places[last + 1]])
    drive.end()
    return System(
        count=drive.count,
        bounds=drive.ahead + drive.back,
        several=drive.several,
        begins=drive.begins,
    )


class _Drive:
    """Bounds, from departure to arrival: after `node` no sooner than `due_s` later."""

    def __init__(self, asked: Asked, vehicle: int, standing: Standing) -> None:
        self.asked, self.vehicle, self.standing = asked, vehicle, standing
        self.count = 3
        self.ahead: list[Bound] = [(CLOCK, DEPARTURE, 0, None)]
        self.back: list[Bound] = []
        self.several: list[Windows] = []
        self.begins: dict[int, int] = {}
        self.node, self.due_s = DEPARTURE, 0
        self.loaded: Moment = (DEPARTURE, 0)
        self.aboard: dict[int, Moment] = {}
        rules, earliest_s = asked.rules, asked.hours[vehicle][0]
        if earliest_s > 0:
            self.ahead.append((CLOCK, DEPARTURE, earliest_s, rules.hours[vehicle][0]))

    def follow(self) -> int:
        """A new node, after what there is."""
        node = self.count
        self.count = node + 1
        self.ahead.append((self.node, node, self.due_s, None))
        self.node, self.due_s = node, 0
        return node

    def within(self, first: Moment, second: Moment, most_s: int, rule: Rule | None) -> None:
        """The second moment comes at most so long after the first."""
        if most_s < UNLIMITED:
            self.back.append((second[0], first[0], second[1] - first[1] - most_s, rule))

    def on(self, gap: int, lasts_s: int) -> None:
        """Breaks, the way, breaks."""
        if not self.standing.stands:
            self.due_s += lasts_s
            return
        self.rest((gap, False))
        self.due_s += lasts_s
        self.rest((gap, True))

    def rest(self, slot: tuple[int, bool]) -> None:
        """The breaks that stand here."""
        breaks, rules = self.asked.problem.breaks, self.asked.rules
        for row in self.standing.at(slot):
            node = self.follow()
            span = (int(breaks.earliest_s[row]), int(breaks.latest_s[row]))
            self.inside(node, span, rules.break_window[row])
            after_s = int(breaks.after_s[row])
            self.within((DEPARTURE, 0), (node, 0), after_s, rules.break_after[row])
            self.due_s = int(breaks.duration_s[row])

    def inside(self, node: int, span: Sequence[int], rules: tuple[Rule, Rule]) -> None:
        """A node comes within one span of time."""
        if span[0] > 0:
            self.ahead.append((CLOCK, node, span[0], rules[0]))
        if span[1] < UNLIMITED:
            self.back.append((node, CLOCK, -span[1], rules[1]))

    def load(self) -> None:
        """Load again."""
        self.follow()
        self.due_s = int(self.asked.problem.vehicles.reload_s[self.vehicle])
        self.loaded = (self.node, self.due_s)

    def serve(self, task: int) -> None:
        """Windows, time since loading, ride, and how long it takes."""
        asked = self.asked
        node = self.begins[task] = self.follow()
        self.due_s = asked.service_s[task]
        rows = asked.windows[task]
        if len(rows) == 1:
            self.inside(node, rows[0], asked.rules.window[task])
        elif rows:
            sooner, later = asked.rules.window[task]
            self.several.append(Windows(node=node, rows=rows, sooner=sooner, later=later))
        request = asked.request_of[task]
        if asked.delivery[request] == NONE:
            self.since_loading(request)
        elif task == asked.pickup[request]:
            self.take_aboard(task, request)
        elif request in self.aboard:
            most_s, ride = asked.max_ride_s[request], asked.rules.ride[request]
            self.within(self.aboard[request], (node, 0), most_s, ride)

    def take_aboard(self, task: int, request: int) -> None:
        """The end of a pickup, with which a ride begins: it may last longer than it must."""
        least_s, most_s = self.asked.service_s[task], self.asked.service_most_s[task]
        if most_s > least_s and self.asked.max_ride_s[request] < UNLIMITED:
            begin = self.node
            end = self.follow()
            self.within((begin, 0), (end, 0), most_s, None)
        self.aboard[request] = (self.node, self.due_s)

    def since_loading(self, request: int) -> None:
        """The release, and the longest time since the trip was loaded."""
        asked, (loading, after_s) = self.asked, self.loaded
        if asked.release_s[request] > 0:
            release_s = asked.release_s[request] - after_s
            self.back.append((CLOCK, loading, release_s, asked.rules.release[request]))
        most_s, cold = asked.max_cold_s[request], asked.rules.cold[request]
        self.within(self.loaded, (self.node, 0), most_s, cold)

    def end(self) -> None:
        """The return, latest end, shift, and the breaks that only longer routes take."""
        asked, vehicle, standing = self.asked, self.vehicle, self.standing
        breaks = asked.problem.breaks
        self.ahead.append((self.node, ARRIVAL, self.due_s, None))
        latest_s = asked.hours[vehicle][1]
        if latest_s < UNLIMITED:
            self.back.append((ARRIVAL, CLOCK, -latest_s, asked.rules.hours[vehicle][1]))
        departs, arrives = (DEPARTURE, 0), (ARRIVAL, 0)
        if (longest_s := asked.longest_s[vehicle]) < UNLIMITED:
            longest_s += standing.excused_s + sum(
                int(breaks.duration_s[row]) for row, _ in standing.stands if not breaks.paid[row]
            )
            self.within(departs, arrives, longest_s, asked.rules.shift[vehicle])
        for row in standing.left:
            self.within(departs, arrives, int(breaks.if_longer_s[row]), None)
