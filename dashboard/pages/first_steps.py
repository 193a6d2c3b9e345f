"""First steps: what this is, the tour, and plain words for every term."""

from typing import Any

import reacton.ipyvuetify as v
from reacton.core import component
from tocsin.dashboard.pages.glossary import TERMS
from tocsin.dashboard.parts.layout import card
from tocsin.simulation.recording.indicators import known

INTRODUCTION = (
    ("Look", "Open Explore and press the space bar. Shipments move from where goods come from to "
     "where they are sold; agencies find some of them; networks learn and go another way."),
    ("Change one thing", "Move a lever at the left. It acts from the next week on. The dashed line "
     "in each chart is the same world with the same luck, without your change."),
    ("Ask why", "Every event says why it happened. Click a country or a border and look inside."),
    ("Be sure", "One run is one story. In Compare, Is it luck? plays many pairs of runs and says "
     "whether the difference is more than chance."),
)  # fmt: skip
LIMITS = (
    "It is a laboratory for reasoning about policies, not a forecast. How people behave in it "
    "rests on assumptions, which every scenario states. The maps are coarse, and there is no "
    "person and no place in it that could be acted upon."
)
KEYS = (
    ("Space", "play and pause"),
    ("Right arrow", "one week on"),
    ("Left arrow", "one week back"),
    ("Tab", "to the next control"),
    ("Escape", "end the tour"),
)


def _text(tag: str, text: str, **more: Any) -> Any:
    return v.Html(tag=tag, children=[text], **more)


@component
def FirstSteps() -> Any:
    """The last page."""
    with v.Html(tag="div", class_="steps stack ready") as main:
        with v.Html(tag="section", class_="card steps-head"):
            _text("h1", "First steps")
            _text("p", "Ten minutes are enough to see what a policy does, and how far to trust it.")
            with v.Html(tag="ol", class_="steps-four"):
                for title, text in INTRODUCTION:
                    v.Html(tag="li", children=[_text("h2", title), _text("p", text)])
            _text("a", "Take the tour of two minutes", class_="steps-tour",
                  attributes={"href": "/?tour=1"})  # fmt: skip
        with v.Html(tag="section", class_="steps-two"):
            keys = [
                v.Html(tag="div", children=[_text("dt", key), _text("dd", what)])
                for key, what in KEYS
            ]
            card(v.Html(tag="dl", class_="steps-keys", children=keys), title="Keys")
            card(_text("p", LIMITS), title="What it is not")
        terms = [
            v.Html(tag="div", children=[_text("dt", term), _text("dd", meaning)])
            for term, meaning in sorted(TERMS.items())
        ]
        card(v.Html(tag="dl", class_="steps-terms", children=terms), title="Plain words")
        measured = [
            v.Html(tag="div", children=[_text("dt", one.label),
                                        _text("dd", one.definition)])
            for one in known().values()
        ]  # fmt: skip
        card(v.Html(tag="dl", class_="steps-terms", children=measured), title="What is measured")
    return main
