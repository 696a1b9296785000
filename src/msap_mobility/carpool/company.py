"""Who goes with whom whatever the way and the hour: seats, luggage, tags, persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from msap_mobility.carpool.passages import ROUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from msap_mobility.carpool.ways import Int64
    from msap_mobility.model import Offer, Request

__all__ = ["Company", "FewPairs", "objection"]


def objection(offer: Offer, request: Request, kind: int) -> tuple[str, int, str] | None:
    """Why these two do not go together, for whatever way and hour; None if they do.

    Parameters
    ----------
    offer, request
        The two.
    kind
        The leg: `passages.OUT`, `BACK` or `ROUND`.

    Returns
    -------
    tuple or None
        Code, how much is missing, and the name that decides (a tag).
    """
    rider, driver = request.rider, offer.driver
    missing = request.wants - offer.tags
    lacking = offer.wants - request.tags
    rules = (
        ("carpool_same_person", rider == driver, 0, ""),
        ("carpool_driver_objects", rider in offer.not_with, 0, ""),
        ("carpool_rider_objects", driver in request.not_with, 0, ""),
        (
            "carpool_not_among_chosen",
            bool(request.only_with) and driver not in request.only_with,
            0,
            "",
        ),
        ("carpool_seats_short", request.party > offer.seats, request.party - offer.seats, ""),
        ("carpool_no_wheelchair", request.wheelchair and not offer.wheelchair, 0, ""),
        ("carpool_no_luggage", request.luggage and not offer.luggage, 0, ""),
        ("carpool_offer_lacks", bool(missing), len(missing), min(missing, default="")),
        ("carpool_rider_lacks", bool(lacking), len(lacking), min(lacking, default="")),
        ("carpool_driver_does_not_wait", kind == ROUND and offer.kind == "trip", 0, ""),
    )
    return next(((code, short, name) for code, broken, short, name in rules if broken), None)


class Company:
    """The same question for many pairs at once.

    Parameters
    ----------
    offers, requests
        The two sides; pairs are told by their numbers.
    """

    def __init__(self, offers: Sequence[Offer], requests: Sequence[Request]) -> None:
        persons = {name: number for number, name in enumerate(_persons(offers, requests))}
        wanted = [*(offer.wants for offer in offers), *(request.wants for request in requests)]
        tags = sorted(frozenset().union(*wanted))
        self._persons = len(persons)
        self._driver = _numbers(persons[offer.driver] for offer in offers)
        self._rider = _numbers(persons[request.rider] for request in requests)
        self._room = np.array(
            [(offer.seats, offer.wheelchair, offer.luggage) for offer in offers], dtype=np.int64
        ).reshape(-1, 3)
        self._need = np.array(
            [(request.party, request.wheelchair, request.luggage) for request in requests],
            dtype=np.int64,
        ).reshape(-1, 3)
        self._offered = _masks((offer.tags for offer in offers), tags)
        self._asked = _masks((request.wants for request in requests), tags)
        self._shown = _masks((request.tags for request in requests), tags)
        self._demanded = _masks((offer.wants for offer in offers), tags)
        self._trip = np.array([offer.kind == "trip" for offer in offers], dtype=np.bool_)
        self._driver_objects = self._codes((offer.not_with for offer in offers), persons)
        self._rider_objects = self._codes((request.not_with for request in requests), persons)
        self._chosen = self._codes((request.only_with for request in requests), persons)
        self._chooses = np.array([bool(request.only_with) for request in requests], dtype=np.bool_)

    def together(self, offer: Int64, request: Int64, kind: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Whether `objection` has none, for each pair."""
        driver, rider = self._driver[offer], self._rider[request]
        by_offer = offer * self._persons + rider
        by_request = request * self._persons + driver
        missing = (self._asked[request] & ~self._offered[offer]).any(axis=1)
        lacking = (self._demanded[offer] & ~self._shown[request]).any(axis=1)
        fits: NDArray[np.bool_] = (
            (driver != rider)
            & (self._need[request] <= self._room[offer]).all(axis=1)
            & ~missing
            & ~lacking
            & ~((kind == ROUND) & self._trip[offer])
            & ~_among(by_offer, self._driver_objects)
            & ~_among(by_request, self._rider_objects)
            & (~self._chooses[request] | _among(by_request, self._chosen))
        )
        return fits

    def _codes(self, named: Iterable[frozenset[str]], persons: dict[str, int]) -> Int64:
        """One number per row and person it names, rising; who takes no part is left out."""
        codes = (
            row * self._persons + persons[name]
            for row, names in enumerate(named)
            for name in names
            if name in persons
        )
        return np.sort(_numbers(codes))


class FewPairs:
    """The same question where few pairs of many offers are left: each is looked at by itself.

    Parameters
    ----------
    offers, requests
        As for `Company`.
    """

    def __init__(self, offers: Sequence[Offer], requests: Sequence[Request]) -> None:
        self._offers, self._requests = offers, requests

    def together(self, offer: Int64, request: Int64, kind: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Whether `objection` has none, for each pair."""
        pairs = zip(offer.tolist(), request.tolist(), kind.tolist(), strict=True)
        fits = [objection(self._offers[o], self._requests[r], k) is None for o, r, k in pairs]
        return np.array(fits, dtype=np.bool_)


def _persons(offers: Sequence[Offer], requests: Sequence[Request]) -> list[str]:
    return sorted({offer.driver for offer in offers} | {request.rider for request in requests})


def _numbers(values: Iterable[int]) -> Int64:
    return np.fromiter(values, dtype=np.int64)


def _masks(named: Iterable[frozenset[str]], tags: Sequence[str]) -> NDArray[np.uint64]:
    """One bit per tag that somebody wants, in as many words as it takes."""
    bit = {tag: divmod(number, 64) for number, tag in enumerate(tags)}
    words = (len(tags) + 63) // 64
    masks = []
    for names in named:
        row = [0] * words
        for name in names:
            if name in bit:
                row[bit[name][0]] |= 1 << bit[name][1]
        masks.append(row)
    return np.array(masks, dtype=np.uint64).reshape(len(masks), words)


def _among(codes: Int64, known: Int64) -> NDArray[np.bool_]:
    """Which of `codes` stand in `known`, which rises."""
    if not len(known):
        return np.zeros(len(codes), dtype=np.bool_)
    place = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    found: NDArray[np.bool_] = known[place] == codes
    return found
