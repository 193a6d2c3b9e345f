"""The pieces of the pages of a class that are touched: a form, and the trainer's board."""

from functools import cache
from importlib import resources

import traitlets
from jinja2 import Environment, PackageLoader, StrictUndefined
from tocsin.dashboard.parts.widgets import Piece, script


@cache
def web(name: str) -> str:
    """Text of a file in `web/`."""
    return (resources.files("tocsin.dashboard.classroom") / "web" / name).read_text(
        encoding="utf-8"
    )


class FormPiece(Piece):
    """Native inputs and buttons; what is typed comes back as ``{"do": "input" | "press", ...}``.

    Traits: `fields` says what is asked, `values` what stands there, `buttons` what can be
    pressed, `budget` the money that the fields' costs are added up against (below 0: none).
    Entries are numbered; `heard` is the `serial` of the last one that `values` know of, and later
    ones stay as they were entered. `go` is a page of this server that the browser then opens.
    """

    _esm = script() + web("form.js")
    fields = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    budget = traitlets.Float(-1.0).tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    fault = traitlets.Bool(False).tag(sync=True)
    go = traitlets.Unicode("").tag(sync=True)


class BoardPiece(Piece):
    """A row for each seat; a button comes back as ``{"do": what, "seat": id}``."""

    _esm = script() + web("board.js")
    rows = traitlets.List().tag(sync=True)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tocsin.dashboard.classroom", "web"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def rendered(template: str, **values: object) -> str:
    """Markup of a template in `web/`; everything put into it is escaped."""
    return _environment().get_template(template).render(**values)
