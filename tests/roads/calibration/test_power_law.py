"""The model without roads, fitted: what it finds, what it says of its error, what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.model import Points, Reached, TimesTable
from msap_mobility.provenance import Source
from msap_mobility.roads import CalibratedTimes, RoadTimes, Trips
from msap_mobility.roads.calibration.power_law import PowerLaw, fit_power_law
from tests.real_data import real_data


def trips_by(a: float, b: float, *, count: int = 400, seed: int = 0, noise: float = 0.0) -> Trips:
    """Trips within some 40 km from 20 origins that follow a law, but for noise."""
    rng = np.random.default_rng(seed)
    start, end = rng.uniform(0, 0.4, (2, 20)), rng.uniform(0, 0.4, (2, count))
    row = rng.integers(20, size=count)
    origins = Points(1 + start[0][row], 45 + start[1][row])
    destinations = Points(1 + end[0], 45 + end[1])
    zero = Trips(origins=origins, destinations=destinations, seconds=np.zeros(count))
    seconds = 60 * a * (zero.crow_m / 1000) ** b * np.exp(rng.normal(0, noise, count))
    return Trips(origins=origins, destinations=destinations, seconds=seconds)


@given(a=st.floats(0.5, 20), b=st.floats(0.2, 1.5))
@settings(max_examples=25)
def test_a_law_without_noise_is_found(a: float, b: float) -> None:
    law = fit_power_law(trips_by(a, b))
    assert law.minutes_at_1_km == pytest.approx(a, rel=1e-5)
    assert law.exponent == pytest.approx(b, rel=1e-5)
    assert law.error == pytest.approx(0, abs=1e-5)


def test_no_other_law_has_smaller_deviations() -> None:
    """Brute force around the fit: it is the least of all."""
    trips = trips_by(4.0, 0.6, noise=0.3, count=301)
    law = fit_power_law(trips)
    x, y = np.log(trips.crow_m / 1000), np.log(trips.seconds / 60)
    best = np.abs(y - np.log(law.minutes_at_1_km) - law.exponent * x).sum()
    for a in np.linspace(-0.2, 0.2, 41):
        for b in np.linspace(-0.1, 0.1, 41):
            shifted = y - np.log(law.minutes_at_1_km) - a - (law.exponent + b) * x
            assert np.abs(shifted).sum() >= best * (1 - 1e-6)


def test_a_tenth_of_wrong_times_moves_it_little() -> None:
    trips = trips_by(4.0, 0.6, noise=0.1)
    wrong = trips.seconds.copy()
    wrong[::10] *= 30  # seconds written as minutes, say
    law = fit_power_law(
        Trips(origins=trips.origins, destinations=trips.destinations, seconds=wrong)
    )
    assert float(law.minutes(10.0)) == pytest.approx(4 * 10**0.6, rel=0.03)


def test_the_errors_are_those_of_a_fit_by_hand() -> None:
    trips = trips_by(4.0, 0.6, noise=0.2)
    law = fit_power_law(trips)
    km, minutes = trips.crow_m / 1000, trips.seconds / 60
    assert law.error == pytest.approx(np.median(np.abs(law.minutes(km) / minutes - 1)))
    seen = np.zeros(len(trips), np.int64)
    missed = np.empty(len(trips))
    for number, (fit, tried) in enumerate(trips.parts()):
        assert not set(trips.origin_number[fit]) & set(trips.origin_number[tried])
        assert len(set(trips.origin_number[tried])) == 4
        seen[tried] += 1
        without = fit_power_law(trips.some(fit))
        missed[tried] = np.abs(without.minutes(km[tried]) / minutes[tried] - 1)
        assert law.error_by_part[number] == pytest.approx(np.median(missed[tried]))
    assert (seen == 1).all()
    assert law.error_left_out == pytest.approx(np.median(missed))
    assert law.error < law.error_left_out < 0.25


def test_a_strip_that_is_another_country_shows_in_the_error_left_out() -> None:
    """In the east roads are half as fast: the fit is told to be wrong there."""
    trips = trips_by(4.0, 0.6, count=1000, noise=0.02)
    east = trips.origins.lon > np.quantile(trips.origins.lon, 0.8)
    odd = Trips(
        origins=trips.origins,
        destinations=trips.destinations,
        seconds=trips.seconds * np.where(east, 2.0, 1.0),
    )
    law = fit_power_law(odd)
    assert max(law.error_by_part) == pytest.approx(0.5, abs=0.05)
    assert law.error < 0.1


def test_what_is_left_out_is_counted() -> None:
    places = Points(np.linspace(1, 1.3, 12), np.full(12, 45.0))
    table = CalibratedTimes().table(places, places)
    status, seconds = table.status.copy(), table.seconds.copy()
    status[0, 5:8] = Reached.UNREACHABLE
    seconds[0, 5:8] = np.inf
    gaps = TimesTable(seconds=seconds, metres=table.metres, status=status)
    law = fit_power_law(Trips.of_table(gaps, places, places))
    assert (law.pairs, law.unreachable, law.without_distance, law.origins) == (129, 3, 12, 12)
    assert "3 pairs without a way, 12 without a distance" in law.summary("en")
    assert "3 paires sans chemin, 12 sans distance" in law.summary("fr")


def test_detours_are_fitted_where_there_are_metres() -> None:
    trips = trips_by(4.0, 0.6, count=2000)
    own = Trips(
        origins=trips.origins,
        destinations=trips.destinations,
        seconds=trips.seconds,
        metres=2 * trips.crow_m,
    )
    law = fit_power_law(own)
    assert law.has_own_detours
    assert law.detour_factor == pytest.approx([2.0] * len(law.detour_km))
    assert not fit_power_law(trips).has_own_detours
    assert len(CalibratedTimes(law=law).sources()) == 1
    assert len(CalibratedTimes(law=fit_power_law(trips)).sources()) == 2


def test_fitted_times_are_the_law_and_tell_their_error_and_sources() -> None:
    counted = Source.of(name="counted in 2026", standing="observed")
    trips = trips_by(6.0, 0.8, noise=0.1)
    trips = Trips(
        origins=trips.origins,
        destinations=trips.destinations,
        seconds=trips.seconds,
        sources=(counted,),
    )
    times = CalibratedTimes.fitted(trips, mode="bus")
    here, there = Points(np.array([1.0]), np.array([45.0])), Points(np.array([1.1]), np.array([45]))
    km = Trips(origins=here, destinations=there, seconds=np.zeros(1)).crow_m[0] / 1000
    seconds = times.table(here, there).seconds[0, 0]
    assert seconds == pytest.approx(60 * times.law.minutes_at_1_km * km**times.law.exponent)
    assert times.error == (min(times.law.error_by_part), max(times.law.error_by_part))
    first, second, _ = times.sources()
    assert first == counted
    assert second.standing == "estimated"
    assert "400 pairs from 20 origins" in second.note.en
    assert "bus" in second.name.fr


def test_the_nearest_by_a_fitted_law_are_those_of_its_table() -> None:
    trips = trips_by(6.0, 0.8, noise=0.1)
    times = CalibratedTimes.fitted(trips, mode="bus")
    found = times.nearest(trips.origins, trips.destinations, k=4)
    table = times.table(trips.origins, trips.destinations)
    np.testing.assert_allclose(found.seconds, np.sort(table.seconds, axis=1)[:, :4], rtol=1e-6)


def test_the_law_of_france_tells_its_own_error() -> None:
    law = CalibratedTimes().law
    assert law is not None
    assert "11.0% to 14.0%" in law.summary("en")


def test_a_law_is_kept_and_read_back() -> None:
    law = fit_power_law(trips_by(4.0, 0.6, noise=0.1))
    assert PowerLaw.from_dict(json.loads(json.dumps(law.to_dict()))) == law


@pytest.mark.parametrize(
    ("trips", "code"),
    [
        (trips_by(4, 0.6, count=40), "fit_too_few"),
        (trips_by(4, 0.6).some(np.arange(0)), "fit_too_few"),
        (trips_by(4, -0.3), "fit_not_growing"),
    ],
)
def test_what_cannot_be_fitted_is_refused(trips: Trips, code: str) -> None:
    with pytest.raises(InputError) as caught:
        CalibratedTimes.fitted(trips)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_few_origins_are_refused_and_the_refusal_says_what_was_left_out() -> None:
    trips = trips_by(4, 0.6)
    few = Trips(
        origins=Points(trips.origins.lon * 0 + 1, trips.origins.lat * 0 + 45),
        destinations=trips.destinations,
        seconds=trips.seconds,
        unreachable=77,
    )
    with pytest.raises(InputError) as caught:
        fit_power_law(few)
    text = caught.value.faults[0].text("en")
    assert "400 pairs from 1 origins" in text
    assert "77 without a way" in text


def test_pairs_of_one_distance_are_refused() -> None:
    lat = np.linspace(45, 45.01, 60)
    ring = Trips(
        origins=Points(np.full(60, 1.0), lat),
        destinations=Points(np.full(60, 1.1), lat),
        seconds=np.full(60, 600.0),
    )
    with pytest.raises(InputError) as caught:
        fit_power_law(ring)
    assert caught.value.faults[0].code == "fit_one_distance"
    assert "7.9 km" in caught.value.faults[0].text("en")


@pytest.mark.parametrize("name", ["liechtenstein", "andorra"])
def test_fitted_to_a_real_network_it_is_better_there_than_that_of_france(name: str) -> None:
    """On origins it has not seen; mountains: France's law is far off, and so says the error."""
    times = RoadTimes.from_osm(real_data(f"roads/{name}.osm.pbf"))
    graph = times.graph
    main = np.flatnonzero(graph.component == 0)
    rng = np.random.default_rng(0)
    rows, columns = rng.choice(main, 60, replace=False), rng.choice(main, 60, replace=False)
    places = [Points(graph.lon[some], graph.lat[some]) for some in (rows, columns)]
    trips = Trips.of_table(times.table(*places), *places, sources=times.sources())
    fitted = CalibratedTimes.fitted(trips)
    km, minutes = trips.crow_m / 1000, trips.seconds / 60
    kept = (km > 0.001) & (minutes > 0)
    of_france = CalibratedTimes().law.minutes(km[kept])
    theirs = np.median(np.abs(of_france / minutes[kept] - 1))
    assert fitted.law.error_left_out < theirs
    assert fitted.law.error <= fitted.law.error_left_out
