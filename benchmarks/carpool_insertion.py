"""Insertion online: a Euclidean day, request by request, beside RidePy's vehicles and dispatcher.

Both sides get the same vehicles, requests and windows, in milliseconds; both put each request where
it adds least driving, and vehicles wait nowhere they need not. RidePy counts in floats, we in whole
milliseconds rounded up, so that two insertions a thousandth of a second apart may be ranked
differently: a row says how many requests went to the same vehicle, or to none on both sides.
"""

from __future__ import annotations

import importlib
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.carpool_rows import beside, plain, skipped, timed
from msap_mobility.optimise.assignment.insertion import fleet_at_points, request_of, simulate_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.table import Row

__all__ = ["PEERS", "insert_online"]

PEERS = ("ridepy", "networkx")
REQUESTS, SEATS, WAIT_S, HOURS, RUNS = 1_000, 8, 2_700, 10, 3
_SIDE_M, _M_PER_S, _MS = 60_000.0, 15.0, 1_000
_LATEST_MS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EuclideanDay:
    """Vehicles and requests in a plane; metres and milliseconds.

    Parameters
    ----------
    starts
        Where the vehicles are.
    origins, destinations
        Of the requests.
    asked
        When they come in, rising; they want to be picked up within `WAIT_S`.
    """

    starts: Any
    origins: Any
    destinations: Any
    asked: Any

    @classmethod
    def drawn(cls, vehicles: int, seed: int) -> EuclideanDay:
        """Everything uniform in a square and over the day."""
        draw = np.random.default_rng(seed)
        return cls(
            starts=draw.uniform(0, _SIDE_M, (vehicles, 2)),
            origins=draw.uniform(0, _SIDE_M, (REQUESTS, 2)),
            destinations=draw.uniform(0, _SIDE_M, (REQUESTS, 2)),
            asked=np.sort(draw.integers(0, HOURS * 3600 * _MS, REQUESTS)),
        )


def insert_online(peers: tuple[str, ...]) -> list[Row]:
    """1,000 requests in ten hours, for 20 and for 100 vehicles."""
    rows: list[Row] = []
    for vehicles in (20, 100):
        case, day = f"insert-online {vehicles}", EuclideanDay.drawn(vehicles, 1)
        _ours(day)
        mine = [timed(lambda day=day: _ours(day)) for _ in range(RUNS)]
        served, rate = mine[0][0], REQUESTS / statistics.median(seconds for _, seconds in mine)
        rows.append(plain(case, "requests", "/s", rate))
        rows.append(plain(case, "accepted", "1", int((served >= 0).sum())))
        if "ridepy" in peers:
            rows += _beside_ridepy(case, day, served, rate)
    return rows


def _ours(day: EuclideanDay) -> Any:
    """Vehicle of each request, −1 if none."""
    points = np.concatenate([day.origins, day.destinations])
    fleet, first = fleet_at_points(
        points, starts=day.starts, capacity=[SEATS] * len(day.starts), speed=_M_PER_S / _MS
    )
    requests = np.array(
        [
            request_of(
                asked=asked,
                pick_up=first + number,
                set_down=first + REQUESTS + number,
                up=(asked, asked + WAIT_S * _MS),
                down=(asked, _LATEST_MS),
            )
            for number, asked in enumerate(day.asked.tolist())
        ]
    )
    return simulate_day(fleet, requests).vehicle


def _beside_ridepy(case: str, day: EuclideanDay, served: Any, rate: float) -> Iterator[Row]:
    try:
        for kind, name in (("_cython", "RidePy C++"), ("", "RidePy Python")):
            theirs = [timed(lambda kind=kind: _ridepy(day, kind)) for _ in range(RUNS)]
            found = theirs[0][0]
            its_rate = REQUESTS / statistics.median(seconds for _, seconds in theirs)
            accepted, its = int((served >= 0).sum()), int((found >= 0).sum())
            alike = int((served == found).sum())
            yield beside(case, "requests", "/s", rate, name, its_rate)
            yield beside(case, "accepted", "1", accepted, name, its, same=accepted == its)
            yield beside(case, "same vehicle", "1", alike, name, REQUESTS, same=alike == REQUESTS)
    except ImportError as missing:
        skipped(f"{case} against ridepy", missing)


def _ridepy(day: EuclideanDay, kind: str) -> Any:
    """Vehicle of each request, −1 if none, by RidePy's Python or compiled classes."""
    fleet_state = importlib.import_module("ridepy.fleet_state").SlowSimpleFleetState
    data = importlib.import_module(f"ridepy.data_structures{kind}")
    spaces = importlib.import_module(f"ridepy.util.spaces{kind}")
    vehicle = importlib.import_module(f"ridepy.vehicle_state{kind}").VehicleState
    module = f"ridepy.util.dispatchers{kind}"
    dispatcher = importlib.import_module(module).BruteForceTotalTravelTimeMinimizingDispatcher
    space = spaces.Euclidean2D(velocity=_M_PER_S / _MS)
    fleet = fleet_state(
        initial_locations={n: tuple(at) for n, at in enumerate(day.starts.tolist())},
        space=space,
        dispatcher=dispatcher(data.LocType.R2LOC) if kind else dispatcher(),
        seat_capacities=SEATS,
        vehicle_state_class=vehicle,
    )
    requests = [
        data.TransportationRequest(
            request_id=number,
            creation_timestamp=asked,
            origin=tuple(day.origins[number].tolist()),
            destination=tuple(day.destinations[number].tolist()),
            pickup_timewindow_min=asked,
            pickup_timewindow_max=asked + WAIT_S * _MS,
            delivery_timewindow_min=asked,
            delivery_timewindow_max=_LATEST_MS,
        )
        for number, asked in enumerate(day.asked.tolist())
    ]
    found = np.full(REQUESTS, -1)
    for event in fleet.simulate(requests):
        if event["event_type"] == "RequestAcceptanceEvent":
            found[event["request_id"]] = event.get("vehicle_id", -1)
        elif event["event_type"] == "PickupEvent":
            found[event["request_id"]] = event["vehicle_id"]
    return found


if __name__ == "__main__":
    from benchmarks.table import show

    show(insert_online(PEERS))
