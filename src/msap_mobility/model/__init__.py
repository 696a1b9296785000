"""The nouns of the territory: who lives where, what opens when, what drives."""

from msap_mobility.model.fleet import Crew, Vehicle
from msap_mobility.model.home import Age, Group, Home, Homes, Limit
from msap_mobility.model.offer import Offer, OfferKind
from msap_mobility.model.opening import Channel, Opening, Presence, Timetable
from msap_mobility.model.place import Maison, Operator, Place, Points, Service, Stop, StopKind
from msap_mobility.model.reason import Reason
from msap_mobility.model.request import Request
from msap_mobility.model.ride import Fare, Ride
from msap_mobility.model.ride_stop import RideStop
from msap_mobility.model.sharing import Leg
from msap_mobility.model.travel import Mode, Reached, Route, TimesTable, TravelTimes
from msap_mobility.model.window import Window

__all__ = [
    "Age",
    "Channel",
    "Crew",
    "Fare",
    "Group",
    "Home",
    "Homes",
    "Leg",
    "Limit",
    "Maison",
    "Mode",
    "Offer",
    "OfferKind",
    "Opening",
    "Operator",
    "Place",
    "Points",
    "Presence",
    "Reached",
    "Reason",
    "Request",
    "Ride",
    "RideStop",
    "Route",
    "Service",
    "Stop",
    "StopKind",
    "TimesTable",
    "Timetable",
    "TravelTimes",
    "Vehicle",
    "Window",
]
