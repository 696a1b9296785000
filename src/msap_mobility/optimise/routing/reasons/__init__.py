"""Why somebody is not served, as a certificate: which rule gives way by how much, and where then.

For everybody whom a returned plan leaves out `reasons` names the least change of one rule with
which the plan takes them, nobody removed. The checker accepts each certificate: ``check(relaxed(
problem, reason), applied(problem, solution, reason))`` finds nothing. ::

    left_out    who is left out, and which requests would serve or cover them
    orders      every order that a route may have with them
    limits      load, distance, stops, trips, skills, days
    standings   where breaks may stand
    system      what is asked of the times of an order
    fixpoint    the least times, or which rules stand against any
    least       the least by which one rule must give way
    joins       all that of one route after the other
    options     all that of the whole plan
    several     rules of which none can be spared
    worth       the cheapest way where every rule is kept
    rank        which rule is named
    applying    the relaxed problem, the plan with the insertions
"""

from __future__ import annotations

from msap_mobility.optimise.routing.reasons.applying import applied, relaxed
from msap_mobility.optimise.routing.reasons.reason import Insertion, Reason, Relaxation, Rule
from msap_mobility.optimise.routing.reasons.search import reasons

__all__ = ["Insertion", "Reason", "Relaxation", "Rule", "applied", "reasons", "relaxed"]
