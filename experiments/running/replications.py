"""Replications: the same seeds for every scenario, and nothing is run twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.run import run

if TYPE_CHECKING:
    from tocsin.simulation.scenario.files import Scenario

Values = Mapping[str, int | float | None]


@dataclass(frozen=True)
class Job:
    """One run that is wanted, told by what a model can see of it."""

    scenario: "Scenario"
    seed: int

    def __repr__(self) -> str:
        changed = ", ".join(f"{key} = {value}" for key, value in self.scenario.overrides.items())
        return f"{self.scenario.name}, seed {self.seed}{f', {changed}' if changed else ''}"

    @property
    def known_as(self) -> tuple[str, int]:
        """Equal for runs that must come out equal."""
        return self.scenario.digest, self.seed


def end_values(job: Job) -> dict[str, int | float | None]:
    """End value of every indicator of one run."""
    return run(job.scenario, seed=job.seed, events=False).indicators


class ReplicatedRuns:
    """End values of many scenarios under common random numbers.

    Parameters
    ----------
    workers
        Processes; all processors by default.
    progress
        Called with the number of runs made so far.
    known
        End values that are there already, by digest of the scenario and seed.
    """

    def __init__(
        self,
        workers: int | None = None,
        progress: Callable[[int], None] | None = None,
        known: Mapping[tuple[str, int], Values] | None = None,
    ) -> None:
        self.workers, self.progress = workers, progress
        self.runs = 0
        self._known: dict[tuple[str, int], Values] = dict(known or {})

    def run(self, scenarios: Iterable["Scenario"], seeds: Sequence[int]) -> None:
        """Make sure that every scenario has run with every seed."""
        self.run_jobs(Job(scenario, seed) for scenario in scenarios for seed in seeds)

    def run_jobs(self, wanted: Iterable[Job]) -> None:
        """Make sure that these runs are there."""
        missing = {job.known_as: job for job in wanted if job.known_as not in self._known}
        before = self.runs

        def heard(done: int) -> None:
            if self.progress is not None:
                self.progress(before + done)

        results = run_all(end_values, list(missing.values()), self.workers, heard)
        self._known |= dict(zip(missing, results, strict=True))
        self.runs += len(missing)

    def missing(self, scenarios: Iterable["Scenario"], seeds: Sequence[int]) -> int:
        """How many runs `run` would have to make."""
        keys = {(scenario.digest, seed) for scenario in scenarios for seed in seeds}
        return len(keys - self._known.keys())

    def values(
        self, scenario: "Scenario", indicator: str, seeds: Sequence[int]
    ) -> NDArray[np.float64]:
        """One end value a seed; NaN where undefined. The runs must be there."""
        of = [self._known[scenario.digest, seed].get(indicator) for seed in seeds]
        return np.array(of, dtype=float)

    def indicators(self, scenario: "Scenario", seed: int) -> list[str]:
        """Names of what a run measured."""
        return list(self._known[scenario.digest, seed])
