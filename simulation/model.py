"""`BorderModel`: one world, one seed, one week after the other."""

from functools import cached_property
from pathlib import Path

from tocsin.simulation.cast import Cast
from tocsin.simulation.mechanism import blamed
from tocsin.simulation.mesa_doors import LastingModel
from tocsin.simulation.notes import Notes
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.phases import PHASES, Phases, with_mechanisms
from tocsin.simulation.randomness import Rng, seed_of
from tocsin.simulation.recording.record import Record
from tocsin.simulation.recording.views import SeriesView
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.state import Arrays, fingerprint, state_of
from tocsin.simulation.world import World


class BorderModel(LastingModel):
    """Networks, agencies and a coordinator on a grid of borders.

    Parameters
    ----------
    scenario
        A scenario, the name of a shipped one, or a path.
    rng
        What the seed comes from, as in Mesa: a whole number is the seed itself, None draws a fresh
        one, and a seed sequence or a generator gives one. Every draw of the run follows from it.
    events
        Whether to keep the event log.
    details
        Whether the log holds deliveries and missed tips too.

    Attributes
    ----------
    seed
        Seed of the run; ``rng=seed`` gives the same run again.
    week
        Weeks done, or the present one inside a step.
    running
        True until the last week is done. Mesa's tools stop then; a further step is refused.
    parameters
        Values in force; changes of the scenario replace them.
    record
        What was measured so far.
    failure
        What a week failed of; None as long as none did. Such a week is half done, so a further step
        raises the same error again.

    Raises
    ------
    InputError
        If the scenario cannot be read, `rng` gives no seed, or the map offers no way from a source
        to a market.
    """

    def __init__(
        self, scenario: Scenario | str | Path, rng: Rng = None, events: bool = True,
        details: bool = False,
    ) -> None:  # fmt: skip
        self.seed = seed_of(rng)
        super().__init__(rng=self.seed)
        chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.world = World.lay_out(chosen, self.seed, events, details)
        self.cast = Cast.of(self, self.world)
        self.notes = self._new_notes(1)
        self.phases: Phases = with_mechanisms(PHASES, self.world.mechanisms)
        self.keep_agents()

    def _new_notes(self, week: int) -> Notes:
        record = self.world.record
        return Notes(
            record.goods_of(week),
            record.uncounted.copy(),
            record.unmeasured.copy(),
            record.rows,
            week,
        )

    @property
    def scenario(self) -> Scenario:  # pyright: ignore[reportIncompatibleVariableOverride]
        """What is run. Mesa's own property would write the model into it; ours is frozen."""
        return self.world.scenario

    @scenario.setter
    def scenario(self, scenario: Scenario | None) -> None:
        """Mesa sets what it was not told; there is nothing to keep."""

    @property
    def week(self) -> int:
        """Weeks done, or the present one inside a step."""
        return self.world.week

    @property
    def parameters(self) -> Parameters:
        """Values in force."""
        return self.world.parameters

    @property
    def record(self) -> Record:
        """What was measured so far."""
        return self.world.record

    def step(self) -> None:
        """One week, phase by phase."""
        world = self.world
        world.week += 1
        self.notes = self._new_notes(world.week)
        try:
            for _, phase in self.phases:
                phase(world, self.cast, self.notes)
            world.record.check_rows(world.week)
        except Exception as wrong:
            self.failure = blamed(wrong, world.mechanisms, world.week) or wrong
            if self.failure is wrong:
                raise
            raise self.failure from wrong
        self.running = world.week < self.last_week

    # What others look at ----------------------------------------------------------------------

    @cached_property
    def datacollector(self) -> "SeriesView":
        """The series as Mesa's own tools expect them."""
        return SeriesView(self.world.record, self.seed)

    @property
    def last_week(self) -> int:
        """Week with which the run ends."""
        return self.world.record.flow.shape[0]

    @property
    def run_name(self) -> str:
        """Name of the scenario."""
        return self.world.scenario.name

    def state(self) -> Arrays:
        """All that one week hands to the next, and what was measured: arrays by name."""
        self.cast.check()
        return state_of(self.world)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole state; equal for runs of which every week was the same."""
        return fingerprint(self.state())
