"""A maison's running state: members, offers, requests, the life of every ride, calls."""

from msap_mobility.desk.call import Call
from msap_mobility.desk.desk import Desk
from msap_mobility.desk.lives import Life
from msap_mobility.desk.office import No
from msap_mobility.desk.posting import Unposted
from msap_mobility.desk.refused import DeskRefused
from msap_mobility.desk.report import DeskReport, DriverLoad
from msap_mobility.desk.unusable import DeskUnusable

__all__ = [
    "Call",
    "Desk",
    "DeskRefused",
    "DeskReport",
    "DeskUnusable",
    "DriverLoad",
    "Life",
    "No",
    "Unposted",
]
