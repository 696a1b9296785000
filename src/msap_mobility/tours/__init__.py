"""Plan a tour on a cyclic calendar, check it, and say who is left out and why."""
