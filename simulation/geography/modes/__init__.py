"""Modes of transport: how a commodity moves, one module for each mode.

`MODES` is the registry. Everything else asks a mode what it does and never compares its name, so
a new mode is a module here and a name in the tuple below.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.modes.land import LAND
from tocsin.simulation.geography.modes.mode import Mode
from tocsin.simulation.geography.modes.sea import BY_SEA
from tocsin.simulation.geography.modes.virtual import VIRTUAL
from tocsin.simulation.geography.sectors import COAST, Sectors
from tocsin.simulation.parameters import Commodity, Parameters

__all__ = ["MODES", "Mode", "in_use", "keepers", "mode_of", "place_name", "sectors_of", "station"]

MODES: dict[str, Mode] = {mode.name: mode for mode in (LAND, BY_SEA, VIRTUAL)}


def mode_of(good: Commodity) -> Mode:
    """The mode by which a commodity moves."""
    return MODES[good.mode]


def in_use(parameters: Parameters) -> tuple[Mode, ...]:
    """Modes whose stations a scenario needs, behind that of the borders, in registry order."""
    moving = {good.mode for good in parameters.commodities.values()}
    return (LAND, *(mode for name, mode in MODES.items() if mode.tag and name in moving))


def sectors_of(grid: BorderGrid, parameters: Parameters) -> Sectors:
    """Border sectors, and behind them the stations of the modes in use."""
    sectors = grid.sectors(parameters.world.sector_km)
    for mode in in_use(parameters)[1:]:
        sectors = _with_stations(sectors, mode, grid)
    return sectors


def _with_stations(sectors: Sectors, mode: Mode, grid: BorderGrid) -> Sectors:
    """Sectors with the stations of a mode behind them: no cells, one length a country."""
    stations = mode.stations(grid)
    owners = np.array([grid.codes.index(code) for code, _ in stations], dtype=np.int64)

    def longer(column: NDArray[Any], tail: ArrayLike) -> NDArray[Any]:
        return np.concatenate([column, np.broadcast_to(tail, owners.size)]).astype(column.dtype)

    return replace(
        sectors,
        ids=(*sectors.ids, *(f"{code}-{mode.tag}:{part}" for code, part in stations)),
        country=longer(sectors.country, owners),
        neighbour=longer(sectors.neighbour, mode.beyond),
        cells=longer(sectors.cells, 0),
        length_km=longer(sectors.length_km, 1 / np.bincount(owners)[owners]),
        crossings=longer(sectors.crossings, 0),
    )


def keepers(sectors: Sectors) -> tuple[tuple[Mode, ...], NDArray[np.int64]]:
    """Modes whose officers stand at sectors, that of the borders first; which one at each. [S]"""
    keeper = np.zeros(len(sectors.ids), dtype=np.int64)
    modes: list[Mode] = [LAND]
    for mode in MODES.values():
        own = sectors.neighbour == mode.beyond
        if mode.tag and own.any():
            keeper[own] = len(modes)
            modes.append(mode)
    return tuple(modes), keeper


def station(sector: str, naming: Callable[[str], str]) -> str | None:
    """Where a station lies, in words: ``in payments through Canada``; None at a border.

    `naming` gives the name of a country, as in a sentence, from its code.
    """
    place, _, part = sector.partition(":")
    code, _, tag = place.partition("-")
    for mode in MODES.values():
        if mode.tag and mode.tag == tag:
            return mode.where(part, naming(code))
    return None


def place_name(sector: str, naming: Callable[[str], str]) -> str:
    """A sector in words, ``TAL-VES:03`` as Talmoria's border with Vestholm, stretch 3."""
    pair, _, stretch = sector.partition(":")
    own, _, other = pair.partition("-")
    if not stretch:
        return sector
    at_station = station(sector, naming)
    if at_station:
        return f"what passes {at_station}"
    number = stretch.lstrip("0")
    if other == COAST:
        return f"the coast of {naming(own)}, stretch {number}"
    return f"{naming(own)}'s border with {naming(other)}, stretch {number}"
