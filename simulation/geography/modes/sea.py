"""By ship: the sea is cheap to cross, and a coast sees less of it than of small boats."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.geography.modes.mode import Mode
from tocsin.simulation.geography.sectors import SEA, Sectors
from tocsin.simulation.parameters import Geography


class BySea(Mode):
    """By ship; over land as everybody."""

    name = "sea"
    meaning = "by ship, and over land as everybody"

    def ways(self, geography: Geography) -> Geography:
        """At sea the effort is that of a ship."""
        return geography.model_copy(update={"sea": geography.shipping})

    def visibility(self, sectors: Sectors, geography: Geography) -> NDArray[np.float64]:
        """A ship is less conspicuous at a coast than a small boat. [S]"""
        return np.where(sectors.neighbour == SEA, geography.visibility_sea, 1.0)


BY_SEA = BySea()
