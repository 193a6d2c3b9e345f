"""What the map shows: the ground once, and a small binary frame for every week.

The ground is the grid as bytes, with names and towns. A frame holds where shipments were a week
ago and where they are now (the page moves them in between), what was seized, a shade for each
border sector, and the tips on their way. Positions are cells; a shipment is at a border when the
model meets it there, since the way between two checkpoints is divided by effort.
"""

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.dashboard.parts import palette
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.model import BorderModel

STEPS = 64  # points at which a route is tabulated
DRAWN = 4000  # shipments drawn at most; more are thinned evenly
FINE = 64  # parts of a cell in a position
STATIONS = np.array([[-2.0, 1.5], [0.0, 2.5], [2.0, 1.5]])  # in cells, from the name of a country
HEAD = struct.Struct("<8I")  # week, of how many, shipments, seizures, tips, sectors, one in, free


@dataclass(frozen=True)
class Ground:
    """The map of one world, and how to place things on it."""

    grid: BorderGrid
    model: BorderModel

    @cached_property
    def base(self) -> dict[str, Any]:
        """All that is drawn once, as plain values; cells travel as `cells`."""
        grid, parameters = self.grid, self.model.parameters
        height, width = grid.shape
        goods = parameters.commodities
        sources = {town for good in goods.values() for town in good.sources}
        markets = {town for good in goods.values() for town in good.markets}
        middles = self.middles
        return {
            "width": width,
            "height": height,
            "cell_km": grid.cell_km,
            "title": grid.title,
            "note": grid.note,
            "countries": [
                {"code": code, "name": parameters.countries[code].name,
                 "x": float(middles[n, 0]), "y": float(middles[n, 1]),
                 "land": palette.LAND[n % len(palette.LAND)]}
                for n, code in enumerate(grid.codes)
            ],
            "towns": [
                {"name": name, "x": column, "y": row,
                 "role": "source" if name in sources else "market" if name in markets else ""}
                for name, (row, column) in grid.towns.items()
            ],
            "sectors": [
                {"id": name, "country": int(self.model.world.sectors.country[n])}
                for n, name in enumerate(self.model.world.sectors.ids)
            ],
            "commodities": list(self.model.world.trade.commodities),
            "colours": {
                "sea": palette.SEA, "nowhere": palette.NOWHERE, "ink": palette.COLOURS["ink"],
                "shipment": palette.SHIPMENT, "seizure": palette.SEIZURE, "tip": palette.TIP,
                "series": list(palette.SERIES), "ramps": {k: list(v) for k, v in
                                                          palette.RAMPS.items()},
            },
        }  # fmt: skip

    @cached_property
    def cells(self) -> bytes:
        """Three layers of H x W: country + 2 as uint8, terrain as uint8, sector + 1 as uint16."""
        country = (self.grid.country + 2).astype(np.uint8)
        sector = (self.model.world.sectors.of_cell + 1).astype("<u2")
        return country.tobytes() + self.grid.terrain.tobytes() + sector.tobytes()

    @cached_property
    def middles(self) -> NDArray[np.float64]:
        """(x, y) of a central cell of each country, where its name stands and tips set out."""
        places = np.zeros((len(self.grid.codes), 2))
        for number in range(len(self.grid.codes)):
            cells = np.argwhere(self.grid.country == number)
            row, column = cells[np.hypot(*(cells - cells.mean(axis=0)).T).argmin()]
            places[number] = column, row
        return places

    @cached_property
    def sector_places(self) -> NDArray[np.float64]:
        """(x, y) of the middle cell of each border sector; a station stands by the name. [S, 2]"""
        sectors = self.model.world.sectors
        places = np.zeros((len(sectors.ids), 2))
        for number in range(len(places)):
            cells = np.argwhere(sectors.of_cell == number)
            if cells.size:
                row, column = cells[np.hypot(*(cells - cells.mean(axis=0)).T).argmin()]
                places[number] = column, row
            else:
                places[number] = self.middles[sectors.country[number]] + STATIONS[number % 3]
        return np.clip(places, 0, np.array(self.grid.shape)[::-1] - 1)

    @cached_property
    def ways(self) -> NDArray[np.uint16]:
        """Position along every route at `STEPS` + 1 equal parts of its effort. [R, STEPS + 1, 2]"""
        routes = self.model.world.trade.routes.routes
        _, width = self.grid.shape
        table = np.zeros((len(routes), STEPS + 1, 2), dtype=np.uint16)
        for number, route in enumerate(routes):
            if not route.cells.size:  # a virtual one goes from station to station
                stops = self.sector_places[route.sector] + 0.5
                parts = np.linspace(0, len(stops) - 1, STEPS + 1)
                for axis in (0, 1):
                    line = np.interp(parts, np.arange(len(stops)), stops[:, axis])
                    table[number, :, axis] = np.rint(line * FINE)
                continue
            last = route.cells.size - 1
            known = np.concatenate([[0.0], route.effort_at, [route.effort_km]])
            index = np.maximum.accumulate(np.array([0, *route.met_at, last], dtype=float))
            along = np.interp(np.linspace(0, route.effort_km, STEPS + 1), known, index)
            low = np.floor(along).astype(int)
            part = along - low
            high = np.minimum(low + 1, last)
            for axis, place in enumerate((route.cells % width, route.cells // width)):
                exact = place[low] * (1 - part) + place[high] * part + 0.5
                table[number, :, axis] = np.rint(exact * FINE)
        return table

    # A week -----------------------------------------------------------------------------------

    def frame(self, model: BorderModel, shade: str = "patrol") -> bytes:
        """One week as bytes: head, shipments, seizures, tips, shades."""
        shipments, one_in = self._shipments(model)
        seizures = self._seizures(model)
        tips = self._tips(model)
        shades = self._shades(model, shade)
        head = HEAD.pack(model.week, model.parameters.world.weeks, len(shipments), len(seizures),
                         len(tips), shades.size, one_in, model.world.shipments.count)  # fmt: skip
        parts = (shipments.tobytes(), seizures.tobytes(), tips.tobytes(), shades.tobytes())
        return head + b"".join(parts)

    def _shipments(self, model: BorderModel) -> tuple[NDArray[np.uint16], int]:
        """X and y a week ago, x and y now, commodity. [n, 5]"""
        world = model.world
        moving, lanes = world.shipments, world.trade.lanes
        count = moving.count
        one_in = max(1, -(-count // DRAWN))
        chosen = np.arange(0, count, one_in)
        lane = moving.lane[chosen]
        weeks = np.maximum(lanes.weeks[lane], 1)
        age = model.week - moving.launched[chosen]
        out = np.zeros((chosen.size, 5), dtype="<u2")
        for column, weeks_under_way in ((0, age - 1), (2, age)):
            at = np.clip(weeks_under_way / weeks, 0, 1)
            out[:, column : column + 2] = self.ways[
                lanes.route[lane], np.rint(at * STEPS).astype(int)
            ]
        out[:, 4] = world.trade.lane_commodity[lane]
        return out, one_in

    def _seizures(self, model: BorderModel) -> NDArray[np.uint16]:
        """x, y and size (square root of the amount, at most 65535). [n, 3]"""
        if model.week == 0:
            return np.zeros((0, 3), dtype="<u2")
        found = model.notes.found
        sector = found.sector[:DRAWN]
        places = self.sector_places[sector] + 0.5
        out = np.zeros((sector.size, 3), dtype="<u2")
        out[:, :2] = np.rint(places * FINE)
        out[:, 2] = np.clip(np.sqrt(found.amount[:DRAWN]), 1, 65535)
        return out

    def _tips(self, model: BorderModel) -> NDArray[np.uint16]:
        """X and y of sender and receiver, part of the way done (0-1000). [n, 5]"""
        out: list[tuple[int, ...]] = []
        places = np.rint((self.middles + 0.5) * FINE).astype(int)
        for due, item in model.world.hub.waiting():
            whole = max(1, due - item.seen)
            done = min(1000, max(0, round(1000 * (model.week - item.seen) / whole)))
            country = model.world.roster.country
            origin = int(country[item.origin])
            readers = set(country[item.recipients].tolist()) - {origin}
            out += [(*places[origin], *places[one], done) for one in sorted(readers)]
        return np.array(out[:300], dtype="<u2").reshape(-1, 5)

    def _shades(self, model: BorderModel, shade: str) -> NDArray[np.uint8]:
        """One value from 0 to 255 for each border sector. [S]"""
        return scaled(sector_values(model, shade))


def sector_values(model: BorderModel, shade: str) -> NDArray[np.float64]:
    """What a shade stands for, by border sector.

    ``patrol``: effort (officers a kilometre, relative to the reference density); ``risk``: mean
    perceived probability of loss of the networks in business; ``flow``: what passed in the
    last 52 weeks, in the smallest unit of the headline commodity.
    """
    world = model.world
    if shade == "risk":
        active = world.networks.active
        risk = world.beliefs.risk(active)
        return risk[active].mean(axis=0) if active.any() else risk.mean(axis=0)
    if shade == "flow":
        return model.record.recent_flow(model.week).astype(float)
    if model.week == 0:
        return np.zeros(len(world.sectors.ids))
    return world.patrols.effort.astype(float)


def scaled(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Values from 0 to their 98th percentile as bytes; a square root lifts the small ones."""
    top = float(np.percentile(values, 98)) if values.size else 0.0
    if not top > 0:
        return np.zeros(values.size, dtype=np.uint8)
    return np.rint(255 * np.sqrt(np.clip(values / top, 0, 1))).astype(np.uint8)


def signed(difference: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Differences as bytes: 128 is none, 0 and 255 the largest either way."""
    top = float(np.abs(difference).max(initial=0.0))
    if not top > 0:
        return np.full(difference.size, 128, dtype=np.uint8)
    return np.rint(128 + 127 * np.sign(difference) * np.sqrt(np.abs(difference) / top)).astype(
        np.uint8
    )


def difference_frame(first: BorderModel, second: BorderModel) -> bytes:
    """A frame without shipments: the flow of the last year in the second less that in the first."""
    shades = signed(sector_values(second, "flow") - sector_values(first, "flow"))
    head = HEAD.pack(first.week, first.parameters.world.weeks, 0, 0, 0, shades.size, 1, 0)
    return head + shades.tobytes()
