"""Compile every kernel and print the seconds per module and in total."""

from msap_mobility.compiled import warmup
from msap_mobility.wording import say

if __name__ == "__main__":
    taken = warmup()
    for module, seconds in taken.items():
        print(say("compiled.module", module=module, seconds=seconds))  # noqa: T201 - a command
    print(say("compiled.total", seconds=sum(taken.values())))  # noqa: T201 - a command
