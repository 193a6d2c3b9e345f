"""Compare: two scenarios, or two settings of one, under one seed and locked in step."""

import random
import threading
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

import reacton.ipyvuetify as v
from reacton.core import component, use_effect, use_memo
from solara.routing import use_router
from tocsin.dashboard.pages import verdicts
from tocsin.dashboard.pages.luck import SIZES, LuckJob
from tocsin.dashboard.pages.story import held_against, offered
from tocsin.dashboard.parts import charts
from tocsin.dashboard.parts.clock import SPEEDS, Clock
from tocsin.dashboard.parts.layout import card
from tocsin.dashboard.parts.messages import dispatched, numbered
from tocsin.dashboard.parts.palette import SERIES
from tocsin.dashboard.parts.picture import Ground, difference_frame
from tocsin.dashboard.parts.widgets import (
    BarPiece,
    ChartsPiece,
    LeversPiece,
    MapPiece,
    PartingPiece,
    Piece,
    StoryPiece,
    VerdictsPiece,
)
from tocsin.dashboard.serving import memory, settings
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.design.goods import mixed
from tocsin.experiments.running.card import Card, parse_card, query_of, read_seed
from tocsin.experiments.telling import levers
from tocsin.experiments.telling.parting import parting
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import load, names
from tocsin.simulation.steering import LiveRun, Move

SIDES = ("first", "second")
APART = (
    "The two speak of different goods, so charts of amounts, prices and interception are left out."
)
SHADES = ("flow", "patrol", "risk")
OFTEN = 0.15  # seconds between two drawings of the charts while it plays
FILES = (("Copy link", "Copy the address of this comparison", "link"),)


class Side:
    """One of the two: its scenario, the levers set from the start, its run and its pieces."""

    def __init__(self, name: str, heading: str) -> None:
        self.story = StoryPiece(heading=heading)
        self.levers = LeversPiece(side=name)
        self.map = MapPiece(shades=list(SHADES))
        self.heard = 0  # number of the last move that the page sent
        self.run: LiveRun
        self.ground: Ground

    def begin(self, chosen: str, seed: int, moves: tuple[Move, ...], week: int) -> None:
        """Play a scenario with its levers to a week; after an InputError nothing has changed."""
        first = settings.present().scenario
        if chosen not in names() and chosen != first:
            raise InputError(f"scenario {chosen[:60]!r}: the room has no such scenario.")
        run = LiveRun(load(chosen), seed, moves, compare_base=False)
        run.go_to(week)
        self.run, self.chosen = run, chosen
        self.ground = Ground(run.origin.grid, run.model)
        self.known = levers.levers(run.origin.parameters)
        own = [] if first in names() else [load(first)]
        self.story.choices = offered() + [
            {"name": first, "title": scenario.title, "family": "Your own"} for scenario in own
        ]
        self.story.chosen = chosen
        self.story.story = {"question": run.origin.question}
        with self.map.hold_sync():
            self.map.base, self.map.cells = self.ground.base, self.ground.cells

    def show_levers(self) -> None:
        """Levers as they are from the start."""
        named = {lever.key: lever for lever in self.known}
        with self.levers.hold_sync():
            self.levers.heard = self.heard
            self.levers.rows = levers.shown(self.run, self.known)
            self.levers.moves = [
                {"week": move.week, "key": move.key,
                 "text": f"{named[move.key].name} {levers.sentence(named[move.key], move.value)}"}
                for move in self.run.moves
            ]  # fmt: skip


