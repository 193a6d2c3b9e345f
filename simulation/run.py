"""One run: a scenario, a seed, all its weeks, and what came of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tocsin.simulation.errors import InputError
from tocsin.simulation.mechanism import Mechanism
from tocsin.simulation.mechanisms.cooperation.evaluation import AnnualReport
from tocsin.simulation.model import BorderModel
from tocsin.simulation.phases import Profile
from tocsin.simulation.recording.explain import Trails
from tocsin.simulation.recording.indicators import MAIN, label_of
from tocsin.simulation.recording.notebooks import view
from tocsin.simulation.recording.quantities import Quantity
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.steering import SteeredRun

LONGEST = 5200
LARGEST_SEED = 10**15  # with any number of replications added, exact in a double


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes
    ----------
    scenario, seed, weeks
        What was run.
    model
        The model after its last week.
    """

    scenario: Scenario
    seed: int
    weeks: int
    model: BorderModel

    def __repr__(self) -> str:
        return f"<Run of {self.scenario.name}: seed {self.seed}, {self.weeks} weeks>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the end values that matter most."""
        rows = [
            (label_of(name), Quantity.of(name, self.scenario, abs(value or 0)).level(value))
            for name, value in ((name, self.indicators[name]) for name in MAIN)
        ]
        return view(f"{self.scenario.title} ({self.scenario.name})",
                    f"Run of {self.weeks} weeks with seed {self.seed}.",
                    ("indicator", "end value"), rows)  # fmt: skip

    @cached_property
    def series(self) -> pd.DataFrame:
        """Weekly values; one column an indicator, indexed by week from 1."""
        return self.model.record.series()

    @cached_property
    def indicators(self) -> dict[str, int | float | None]:
        """End values by name, None where undefined."""
        return self.model.record.summary()

    @cached_property
    def summary(self) -> pd.Series:
        """End values by name as float64, NaN where undefined."""
        return pd.Series(self.indicators, dtype=float, name=self.scenario.name)

    @cached_property
    def events(self) -> pd.DataFrame:
        """The event log; empty if the run kept none."""
        return self.model.world.log.frame()

    @cached_property
    def flow(self) -> pd.Series:
        """Amount that passed each border sector in the last 52 weeks, by sector id."""
        passed = self.model.record.recent_flow()
        return pd.Series(
            passed, index=pd.Index(self.model.world.sectors.ids, name="sector"), name="amount"
        )

    @property
    def reports(self) -> list[AnnualReport]:
        """The coordinator's annual reports, one a finished year."""
        return self.model.world.evaluation.reports

    def explain(self, event_id: str) -> list[str]:
        """Why an event of this run happened: its causal trail in sentences.

        Raises InputError if the log has no such event.
        """
        return self._trails.explain(event_id)

    @cached_property
    def _trails(self) -> Trails:
        return Trails(self.events, self.scenario.parameters)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all series and the final state; equal for equal runs."""
        return self.model.fingerprint


def check_seed(seed: Any) -> None:
    """Refuse what is no seed: tables and JSON hold each seed exactly only up to `LARGEST_SEED`.

    Raises
    ------
    InputError
        It is no whole number from 0 to `LARGEST_SEED`.
    """
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not (whole and 0 <= seed <= LARGEST_SEED):
        said = f"{seed!r}" if len(f"{seed!r}") < 40 else f"{seed!r}"[:30] + "…"
        raise InputError(f"seed = {said}: not a seed; allowed is a whole number from 0 to "
                         f"{LARGEST_SEED:,}.")  # fmt: skip


def run(
    scenario: Scenario | str | Path,
    seed: int = 0,
    weeks: int | None = None,
    progress: Callable[[int], None] | None = None,
    events: bool = True,
    details: bool = False,
    profile: Profile | None = None,
    mechanisms: Sequence[type[Mechanism]] = (),
) -> Run:
    """Run a scenario.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a path.
    seed
        Every draw follows from it; two scenarios with one seed share their luck.
    weeks
        Length, if it is to differ from the scenario's.
    progress
        Called with the number of weeks done, after each week.
    events
        Whether to keep the event log.
    details
        Whether the log holds deliveries and missed tips too.
    profile
        Takes the time of each phase.
    mechanisms
        Mechanisms from outside, beside those that the scenario's file names.

    Raises
    ------
    InputError
        The scenario cannot be read, or seed or weeks make no sense.
    """
    check_seed(seed)
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    if mechanisms:
        chosen = chosen.with_mechanisms(mechanisms)
    if weeks is not None:
        if isinstance(weeks, bool) or not isinstance(weeks, int) or not 1 <= weeks <= LONGEST:
            raise InputError(
                f"weeks = {weeks!r}: not a length; allowed is a whole number from 1 to {LONGEST}."
            )
        chosen = chosen.with_length(weeks)
    steered = SteeredRun(chosen, int(seed), events, details, profile)
    for week in steered.weeks():
        if progress is not None:
            progress(week)
    return Run(chosen, int(seed), steered.week, steered.model)
