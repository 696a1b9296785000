"""A ride and its payment, written together."""

from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from msap_mobility.ledger.ledger import Ledger
from msap_mobility.ledger.outcome import Posted, Refused
from rides.models import Ride


@require_POST
def settle(request: HttpRequest) -> JsonResponse:
    """Write a ride and pay the driver; neither is written if the ledger refuses."""
    try:
        with transaction.atomic():
            posted = _write(request.POST)
    except Refused as refused:
        return JsonResponse({"refused": refused.text("fr")}, status=409)
    return JsonResponse(posted.to_dict())


@require_POST
def settle_and_fail(request: HttpRequest) -> JsonResponse:
    """The same, but something goes wrong after posting: all of it is rolled back."""
    with transaction.atomic():
        _write(request.POST)
        raise RuntimeError("the message to the driver could not be sent")


def _write(form: Any) -> Posted:
    """Rows first, the ledger last: its lock is held until the transaction ends."""
    ride = Ride.objects.create(
        id=form["id"], rider=form["rider"], driver=form["driver"], km=int(form["km"])
    )
    with connection.cursor() as cursor:
        return Ledger.on(cursor).settle(ride)
