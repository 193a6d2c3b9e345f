"""Fill the cache: importing the package compiles what is not there yet."""

from simulation.kernels.compiling import CACHE

print(f"compiled kernels are in {CACHE}")
