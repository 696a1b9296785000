"""What the maison itself keeps: its rides. The money is the ledger's."""

from django.db import models


class Ride(models.Model):
    """Who rode with whom, and how far; the ledger settles it as it is.

    Parameters
    ----------
    id
        Unique; the ledger pays each ride once.
    rider, driver
        Ids of members, without their names.
    km
        Length, kilometres.
    """

    id = models.CharField(primary_key=True, max_length=40)
    rider = models.CharField(max_length=40)
    driver = models.CharField(max_length=40)
    km = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.id}: {self.rider} with {self.driver}, {self.km} km"
