"""An agent at a desk of their own, who books when told to, while another does the same.

``python -m tests.desk.agent PLACE`` opens desk and ledger and reads lines ``INSTANT REQUEST
OFFER``: at the instant (seconds since 1970) it books the request with the offer, and tells the
stage it reached or the code of the refusal.
"""

from __future__ import annotations

import sys
import time

from msap_mobility.carpool.ride_refused import EventRefused
from msap_mobility.desk import DeskRefused
from tests.desk.places import Place
from tests.desk.scenes import ride


def main() -> None:
    place = Place.of(sys.argv[1])
    with place.ledger_again() as ledger, place.again(ledger) as desk:
        print("ready", flush=True)
        for line in sys.stdin:
            instant, request_id, offer_id = line.split()
            asked, offered = desk.request(request_id), desk.offer(offer_id)
            assert asked is not None
            assert offered is not None
            choice = ride(offered, asked)
            while time.time() < float(instant):
                pass
            answer = desk.book(request_id, choice, by="agent")
            refused = isinstance(answer, DeskRefused | EventRefused)
            print(answer.code if refused else answer[0].stage, flush=True)


if __name__ == "__main__":
    main()
