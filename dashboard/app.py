"""The pages and what frames them: a head with the way to each page, and the style of the room.

Solara looks for `routes` here. A page is a component in a module of its own; to add one, write
the module and put a line into `PAGES`.
"""

from typing import Any

import reacton.ipyvuetify as v
import solara
from reacton.core import component
from solara.routing import use_router
from tocsin.dashboard.pages.compare import Compare
from tocsin.dashboard.pages.explore import Explore
from tocsin.dashboard.pages.first_steps import FirstSteps
from tocsin.dashboard.pages.results import Results
from tocsin.dashboard.parts import palette
from tocsin.dashboard.parts.widgets import web

PAGES = (
    ("", "Explore", Explore),
    ("compare", "Compare", Compare),
    ("results", "Results", Results),
    ("first-steps", "First steps", FirstSteps),
)


def link(page: str) -> str:
    """Address of a page."""
    return f"/{page}"


@component
def Layout(children: list[Any] | None = None) -> Any:
    """Head and page."""
    router = use_router()
    here = router.parts[0] if router.parts else ""
    with v.Html(tag="div", class_="room", attributes={"lang": "en"}) as main:
        solara.Style(palette.style_variables() + web("room.css"))
        with v.Html(tag="header", class_="room-head"):
            with v.Html(tag="div", class_="room-brand"):
                v.Html(tag="span", children=["Tocsin"])
                v.Html(tag="small", children=["a laboratory for borders"])
            with v.Html(tag="nav", class_="room-nav", attributes={"aria-label": "Pages"}):
                for page, name, _ in PAGES:
                    current = {"aria-current": "page"} if page == here else {}
                    v.Html(
                        tag="a", class_="here" if page == here else "",
                        attributes={"href": link(page), **current}, children=[name],
                    )  # fmt: skip
        with v.Html(tag="main", class_="room-page"):
            v.Html(tag="div", children=list(children or []))
    return main


routes = [
    solara.Route(path=page or "/", component=page_of, label=name, layout=None if page else Layout)
    for page, name, page_of in PAGES
]
