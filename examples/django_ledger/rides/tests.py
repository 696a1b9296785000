"""What the two views leave behind. Real transactions: they are committed, or rolled back."""

from django.db import connection, transaction
from django.test import TransactionTestCase

from msap_mobility.ledger.ledger import Ledger
from rides.models import Ride


class RideTest(TransactionTestCase):
    """Paul has a booklet and rides with Jeanne."""

    def setUp(self) -> None:
        """Sell the booklet."""
        with transaction.atomic(), connection.cursor() as cursor:
            Ledger.on(cursor).sell_booklet("paul", km=50)
        self.before = self.chain()

    def chain(self) -> list[tuple[int, str]]:
        """Number and kind of every entry."""
        with transaction.atomic(), connection.cursor() as cursor:
            entries = Ledger.on(cursor).journal.entries()
            return [(written.seq, written.entry.kind) for written in entries]

    def jeanne(self) -> int:
        """The coupons Jeanne has."""
        with transaction.atomic(), connection.cursor() as cursor:
            accounts = Ledger.on(cursor).journal.accounts()
        return sum(each.posted for each in accounts if each.terms.id == "jeanne/KM")

    def form(self, ride: str, rider: str = "paul") -> dict[str, str]:
        """What the desk sends."""
        return {"id": ride, "rider": rider, "driver": "jeanne", "km": "20"}

    def test_ride_and_payment_are_written_together(self) -> None:
        """One row, one entry."""
        had = self.jeanne()
        answer = self.client.post("/settle", self.form("together"))
        assert answer.status_code == 200
        assert answer.json()["balances"]["jeanne/KM"] == had + 20
        assert Ride.objects.count() == 1
        assert len(self.chain()) == len(self.before) + 1

    def test_a_view_that_fails_after_posting_leaves_nothing(self) -> None:
        """No row, no leg, and no gap before the next entry."""
        had = self.jeanne()
        self.client.raise_request_exception = False
        answer = self.client.post("/settle-and-fail", self.form("lost"))
        assert answer.status_code == 500
        assert Ride.objects.count() == 0
        assert self.jeanne() == had
        assert self.chain() == self.before

        assert self.client.post("/settle", self.form("lost")).status_code == 200
        numbers = [seq for seq, _ in self.chain()]
        assert numbers == list(range(1, len(self.before) + 2))

    def test_a_ride_without_a_booklet_is_not_written(self) -> None:
        """The ledger refuses, and the ride goes with it."""
        answer = self.client.post("/settle", self.form("unpaid", rider="luc"))
        assert answer.status_code == 409
        assert "luc" in answer.json()["refused"]
        assert Ride.objects.count() == 0
        assert self.chain() == self.before

    def test_a_ride_outside_a_transaction_is_refused(self) -> None:
        """Django commits each statement at once there: nothing could be rolled back."""
        with connection.cursor() as cursor, self.assertRaisesMessage(Exception, "atomic()"):
            Ledger.on(cursor)
