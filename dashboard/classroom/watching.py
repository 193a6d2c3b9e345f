"""How pages keep up with the room: they look again whenever what they show has changed."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import reacton.ipyvuetify as v
import solara
from reacton.core import component, use_effect, use_memo, use_ref, use_state
from solara.lab.utils.cookies import cookies
from solara.lab.utils.headers import headers
from solara.scope import get_kernel_id
from solara.tasks import use_task
from tocsin.classroom.lesson import YEAR
from tocsin.classroom.room import Room
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.pieces import FormPiece
from tocsin.dashboard.classroom.words import clock
from tocsin.dashboard.parts.widgets import MapPiece, Piece
from tocsin.dashboard.serving.gate import cookie_name

LOOK = 0.3  # seconds between two looks


def use_watch(look: Callable[[], Any]) -> Any:
    """What `look` sees, kept up to date while the page is open."""
    seen, set_seen = use_state(look())
    latest = use_ref(look)
    latest.current = look

    async def follow() -> None:
        last = seen
        while True:
            await asyncio.sleep(LOOK)
            now = latest.current()
            if now != last:
                last = now
                set_seen(now)

    use_task(follow, dependencies=[])
    return seen


def use_sender() -> registry.Sender:
    """Who looks at this page: where the browser is, and which of its pages this is."""
    return registry.Sender(registry.address_of(headers.value), get_kernel_id())


def use_secret(page: str, aside: str = "") -> str:
    """The key or code that this browser holds for a page; empty if it has none."""
    port = urlsplit(registry.held().link).port or 80
    return unquote((cookies.value or {}).get(cookie_name(port, page, aside), ""))


@component
def Clock(room: Room) -> Any:
    """Minutes and seconds that are left."""
    session = room.session
    left, paused = use_watch(lambda: (clock(session.seconds_left()), session.state.paused))
    short = session.seconds_left() <= 30
    said = "paused" if paused else "left on the clock"
    with v.Html(tag="div", class_=f"class-clock{' short' if short else ''}",
                       attributes={"role": "timer"}):  # fmt: skip
        v.Html(tag="span", children=[left])
        v.Html(tag="small", children=[said])


def use_listen(piece: Piece, act: Callable[[dict[str, Any], list[Any]], None]) -> None:
    """Let `act`, as the page has it now, hear the messages of a piece."""
    present = use_ref(act)
    present.current = act

    def listen() -> Callable[[], None]:
        def hear(_: Any, content: dict[str, Any], buffers: list[Any]) -> None:
            present.current(content, buffers)

        piece.on_msg(hear)
        return lambda: piece.on_msg(hear, remove=True)

    use_effect(listen, [piece])


@component
def LiveMap(room: Room, replay: bool = False) -> Any:
    """The shared map at the present week; with `replay`, back to any week that has been."""
    maps = registry.held_maps()

    def build() -> MapPiece:
        ground = maps.ground
        return MapPiece(
            base=ground.base, cells=ground.cells, frame=maps.frames[-1], shade="flow",
            shades=["flow"], label="Where goods cross the borders of the shared world",
        )  # fmt: skip

    piece = use_memo(build, [])
    weeks, running = use_watch(lambda: (len(room.weeks), room.session.state.phase == "running"))
    back, set_back = use_state(-1)
    at = weeks - 1 if back < 0 or running else min(back, weeks - 1)
    seen = room.weeks[at]

    def show() -> None:
        moving = running or back >= 0
        piece.glide = 1 / room.pace if moving and room.pace else 0.0
        piece.frame = maps.frames[at]

    use_effect(show, [at, running])
    with v.Html(tag="div", class_="card"):
        v.Html(tag="h3", class_="class-week", children=[week_words(seen.year, seen.week_of_year)])
        v.Html(tag="div", children=[piece])
        if replay and weeks > 1 and not running:
            Back(room, weeks, at, set_back)


@component
def Back(room: Room, weeks: int, at: int, set_back: Callable[[int], None]) -> Any:
    """A slider to any week, and a button that plays the last year again."""
    form = use_memo(FormPiece, [])
    playing, set_playing = use_state(False)

    async def play() -> None:
        if playing:
            for week in range(max(0, weeks - YEAR - 1), weeks):
                set_back(week)
                await asyncio.sleep(max(0.05, room.pace))
            set_playing(False)
            set_back(-1)

    use_task(play, dependencies=[playing])

    def act(content: dict[str, Any], _: list[Any]) -> None:
        value = content.get("value")
        if content.get("do") == "press":
            set_playing(not playing)
        elif isinstance(value, int) and 0 <= value < weeks:
            set_playing(False)
            set_back(value)

    def show() -> None:
        form.fields = [{"id": "week", "kind": "range", "label": "Back to any week", "low": 0,
                        "high": weeks - 1, "step": 1, "unit": "weeks"}]  # fmt: skip
        form.values = {"week": at}
        label = "Stop" if playing else "Play the last year again"
        form.buttons = [{"id": "play", "label": label, "main": False}]

    use_listen(form, act)
    use_effect(show, [weeks, at, playing])
    return v.Html(tag="div", class_="class-back", children=[form])


def week_words(year: int, week: int) -> str:
    """A week as people say it."""
    return "Before you took over" if year < 1 else f"Year {year}, week {week} of {YEAR}"


def now(
    title: str, text: str, *, room: Room, clock: bool = False, form: FormPiece | None = None
) -> None:
    """What to do now, in one box; with the clock if it runs, and with buttons."""
    with v.Html(tag="section", class_="class-now", attributes={"aria-live": "polite"}):
        with v.Html(tag="div"):
            v.Html(tag="h2", children=[title])
            v.Html(tag="p", children=[text])
            if form is not None:
                v.Html(tag="div", children=[form])
        if clock:
            Clock(room)


def markup(html: str, tag: str = "div", classes: str = "", key: str = "") -> None:
    """Put a rendered template into the page."""
    made = solara.HTML(tag=tag, classes=[classes] if classes else [], unsafe_innerHTML=html)
    if key:
        made.key(key)
