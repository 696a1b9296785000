"""Compile every kernel on every core and print the seconds per module and by the clock."""

from time import perf_counter

from msap_mobility.compiled import warmup
from msap_mobility.compiled.together import cores
from msap_mobility.wording import say

if __name__ == "__main__":
    begin = perf_counter()
    for module, seconds in warmup(processes=cores()).items():
        print(say("compiled.module", module=module, seconds=seconds))  # noqa: T201 - a command
    print(say("compiled.total", seconds=perf_counter() - begin, processes=cores()))  # noqa: T201
