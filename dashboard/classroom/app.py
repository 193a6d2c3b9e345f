"""The pages of a class, for `tocsin.dashboard.classroom.server`: Solara looks for `routes` here."""

from typing import Any

import reacton.ipyvuetify as v
import solara
from reacton.core import component
from tocsin.dashboard.classroom import registry
from tocsin.dashboard.classroom.join import Join
from tocsin.dashboard.classroom.pieces import web as class_web
from tocsin.dashboard.classroom.team import Team
from tocsin.dashboard.classroom.trainer import Screen, Trainer
from tocsin.dashboard.parts import palette
from tocsin.dashboard.parts.widgets import web

PAGES = (("/", "Join", Join), ("team", "Team", Team), ("trainer", "Trainer", Trainer),
         ("screen", "Screen", Screen))  # fmt: skip


@component
def Layout(children: list[Any] | None = None) -> Any:
    """Head and page, as in the rest of the room."""
    lesson = registry.held().session.lesson
    with v.Html(tag="div", class_="room", attributes={"lang": "en"}) as main:
        solara.Style(palette.style_variables() + web("room.css") + class_web("class.css"))
        with v.Html(tag="header", class_="room-head"):  # noqa: SIM117
            with v.Html(tag="div", class_="room-brand"):
                v.Html(tag="span", children=["Tocsin"])
                v.Html(tag="small", children=[lesson.head.title])
        with v.Html(tag="main", class_="room-page"):
            v.Html(tag="div", children=list(children or []))
    return main


# Solara frames every page with the layout of the first route; one more would frame it twice.
routes = [
    solara.Route(path=path, component=component, label=name, layout=Layout if path == "/" else None)
    for path, name, component in PAGES
]
