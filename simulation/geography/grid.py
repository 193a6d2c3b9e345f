"""The border grid: countries, terrain, towns and official crossings on square cells.

Small worlds are drawn as map files (:mod:`tocsin.simulation.geography.map_files`).
Large ones are made of arrays with :meth:`BorderGrid.from_arrays`.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.sectors import NOTHING, SEA, Sectors, contacts, divide

__all__ = ["NOTHING", "SEA", "BorderGrid", "Sectors", "Terrain", "faults"]
from tocsin.simulation.state import Laid

WIDEST_KM = 20_000  # half of the way round the Earth


class Terrain(IntEnum):
    """What a cell is like; the value is what the terrain array holds."""

    NOTHING = 0
    SEA = 1
    PLAIN = 2
    HILL = 3
    MOUNTAIN = 4
    DESERT = 5
    ROAD = 6
    TOWN = 7
    CROSSING = 8  # official crossing on a land border
    PORT = 9  # official crossing on the coast


TOWN_KINDS = (Terrain.TOWN, Terrain.CROSSING, Terrain.PORT)


class Fault(NamedTuple):
    """What is wrong with one cell, before it is known how to name the place."""

    layer: str
    row: int
    column: int
    sentence: str


@dataclass(frozen=True, eq=False)
class BorderGrid(Laid):
    """The geography of one world. Arrays are read-only; what is derived is computed once.

    Attributes
    ----------
    title, source
        Name of the world, and where its drawing comes from.
    cell_km
        Width of a square cell in kilometres.
    codes
        Three-letter country codes, sorted; a country number is an index into it.
    country
        int16[H, W], the country number of each cell, `SEA` (-1) or `NOTHING` (-2).
    terrain
        uint8[H, W], a `Terrain` for each cell.
    towns
        Name of each named town -> (row, column), in order of name.
    note
        What whoever sees the map must know, such as territory in dispute; may be empty.
    """

    title: str
    cell_km: float
    source: str
    codes: tuple[str, ...]
    country: NDArray[np.int16]
    terrain: NDArray[np.uint8]
    towns: dict[str, tuple[int, int]]
    note: str = ""
    _sectors: dict[float, Sectors] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def from_arrays(
        cls,
        title: str,
        cell_km: float,
        codes: Sequence[str],
        country: ArrayLike,
        terrain: ArrayLike,
        towns: Mapping[str, tuple[int, int]],
        source: str = "",
        note: str = "",
    ) -> "BorderGrid":
        """Build a grid from arrays, for worlds too large to draw.

        Parameters
        ----------
        codes
            Country codes in any order; numbers in `country` index into this sequence.
        country, terrain
            Arrays [H, W] as in the class.
        towns
            Name -> (row, column); the cell must be a town, a crossing or a port.

        Raises
        ------
        InputError
            One sentence with row and column (counted from 0) of the first fault.
        """
        country = np.array(country, dtype=np.int16)
        terrain = np.array(terrain, dtype=np.uint8)
        fault = next(faults(cell_km, codes, country, terrain, towns), None)
        if fault is not None:
            place = f"row {fault.row}, column {fault.column}: " if fault.layer else ""
            raise InputError(f"map {title!r}: {place}{fault.sentence}")
        order = sorted(range(len(codes)), key=lambda number: codes[number])
        renumber = np.empty(len(codes) + 2, dtype=np.int16)
        renumber[[SEA, NOTHING]] = SEA, NOTHING
        renumber[order] = np.arange(len(codes))
        country = renumber[country]
        country.setflags(write=False)
        terrain.setflags(write=False)
        places = {name: (int(row), int(column)) for name, (row, column) in sorted(towns.items())}
        return cls(
            title=title,
            cell_km=float(cell_km),
            source=source,
            codes=tuple(codes[number] for number in order),
            country=country,
            terrain=terrain,
            towns=places,
            note=note,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        height, width = self.country.shape
        return height, width

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what a model can see: all but title, source, note and comments."""
        digest = hashlib.sha256()
        head = [self.cell_km, self.codes, self.shape, sorted(self.towns.items())]
        digest.update(json.dumps(head).encode())
        digest.update(self.country.astype("<i2").tobytes())
        digest.update(self.terrain.tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BorderGrid):
            return NotImplemented
        mine, theirs = ((one.digest, one.title, one.source, one.note) for one in (self, other))
        return mine == theirs

    def __hash__(self) -> int:
        return hash(self.digest)

    def number(self, code: str) -> int:
        """Country number of a code; raises InputError if the map has no such country."""
        if code not in self.codes:
            allowed = ", ".join(self.codes)
            raise InputError(
                f"map {self.title!r} has no country {code!r}{nearest(code, self.codes)}; "
                f"it has {allowed}."
            )
        return self.codes.index(code)

    def town_country(self, name: str) -> str:
        """Code of the country a named town lies in; raises InputError for an unknown town."""
        if name not in self.towns:
            allowed = ", ".join(self.towns) or "none"
            raise InputError(
                f"map {self.title!r} has no town {name!r}{nearest(name, self.towns)}; "
                f"its towns are {allowed}."
            )
        return self.codes[self.country[self.towns[name]]]

    def sectors(self, sector_km: float) -> Sectors:
        """Borders divided into one-sided stretches about `sector_km` long, computed once.

        Raises InputError unless `sector_km` is a positive number.
        """
        if not sector_km > 0:
            raise InputError(f"sector_km = {sector_km}: the length of a sector is more than 0 km.")
        if sector_km not in self._sectors:
            official = np.isin(self.terrain, (Terrain.CROSSING, Terrain.PORT))
            port = self.terrain == Terrain.PORT
            self._sectors[sector_km] = divide(
                self.country, self.codes, self.cell_km, sector_km, official, port
            )
        return self._sectors[sector_km]

    @cached_property
    def _neighbours(self) -> dict[tuple[str, str], float]:
        cells = contacts(self.country)
        both: dict[tuple[str, str], float] = {}
        for other in range(len(self.codes)):
            km = cells.length_facing(other) * self.cell_km
            per_country = np.bincount(cells.country, weights=km, minlength=len(self.codes))
            for own in np.flatnonzero(per_country):
                first, second = sorted((self.codes[own], self.codes[other]))
                both[first, second] = both.get((first, second), 0.0) + per_country[own] / 2
        return dict(sorted(both.items()))

    def neighbours(self) -> dict[tuple[str, str], float]:
        """Kilometres of shared land border by pair of codes (in alphabetical order).

        The mean of what is measured from either side; lengths as in `Sectors.length_km`.
        """
        return dict(self._neighbours)


