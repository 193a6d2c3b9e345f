"""The trainer's page: what to say and press next, every team's levers, and the shared world."""

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as v
import solara
from reacton.core import component, use_effect, use_memo
from tocsin.classroom.debrief import Debrief
from tocsin.classroom.room import Room
from tocsin.classroom.security import screen_key
from tocsin.classroom.session import TrainerDesk
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.pieces import BoardPiece, FormPiece
from tocsin.dashboard.classroom.report import debrief_markup, report, table_markup
from tocsin.dashboard.classroom.watching import (
    LiveMap,
    markup,
    now,
    use_listen,
    use_secret,
    use_sender,
    use_watch,
)
from tocsin.dashboard.classroom.words import lever_value, state_of
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.quantities import Quantity, percent


@component
def Trainer() -> Any:
    """The desk for the key that was in the address; the gate has put it into a cookie."""
    room, sender, key = registry.held(), use_sender(), use_secret("/trainer")

    def enter() -> object:
        return room.session.as_trainer(key, sender.address, sender.page)

    problem = use_memo(lambda: _refused(enter), [key])
    return _shut(problem) if problem else Desk(room, TrainerDesk(room.session))


@component
def Screen() -> Any:
    """What the whole class may see, for the projector; opened from the trainer's page."""
    room, sender, key = registry.held(), use_sender(), use_secret("/screen")

    def enter() -> object:
        return room.session.as_screen(key, sender.address, sender.page)

    problem = use_memo(lambda: _refused(enter), [key])
    return _shut(problem) if problem else Big(room)


def _refused(enter: Callable[[], object]) -> str:
    try:
        enter()
    except InputError as wrong:
        return str(wrong)
    return ""


def _shut(problem: str) -> Any:
    with v.Html(tag="div", class_="class-narrow") as main:
        v.Html(tag="h1", children=["This page is for the trainer"])
        v.Html(tag="p", children=[f"{problem} The right address was printed where "
                                  "`tocsin classroom` was started."])  # fmt: skip
    return main


def next_step(room: Room) -> tuple[str, str, list[dict[str, Any]]]:
    """Title, words and buttons of what the trainer does now."""
    session, lesson = room.session, room.session.lesson
    state, rounds = session.state, session.lesson.rounds
    teams = [seat for seat in state.seats.values() if seat.taken and not seat.computer]
    ready = sum(seat.committed is not None for seat in teams)
    if state.phase == "lobby":
        return (
            f"{len(teams)} of {len(state.seats)} seats are taken",
            "Put the big screen on the projector. Teams open its address and type its code. "
            "The computer plays seats that stay free. Start when all are in.",
            [_button("next", "Start year 1", True)],
        )
    if state.phase == "deciding":
        pause = _button("go", "Let the clock go on") if state.paused else _button("pause", "Pause")
        words = "All teams have handed in." if teams and ready == len(teams) else (
            f"{ready} of {len(teams)} teams have handed in. Whoever has not when the clock runs "
            "out plays with the levers as they stand."
        )  # fmt: skip
        return (
            f"Year {state.year} of {len(rounds)}: the teams decide",
            f"{words} Say: {rounds[state.year - 1].prompt}",
            [_button("run", "Run the year now", ready == len(teams)), pause,
             _button("more", "One minute more")],
        )  # fmt: skip
    if state.phase == "running":
        pause = _button("go", "Go on") if state.paused else _button("pause", "Pause")
        return (f"Year {state.year} is running", "Let the class watch the big screen.", [pause])
    if state.phase == "result":
        last = state.year >= len(rounds)
        buttons = [_button("debrief", "To the debrief", last)]
        if not last:
            buttons.insert(0, _button("next", f"Open year {state.year + 1}", True))
        return (f"Year {state.year} is over", f"Ask: {rounds[state.year - 1].notice}", buttons)
    if room.debrief is None:
        share = percent(room.debrief_share)
        return ("The debrief is being worked out", f"The world is played again with other "
                f"decisions over {lesson.world.lucks} lucks: {share}.", [])  # fmt: skip
    return ("Talk about it", f"{lesson.head.question} The questions stand at the end of this page; "
            "the report holds everything.", [])  # fmt: skip


