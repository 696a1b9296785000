"""Putting a problem together: whole seconds, the right reach, and every fault at once."""

from __future__ import annotations

import numpy as np
import pytest

from msap_mobility.calendar import Cycle, Hours, MonthlyWeekday, Rhythm
from msap_mobility.errors import InputError
from msap_mobility.model import Home, Homes, Mode, Points, Stop, TimesTable
from msap_mobility.tours.encode import encode
from msap_mobility.tours.problem import NO_WAY_S, TourProblem
from tests.tours.territory import (
    GROUPS,
    PlaneTimes,
    crew,
    hamlets,
    problem_of,
    spot,
    van,
    weekly,
)


def two_stops() -> list[Stop]:
    return [Stop(place=spot("a", 0, 2)), Stop(place=spot("b", 5, 0), kind="supply")]


def test_travel_is_in_whole_seconds_rounded_up() -> None:
    stops = two_stops()
    problem = problem_of(stops, hamlets(stops, np.random.default_rng(0), 5))
    assert problem.travel_s.dtype == np.int32
    assert problem.travel_s.tolist() == [[0, 539, 200], [539, 0, 500], [200, 500, 0]]
    assert problem.travel_m[0, 2] == 2000
    assert problem.depot_location(problem.vehicles[0]) == 2


def test_no_way_stays_no_way() -> None:
    stops = two_stops()

    class Broken(PlaneTimes):
        def table(self, origins: Points, destinations: Points, **_: object) -> TimesTable:
            table = super().table(origins, destinations)
            table.seconds[0, 1] = table.metres[0, 1] = np.inf
            return table

    problem = TourProblem.build(
        homes=hamlets(stops, np.random.default_rng(0), 5),
        stops=stops,
        vehicles=[van()],
        crews=[crew()],
        depots=[spot("depot", 0, 0)],
        modes=[],
        van_times=Broken(36),
        cycle=Cycle(weeks=2),
    )
    assert problem.travel_s[0, 1] == NO_WAY_S
    assert problem.travel_m[0, 1] == 0


def test_reach_depends_on_the_person_and_supply_serves_nobody() -> None:
    stops = two_stops()
    rows = [
        Home(id="near", lon=0, lat=0.027, people=1, group="frail"),
        Home(id="1.5 km", lon=0, lat=0.035, people=1, group="frail"),
        Home(id="1.5 km too", lon=0, lat=0.035, people=2, group="able"),
        Home(id="4 km, by car", lon=0.04, lat=0.02, people=3, group="driver"),
        Home(id="at the bank", lon=0.05, lat=0, people=5, group="able"),
    ]
    problem = problem_of(stops, Homes.of(rows, groups=GROUPS))
    assert [problem.reached_from(row).tolist() for row in range(5)] == [[0], [], [0], [0], []]
    assert problem.homes_reached([0]).tolist() == [True, False, True, True, False]
    assert not problem.homes_reached([1]).any()
    assert not problem.homes_reached([]).any()
    assert problem.units[1] == 0
    assert problem.dwell_s[1] == stops[1].dwell_min_s


def test_homes_with_the_same_stops_become_one_customer() -> None:
    stops = [Stop(place=spot("a", 0, 0)), Stop(place=spot("b", 1, 0), must=True)]
    homes = hamlets(stops, np.random.default_rng(2), 40)
    encoded = encode(problem_of(stops, homes))
    problem = problem_of(stops, homes)
    for one in range(len(homes)):
        for other in range(one):
            same = problem.reached_from(one).tolist() == problem.reached_from(other).tolist()
            assert (encoded.customer[one] == encoded.customer[other]) == same
    known = encoded.customer >= 0
    assert encoded.homes_weight == 1000 * homes.people[known].sum()
    assert encoded.rounds.weight[-1] == encoded.homes_weight + 1
    assert encoded.need(encoded.homes_weight + 1 + 5000) == 5


def test_patterns_keep_weekday_rhythm_and_vehicle() -> None:
    stops = [Stop(place=spot("a", 0, 1), every_weeks=2)]
    problem = problem_of(stops, hamlets(stops, np.random.default_rng(0), 3), cycle=Cycle(weeks=4))
    rounds, shifts = encode(problem).rounds, encode(problem).shifts
    ways = [
        [shifts[number].day for number in rounds.visit_shift[begin:end]]
        for begin, end in zip(rounds.visit_start, rounds.visit_start[1:], strict=False)
    ]
    assert ways == [[day, day + 14] for day in (0, 1, 3, 4, 7, 8, 10, 11)]


def test_hours_are_cut_at_midnight_and_joined_where_they_touch() -> None:
    late = Rhythm(rule=weekly(0, hours=((9, 12),)).rule, hours=(Hours(9 * 3600, 12 * 3600),))
    stops = [
        Stop(place=spot("a", 0, 1), hours=(late, weekly(0, hours=((12, 14), (20, 24))))),
    ]
    rounds = encode(problem_of(stops, hamlets(stops, np.random.default_rng(0), 3))).rounds
    assert rounds.window_s[: rounds.window_start[1]].tolist() == [[32400, 50400], [72000, 86400]]
    assert rounds.window_start[1] == rounds.window_start[2]


def test_every_fault_is_told_at_once() -> None:
    stops = [
        Stop(place=spot("a", 0, 1), every_weeks=3),
        Stop(
            place=spot("a", 0, 2),
            hours=(Rhythm(rule=MonthlyWeekday(weekday=3, nth=(2,)), hours=(Hours(32400, 43200),)),),
        ),
    ]
    homes = hamlets(stops, np.random.default_rng(0), 3)
    short = PlaneTimes(4).table(homes.points, Points.of([]))
    with pytest.raises(InputError) as told:
        TourProblem.build(
            homes=homes,
            stops=stops,
            vehicles=[van(depot="nowhere"), van("idle")],
            crews=[
                crew(),
                crew("tank", id="x"),
                crew(id="again", weekdays=(0, 1), shift=Hours(61200, 61300)),
            ],
            depots=[spot("depot", 0, 0)],
            modes=[Mode(id="walk", times=short)],
            van_times=PlaneTimes(36),
            cycle=Cycle(weeks=2),
            services=("caf",),
            step_s=7,
        )
    codes = [fault.code for fault in told.value.faults]
    expected = {
        "tour_id_repeated",
        "tour_table_shape",
        "tour_unknown_depot",
        "tour_vehicle_without_crew",
        "tour_crew_without_vehicle",
        "tour_two_crews",
        "tour_service_not_given",
        "tour_rhythm_off_cycle",
        "out_of_range",
    }
    assert expected <= set(codes)
    assert len(set(codes) - expected) == 1, "the second Thursday has no place on two weeks"
    for fault in told.value.faults:
        assert fault.text("fr") != fault.text("en")


def test_services_default_to_what_every_crew_can_give() -> None:
    stops = two_stops()
    problem = problem_of(
        stops,
        hamlets(stops, np.random.default_rng(0), 3),
        vehicles=[van(), van("bus")],
        crews=[crew(services=("caf", "grocery")), crew("bus", services=("grocery", "msa"))],
    )
    assert problem.services == ("grocery",)
