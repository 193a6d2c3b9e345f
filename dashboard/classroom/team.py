"""The page of a team: read, decide, predict, watch, and see what came of it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import reacton.ipyvuetify as v
from reacton.core import component, use_effect, use_memo, use_ref
from solara.routing import use_router
from tocsin.classroom.lesson import Lesson, Seat
from tocsin.classroom.levers import Lever
from tocsin.classroom.room import Room
from tocsin.classroom.session import TeamDesk, TeamView
from tocsin.classroom.tables import Question
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.pieces import FormPiece
from tocsin.dashboard.classroom.report import (
    brief_markup,
    debrief_markup,
    marks_markup,
    table_markup,
)
from tocsin.dashboard.classroom.watching import (
    LiveMap,
    markup,
    now,
    use_listen,
    use_secret,
    use_sender,
    use_watch,
)
from tocsin.dashboard.classroom.words import lever_value
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.quantities import Quantity, short_unit

STEPS = ("Read", "Decide and predict", "Watch the year", "Look at the result")
HANDED_IN = "Handed in. You can still change it until the year runs."
AT = {"lobby": 0, "deciding": 1, "running": 2, "result": 3, "debrief": 3}


@component
def Team() -> Any:
    """The desk of the team whose code was in the address; the gate has put it into a cookie."""
    room, sender = registry.held(), use_sender()
    code = use_secret("/team", query(use_router().search, "seat"))

    def enter() -> tuple[TeamDesk | None, str]:
        try:
            desk = room.session.enter(code, sender.address, sender.page)
        except InputError as wrong:
            return None, str(wrong)
        return desk, "" if desk else "This is the code of the class. Join with it first."

    desk, problem = use_memo(enter, [code])
    if desk is None:
        with v.Html(tag="div", class_="class-narrow") as main:
            v.Html(tag="h1", children=["This is not a team's page"])
            with v.Html(tag="section", class_="card"):
                v.Html(tag="p", children=[problem])
                v.Html(tag="p", children=[
                    v.Html(tag="a", attributes={"href": "/"}, children=["Join the class"])
                ])  # fmt: skip
        return main
    return At(room, desk)


def query(search: str | None, name: str) -> str:
    """A value of the address line."""
    from urllib.parse import parse_qs

    return (parse_qs(search or "").get(name) or [""])[0]


@component
def At(room: Room, desk: TeamDesk) -> Any:
    """The page of a team that is in, or was until the trainer took the seat."""

    def look() -> tuple[TeamView | None, bool, int]:
        try:
            view = desk.view()
        except InputError:
            return None, False, 0
        return replace(view, seconds=0.0), room.debrief is not None, len(room.points)

    view, debriefed, _ = use_watch(look)
    if view is None:
        with v.Html(tag="div", class_="class-narrow") as main:
            v.Html(tag="h1", children=["Your team no longer has this seat"])
            v.Html(tag="p", children=["Ask the trainer; with the code of the class you can "
                                             "take a free seat."])  # fmt: skip
        return main
    return Desk(room, desk, view, debriefed)


@component
def Desk(room: Room, desk: TeamDesk, view: TeamView, debriefed: bool) -> Any:
    """What a team sees at each moment; map and form stay the same pieces all the time."""
    seat = room.session.lesson.seats[view.seat]
    form = use_memo(lambda: FormPiece(budget=-1.0 if seat.budget is None else seat.budget), [])
    with v.Html(tag="div", class_="class-page") as main:
        _head(room, view, seat)
        _now(room, view, debriefed)
        if view.phase == "debrief":
            if debriefed and room.debrief is not None:
                markup(debrief_markup(room, room.debrief), classes="class-page")
            return main
        with v.Html(tag="div", class_="class-two").key("two"):
            with v.Html(tag="div", class_="class-column").key("left"):
                if view.phase == "deciding":
                    Decide(room, desk, view, seat, form).key("decide")
                elif view.phase == "result":
                    markup(marks_markup(room, seat.id, view.year), classes="card", key="marks")
                    markup(table_markup(room, view.year), classes="card", key="table")
                else:
                    markup(brief_markup(seat), classes="card", key="role")
            with v.Html(tag="div", class_="class-column").key("right"):
                if view.phase == "deciding":
                    markup(brief_markup(seat), classes="card", key="role")
                LiveMap(room).key("map")
                if view.phase == "deciding" and view.year > 1:
                    markup(marks_markup(room, seat.id, view.year - 1), classes="card", key="marks")
    return main


def _head(room: Room, view: TeamView, seat: Seat) -> None:
    with v.Html(tag="section", class_="class-team"):
        with v.Html(tag="div"):
            v.Html(tag="h1", children=[seat.title])
            with v.Html(tag="p", class_="muted"):
                v.Html(tag="span", children=[f"Team {view.team}. Your code is "])
                v.Html(tag="strong", children=[view.code])
                v.Html(tag="span", children=[": write it down; with it you come back from "
                                                    "any browser."])  # fmt: skip
        at = AT[view.phase]
        with v.Html(tag="ol", class_="class-steps"):
            for number, step in enumerate(STEPS):
                kind = "here" if number == at else "done" if number < at else ""
                v.Html(tag="li", class_=kind, children=[step])


def _now(room: Room, view: TeamView, debriefed: bool) -> None:
    lesson, year = room.session.lesson, view.year
    rounds = len(lesson.rounds)
    if view.phase == "lobby":
        now("Read who you are", f"{lesson.head.question} The trainer starts year 1 when all teams "
            "are in.", room=room)  # fmt: skip
    elif view.phase == "deciding" and view.committed:
        now(f"Handed in for year {year} of {rounds}", f"{view.ready} of {view.teams} teams are "
            "ready. The year runs when the trainer starts it or the clock runs out.",
            room=room, clock=True)  # fmt: skip
    elif view.phase == "deciding":
        now(f"Year {year} of {rounds}: decide, predict, hand in", lesson.rounds[year - 1].prompt,
            room=room, clock=True)  # fmt: skip
    elif view.phase == "running":
        now(f"Year {year} is running", "Watch the map. The darker a stretch of border, the more "
            "passed it in the last year; rings are seizures.", room=room)  # fmt: skip
    elif view.phase == "result":
        now(f"Year {year} is over", lesson.rounds[year - 1].notice, room=room)
    elif not debriefed:
        now("The world is played again", "Other decisions, the same lucks: the debrief is being "
            "worked out.", room=room)  # fmt: skip
    else:
        now("What came of it", "Read it in your team, then talk about it in class.", room=room)


@component
def Decide(room: Room, desk: TeamDesk, view: TeamView, seat: Seat, form: FormPiece) -> Any:
    """Levers, predictions, and the button that hands them in."""
    lesson = room.session.lesson
    answers = use_memo(dict[str, Any], [view.year])
    heard = use_ref(0)
    lock = use_memo(threading.RLock, [])  # entries and the watch come in threads of their own

    questions = {question.id: question for question in lesson.questions}

    def move(content: dict[str, Any]) -> None:
        name, value = content.get("id"), content.get("value")
        if isinstance(name, str) and name in questions:
            answers[name] = value
        else:
            desk.move(name, value)  # pyright: ignore[reportArgumentType]
        form.message, form.fault = "", False

    def press(content: dict[str, Any]) -> None:
        if content.get("id") == "back":
            told = desk.view().predictions
            answers.update({q.id: _in_people_units(lesson, q, told[q.id]) for q in lesson.questions
                            if q.id in told})  # fmt: skip
            desk.withdraw()
            return
        values = content.get("values")
        if not isinstance(values, dict):
            raise InputError("Decisions and predictions come as tables of names and values.")
        said = {name: value for name, value in values.items() if name in questions}
        predictions = {}
        for name, value in said.items():
            if value is None or value == "":
                raise InputError(f"Answer first: {questions[name].ask}")
            predictions[name] = _in_model_units(lesson, questions[name], value)
        desk.commit({k: v for k, v in values.items() if k not in questions}, predictions)

    def act(content: dict[str, Any], _: list[Any]) -> None:
        with lock:
            serial = content.get("serial")
            if isinstance(serial, int):
                heard.current = serial
            try:
                if content.get("do") == "input":
                    move(content)
                elif content.get("do") == "press":
                    press(content)
                show()
            except InputError as wrong:
                show()
                form.message, form.fault = str(wrong), True

    def show() -> None:
        with lock, form.hold_sync():
            try:
                now = desk.view()  # not older than what was heard
            except InputError:
                return  # the page is about to say that the seat is gone
            said = {q.id: _in_people_units(lesson, q, now.predictions.get(q.id))
                    for q in lesson.questions}  # fmt: skip
            if not now.committed:
                said |= answers
            draft = {key: list(v) if isinstance(v, tuple) else v for key, v in now.draft.items()}
            form.heard = heard.current
            form.fields = [
                *(_lever_field(lever, now) for lever in seat.levers.values()),
                *(_question_field(room, question, view.year) for question in lesson.questions),
            ]  # fmt: skip
            form.values = {**draft, **said}
            form.locked = now.committed
            if now.committed:
                form.buttons = [{"id": "back", "label": "Change something", "main": False}]
                form.message, form.fault = HANDED_IN, False
            else:
                form.buttons = [{"id": "in", "label": "Hand in", "main": True}]
                if form.message == HANDED_IN:
                    form.message = ""

    def begin() -> Callable[[], None]:
        form.message, form.fault = "", False

        def end() -> None:
            with form.hold_sync():
                form.fields, form.buttons = [], []  # the next year does not begin with these

        return end

    use_listen(form, act)
    use_effect(begin, [view.year])
    use_effect(show, [view])
    with v.Html(tag="section", class_="card"):
        v.Html(tag="h2", children=["Your decisions for this year"])
        v.Html(tag="div", children=[form])


def _lever_field(lever: Lever, view: TeamView) -> dict[str, Any]:
    was = lever_value(lever, view.in_force[lever.key])
    field: dict[str, Any] = {
        "id": lever.key, "label": lever.label, "group": "Decide", "cost": lever.cost,
        "help": f"{lever.help} Until now: {was}.".strip(),
    }  # fmt: skip
    if lever.form == "number":
        percent = lever.unit in ("share", "probability")
        unit = "" if lever.unit == "factor" else short_unit(lever.unit)
        return field | {"kind": "range", "low": lever.low, "high": lever.high, "step": lever.step,
                        "percent": percent, "unit": unit}  # fmt: skip
    if lever.form == "switch":
        return field | {"kind": "switch"}
    options = [{"id": word, "label": lever.names[word]} for word in lever.options]
    return field | {"kind": lever.form, "options": options}


def _question_field(room: Room, question: Question, year: int) -> dict[str, Any]:
    field: dict[str, Any] = {"id": question.id, "label": question.ask, "group": "Predict"}
    world, name = room.session.lesson.scenario, question.indicator
    last = Quantity.of(name, world).level(room.world.figure(name, year - 1))
    if question.form == "chance":
        return field | {"kind": "chance", "low": 0, "high": 100, "step": 5, "unit": "%",
                        "low_word": "surely not", "high_word": "surely",
                        "help": f"50 % means that you do not know. Last year: {last}."}  # fmt: skip
    return field | {"kind": "amount", "unit": Quantity.of(name, world).unit,
                    "help": f"Last year: {last}."}  # fmt: skip


def _in_model_units(lesson: Lesson, question: Question, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value  # the session says what is wrong with it
    return value / _scale(lesson, question)


def _in_people_units(lesson: Lesson, question: Question, value: float | None) -> Any:
    if question.form == "chance":
        return 50 if value is None else round(_scale(lesson, question) * value)
    return None if value is None else round(value * _scale(lesson, question), 3)


def _scale(lesson: Lesson, question: Question) -> float:
    """What a value of the model is multiplied with before people read it."""
    if question.form == "chance":
        return 100.0
    return Quantity.of(question.indicator, lesson.scenario).scale
