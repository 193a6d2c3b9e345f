"""A run that is stopped after any week, governed, copied and turned back.

`SteeredRun` is the one way to run a model: to its end at once, or week by week while somebody looks
at it. `LiveRun` adds levers that move while it goes, and any week again. Nothing here decides: the
weeks are those of `BorderModel`. A lever moved before the first week is a value of the scenario;
moved after week w it is a ``[[change]]`` of week w + 1. So what was played is always a scenario,
which can be saved and run again, and has the same fingerprint.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray
from tocsin.simulation.errors import InputError
from tocsin.simulation.model import BorderModel
from tocsin.simulation.phases import Profile
from tocsin.simulation.randomness import key_of
from tocsin.simulation.recording.events import EventLog
from tocsin.simulation.scenario.files import Scenario, names
from tocsin.simulation.scenario.overrides import look_up, parse_key, replaced
from tocsin.simulation.scenario.schedule import Schedule, read_schedule
from tocsin.simulation.scenario.values import check_value

KEYFRAME_WEEKS = 26
REASON = "set in the room"


class SteeredRun:
    """A run that goes on by as many weeks as it is told, by a scenario that may change under way.

    Parameters
    ----------
    scenario
        What is run.
    seed
        Every draw follows from it.
    events
        Whether to keep the event log.
    details
        Whether the log holds deliveries and missed tips too.
    profile
        Takes the time of each phase.

    Attributes
    ----------
    model
        The model after `week` weeks, open to everybody who looks at it.

    Raises
    ------
    InputError
        The map offers no way from a source to a market.
    """

    def __init__(
        self, scenario: Scenario, seed: int = 0, events: bool = True, details: bool = False,
        profile: Profile | None = None,
    ) -> None:  # fmt: skip
        self.model = BorderModel(scenario, rng=seed, events=events, details=details)
        if profile is not None:
            self.model.phases = profile.watch(self.model.phases)

    @property
    def scenario(self) -> Scenario:
        """What is run, as it is known by now."""
        return self.model.scenario

    @property
    def week(self) -> int:
        """Weeks done."""
        return self.model.week

    @property
    def finished(self) -> bool:
        """Whether all weeks are done."""
        return self.week >= self.model.last_week

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """Weekly values so far, by indicator."""
        return {name: column[: self.week] for name, column in self.model.record.columns.items()}

    @property
    def fingerprint(self) -> str:
        """The fingerprint that ``tocsin run --weeks`` gives for as many weeks."""
        return self.model.fingerprint

    def weeks(self) -> Iterator[int]:
        """Run to the end; after each week its number, so that somebody can look at the model."""
        while not self.finished:
            self.model.step()
            yield self.week

    def run_to(self, week: int) -> None:
        """Run until so many weeks are done, or all are."""
        while self.week < week and not self.finished:
            self.model.step()

    def follow(self, scenario: Scenario) -> None:
        """Go on by another scenario, whose schedule is the same up to the present week."""
        world = self.model.world
        world.scenario, world.schedule = scenario, scenario.schedule

    def copy(self, events: bool = True) -> "SteeredRun":
        """The same run once more, which goes its own way; both share what no run changes.

        Parameters
        ----------
        events
            Whether the copy keeps an event log.
        """
        model, world = self.model, self.model.world
        fixed: tuple[object, ...] = (
            model.scenario, model.parameters, world.grid, world.sectors, world.trade,
            world.trade.lanes, world.trade.terms, world.trade.routes,
        )  # fmt: skip
        known: dict[int, Any] = {id(thing): thing for thing in fixed}
        if not events:
            known[id(world.log)] = EventLog(False)
        return copy.deepcopy(self, known)

    def branch(self, luck: int, seed: int) -> "SteeredRun":
        """A copy that goes on under another luck, numbered from 1; none has that of this run.

        Parameters
        ----------
        luck
            Copies of one week with one number go on under the same luck.
        seed
            What the lucks follow from.
        """
        other = self.copy()
        other.model.world.streams.rekey(key_of("luck", seed, self.week, luck))
        return other


@dataclass(frozen=True)
class Move:
    """A lever that takes a new value; `week` is the first in which it holds, 0 from the start."""

    week: int
    key: str
    value: Any


class LiveRun:
    """A steered run whose levers move while it goes, and of which any week can be had again.

    To go back, it is copied from the last keyframe before that week and played forward.

    Parameters
    ----------
    scenario
        What is played.
    seed
        Every draw follows from it.
    moves
        Levers moved, in any order.
    compare_base
        Whether the untouched scenario runs along, for `base_columns`.

    Raises
    ------
    InputError
        A move is not allowed, or the map offers no way from a source to a market.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 0,
        moves: Iterable[Move] = (),
        compare_base: bool = True,
    ) -> None:
        self.origin = scenario
        self.seed = seed
        self.total = scenario.parameters.world.weeks
        self._moves: dict[tuple[int, str], Any] = {}
        self._compare_base = compare_base
        self._base: SteeredRun | None = None
        for move in moves:
            key = parse_key(move.key, move.value)
            self._moves[move.week, key.dotted] = check_value(key.dotted, key.field, move.value)
        self._played = self._scenario(self._moves)
        self._begin()

    def _begin(self) -> None:
        self._run = SteeredRun(self._played, self.seed)
        self._keyframes: dict[int, SteeredRun] = {0: self._run.copy()}

    # Where it is ------------------------------------------------------------------------------

    @property
    def model(self) -> BorderModel:
        """The model after `week` weeks; another one after a jump, so nobody may keep it."""
        return self._run.model

    @property
    def week(self) -> int:
        """Weeks done."""
        return self._run.week

    @property
    def finished(self) -> bool:
        """Whether all weeks are done."""
        return self._run.finished

    @property
    def moves(self) -> list[Move]:
        """Levers moved so far, by week."""
        return [Move(week, key, value) for (week, key), value in sorted(
            self._moves.items(), key=lambda move: move[0])]  # fmt: skip

    @property
    def scenario(self) -> Scenario:
        """What is played, all moves included."""
        return self._played

    def value(self, key: str) -> Any:
        """The value of a lever that will be in force in the week to come."""
        wanted = parse_key(key)
        parameters = self.model.parameters
        for change in self._played.schedule.changes:
            if change.week == self.week + 1:
                parameters = replaced(parameters, change.set)
        return look_up(parameters, wanted)

    # Time -------------------------------------------------------------------------------------

    def step(self, weeks: int = 1) -> int:
        """Play on, to the end at most; returns the weeks played."""
        before = self.week
        while self.week - before < weeks and not self.finished:
            try:
                self._run.run_to(self.week + 1)
            except Exception:
                self.go_to(self.week - 1)  # the week that failed is half done
                raise
            if self.week % KEYFRAME_WEEKS == 0 and self.week not in self._keyframes:
                self._keyframes[self.week] = self._run.copy()
        return self.week - before

    def go_to(self, week: int) -> None:
        """Be after any week from 0 to the last."""
        week = min(max(0, week), self.total)
        if week < self.week:
            nearest = max(frame for frame in self._keyframes if frame <= week)
            self._run = self._keyframes[nearest].copy()
            self._run.follow(self._played)
        self.step(week - self.week)

    # Levers -----------------------------------------------------------------------------------

    def move(self, key: str, value: Any) -> Move:
        """Move a lever from the next week on; before the first week, from the start.

        Raises
        ------
        InputError
            It is no lever, the value is not allowed, its mandate is missing, or the run is over.
        """
        wanted = parse_key(key, value)
        if wanted.kind != "lever":
            raise InputError(f"{wanted.dotted}: no policy can move it; only levers can be moved.")
        if self.finished:
            raise InputError("the run is over; go back to a week before you move a lever.")
        week = self.week + 1 if self.week else 0
        checked = check_value(wanted.dotted, wanted.field, value)
        moves = dict(self._moves)
        moves.pop((week, wanted.dotted), None)
        if checked != self._value_without(moves, week, wanted.dotted):
            moves[week, wanted.dotted] = checked
        self._take(moves, week)
        return Move(week, wanted.dotted, checked)

    def take_back(self, week: int, key: str) -> None:
        """Undo one move."""
        moves = dict(self._moves)
        moves.pop((week, key), None)
        self._take(moves, week)

    def take_all_back(self) -> None:
        """Undo all moves; the run is where it was, as the untouched scenario goes."""
        first = min((week for week, _ in self._moves), default=0)
        self._take({}, first)

    def _value_without(self, moves: Mapping[tuple[int, str], Any], week: int, key: str) -> Any:
        """What a lever would be in `week` by the other moves and the scenario itself."""
        known: list[tuple[int, Any]] = [(0, look_up(self.origin.parameters, parse_key(key)))]
        known += [(c.week, c.set[key]) for c in self.origin.schedule.changes if key in c.set]
        known += [(at, value) for (at, name), value in moves.items() if name == key]
        return max((entry for entry in known if entry[0] <= week), key=lambda entry: entry[0])[1]

    def _take(self, moves: dict[tuple[int, str], Any], first: int) -> None:
        """Play by other moves, which differ from `first` on; the week stays the same."""
        played = self._scenario(moves)  # may raise: then nothing has happened
        touched = bool(self._moves)
        if self._compare_base and moves and not touched and self.week and first > self.week:
            self._base = self._run.copy(events=False)
        self._moves, self._played = moves, played
        week = self.week
        if first == 0:
            self._begin()
            self.go_to(week)
            return
        for frame in [frame for frame in self._keyframes if frame >= first]:
            del self._keyframes[frame]
        if first <= week:
            nearest = max(self._keyframes)
            self._run = self._keyframes[nearest].copy()
        self._run.follow(self._played)
        self.step(week - self.week)

    def _scenario(self, moves: Mapping[tuple[int, str], Any]) -> Scenario:
        first = {key: value for (week, key), value in moves.items() if week == 0}
        played = self.origin.with_(first) if first else self.origin
        return played.with_schedule(_schedule(moves))

    # What came of it --------------------------------------------------------------------------

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """Weekly values so far, by indicator."""
        return self._run.columns

    @property
    def base_columns(self) -> dict[str, NDArray[Any]]:
        """The same of the untouched scenario, under the same luck."""
        if not self._moves or not self._compare_base:
            return self.columns
        if self._base is None:
            self._base = SteeredRun(self.origin, self.seed, events=False)
        self._base.run_to(self.week)
        return {name: column[: self.week] for name, column in self._base.columns.items()}

    @property
    def fingerprint(self) -> str:
        """The fingerprint that ``tocsin run --weeks`` gives for as many weeks."""
        return self._run.fingerprint

    def saved(self, title: str | None = None) -> str:
        """A scenario file of what was played: a child that states the moves, each with a reason."""
        origin = self.origin
        first = {key: value for (week, key), value in self._moves.items() if week == 0}
        shipped = origin.name in names() and not origin.overrides
        child = replace(
            self._played,
            title=title or f"{origin.title}, steered",
            parent=origin.name if shipped else origin.parent,
            stated=first if shipped else {**origin.stated, **first},
            own_schedule=_schedule(self._moves) if shipped else self._played.own_schedule,
            reasons={**self._played.reasons, **dict.fromkeys(first, REASON)},
        )
        return child.to_toml()


def _schedule(moves: Mapping[tuple[int, str], Any]) -> Schedule:
    by_week: dict[int, dict[str, Any]] = {}
    for (week, key), value in sorted(moves.items(), key=lambda move: move[0]):
        if week:
            by_week.setdefault(week, {})[key] = value
    entries = [{"week": w, "set": values, "reason": REASON} for w, values in by_week.items()]
    return read_schedule({"change": entries})
