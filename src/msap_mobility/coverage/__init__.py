"""The ruler: who reaches what, how long they wait, and who gains. Knows no roads and no tours."""

from msap_mobility.coverage.reach import Reach, reachable

__all__ = ["Reach", "reachable"]
