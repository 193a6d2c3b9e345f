"""The phases of a week, in their order: `PHASES`.

Each takes the world, those who decide in it, and the notes of the week.
"""

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
from tocsin.simulation import kernels
from tocsin.simulation.cast import Cast
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanism import Mechanism
from tocsin.simulation.messages import _
from tocsin.simulation.notes import Notes
from tocsin.simulation.recording.quantities import fixed
from tocsin.simulation.week import (
    covert,
    deployments,
    details,
    evaluation,
    hub,
    measurement,
    movement,
    public,
    watching,
)
from tocsin.simulation.week import policy as schedule
from tocsin.simulation.world import World

YEAR = 52
Phase = Callable[[World, Cast, Notes], None]
Phases = tuple[tuple[str, Phase], ...]


def policy(world: World, _: Cast, notes: Notes) -> None:
    """Scheduled changes, shocks and treatments."""
    schedule.act(world, notes)


def intelligence(world: World, _: Cast, notes: Notes) -> None:
    """Pictures and case files age; the hub releases what is due."""
    world.picture.fade()
    notes.evidence_arrived = world.cases.pass_week(world.week)
    notes.released = hub.release(world, notes)


def patrolling(world: World, cast: Cast, notes: Notes) -> None:
    """Agencies place their effort and choose what to watch."""
    if world.treatments.enforcement_off:
        notes.watch_list = np.zeros_like(world.picture.watched)
        world.patrols.effort[:] = 0.0
        return
    cast.agencies.place_patrols()
    cast.agencies.choose_watches(notes)


def response(world: World, cast: Cast, notes: Notes) -> None:
    """Rapid response units and joint task forces; then everybody is where they are needed."""
    if not world.treatments.enforcement_off:
        cast.coordinator.send_units(notes)
        deployments.reinforce(world, notes)
    cast.coordinator.form_teams()
    watching.begin(world, notes)


def trafficking(_: World, cast: Cast, notes: Notes) -> None:
    """Networks review their routes and launch shipments."""
    cast.networks.review_routes(notes)
    cast.networks.launch(notes)


def moving(world: World, _: Cast, notes: Notes) -> None:
    """Shipments move, are exposed, seized or delivered."""
    movement.move(world, notes)
    deployments.credit(world, notes)


def investigation(world: World, cast: Cast, notes: Notes) -> None:
    """Seizures become evidence, and evidence operations."""
    cast.agencies.file_evidence(notes)
    covert.evidence(world, notes)
    if not world.treatments.enforcement_off:
        cast.agencies.open_operations(notes)
        cast.coordinator.act_jointly(notes)


def reporting(world: World, cast: Cast, notes: Notes) -> None:
    """Agencies write up what they found; willing members give it to the hub; the public tells."""
    cast.agencies.share(notes)
    public.tips(world, notes)


def adaptation(world: World, cast: Cast, notes: Notes) -> None:
    """Agencies and networks learn; members, networks and methods are renewed; prices move."""
    cast.agencies.learn(cast.networks.learn(notes), notes)
    details.missed(world)
    cast.networks.hide()
    cast.networks.recruit()
    cast.networks.settle_accounts(notes)
    cast.networks.enter()


def institutions(world: World, cast: Cast, notes: Notes) -> None:
    """The yearly evaluation; programmes and their decay; trust and law."""
    notes.moved_musd = 0.0
    if world.week % YEAR == 0:
        cast.coordinator.close_year(notes)
    cases = np.zeros(len(world.roster), dtype=np.int64)
    kernels.look_back(notes.goods.seized_by, notes.found.agency, YEAR,
                      world.capacity.seized_lately, cases)  # fmt: skip
    cast.coordinator.allocate(notes)
    cast.coordinator.run_programmes()
    cast.agencies.ratify(notes)
    evaluation.credit(world, notes, cases)
    cast.agencies.weigh_cooperation(cases, notes)


def measuring(world: World, _: Cast, notes: Notes) -> None:
    """Write the week down."""
    measurement.measure(world, notes)


PHASES: Phases = (
    ("policy", policy),
    ("intelligence", intelligence),
    ("patrolling", patrolling),
    ("response", response),
    ("trafficking", trafficking),
    ("movement", moving),
    ("investigation", investigation),
    ("reporting", reporting),
    ("adaptation", adaptation),
    ("institutions", institutions),
    ("measurement", measuring),
)


def with_mechanisms(phases: Phases, mechanisms: Sequence[Mechanism]) -> Phases:
    """The week with the steps of mechanisms from outside, each behind the phase that it names.

    Raises InputError if its place is none, or is too late for what it measures.
    """
    names = [name for name, _ in phases]
    for mechanism in mechanisms:
        if mechanism.after and mechanism.after not in names:
            raise InputError(_(
                "mechanism {name}: after = {after}: there is no such phase; allowed are {names}"
                "{nearest}.", name=repr(mechanism.name), after=repr(mechanism.after),
                names=", ".join(names), nearest=nearest(mechanism.after, names),
            ))  # fmt: skip
        if mechanism.name in names:
            raise InputError(_("mechanism {name}: a phase of the week has this name; choose "
                               "another name.", name=repr(mechanism.name)))  # fmt: skip
        if not mechanism.after and type(mechanism).step is not Mechanism.step:
            raise InputError(_(
                "mechanism {name}: it has a step, but after names no phase; allowed are {names}.",
                name=repr(mechanism.name), names=", ".join(names),
            ))  # fmt: skip
        late = [one.name for one in mechanism.indicators if not one.per]
        if late and mechanism.after == names[-1]:
            raise InputError(_(
                "mechanism {name}: after = {after}: the week is written down by then, so "
                "{indicators} would be lost; take an earlier phase.", name=repr(mechanism.name),
                after=repr(mechanism.after), indicators=", ".join(late),
            ))  # fmt: skip
    return tuple(
        step for name, phase in phases
        for step in ((name, phase), *((mechanism.name, mechanism.step) for mechanism in mechanisms
                                      if mechanism.after == name))
    )  # fmt: skip


class Profile:
    """The time that each phase takes.

    Attributes
    ----------
    seconds
        By the name of the phase, in the order of the week.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def watch(self, phases: Phases) -> Phases:
        """The same phases, timed."""
        self.seconds = {name: 0.0 for name, _ in phases}
        return tuple((name, self._timed(name, phase)) for name, phase in phases)

    def _timed(self, name: str, phase: Phase) -> Phase:
        def timed(world: World, cast: Cast, notes: Notes) -> None:
            begin = perf_counter()
            phase(world, cast, notes)
            self.seconds[name] += perf_counter() - begin

        return timed

    def __str__(self) -> str:
        """A line for each phase: its name, milliseconds in all, and its share."""
        total = sum(self.seconds.values())
        lines = [f"  {'phase':16}{'milliseconds':>14}{'share':>8}"]
        for name, seconds in (*self.seconds.items(), ("all", total)):
            share = seconds / total if total else 0.0
            lines.append(f"  {name:16}{fixed(1000 * seconds, 1):>14}{fixed(100 * share, 1):>6} %")
        return "\n".join(lines)
