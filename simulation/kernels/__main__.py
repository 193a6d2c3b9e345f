"""Fill the cache: importing the package compiles what is not there yet."""

from tocsin.simulation.kernels.compiling import CACHE

where = CACHE.folder or "memory only, because no folder can be written"
print(f"compiled kernels are in {where}")
