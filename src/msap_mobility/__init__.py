"""Rounds, rides and reach for people who live far from everything.

A rural territory has homes, maisons and roads. This library plans the tour that brings a maison's
services to the villages, finds the rides neighbours can give one another and keeps their accounts,
and measures with one ruler who reaches what, and when.

The names below are the public face. Each is imported on first use, so that
``import msap_mobility`` stays as light as Python itself.

Examples
--------
>>> import msap_mobility as msap
>>> scenario = msap.load("bellencombre")
>>> before = scenario.coverage()
"""

from typing import TYPE_CHECKING

from msap_mobility._version import __version__ as __version__

if TYPE_CHECKING:
    from msap_mobility.budget import Budget
    from msap_mobility.calendar import Cycle, Rhythm, Span
    from msap_mobility.carpool.match import match
    from msap_mobility.carpool.who import who_can_take
    from msap_mobility.coverage import compare
    from msap_mobility.desk import Desk
    from msap_mobility.errors import InputError, MsapError
    from msap_mobility.ledger import Ledger, SchemeRules
    from msap_mobility.model import Group, Homes, Offer, Opening, Place, Request, Timetable
    from msap_mobility.report import write_report
    from msap_mobility.scenario import Scenario, load
    from msap_mobility.tours.check import check_plan
    from msap_mobility.tours.plan import plan_tour
else:
    from importlib import import_module

    _HOME = {
        "Budget": "budget",
        "Cycle": "calendar",
        "Desk": "desk",
        "Group": "model",
        "Homes": "model",
        "InputError": "errors",
        "Ledger": "ledger",
        "MsapError": "errors",
        "Offer": "model",
        "Opening": "model",
        "Place": "model",
        "Request": "model",
        "Rhythm": "calendar",
        "Scenario": "scenario",
        "SchemeRules": "ledger",
        "Span": "calendar",
        "Timetable": "model",
        "check_plan": "tours.check",
        "compare": "coverage",
        "load": "scenario",
        "match": "carpool.match",
        "plan_tour": "tours.plan",
        "who_can_take": "carpool.who",
        "write_report": "report",
    }

    def __getattr__(name: str) -> object:
        """Import a public name on first use and keep it."""
        if name not in _HOME:
            raise AttributeError(name)
        value = getattr(import_module(f"msap_mobility.{_HOME[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """List the public names, used or not."""
        return sorted({*globals(), *_HOME})


__all__ = [
    "Budget",
    "Cycle",
    "Desk",
    "Group",
    "Homes",
    "InputError",
    "Ledger",
    "MsapError",
    "Offer",
    "Opening",
    "Place",
    "Request",
    "Rhythm",
    "Scenario",
    "SchemeRules",
    "Span",
    "Timetable",
    "check_plan",
    "compare",
    "load",
    "match",
    "plan_tour",
    "who_can_take",
    "write_report",
]
