"""The yearly report of transport of social utility, drawn from a desk.

It counts the rides of drivers who drove for the passenger: those of volunteers and of minibuses.
By which condition a passenger is entitled is no desk's to keep; a table says it for the occasion.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msap_mobility.carpool.law import (
    PrefectReport,
    TusDriver,
    TusPassenger,
    TusRide,
    TusVehicle,
    prefect_report,
)
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.formats.kinds import TEXT, YES_NO
from msap_mobility.formats.tables import Column, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from msap_mobility.cli.desk.asking import Opened
    from msap_mobility.desk import Life
    from msap_mobility.model import Offer

__all__ = ["COLUMNS", "prefect_of"]

COLUMNS = (
    Column(name="member", kind=TEXT, example="paul"),
    Column(name="residence", kind=YES_NO, example="yes"),
    Column(name="resources", kind=YES_NO, example="no"),
)
"""Of the table of beneficiaries: by which condition of C. transports R3133-1 each is entitled."""

_RODE = ("driven", "confirmed", "settled")


def prefect_of(opened: Opened, year: int, beneficiaries: Path) -> tuple[PrefectReport, int]:
    """The report of a year, and how many rides are not in it as their offer was forgotten.

    Drivers are volunteers, cars are lent without profit, one for each driver; what was asked is
    the price of the ledger's rules.

    Raises
    ------
    InputError
        With every fault of the table, and every passenger who is not in it.
    """
    passengers = _read(beneficiaries)
    lives = opened.desk.lives_on(date(year, 1, 1), date(year, 12, 31))
    rode = [life for life in lives if life.stage in _RODE]
    offers = {name: opened.desk.offer(name) for name in {life.offer for life in rode}}
    for_others = [life for life in rode if _for_others(offers[life.offer])]
    seats: dict[str, int] = {}
    for life in for_others:
        offer = offers[life.offer]
        if offer is not None:
            seats[life.driver] = max(seats.get(life.driver, 0), offer.seats + 1)
    found = prefect_report(
        year,
        [_ride(opened, life) for life in for_others],
        drivers=[TusDriver(id=name) for name in seats],
        passengers=passengers,
        vehicles=[TusVehicle(id=name, seats=count) for name, count in seats.items()],
    )
    return found, sum(offers[life.offer] is None for life in rode)


def _for_others(offer: Offer | None) -> bool:
    return offer is not None and offer.kind != "trip"


def _ride(opened: Opened, life: Life) -> TusRide:
    return TusRide(
        on=date.fromisoformat(life.day),
        driver=life.driver,
        passenger=life.rider,
        vehicle=life.driver,
        distance_m=max(1, life.metres),
        asked_cents=opened.price_cents(life.metres) or 0,
    )


def _read(file: Path) -> list[TusPassenger]:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        fault = Fault(code="beneficiaries_missing", column="beneficiaries", value=str(file))
        raise InputError([fault]) from None
    found = []
    with Faults(file=file.name) as faults:
        table = read_table(content, COLUMNS, file=file.name, faults=faults)
        for row, cells in table.records():
            with faults.also(row=row):
                found.append(
                    TusPassenger(
                        id=cells["member"],
                        by_residence=cells["residence"],
                        by_resources=cells["resources"],
                    )
                )
    return found
