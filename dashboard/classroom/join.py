"""The first page of a team: type the code, choose a seat, give a name."""

from typing import Any
from urllib.parse import urlencode

import reacton.ipyvuetify as v
from reacton.core import component, use_effect, use_memo, use_state
from tocsin.classroom.lesson import Seat
from tocsin.classroom.session import TeamDesk
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.pieces import FormPiece
from tocsin.dashboard.classroom.watching import use_listen, use_sender, use_watch
from tocsin.simulation.errors import InputError

CODE = {
    "id": "code", "kind": "text", "label": "Code", "placeholder": "ABCD-2346", "longest": 12,
    "help": "The code of the class stands on the big screen. If your team has been here before, "
            "type your team's own code.",
}  # fmt: skip
FULL = "All seats are taken. Share the screen of a team, with its own code."


@component
def Join() -> Any:
    """Ask for the code, then for a seat and a name."""
    room = registry.held()
    session, lesson = room.session, room.session.lesson
    sender = use_sender()
    code, set_code = use_state("")
    form = use_memo(lambda: FormPiece(values={"code": "", "name": "", "seat": ""}), [])
    teams = use_watch(session.teams)

    def go_on(values: dict[str, Any]) -> None:
        typed = values.get("code")
        typed_in = typed if isinstance(typed, str) else ""
        desk = session.enter(typed_in, sender.address, sender.page)
        if desk is not None:
            form.go = team_page(desk)
        elif isinstance(typed, str):
            set_code(typed)

    def take(values: dict[str, Any]) -> None:
        seat = values.get("seat")
        if not isinstance(seat, str) or not seat:
            raise InputError("Choose one of the seats first.")
        desk = session.join(code, values.get("name", ""), seat, sender.address, sender.page)
        form.go = team_page(desk)

    def act(content: dict[str, Any], _: list[Any]) -> None:
        if content.get("do") != "press" or not isinstance(content.get("values"), dict):
            return
        try:
            (take if code else go_on)(content["values"])
            form.message, form.fault = "", False
        except InputError as wrong:
            form.message, form.fault = str(wrong).removeprefix("name: ").capitalize(), True

    def ask() -> None:
        with form.hold_sync():
            if not code:
                form.fields, form.buttons = [CODE], [{"id": "go", "label": "Go on", "main": True}]
                return
            form.fields = [
                {"id": "seat", "kind": "word", "label": "Which seat does your team take?",
                 "help": FULL if all(teams.values()) else "",
                 "options": [seat_option(lesson.seats[id], team) for id, team in teams.items()]},
                {"id": "name", "kind": "text", "label": "What is your team called?", "longest": 24,
                 "help": "Up to 24 characters. Everybody will see it."},
            ]  # fmt: skip
            form.buttons = [{"id": "take", "label": "Take this seat", "main": True}]

    use_listen(form, act)
    use_effect(ask, [code, teams])
    with v.Html(tag="div", class_="class-narrow") as main:
        if code:
            with v.Html(tag="section", class_="class-text").key("lesson"):
                v.Html(tag="h1", children=[lesson.head.title])
                v.Html(tag="p", class_="class-lead", children=[lesson.head.description])
        else:
            v.Html(tag="h1", children=["Join your class"]).key("join")
        with v.Html(tag="section", class_="card").key("form"):
            v.Html(tag="div", children=[form])
    return main


def team_page(desk: TeamDesk) -> str:
    """Address of a team's page; its server takes the code out of it at once."""
    view = desk.view()
    return f"/team?{urlencode({'seat': view.seat, 'code': view.code})}"


def seat_option(seat: Seat, team: str) -> dict[str, Any]:
    """A seat to choose; one that is taken keeps its place, so that nothing moves under a finger."""
    said = f"Taken by {team}." if team else first_sentence(seat.briefing)
    return {"id": seat.id, "label": seat.title, "help": said, "taken": bool(team)}


def first_sentence(text: str) -> str:
    """The beginning of a briefing."""
    first, stop, _ = " ".join(text.split()).partition(". ")
    return first + stop.strip()