class Comparer:
    """What one browser sees of two runs."""

    def __init__(self, query: str = "") -> None:
        self._lock = threading.RLock()
        self._drawn_at = 0.0
        self._shade = SHADES[0]
        self._job: LuckJob | None = None
        self.clock = Clock(self._advance, lambda: self.over, self._stopped, self._lock)
        self.first, self.second = Side("first", "First"), Side("second", "Second")
        self.bar = BarPiece(files=[list(f) for f in FILES], speeds=[list(s) for s in SPEEDS],
                            speed=self.clock.speed)  # fmt: skip
        self.difference = MapPiece(shade="difference", shades=["difference"])
        self.charts = ChartsPiece(lines=list(SIDES), colours=[SERIES[1], SERIES[0]])
        self.parting = PartingPiece()
        self.verdicts = VerdictsPiece(sizes=list(SIZES))
        self._listen()
        self._open(query)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.first, self.second

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces of the page."""
        both = [piece for side in self.sides for piece in (side.story, side.levers, side.map)]
        return (*both, self.bar, self.difference, self.charts, self.parting, self.verdicts)

    @property
    def over(self) -> bool:
        """Whether one of the two is over."""
        return self.first.run.finished or self.second.run.finished

    @property
    def alike(self) -> bool:
        """Whether both have the same borders, and count the same goods."""
        one, two = (side.run.model.world.sectors.ids for side in self.sides)
        maps = self.first.run.origin.grid.digest == self.second.run.origin.grid.digest
        return one == two and maps and not self.mixed

    @property
    def mixed(self) -> str:
        """Why the two do not count the same, as a sentence; empty if they do."""
        first, second = (side.run.scenario.parameters for side in self.sides)
        return mixed({"the first": first, "the second": second})

    def _open(self, query: str) -> None:
        base = settings.present().scenario
        cards = Card(base), Card(held_against(base))
        if "scenario=" in query:
            try:
                cards = read_cards(query)
                for side, one in zip(self.sides, cards, strict=True):
                    side.begin(one.scenario, cards[0].seed, one.moves, cards[0].week)
                self._anew()
                return
            except InputError as wrong:
                self.bar.note = f"The link cannot be followed: {wrong}"
                cards = Card(base), Card(held_against(base))
        for side, one in zip(self.sides, cards, strict=True):
            side.begin(one.scenario, 0, (), 0)
        self._anew()

    def _anew(self) -> None:
        """Show two runs of which at least one is new."""
        shown = charts.charts(self.first.run.origin.parameters)
        if self.mixed:
            shown = [chart for chart in shown if indicator_of(chart.key).per != "commodity"]
        self._charts = shown
        with self.charts.hold_sync():
            self.charts.charts = [chart.described() for chart in shown]
            self.charts.total = self.bar.total = min(side.run.total for side in self.sides)
        with self.difference.hold_sync():
            self.difference.base = self.first.ground.base if self.alike else {}
            self.difference.cells = self.first.ground.cells if self.alike else b""
        for side in self.sides:
            side.show_levers()
        self.verdicts.tables, self.verdicts.note = [], ""
        self.show()

    def show(self, glide: float = 0.0, everything: bool = True) -> None:
        """Show the present week of both."""
        for side in self.sides:
            with side.map.hold_sync():
                side.map.glide, side.map.shade = glide, self._shade
                if side is self.first:
                    side.map.serial = self.clock.sent()
                side.map.frame = side.ground.frame(side.run.model, self._shade)
        first, second = self.first.run, self.second.run
        if self.alike:
            self.difference.frame = difference_frame(first.model, second.model)
        self.bar.week = first.week
        if everything or time.monotonic() - self._drawn_at > OFTEN:
            self._drawn_at = time.monotonic()
            self.charts.data = charts.packed(self._charts, second.columns, first.columns)
            self.charts.cautions = [
                *([APART] if self.mixed else []),
                *charts.cautions({"first": first, "second": second}),
            ]
        if everything:
            self.bar.seed = first.seed
            self.charts.lines = ["second", "first"]
            self.bar.card = cards_query(*(
                Card(side.chosen, first.seed, first.week, tuple(side.run.moves))
                for side in self.sides))  # fmt: skip
            found = asdict(parting(first, second))
            self.parting.found = found if first.week else {"note": NOT_YET}

    # What people do -----------------------------------------------------------------------------

    def _listen(self) -> None:
        def complain(sentence: str) -> None:
            self.bar.note = sentence

        self.bar.listen(dispatched({
            "play": self._play, "step": self._step, "back": self._back, "go": self._go,
            "restart": lambda *_: self._to(0), "fresh": self._fresh, "seed": self._seed,
            "speed": self._speed, "link": self._link,
        }, self._lock, complain))  # fmt: skip
        self.verdicts.listen(
            dispatched({"luck": self._luck, "stop": self._stop}, self._lock, complain)
        )
        for side in self.sides:
            self._listen_to(side)
        self.first.map.observe(lambda change: self.clock.drawn(change["new"]), "drawn")

    def _listen_to(self, side: Side) -> None:
        def complain(sentence: str) -> None:
            side.levers.fault = sentence
            if sentence:
                side.show_levers()

        def begin(moves: dict[str, Any], chosen: str = "") -> None:
            self.clock.pause()
            self._cancel()
            run = side.run
            side.begin(chosen or side.chosen, run.seed,
                       tuple(Move(0, key, value) for key, value in moves.items()),
                       run.week)  # fmt: skip
            self._anew()

        def now() -> dict[str, Any]:
            return {move.key: move.value for move in side.run.moves}

        def move(content: dict[str, Any], _: list[Any]) -> None:
            side.heard = numbered(content, side.heard)
            key, value = str(content.get("key", "")), content.get("value")
            begin({**now(), key: value})

        def undo(content: dict[str, Any], _: list[Any]) -> None:
            begin({key: value for key, value in now().items() if key != content.get("key")})

        side.levers.listen(dispatched(
            {"move": move, "undo": undo, "reset": lambda *_: begin({})}, self._lock, complain
        ))  # fmt: skip
        side.story.listen(dispatched(
            {"choose": lambda content, _: begin({}, str(content.get("name", "")))},
            self._lock, complain,
        ))  # fmt: skip
        side.map.listen(dispatched({"shade": self._choose_shade}, self._lock, complain))

    def _advance(self, weeks: int, pause: float) -> None:
        self._both_to(self.first.run.week + weeks)
        self.show(min(1.0, pause), everything=False)

    def _both_to(self, week: int) -> None:
        """Both after the same week, also if a week of one fails."""
        try:
            for side in self.sides:
                side.run.go_to(min(week, self.bar.total))
        finally:
            week = min(side.run.week for side in self.sides)
            for side in self.sides:
                side.run.go_to(week)

    def _stopped(self, fault: str) -> None:
        with self._lock:
            self.bar.playing = False
            self.bar.note = fault or self.bar.note
            self.show()

    def _play(self, *_: Any) -> None:
        if self.clock.playing:
            self.clock.pause()
        elif not self.over:
            self.bar.playing = True
            self.clock.play()

    def _to(self, week: int) -> None:
        self.clock.pause()
        self._both_to(week)
        self.show()

    def _step(self, *_: Any) -> None:
        self._to(self.first.run.week + 1)

    def _back(self, *_: Any) -> None:
        self._to(self.first.run.week - 1)

    def _go(self, content: dict[str, Any], *_: Any) -> None:
        if isinstance(content.get("week"), int):
            self._to(content["week"])

    def _fresh(self, *_: Any) -> None:
        self._seed({"seed": str(random.randrange(1, 100_000))})

    def _seed(self, content: dict[str, Any], *_: Any) -> None:
        seed = read_seed(str(content.get("seed", "")))
        self.clock.pause()
        for side in self.sides:
            side.begin(side.chosen, seed, tuple(side.run.moves), 0)
        self._anew()

    def _speed(self, content: dict[str, Any], *_: Any) -> None:
        if content.get("speed") in [value for value, _ in SPEEDS]:
            self.clock.speed = self.bar.speed = float(content["speed"])

    def _choose_shade(self, content: dict[str, Any], *_: Any) -> None:
        if content.get("shade") in SHADES:
            self._shade = content["shade"]
            self.show(everything=not self.clock.playing)

    def _link(self, *_: Any) -> None:
        self.bar.send({"do": "copy"})
        self.bar.note = "The address is copied; it holds both scenarios, seed, levers and week."

    # Is it luck? --------------------------------------------------------------------------------

    def _luck(self, content: dict[str, Any], *_: Any) -> None:
        pairs = content.get("pairs")
        if self._job is not None or pairs not in SIZES:
            return
        self.clock.pause()
        self.verdicts.tables, self.verdicts.note = [], ""
        self.verdicts.progress, self.verdicts.running = [0, 2 * pairs], True
        first, second = self.first.run, self.second.run
        self._job = LuckJob(first.scenario, second.scenario, pairs, first.seed,
                            self._progress, self._decided)  # fmt: skip
        self._job.start()

    def _progress(self, done: int, total: int) -> None:
        self.verdicts.progress = [done, total]

    def _decided(self, found: Comparison | str) -> None:
        with self._lock:
            self._job = None
            self.verdicts.running = False
            if isinstance(found, str):
                self.verdicts.note = found
                return
            self.verdicts.tables = [{
                "caption": f"Second against first, whole runs, {len(found.seeds)} pairs with seeds "
                f"{found.seeds[0]} to {found.seeds[-1]}. Clearly: more than luck would make it.",
                "rows": verdicts.rows(found.rows(), found.base),
            }]  # fmt: skip

    def _stop(self, *_: Any) -> None:
        self._cancel()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.stop()

    def close(self) -> None:
        """The browser has left."""
        self.clock.pause()
        self._cancel()
        for piece in self.pieces:
            piece.close()
        memory.tidy_soon()


NOT_YET = "Press play: here you will read in which week the two part, and why."


def read_cards(query: str) -> tuple[Card, Card]:
    """Both cards of a comparison's address; raises InputError if it is none."""
    first = parse_card(query)
    pairs = parse_qsl(query, keep_blank_values=True)
    named = [value for name, value in pairs if name == "other"] or [first.scenario]
    moves = [("move", value) for name, value in pairs if name == "othermove"]
    second = parse_card(urlencode([("scenario", named[0]), *moves]))
    return first, second


