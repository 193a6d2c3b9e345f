"""The pieces of a page that draw or are touched: one anywidget each, its JavaScript in `web/`.

They are built of plain HTML elements and a canvas, put text into the page as text and never as
markup, and ask nothing from elsewhere. What they show is set in traits, so that a piece that is
drawn again shows the same; what people do comes back as a message, ``{"do": ...}``.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import anywidget
import traitlets


@cache
def web(name: str) -> str:
    """Text of a file in `web/`."""
    return (resources.files("dashboard") / "web" / name).read_text(encoding="utf-8")


class Piece(anywidget.AnyWidget):
    """What all pieces have: messages from the page, and a clean end."""

    def listen(self, act: Callable[[dict[str, Any], list[Any]], None]) -> None:
        """Call `act` with every message that the page sends, and with its binary parts."""
        self.on_msg(lambda _, content, buffers: act(content, buffers))


class MapPiece(Piece):
    """The live map.

    Traits: `base` and `cells` are the ground (see `dashboard.picture.Ground`), `frame` is a week,
    `shade` names what the colours of the border sectors stand for, `weeks_per_second` how fast
    shipments move between two frames, `drawn` counts what the page has drawn.
    """

    _esm = web("map.js")
    base = traitlets.Dict().tag(sync=True)
    cells = traitlets.Bytes().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    shade = traitlets.Unicode("patrol").tag(sync=True)
    shades = traitlets.List(["patrol", "risk", "flow"]).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    glide = traitlets.Float(0.0).tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)
