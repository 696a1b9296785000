"""What the kernels work on: a table of arrays for the problem, one for a plan, one for memory.

Rows of their columns are numbered by the constants beside them. A **node** is a task or, behind all
tasks, the **loading** of a vehicle type; who passes it begins another trip. A **slot** may
hold one route; the slots of a vehicle type stand together. A **unit** is what is served as a whole:
a request, a group, or a customer of patterns. It is served by one of its **options**, which has one
or more **parts**: requests, all of which are then served. A **home** is a customer of `Covering`.
"""

from msap_mobility.optimise.routing.native.arrays import memory, plan, problem

__all__ = ["memory", "plan", "problem"]
# Kernels name these tables in their signatures: whoever imports one of the modules declares all.