def cards_query(first: Card, second: Card) -> str:
    """The query of a comparison, as `read_cards` reads it."""
    moves = query_of("", 0, 0, second.moves).split("&move=")[1:]
    rest = "".join(f"&othermove={move}" for move in moves)
    whole = query_of(first.scenario, first.seed, first.week, first.moves)
    return f"{whole}&{urlencode([('other', second.scenario)])}{rest}"


@component
def Compare() -> Any:
    """The second page."""
    router = use_router()
    comparer = use_memo(lambda: Comparer(router.search or ""), [])
    use_effect(lambda: comparer.close, [])
    with v.Html(tag="div", class_="compare stack ready") as main:
        with v.Html(tag="section", class_="compare-sides"):
            for side in comparer.sides:
                fold = v.Html(tag="details", class_="compare-levers", children=[
                    v.Html(tag="summary", children=["Set its levers, from the start"]),
                    side.levers])  # fmt: skip
                card(side.story, fold)
        card(comparer.bar)
        with v.Html(tag="section", class_="compare-maps"):
            card(comparer.first.map, title="First")
            card(comparer.second.map, title="Second")
            card(comparer.difference, title="Difference")
            card(comparer.parting, title="Where they part")
        card(comparer.charts, title="How they go")
        card(comparer.verdicts, title="Is it luck?")
    return main
