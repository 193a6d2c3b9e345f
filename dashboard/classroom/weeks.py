"""The map of a class: its ground, and a picture of every week that its world has seen."""

from functools import cached_property

from tocsin.dashboard.parts.picture import Ground
from tocsin.simulation.model import BorderModel


class WeekMaps:
    """What pages draw of each week of a room; a room calls it with its model, week after week.

    Attributes
    ----------
    frames
        One a week, as `tocsin.dashboard.parts.picture.Ground.frame` gives it, from the week before
        the class took over on.
    """

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self._model: BorderModel | None = None

    def __call__(self, model: BorderModel) -> None:
        """Keep the picture of the present week."""
        self._model = model
        self.frames.append(self.ground.frame(model, "flow"))

    @cached_property
    def ground(self) -> Ground:
        """The map; raises LookupError before the first week."""
        if self._model is None:
            raise LookupError("no week has been seen")
        return Ground(self._model.scenario.grid, self._model)
