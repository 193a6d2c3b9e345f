"""Explore: one scenario as a story, live on the map, with its levers.

`Explorer` holds what one browser sees: a live run, the pieces of the page, and what each message
from the page does. The component at the end only lays the pieces out.
"""

import random
import threading
import time
from typing import Any

import reacton.ipyvuetify as v
from reacton.core import component, use_effect, use_memo
from solara.routing import use_router
from tocsin.dashboard.pages import inside, upload
from tocsin.dashboard.pages.story import offered, story
from tocsin.dashboard.pages.tour import EXPLORE
from tocsin.dashboard.parts import charts
from tocsin.dashboard.parts.clock import SPEEDS, Clock
from tocsin.dashboard.parts.layout import card
from tocsin.dashboard.parts.messages import dispatched, numbered, sentence
from tocsin.dashboard.parts.picture import Ground
from tocsin.dashboard.parts.widgets import (
    BarPiece,
    ChartsPiece,
    FeedPiece,
    InsidePiece,
    LeversPiece,
    MapPiece,
    StoryPiece,
    TourPiece,
)
from tocsin.dashboard.serving import memory, settings
from tocsin.experiments.running.card import Card, card_command, parse_card, query_of, read_seed
from tocsin.experiments.telling import levers, sentences
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import Scenario, load, names
from tocsin.simulation.steering import LiveRun

SHADES = ("patrol", "risk", "flow")
STEP_GLIDE = 0.25  # seconds in which a single step is shown
OFTEN, SELDOM = 0.12, 0.5  # seconds between two drawings of charts, and of texts, while it plays
FILES = (
    ("Series", "Weekly series as a CSV file", "series"),
    ("Events", "All events so far as a CSV file", "events"),
    ("Picture", "The map as a picture", "picture"),
    ("Scenario file", "What was played as a scenario file", "scenario"),
    ("Copy link", "Copy the address of this very run", "link"),
    ("Run card", "How to repeat this run, and its fingerprint", "card"),
)


