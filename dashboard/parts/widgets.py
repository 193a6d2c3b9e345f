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
from tocsin.dashboard.parts import palette
from tocsin.dashboard.parts.charts import ONE_RUN


@cache
def web(name: str) -> str:
    """Text of a file in `web/`."""
    return (resources.files("tocsin.dashboard") / "web" / name).read_text(encoding="utf-8")


def script(*names: str) -> str:
    """JavaScript of a piece: what all pieces share, and these files of `web/`."""
    return "".join(map(web, ("dom.js", *names)))


class Piece(anywidget.AnyWidget):
    """What all pieces have: messages from the page, and a clean end."""

    def listen(self, act: Callable[[dict[str, Any], list[Any]], None]) -> None:
        """Call `act` with every message that the page sends, and with its binary parts."""
        self.on_msg(lambda _, content, buffers: act(content, buffers))


class MapPiece(Piece):
    """The live map.

    Traits: `base` and `cells` are the ground (`tocsin.dashboard.parts.picture.Ground`), `frame` is
    a week, `shade` names what the colours of the border sectors stand for, `glide` in how many
    seconds shipments move from where they were to where they are, `serial` is the number of the
    frame and `drawn` the number of the last one that the page has drawn.
    """

    _esm = script("frames.js", "map.js")
    base = traitlets.Dict().tag(sync=True)
    cells = traitlets.Bytes().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    shade = traitlets.Unicode("patrol").tag(sync=True)
    shades = traitlets.List(["patrol", "risk", "flow"]).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)
    glide = traitlets.Float(0.0).tag(sync=True)
    serial = traitlets.Int(0).tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)


class BarPiece(Piece):
    """Time and files: play, step, any week, speed, seed, what can be kept.

    `card` is the query for the address line, `marks` are weeks in which a lever moves, `files`
    are (text, name for the reader, action).
    """

    _esm = script("bar.js")
    week = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(520).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Float(4.0).tag(sync=True)
    speeds = traitlets.List().tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    marks = traitlets.List().tag(sync=True)
    card = traitlets.Unicode("").tag(sync=True)
    files = traitlets.List().tag(sync=True)


class LeversPiece(Piece):
    """Levers; `rows` as in `tocsin.experiments.telling.levers.shown`, `moves` what can be undone.

    Moves are numbered; `heard` is the `serial` of the last that `rows` know of. A lever that was
    moved again since stays where it is; one that was refused goes back to where it was.
    """

    _esm = script("levers.js")
    side = traitlets.Unicode("").tag(sync=True)
    rows = traitlets.List().tag(sync=True)
    moves = traitlets.List().tag(sync=True)
    fault = traitlets.Unicode("").tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)


class ChartsPiece(Piece):
    """Small charts; `data` as in `tocsin.dashboard.parts.charts.packed`.

    `lines` name the two lines, `note` says of what the words *better* and *worse* speak,
    `cautions` what to know before reading them.
    """

    _esm = script("charts.js")
    charts = traitlets.List().tag(sync=True)
    lines = traitlets.List(["this run", "untouched base"]).tag(sync=True)
    cautions = traitlets.List().tag(sync=True)
    note = traitlets.Unicode(ONE_RUN).tag(sync=True)
    colours = traitlets.List([palette.LIVE, palette.BASE]).tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)
    total = traitlets.Int(520).tag(sync=True)
    marks = traitlets.List().tag(sync=True)


class FeedPiece(Piece):
    """Events in sentences; `why` holds the id that was asked about and the answer."""

    _esm = script("feed.js")
    kinds = traitlets.List().tag(sync=True)
    kind = traitlets.Unicode("main").tag(sync=True)
    events = traitlets.List().tag(sync=True)
    why = traitlets.Dict().tag(sync=True)


class InsidePiece(Piece):
    """A look inside; `choices` and `subject` as in `tocsin.dashboard.pages.inside`."""

    _esm = script("inside.js")
    choices = traitlets.Dict().tag(sync=True)
    subject = traitlets.Dict().tag(sync=True)


class StoryPiece(Piece):
    """A scenario to choose and its story; `story` as in `tocsin.dashboard.pages.story`."""

    _esm = script("story.js")
    heading = traitlets.Unicode("Scenario").tag(sync=True)
    choices = traitlets.List().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    story = traitlets.Dict().tag(sync=True)
    fault = traitlets.Unicode("").tag(sync=True)
    most_bytes = traitlets.Int(0).tag(sync=True)


class TourPiece(Piece):
    """A tour: `steps` of selector, title and text, shown one by one beside what they are about."""

    _esm = script("tour.js")
    steps = traitlets.List().tag(sync=True)
    begin = traitlets.Bool(False).tag(sync=True)


class VerdictsPiece(Piece):
    """Tables of differences; with `sizes` also the question whether it is luck.

    `tables` are {caption, rows} with rows as in `tocsin.dashboard.pages.verdicts.rows`;
    `progress` is runs done and wanted.
    """

    _esm = script("tables.js", "verdicts.js")
    sizes = traitlets.List().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    progress = traitlets.List([0, 0]).tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    tables = traitlets.List().tag(sync=True)


class PartingPiece(Piece):
    """Where two runs part: `found` as in `tocsin.experiments.telling.parting`, or a `note`."""

    _esm = script("parting.js")
    found = traitlets.Dict().tag(sync=True)


class ResultsPiece(Piece):
    """A list of results and the one that is looked at.

    `items` are (kind, name); `content` as in `tocsin.dashboard.pages.results.content`.
    """

    _esm = script("tables.js", "results.js")
    folder = traitlets.Unicode("").tag(sync=True)
    items = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    fault = traitlets.Unicode("").tag(sync=True)
