"""What is timed, and against whom. `python -m benchmarks` runs everything and prints one table."""