def faults(
    cell_km: float,
    codes: Sequence[str],
    country: NDArray[np.int16],
    terrain: NDArray[np.integer],
    towns: Mapping[str, tuple[int, int]],
) -> Iterator[Fault]:
    """All that can be wrong with a grid, whatever it was made from; layer "" has no place."""
    if not (isinstance(cell_km, int | float) and 0 < cell_km <= WIDEST_KM):
        yield Fault("", 0, 0, f"cell_km = {cell_km!r}, but a cell is more than 0 km wide, "
                              f"and at most {WIDEST_KM:,}.")  # fmt: skip
    for code in codes:
        if not re.fullmatch("[A-Z]{3}", code):
            sentence = f"country code {code!r} is not three capital letters, as in 'ARX'."
            yield Fault("", 0, 0, sentence)
        if list(codes).count(code) > 1:
            yield Fault("", 0, 0, f"country {code} is named twice; each has one entry.")
    if country.ndim != 2 or country.shape != terrain.shape or country.size == 0:
        sizes = f"{country.shape} and {terrain.shape}"
        yield Fault("", 0, 0, f"country and terrain are arrays of the same size, not {sizes}.")
        return
    for row, column in np.argwhere((country < NOTHING) | (country >= len(codes)))[:1].tolist():
        sentence = f"country number {country[row, column]} is not one of {len(codes)} countries."
        yield Fault("countries", row, column, sentence)
        return
    for row, column in np.argwhere(terrain > max(Terrain))[:1].tolist():
        sentence = f"terrain number {terrain[row, column]} is unknown."
        yield Fault("terrain", row, column, sentence)
        return
    undrawn = np.bincount(country[country >= 0], minlength=len(codes)) == 0
    for number in np.flatnonzero(undrawn).tolist():
        yield Fault("", 0, 0, f"country {codes[number]} is in the legend but drawn nowhere.")
    wet, blank = country == SEA, country == NOTHING
    mixed = (wet != (terrain == Terrain.SEA)) | (blank != (terrain == Terrain.NOTHING))
    for row, column in np.argwhere(mixed)[:1].tolist():
        number = int(country[row, column])
        owner = {SEA: "sea", NOTHING: "nothing"}.get(number) or codes[number]
        kind = Terrain(terrain[row, column]).name.lower()
        sentence = f"the countries layer has {owner} where the terrain layer has {kind}."
        yield Fault("terrain", row, column, sentence)
    for name, place in towns.items():
        if not all(0 <= at < size for at, size in zip(place, country.shape, strict=True)):
            sentence = f"town {name!r} lies at {tuple(place)}, outside the map."
            yield Fault("", 0, 0, sentence)
        elif terrain[tuple(place)] not in TOWN_KINDS:
            sentence = f"town {name!r} is not on a town, a crossing or a port."
            yield Fault("terrain", *place, sentence)
    cells = contacts(country)
    land, coast = np.zeros((2, *country.shape), dtype=bool)
    land.flat[cells.place[(cells.facing >= 0).any(axis=1)]] = True
    coast.flat[cells.place[(cells.facing == SEA).any(axis=1)]] = True
    for row, column in np.argwhere((terrain == Terrain.CROSSING) & ~land)[:1].tolist():
        sentence = "an official crossing lies on the border with another country, not inside."
        yield Fault("terrain", row, column, sentence)
    for row, column in np.argwhere((terrain == Terrain.PORT) & ~coast)[:1].tolist():
        yield Fault("terrain", row, column, "a port lies on the coast, beside a cell of sea.")
