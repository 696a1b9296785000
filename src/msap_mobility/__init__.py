"""Rounds, rides and reach for people who live far from everything.

A rural territory has homes, maisons and roads. This library plans the tour that brings a maison's
services to the villages, and measures with one ruler who reaches what, and when.

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
    from msap_mobility.coverage import Comparison, Coverage, compare
    from msap_mobility.errors import InputError, MissingExtra, MsapError
    from msap_mobility.ledger import Ledger, SchemeRules
    from msap_mobility.model import Group, Home, Homes, Opening, Place, Timetable
    from msap_mobility.report import write_report
    from msap_mobility.scenario import Scenario, load
    from msap_mobility.tours.check import check_plan
    from msap_mobility.tours.plan import plan_tour
    from msap_mobility.tours.tour import TourPlan
else:
    from importlib import import_module

    _HOME = {
        "Budget": "budget",
        "Comparison": "coverage",
        "Coverage": "coverage",
        "Cycle": "calendar",
        "Group": "model",
        "Home": "model",
        "Homes": "model",
        "InputError": "errors",
        "Ledger": "ledger",
        "MissingExtra": "errors",
        "MsapError": "errors",
        "Opening": "model",
        "Place": "model",
        "Rhythm": "calendar",
        "Scenario": "scenario",
        "SchemeRules": "ledger",
        "Span": "calendar",
        "Timetable": "model",
        "TourPlan": "tours.tour",
        "check_plan": "tours.check",
        "compare": "coverage",
        "load": "scenario",
        "plan_tour": "tours.plan",
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
    "Comparison",
    "Coverage",
    "Cycle",
    "Group",
    "Home",
    "Homes",
    "InputError",
    "Ledger",
    "MissingExtra",
    "MsapError",
    "Opening",
    "Place",
    "Rhythm",
    "Scenario",
    "SchemeRules",
    "Span",
    "Timetable",
    "TourPlan",
    "check_plan",
    "compare",
    "load",
    "plan_tour",
    "write_report",
]
