"""The pages and what frames them: a head with the way to each page, and the style of the room.

Solara looks for `routes` here. A page is a component in a module of its own; to add one, write
the module and put a line into `PAGES`.
"""

from typing import Any

import solara

from dashboard import palette
from dashboard.explore import Explore
from dashboard.widgets import web

PAGES = (("", "Explore", Explore),)


def link(page: str) -> str:
    """Address of a page."""
    return f"/{page}"


@solara.component
def Layout(children: list[Any] | None = None) -> Any:
    """Head and page."""
    router = solara.use_router()
    here = router.parts[0] if router.parts else ""
    with solara.v.Html(tag="div", class_="room", attributes={"lang": "en"}) as main:
        solara.Style(palette.style_variables() + web("room.css"))
        with solara.v.Html(tag="header", class_="room-head"):
            with solara.v.Html(tag="div", class_="room-brand"):
                solara.v.Html(tag="span", children=["Tocsin"])
                solara.v.Html(tag="small", children=["a laboratory for borders"])
            with solara.v.Html(tag="nav", class_="room-nav", attributes={"aria-label": "Pages"}):
                for page, name, _ in PAGES:
                    current = {"aria-current": "page"} if page == here else {}
                    solara.v.Html(
                        tag="a", class_="here" if page == here else "",
                        attributes={"href": link(page), **current}, children=[name],
                    )  # fmt: skip
        with solara.v.Html(tag="main", class_="room-page"):
            solara.v.Html(tag="div", children=list(children or []))
    return main


routes = [
    solara.Route(path=page or "/", component=component, label=name, layout=Layout)
    for page, name, component in PAGES
]
