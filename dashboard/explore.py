"""Explore: one scenario as a story, live on the map, with its levers."""

from typing import Any

import solara

from dashboard import settings
from dashboard.live import LiveRun
from dashboard.picture import Ground
from dashboard.widgets import MapPiece
from simulation.scenario import load


@solara.component
def Explore() -> Any:
    """The first page."""

    def build() -> MapPiece:
        run = LiveRun(load(settings.present().scenario))
        run.step(60)
        ground = Ground(run.origin.grid, run.model)
        return MapPiece(base=ground.base, cells=ground.cells, frame=ground.frame(run.model))

    piece = solara.use_memo(build, [])
    solara.v.Html(tag="div", class_="card", children=[piece])
