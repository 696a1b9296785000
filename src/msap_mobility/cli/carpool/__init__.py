"""``msap carpool``: who rides with whom, from tables to tables."""

from msap_mobility.cli.carpool.group import carpool_group

__all__ = ["carpool_group"]
