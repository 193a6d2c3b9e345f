"""Every benchmark with its goals, in the order in which they are run."""

import math

from tocsin.simulation import reference

from benchmarks import (
    cost,
    default_run,
    frame,
    growth,
    large_run,
    mesa_objects,
    movement,
    replications,
    routing,
    start,
    sweeps,
)
from benchmarks.figures import Benchmark, Goal

BENCHMARKS = (
    Benchmark("default", "a default run", default_run.measure, {
        "runs a minute on 2 cores": Goal(low=300),
        "largest phase": Goal(high=50),
        "kernel that gains least on its twin": Goal(low=2),
    }),
    Benchmark("movement", "movement kernel", movement.measure, {
        f"10^{power}, {what}": goal
        for power in (6, 7)
        for what, goal in (("speed of C kept on one core", Goal(low=60)),
                           ("two cores", Goal(low=1.8)),
                           ("same bits everywhere", Goal(low=1)))
    }),
    Benchmark("mesa", "the same law with Mesa objects", mesa_objects.measure, {
        "10^4 shipments": Goal(low=300),
        "10^5 shipments": Goal(low=800),
    }),
    Benchmark("routing", "route finding (scipy, no own kernel)", routing.measure, {}),
    Benchmark("large", "a million shipments, a million cells", large_run.measure, {
        "time": Goal(high=60),
        "memory": Goal(high=2),
        "shipments under way at the end": Goal(low=1),
    }),
    Benchmark("growth", "growth", growth.measure, {
        "exponent of weeks": Goal(0.9, 1.1),
        "exponent of shipments": Goal(0.9, 1.1),
        "exponent of cells": Goal(high=1 + 1 / math.log(1e5)),  # of n log n at these sizes
        "exponent of networks": Goal(high=1.1),
    }),
    Benchmark("sweep", "a sweep on 2 workers", sweeps.measure, {
        "throughput of two plain loops kept": Goal(low=95),
        "largest worker during a run": Goal(high=160),
    }),
    Benchmark("start", "start in a fresh process", start.measure, {
        "tocsin --help": Goal(high=0.3),
        "import tocsin": Goal(high=0.3),
        "tocsin run baseline": Goal(high=5),
    }),
    Benchmark("pairs", "replications saved by pairing", replications.measure, {
        "adaptive, least": Goal(low=4),
        "adaptive, median": Goal(low=5),
        "static, least": Goal(low=100),
    }),
    Benchmark("frame", "a frame of the room", frame.measure, {}),
    Benchmark("cost", "seconds of one run", cost.measure, {}),
)  # fmt: skip

EXTRA = (  # by name only
    Benchmark("kernels", "kernels, times their twins", default_run.kernel_by_kernel,
              dict.fromkeys(reference.__all__, Goal(low=2))),
    Benchmark("parent", "memory of a sweep's parent", sweeps.parent, {}),
)  # fmt: skip
