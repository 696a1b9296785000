"""The one way to declare a numba kernel: typed, without the GIL, cached so that it is never stale.

numba's own ``cache=True`` looks at the file a kernel stands in and misses an edit of a kernel it
*calls* in another file: the old answer comes back. Here the cached machine code lives in a folder
named by one hash over every kernel source of the package, so any edit starts afresh.

Rules for kernels: they call each other by name, none takes a function as an argument (it would be
compiled again in every process), rules are switched by flags.

``python -m msap_mobility.compiled`` compiles everything and prints the seconds it took.
"""

from msap_mobility.compiled.cache import cache_folder
from msap_mobility.compiled.declaration import kernel, on_first_compilation, warmup
from msap_mobility.compiled.table import Table

__all__ = ["Table", "cache_folder", "kernel", "on_first_compilation", "warmup"]
