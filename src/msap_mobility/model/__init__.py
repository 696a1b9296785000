"""The nouns of the territory: who lives where, what opens when, what drives."""

from msap_mobility.model.fleet import Crew, Vehicle
from msap_mobility.model.home import Age, Group, Home, Homes, Limit
from msap_mobility.model.opening import Channel, Opening, Presence, Timetable
from msap_mobility.model.place import Maison, Operator, Place, Points, Service, Stop, StopKind
from msap_mobility.model.reason import Reason
from msap_mobility.model.travel import Mode, Reached, Route, TimesTable, TravelTimes

__all__ = [
    "Age",
    "Channel",
    "Crew",
    "Group",
    "Home",
    "Homes",
    "Limit",
    "Maison",
    "Mode",
    "Opening",
    "Operator",
    "Place",
    "Points",
    "Presence",
    "Reached",
    "Reason",
    "Route",
    "Service",
    "Stop",
    "StopKind",
    "TimesTable",
    "Timetable",
    "TravelTimes",
    "Vehicle",
]
