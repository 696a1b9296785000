"""Speeds fitted to trips: known factors are found again, and errors are told as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from msap_mobility.errors import InputError
from msap_mobility.model import Points
from msap_mobility.provenance import Source
from msap_mobility.roads import RoadGraph, RoadTimes, Trips
from msap_mobility.roads.calibration import SpeedFit
from msap_mobility.roads.detours import paired
from tests.real_data import real_data

TRUTH = {"residential": 0.7, "tertiary": 0.85, "secondary": 1.2, "service": 0.8}


@cache
def liechtenstein(*, turns: bool = False) -> RoadTimes:
    graph = RoadGraph.from_osm(real_data("roads/liechtenstein.osm.pbf"))
    return RoadTimes(graph, turns=turns)


def trips_on(times: RoadTimes, *, count: int = 200, noise: float = 0.0, seed: int = 0) -> Trips:
    """Trips between points beside the roads, as long as `times` has them, but for noise."""
    rng = np.random.default_rng(seed)
    graph = times.graph
    main = np.flatnonzero(graph.component == 0)
    starts = rng.choice(main, 40)
    ends = [rng.choice(starts, count), rng.choice(main, count)]
    origins, destinations = (
        Points(graph.lon[rows] + 1e-4, graph.lat[rows] + rng.uniform(-1e-4, 1e-4)) for rows in ends
    )
    seconds = paired(times, origins, destinations).seconds.astype(np.float64)
    seconds *= np.exp(rng.normal(0, noise, count))
    return Trips(origins=origins, destinations=destinations, seconds=seconds)


@pytest.mark.parametrize("turns", [False, True])
def test_slower_roads_of_a_kind_cost_what_is_spent_on_them(*, turns: bool) -> None:
    """A thousandth slower, a way takes a thousandth of its seconds on that kind longer."""
    times = liechtenstein(turns=turns)
    trips = trips_on(times, count=60)
    apart = times.seconds_by_kind(trips.origins, trips.destinations)
    np.testing.assert_allclose(apart.seconds, trips.seconds, rtol=1e-6)
    assert (apart.on_roads >= 0).all()
    assert (apart.elsewhere >= -0.1).all()
    for kind in ("residential", "secondary"):
        slower = times.with_factors({kind: 1 / 1.001})
        longer = paired(slower, trips.origins, trips.destinations).seconds - trips.seconds
        on_kind = apart.on_roads[:, apart.kinds.index(kind)]
        assert on_kind.sum() > 0
        np.testing.assert_allclose(longer, on_kind / 1000, atol=0.04)  # whole ms of each section


def test_known_factors_are_found_again() -> None:
    times = liechtenstein()
    trips = trips_on(times.with_factors(TRUTH), count=300, noise=0.05)
    fit = times.fit_speeds(trips)
    assert fit.by_kind
    for kind in ("residential", "tertiary", "secondary"):
        assert fit.factors[kind] == pytest.approx(TRUTH[kind], rel=0.12), kind
    hardly_driven = [kind for kind, trips in fit.trips_by_kind.items() if trips < 5]
    assert hardly_driven
    for kind in hardly_driven:
        assert fit.factors[kind] == pytest.approx(fit.overall, abs=0.1), kind
    assert fit.error_before > 0.07
    assert fit.error_after < 0.045  # 0.67 × 0.05 is the noise's own median
    assert fit.error_after <= fit.error_left_out < 0.06
    assert fit.ratio_after == pytest.approx(1, abs=0.02)
    fresh = trips_on(times.with_factors(TRUTH), seed=1)
    missed = paired(fit.on(times), fresh.origins, fresh.destinations).seconds / fresh.seconds - 1
    assert np.median(np.abs(missed)) < 0.04


def test_the_errors_told_are_those_there_are() -> None:
    times = liechtenstein()
    trips = trips_on(times.with_factors(TRUTH), noise=0.1)
    fit = times.fit_speeds(trips)
    for engine, error, ratio in (
        (times, fit.error_before, fit.ratio_before),
        (fit.on(times), fit.error_after, fit.ratio_after),
    ):
        computed = paired(engine, trips.origins, trips.destinations).seconds / trips.seconds
        assert error == pytest.approx(np.median(np.abs(computed - 1)), rel=1e-3)
        assert ratio == pytest.approx(np.median(computed), rel=1e-3)


def test_a_fifth_of_nonsense_does_not_move_the_rest() -> None:
    times = liechtenstein()
    trips = trips_on(times.with_factors(dict.fromkeys(TRUTH, 0.8)))
    wrong = trips.seconds.copy()
    wrong[::5] *= 8
    fit = times.fit_speeds(replace(trips, seconds=wrong), by_kind=False)
    assert fit.overall == pytest.approx(0.8, abs=0.04)


def test_all_roads_alike_have_one_factor() -> None:
    times = liechtenstein()
    kinds = {kind: 0.75 for kind in times.graph.sections.kinds if kind != "ferry"}
    fit = times.fit_speeds(trips_on(times.with_factors(kinds)), by_kind=False)
    assert set(fit.factors.values()) == {fit.overall}
    assert fit.overall == pytest.approx(0.75, rel=0.01)
    assert not fit.by_kind


def test_what_speed_cannot_explain_stops_at_the_bounds() -> None:
    times = liechtenstein()
    trips = trips_on(times)
    fit = times.fit_speeds(replace(trips, seconds=trips.seconds * 10), by_kind=False)
    assert fit.overall == pytest.approx(0.5)
    assert set(fit.at_bounds) == set(fit.factors)
    assert fit.error_after > 0.5


def test_trips_off_the_network_or_without_a_road_are_counted() -> None:
    times = liechtenstein()
    trips = trips_on(times)
    lon, lat = trips.origins.lon.copy(), trips.destinations.lat.copy()
    lon[:7] += 1.0
    still = slice(10, 14)
    ends = Points(trips.destinations.lon.copy(), lat)
    origins = Points(lon, trips.origins.lat)
    ends.lon[still], ends.lat[still] = origins.lon[still], origins.lat[still]
    fit = times.fit_speeds(replace(trips, origins=origins, destinations=ends))
    assert (fit.trips, fit.unreachable, fit.without_distance) == (len(trips) - 11, 7, 4)
    assert "7 trips off the network" in fit.summary("en")


def test_its_sources_say_what_was_done_and_what_the_trips_are() -> None:
    times = liechtenstein()
    counted = Source.of(name="drives of March 2026", standing="observed")
    trips = replace(trips_on(times.with_factors(TRUTH)), sources=(counted,))
    fit = times.fit_speeds(trips)
    told = fit.on(times).sources()
    assert counted in told
    assert told[-1] == fit.source()
    assert "not checked" not in "".join(source.note.en for source in told)
    assumed = times.with_factors(TRUTH).sources()
    assert assumed[-1].standing == "assumed"
    assert "residential × 0.70" in assumed[-1].note.fr
    assert "not checked" in "".join(source.note.en for source in assumed)


def test_a_fit_is_kept_and_read_back() -> None:
    times = liechtenstein()
    fit = times.fit_speeds(trips_on(times.with_factors(TRUTH)))
    assert SpeedFit.from_dict(json.loads(json.dumps(fit.to_dict()))) == fit


def test_too_few_trips_are_refused() -> None:
    times = liechtenstein()
    with pytest.raises(InputError) as caught:
        times.fit_speeds(trips_on(times, count=20))
    assert caught.value.faults[0].code == "fit_too_few"


@pytest.mark.parametrize("bounds", [(0.0, 2.0), (1.1, 2.0), (0.5, 0.9), (0.5, np.inf)])
def test_bounds_that_are_none(bounds: tuple[float, float]) -> None:
    times = liechtenstein()
    least, greatest = bounds
    with pytest.raises(InputError) as caught:
        times.fit_speeds(trips_on(times, count=40), least=least, greatest=greatest)
    assert caught.value.faults[0].code == "fit_bounds"
