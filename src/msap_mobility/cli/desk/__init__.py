"""``msap desk``: a maison's carpool through the day, from the call to the settlement."""

from msap_mobility.cli.desk.group import desk_group

__all__ = ["desk_group"]
