"""The exact times of routes whose order is given, under every rule.

A route is a system of differences between moments: departure, begins and ends of tasks, drives,
breaks, arrival. Where a task has several windows, or a break several places, the rows hang on
options of which one is chosen. ::

    nodes      the moments of a route, numbered
    system     rows of differences, some with options
    rules      every rule of time as rows
    pauses     those of breaks
    bounds     how far apart any two moments must be, at the least
    settle     options that contradict the rest are dropped
    linear     a mixed-integer program for HiGHS
    plan       a route as part of a program, and what its hours cost
    cheapest   the best options and hours of some routes together
    schedule   from those to whole times, exactly
    apart      which routes must be timed together
    least      routes without any of this, by the kernels of the search
    timed      all of it

Once the options are chosen the rest is a linear program over differences, the dual of a flow, and
some best times are whole (Ahuja, Hochbaum & Orlin 2003, doi 10.1287/mnsc.49.7.950.16384). So the
program keeps its times real and only options are 0 or 1.
"""

from __future__ import annotations

from msap_mobility.optimise.routing.timing.timed import timed

__all__ = ["timed"]