def _button(id: str, label: str, main: bool = False) -> dict[str, Any]:
    return {"id": id, "label": label, "main": main}


@component
def Desk(room: Room, desk: TrainerDesk) -> Any:
    """The trainer's desk."""
    session = room.session
    use_watch(lambda: (session.version, len(room.points), room.debrief_share,
                       room.debrief is not None, room.problem))  # fmt: skip
    state = session.state
    form = use_memo(FormPiece, [])
    board = use_memo(BoardPiece, [])

    def press(content: dict[str, Any], _: list[Any]) -> None:
        acts = {
            "next": desk.next_year, "run": desk.run_year, "debrief": desk.debrief,
            "pause": lambda: desk.pause(True), "go": lambda: desk.pause(False),
            "more": lambda: desk.set_clock(session.seconds_left() / 60 + 1),
        }  # fmt: skip
        try:
            if content.get("do") == "press" and content.get("id") in acts:
                acts[content["id"]]()
            form.message, form.fault = "", False
        except InputError as wrong:
            form.message, form.fault = str(wrong), True

    def on_board(content: dict[str, Any], _: list[Any]) -> None:
        seat = content.get("seat")
        if not isinstance(seat, str):
            return
        try:
            if content.get("do") == "remove":
                desk.remove(seat)
            elif content.get("do") in ("computer", "give"):
                desk.computer(seat, content["do"] == "computer")
        except InputError as wrong:
            form.message, form.fault = str(wrong), True

    title, words, buttons = next_step(room)

    use_listen(form, press)
    use_listen(board, on_board)

    def show() -> None:
        form.buttons = buttons
        board.rows = board_rows(room, desk)

    use_effect(show, [session.version, room.debrief is not None])
    with v.Html(tag="div", class_="class-page") as main:
        now(title, words, room=room, clock=state.phase == "deciding", form=form)
        if room.problem:
            v.Html(tag="p", class_="notice", children=[room.problem])
        with v.Html(tag="div", class_="class-two wide-left"):
            with v.Html(tag="div", class_="class-column"):
                with v.Html(tag="section", class_="card class-scroll"):
                    v.Html(tag="div", children=[board])
                if state.fingerprints:
                    markup(table_markup(room, len(state.fingerprints)), classes="card")
            with v.Html(tag="div", class_="class-column"):
                _invitation(room)
                LiveMap(room, replay=True)
        if room.debrief is not None:
            _keep(room, room.debrief)
            markup(debrief_markup(room, room.debrief), classes="class-page")
    return main


def _invitation(room: Room) -> None:
    state = room.session.state
    screen = {"href": f"/screen?key={screen_key(state.key)}", "target": "_blank"}
    with v.Html(tag="section", class_="card class-text"):
        v.Html(tag="h3", children=["Teams join here"])
        v.Html(tag="p", children=[room.link])
        v.Html(tag="p", class_="class-big", children=[state.code])
        v.Html(tag="p", children=[
            v.Html(
                tag="a", attributes=screen, children=["Open the big screen"],
            ),
            " for the projector: it shows the code, the map and the points, but nobody's levers. "
            "Keep this page to yourself.",
        ])  # fmt: skip
        if "127.0.0.1" in room.link:
            v.Html(tag="p", class_="muted", children=[
                "Only this machine can open the address. To let the class in, start with ",
                v.Html(tag="code", children=["--host 0.0.0.0"]), ".",
            ])  # fmt: skip


def _keep(room: Room, debrief: Debrief) -> None:
    with v.Html(tag="section", class_="card class-keep"):
        v.Html(tag="h2", children=["Keep it"])
        v.Html(tag="p", children=[
            "The report is one file that opens in any browser and prints well. The scenario file "
            "holds every decision; it can be run and changed again."
        ])  # fmt: skip
        with v.Html(tag="div", class_="class-buttons"):
            for label, name, make in (
                ("Save the report", "report.html", lambda: report(room, debrief)),
                ("Save the scenario", "played.toml", room.scenario_file),
            ):
                with solara.FileDownload(lambda make=make: make().encode(), filename=name):
                    v.Html(tag="button", children=[label], attributes={"type": "button"})


