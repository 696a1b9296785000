"""The engine: slack induction by string removals, compiled.

After Christiaens & Vanden Berghe (Transportation Science 2020, doi 10.1287/trsc.2019.0914).
`encode` turns a problem into arrays, `labels` keeps what must be known of a route to change it
fast, `visit` and `pair` find the cheapest place for a request, `ruin` and `recreate` change the
plan, `anneal` decides what is kept, `search` runs it, `pool` and `master` recombine routes.

**One rule, one place.** When a task may begin: `windows`. What a route of given order can do at
best: `schedule`. What it costs: `labels.route_cost`.
"""
