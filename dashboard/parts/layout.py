"""How pages lay out their pieces."""

from typing import Any

import reacton.ipyvuetify as v


def card(*pieces: Any, title: str = "") -> Any:
    """A white card with some pieces, and a title above them."""
    head = [v.Html(tag="h2", children=[title])] if title else []
    return v.Html(tag="div", class_="card", children=[*head, *pieces])
