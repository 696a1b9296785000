"""Who goes with whom, over arrays: exact assignment, joint groups, packing, online insertion."""
