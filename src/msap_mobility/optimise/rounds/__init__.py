"""The engine of rounds: ruin and recreate over arrays (see `arrays.RoundsProblem`)."""
