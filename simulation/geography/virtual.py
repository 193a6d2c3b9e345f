"""Virtual markets (M20): jurisdictions as stations, no distance.

A sale on a virtual market passes three jurisdictions: the one that hosts the market, the one
through which it is paid, and the one where the victim or buyer sits. Each country has one station
for each of these parts; a station is a sector without length, held by the country's cyber
investigators. So risk is learned, watched and policed as at a border.

A market that is closed sends its vendors to others, as far as they know any. One that the police
take over first goes on selling, and tells its host who sells; when that ends, those who sold
there trust markets less.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.geography.grid import BorderGrid, Sectors
from tocsin.simulation.geography.routes import Route, RouteTable
from tocsin.simulation.parameters import Commodity, Parameters
from tocsin.simulation.randomness import key_of

NET = -4  # the other side of a station
PARTS = ("hosting", "payment", "victims")
WHERE = {"hosting": "on computers hosted in", "payment": "in payments through",
         "victims": "among victims in"}  # fmt: skip


def sectors_of(grid: BorderGrid, parameters: Parameters) -> Sectors:
    """Border sectors, and behind them the stations if something virtual is traded."""
    borders = grid.sectors(parameters.world.sector_km)
    if not any(good.mode == "virtual" for good in parameters.commodities.values()):
        return borders
    ids = [f"{code}-net:{part}" for code in grid.codes for part in PARTS]
    owners = np.repeat(np.arange(len(grid.codes)), len(PARTS))
    count = len(ids)

    def longer(column: NDArray[Any], tail: ArrayLike) -> NDArray[Any]:
        return np.concatenate([column, np.broadcast_to(tail, count)]).astype(column.dtype)

    return replace(
        borders,
        ids=(*borders.ids, *ids),
        country=longer(borders.country, owners),
        neighbour=longer(borders.neighbour, NET),
        cells=longer(borders.cells, 0),
        length_km=longer(borders.length_km, 1 / len(PARTS)),
        crossings=longer(borders.crossings, 0),
    )


def station_of(sector: str) -> tuple[str, str] | None:
    """Country and part that an id stands for, ``CAN-net:victims``; None if it is a border's."""
    place, _, part = sector.partition(":")
    code, _, other = place.partition("-")
    return (code, part) if other == "net" else None


def host_of(good: Commodity, market: str) -> str:
    """Country that hosts a virtual market: the sources are shared out in turn."""
    return good.sources[good.markets.index(market) % len(good.sources)]


def virtual_routes(
    codes: Sequence[str], sectors: Sectors, good: Commodity, each: int
) -> RouteTable:
    """Up to `each` ways through every market: its host, a country of payment, one of victims.

    Which combinations are kept follows from the names alone.
    """
    station = {name: number for number, name in enumerate(sectors.ids)}
    routes: list[Route] = []
    for market in good.markets:
        host = host_of(good, market)
        ways = [(pay, victim) for pay in codes for victim in good.victims or codes]
        ways.sort(key=lambda way: key_of("way", market, *way))
        for pay, victim in ways[:each]:
            through = tuple(dict.fromkeys((host, pay, victim)))
            stations = zip((host, pay, victim), PARTS, strict=True)
            routes.append(Route(
                source=host, market=market, cells=np.empty(0, dtype=np.int32), effort_km=0.0,
                sector=np.array([station[f"{c}-net:{p}"] for c, p in stations], dtype=np.int32),
                weight=np.ones(len(PARTS)), effort_at=np.zeros(len(PARTS)),
                met_at=np.zeros(len(PARTS), dtype=np.int64),
                countries=tuple(codes.index(code) for code in through),
            ))  # fmt: skip
    return RouteTable(tuple(routes))