class Explorer:
    """What one browser sees of one run.

    Parameters
    ----------
    query
        Query of the address, which may be a run card; empty for the scenario of the server.
    """

    def __init__(self, query: str = "") -> None:
        self._lock = threading.RLock()
        self._own: dict[str, Scenario] = {}
        self._shown: dict[str, float] = {}
        self._subject: tuple[str, int] | None = None
        self._shade = SHADES[0]
        self._heard = 0  # number of the last move that the page sent
        self.clock = Clock(self._advance, lambda: self.run.finished, self._stopped, self._lock)
        self.story = StoryPiece(most_bytes=upload.MOST_BYTES)
        self.levers = LeversPiece()
        self.bar = BarPiece(files=[list(f) for f in FILES], speeds=[list(s) for s in SPEEDS],
                            speed=self.clock.speed)  # fmt: skip
        self.map = MapPiece(shades=list(SHADES))
        self.charts = ChartsPiece()
        self.feed = FeedPiece(kinds=[list(k) for k in sentences.FILTERS])
        self.inside = InsidePiece()
        self.tour = TourPiece(steps=[list(step) for step in EXPLORE], begin="tour=1" in query)
        self._listen()
        first = settings.present().scenario
        if first not in names():
            scenario = load(first)
            self._own[first] = scenario
        self._open(query, first)

    # Scenarios and seeds --------------------------------------------------------------------

    def _open(self, query: str, first: str) -> None:
        fault = ""
        card = Card(first)
        if "scenario=" in query:
            try:
                card = parse_card(query)
                self._begin(self._known(card.scenario), card)
                return
            except InputError as wrong:
                fault, card = f"The link cannot be followed: {wrong}", Card(first)
        self._begin(self._known(card.scenario), card)
        self.story.fault = fault

    def _known(self, name: str) -> Scenario:
        """A scenario that this browser may play: shipped, of the command line, or uploaded."""
        if name in self._own:
            return self._own[name]
        if name not in names():
            raise InputError(f"scenario {name[:60]!r}: the room has no such scenario.")
        return load(name)

    def _begin(self, scenario: Scenario, card: Card) -> None:
        """Play a card from its first week to its week, and show everything anew."""
        run = LiveRun(scenario, card.seed, card.moves)  # may raise: then nothing has changed
        run.go_to(card.week)
        self.run, self._name = run, card.scenario
        self.ground = Ground(scenario.grid, run.model)
        self._levers = levers.levers(scenario.parameters)
        self._charts = charts.charts(scenario.parameters)
        self._subject = None
        own = [s for key, s in self._own.items() if key not in names()]
        self.story.choices = offered() + [
            {"name": key, "title": s.title, "family": "Your own"}
            for key, s in zip(self._own, own, strict=False)
        ]
        self.story.story = story(scenario)
        self.story.chosen = self._name
        self.story.fault = ""
        with self.map.hold_sync():
            self.map.base = self.ground.base
            self.map.cells = self.ground.cells
        with self.charts.hold_sync():
            self.charts.charts = [chart.described() for chart in self._charts]
            self.charts.total = run.total
        self.bar.total = run.total
        self.inside.subject = {}
        self.feed.why = {}
        self.levers.fault = ""
        self.show()

    # Showing ----------------------------------------------------------------------------------

    def show(self, glide: float = 0.0, everything: bool = True) -> None:
        """Show the present week; charts and texts only now and then while it plays."""
        run, now = self.run, time.monotonic()
        with self.map.hold_sync():
            self.map.glide = glide
            self.map.shade = self._shade
            self.map.serial = self.clock.sent()
            self.map.frame = self.ground.frame(run.model, self._shade)
        self.bar.week = run.week
        if self._due("charts", OFTEN, now, everything):
            self.charts.data = charts.packed(self._charts, run.columns, run.base_columns)
        if self._due("texts", SELDOM, now, everything):
            self.feed.events = sentences.feed(run.model, self.feed.kind)
            self._show_levers()
            self.charts.cautions = charts.cautions({"this run": run})
            self.inside.choices = inside.choices(run.model)
            if self._subject is not None:
                self.inside.subject = inside.subject(run.model, *self._subject)
        if everything:
            self.bar.seed = run.seed
            moved = sorted({move.week for move in run.moves if move.week})
            self.bar.marks = self.charts.marks = moved
            self.bar.card = query_of(self._name, run.seed, run.week, run.moves)

    def _due(self, what: str, pause: float, now: float, at_once: bool) -> bool:
        if at_once or now - self._shown.get(what, 0.0) >= pause:
            self._shown[what] = now
            return True
        return False

    def _show_levers(self) -> None:
        named = {lever.key: lever for lever in self._levers}
        with self.levers.hold_sync():
            self.levers.heard = self._heard
            self.levers.rows = levers.shown(self.run, self._levers)
            self.levers.moves = [
                {"week": move.week, "key": move.key, "text":
                 f"{f'From week {move.week}' if move.week else 'From the start'}: "
                 f"{named[move.key].name} {levers.sentence(named[move.key], move.value)}"}
                for move in self.run.moves
            ]  # fmt: skip

    def _advance(self, weeks: int, pause: float) -> None:
        self.run.step(weeks)
        self.show(glide=min(1.0, pause), everything=False)

    def _stopped(self, fault: str) -> None:
        with self._lock:
            self.bar.playing = False
            self.bar.note = fault or self.bar.note
            self.show()

    # What people do -----------------------------------------------------------------------------

    def _listen(self) -> None:
        for piece, acts in (
            (self.bar, {"play": self._play, "step": self._step, "back": self._back,
                        "go": self._go, "restart": self._restart, "fresh": self._fresh,
                        "seed": self._seed, "speed": self._speed, "series": self._series,
                        "events": self._events, "picture": self._picture,
                        "scenario": self._scenario_file, "link": self._link,
                        "card": self._card}),
            (self.levers, {"move": self._move, "undo": self._undo, "reset": self._reset}),
            (self.map, {"shade": self._choose_shade, "pick": self._pick}),
            (self.inside, {"pick": self._pick}),
            (self.feed, {"why": self._why, "kind": self._kind}),
            (self.story, {"choose": self._choose, "upload": self._upload,
                          "too large": self._too_large}),
        ):  # fmt: skip
            piece.listen(dispatched(acts, self._lock, self._say))
        self.map.observe(lambda change: self.clock.drawn(change["new"]), "drawn")

    def _say(self, sentence: str) -> None:
        self.bar.note = sentence

    def _play(self, *_: Any) -> None:
        if self.clock.playing:
            self.clock.pause()
        elif not self.run.finished:
            self.bar.playing = True
            self.clock.play()

    def _step(self, *_: Any) -> None:
        self.clock.pause()
        self.run.step()
        self.show(glide=STEP_GLIDE)

    def _back(self, *_: Any) -> None:
        self._go({"week": self.run.week - 1})

    def _go(self, content: dict[str, Any], *_: Any) -> None:
        self.clock.pause()
        week = content.get("week")
        if isinstance(week, int) and not isinstance(week, bool):
            self.run.go_to(week)
            self.feed.why = {}
            self.show()

    def _restart(self, *_: Any) -> None:
        self._go({"week": 0})

    def _fresh(self, *_: Any) -> None:
        self._seed({"seed": str(random.randrange(1, 100_000))})

    def _seed(self, content: dict[str, Any], *_: Any) -> None:
        seed = read_seed(str(content.get("seed", "")))
        self.clock.pause()
        self._begin(self.run.origin, Card(self._name, seed, 0, tuple(self.run.moves)))

    def _speed(self, content: dict[str, Any], *_: Any) -> None:
        speed = content.get("speed")
        if speed in [value for value, _ in SPEEDS]:
            self.clock.speed = self.bar.speed = float(speed)

    def _move(self, content: dict[str, Any], *_: Any) -> None:
        self._heard = numbered(content, self._heard)
        try:
            self.run.move(str(content.get("key", "")), content.get("value"))
            self.levers.fault = ""
        except InputError as wrong:
            self.levers.fault = sentence(wrong)
        self.show()

    def _undo(self, content: dict[str, Any], *_: Any) -> None:
        week = content.get("week")
        if isinstance(week, int):
            self.run.take_back(week, str(content.get("key", "")))
            self.show()

    def _reset(self, *_: Any) -> None:
        self.run.take_all_back()
        self.levers.fault = ""
        self.show()

    def _choose_shade(self, content: dict[str, Any], *_: Any) -> None:
        if content.get("shade") in SHADES:
            self._shade = content["shade"]
            self.show(everything=not self.clock.playing)

    def _pick(self, content: dict[str, Any], *_: Any) -> None:
        kind, number = content.get("kind"), content.get("number")
        if isinstance(kind, str) and isinstance(number, int):
            found = inside.subject(self.run.model, kind, number)
            if found:
                self._subject = kind, number
                self.inside.subject = found
                self.map.picked = {"kind": kind, "number": number}

    def _why(self, content: dict[str, Any], *_: Any) -> None:
        event = str(content.get("id", ""))
        if self.feed.why.get("id") == event:
            self.feed.why = {}
            return
        self.clock.pause()
        self.feed.why = {"id": event, "sentences": sentences.why(self.run.model, event)}

    def _kind(self, content: dict[str, Any], *_: Any) -> None:
        if content.get("kind") in [kind for kind, _ in sentences.FILTERS]:
            self.feed.kind = content["kind"]
            self.feed.events = sentences.feed(self.run.model, self.feed.kind)

    def _choose(self, content: dict[str, Any], *_: Any) -> None:
        name = str(content.get("name", ""))
        self.clock.pause()
        self._begin(self._known(name), Card(name, self.run.seed))

    def _upload(self, content: dict[str, Any], buffers: list[Any]) -> None:
        self.clock.pause()
        try:
            data = bytes(buffers[0][: upload.MOST_BYTES + 1]) if buffers else b""
            scenario = upload.read_upload(str(content.get("name", "")), data)
            key = f"uploaded:{scenario.name}"
            self._own[key] = scenario
            self._begin(scenario, Card(key, self.run.seed))
        except InputError as wrong:
            self.story.fault = str(wrong)

    def _too_large(self, content: dict[str, Any], *_: Any) -> None:
        name = upload.safe_name(str(content.get("name", "")))
        self.story.fault = f"{name}: too large; allowed are {upload.MOST_BYTES // 1024} kilobytes."

    # What can be kept ---------------------------------------------------------------------------

    def _file(self, name: str, kind: str, text: str) -> None:
        content = {"do": "file", "name": name, "type": kind}
        self.bar.send(content, [text.encode("utf-8")])

    def _stem(self) -> str:
        return f"{upload.safe_name(self._name)}-seed{self.run.seed}-week{self.run.week}"

    def _series(self, *_: Any) -> None:
        table = self.run.model.record.series()
        self._file(f"{self._stem()}-series.csv", "text/csv", table.to_csv())

    def _events(self, *_: Any) -> None:
        table = self.run.model.world.log.frame()
        self._file(f"{self._stem()}-events.csv", "text/csv", table.to_csv(index=False))

    def _picture(self, *_: Any) -> None:
        self.map.send({"do": "picture"})

    def _scenario_file(self, *_: Any) -> None:
        self._file(f"{upload.safe_name(self._name)}-steered.toml", "application/toml",
                   self.run.saved())  # fmt: skip

    def _link(self, *_: Any) -> None:
        self.bar.card = query_of(self._name, self.run.seed, self.run.week, self.run.moves)
        self.bar.send({"do": "copy"})
        self.bar.note = "The address is copied; it holds scenario, seed, levers and week."

    def _card(self, *_: Any) -> None:
        run = self.run
        card = Card(self._name, run.seed, run.week, tuple(run.moves))
        self.bar.note = f"{card_command(card)}   Fingerprint {run.fingerprint[:16]}…"

    def close(self) -> None:
        """The browser has left."""
        self.clock.pause()
        for piece in (self.story, self.levers, self.bar, self.map, self.charts, self.feed,
                      self.inside, self.tour):  # fmt: skip
            piece.close()
        memory.tidy_soon()


@component
def Explore() -> Any:
    """The first page."""
    router = use_router()
    explorer = use_memo(lambda: Explorer(router.search or ""), [])
    use_effect(lambda: explorer.close, [])
    with v.Html(tag="div", class_="explore ready") as main:
        v.Html(
            tag="section",
            class_="explore-left stack",
            children=[card(explorer.story, explorer.tour), card(explorer.levers, title="Levers")],
        )
        v.Html(
            tag="section",
            class_="explore-middle stack",
            children=[card(explorer.bar), card(explorer.map), card(explorer.feed)],
        )
        v.Html(
            tag="section",
            class_="explore-right stack",
            children=[card(explorer.charts, title="How it goes"), card(explorer.inside)],
        )
    return main
