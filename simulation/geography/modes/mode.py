"""What every mode of transport says of itself; the defaults are those of a way over the map."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.routes import RouteTable, route_table
from tocsin.simulation.geography.sectors import Sectors
from tocsin.simulation.parameters import (
    Agency,
    Commodity,
    Country,
    Detection,
    Geography,
    Parameters,
)


class Mode:
    """How a commodity moves: its places, sectors, routes, visibility, officers and words.

    Attributes
    ----------
    name
        What `commodities.*.mode` says, and the name of the module.
    meaning
        How it moves, as a table says it.
    tag, beyond
        Of a mode with stations of its own: what their ids say behind the country,
        ``CAN-net:victims``, and the number that stands for the other side. No tag: it crosses
        borders and coasts.
    place
        What a source is: a town or a country.
    tied_to_source
        Whether a network buys at one source and uses only the routes from there.
    platforms
        Whether markets are platforms with any name: buyers of a closed one go over to others, the
        police can run one covertly, no dealer carries goods between them, and `victims` is read.
    """

    name: str
    meaning: str
    tag = ""
    beyond = 0
    place = "town"
    tied_to_source = True
    platforms = False

    def places(self, grid: BorderGrid) -> tuple[str, ...]:
        """Names that a source may have."""
        return tuple(grid.towns)

    def stations(self, grid: BorderGrid) -> tuple[tuple[str, str], ...]:
        """(country, part) of each station; none by default."""
        return ()

    def ways(self, geography: Geography) -> Geography:
        """What terrain does to those who move in this way."""
        return geography

    def routes(
        self, grid: BorderGrid, sectors: Sectors, parameters: Parameters, good: Commodity
    ) -> RouteTable:
        """Candidate routes of a commodity.

        Raises InputError if no way leads from a source to a market.
        """
        world = parameters.world
        return route_table(grid, self.ways(parameters.geography), world.sector_km, good.sources,  # pyright: ignore[reportArgumentType]
                           good.markets, world.routes_per_pair, world.detour)  # fmt: skip

    def visibility(self, sectors: Sectors, geography: Geography) -> NDArray[np.float64]:
        """Hazard at each sector relative to what terrain makes of it. [S]"""
        return np.ones(len(sectors.ids))

    def officers(self, profile: Country | Agency) -> float:
        """Officers of an agency who stand at the sectors of this mode."""
        return profile.officers

    def reference(self, rules: Detection) -> float:
        """Officers for each unit of length that count as an effort of 1."""
        return rules.reference_density

    def where(self, part: str, country: str) -> str:
        """Where a station lies, in words, with the preposition; `country` is a name."""
        raise NotImplementedError(f"{self.name} has no stations")