def board_rows(room: Room, desk: TrainerDesk) -> list[dict[str, Any]]:
    """What the board shows of each seat."""
    session = room.session
    lesson, state = session.lesson, session.state
    rows: list[dict[str, Any]] = []
    for id, seat in desk.seats().items():
        role = lesson.seats[id]
        before = state.in_force(id, role.start)
        kind, said = state_of(seat, state.phase == "deciding")
        acts = []
        if seat.taken:
            acts.append({"id": "remove", "label": "Remove the team", "ask": "Sure? Press again"})
            acts.append({"id": "give", "label": "Give it back to the team"} if seat.computer
                        else {"id": "computer", "label": "Let the computer play"})  # fmt: skip
        predictions = []
        if seat.committed is not None:
            for question in lesson.questions:
                value = seat.committed.predictions[question.id]
                predictions.append(
                    f"{percent(value)} likely"
                    if question.form == "chance"
                    else Quantity.of(question.indicator, lesson.scenario).level(value)
                )
        rows.append({
            "id": id, "title": role.title, "team": seat.team, "code": seat.code, "state": kind,
            "said": said, "acts": acts, "predictions": predictions,
            "levers": [
                {"label": lever.short, "now": lever_value(lever, seat.draft[key]),
                 "was": lever_value(lever, before[key]), "moved": seat.draft[key] != before[key]}
                for key, lever in role.levers.items()
            ],
        })  # fmt: skip
    return rows


@component
def Big(room: Room) -> Any:
    """The big screen: code, clock, map and points."""
    session = room.session
    use_watch(lambda: (session.version, len(room.points), room.debrief is not None))
    state, lesson = session.state, session.lesson
    teams = [seat for seat in state.seats.values() if seat.taken and not seat.computer]
    ready = sum(seat.committed is not None for seat in teams)
    with v.Html(tag="div", class_="class-page") as main:
        if state.phase == "debrief":
            if room.debrief is None:
                now("The world is played again", "Other decisions, the same lucks.", room=room)
            else:
                markup(debrief_markup(room, room.debrief), classes="class-page")
            return main
        titles = {
            "lobby": (lesson.head.title, lesson.head.question),
            "deciding": (f"Year {state.year} of {len(lesson.rounds)}: {ready} of {len(teams)} "
                         "teams have handed in", ""),
            "running": (f"Year {state.year} is running", "Where does it go? The darker a stretch "
                        "of border, the more passed it in the last year."),
            "result": (f"Year {state.year} is over", ""),
        }  # fmt: skip
        title, words = titles[state.phase]
        if state.phase in ("deciding", "result"):
            entry = lesson.rounds[state.year - 1]
            words = entry.prompt if state.phase == "deciding" else entry.notice
        now(title, words, room=room, clock=state.phase == "deciding")
        with v.Html(tag="div", class_="class-two wide-left").key("two"):
            with v.Html(tag="div", class_="class-column"):
                LiveMap(room, replay=True)
            with v.Html(tag="div", class_="class-column"):
                with v.Html(tag="section", class_="card class-text"):
                    v.Html(tag="h3", children=["Join at"])
                    v.Html(tag="p", class_="class-lead", children=[room.link])
                    v.Html(tag="h3", children=["with the code"])
                    v.Html(tag="p", class_="class-big", children=[state.code])
                if state.phase == "lobby":
                    _seats(room)
                elif state.fingerprints:
                    markup(table_markup(room, len(state.fingerprints)), classes="card")
    return main


def _seats(room: Room) -> None:
    state, lesson = room.session.state, room.session.lesson
    with v.Html(tag="section", class_="card class-text"):
        v.Html(tag="h3", children=["Seats"])
        for id, seat in state.seats.items():
            v.Html(tag="p", children=[
                v.Html(tag="strong", children=[lesson.seats[id].title]),
                f": {seat.team}" if seat.taken else ": free",
            ])  # fmt: skip
