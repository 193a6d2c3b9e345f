"""Border sectors: one side of a stretch of border or coast, with its owner.

Beliefs, patrols and statistics live on sectors. A cell of a country is a border cell if one of
its four sides touches another country or the sea, and belongs to one sector: that of the land
neighbour it touches most (the first by code if two are equal), of the sea only where it touches
no land neighbour or is a port. The cells of a pair of countries are walked along the border and
cut into stretches of equal length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from tocsin.simulation.state import Laid

NOTHING = -2
SEA = -1
COAST = "sea"  # the other side in the id of a sector at a coast
OWN = -3  # a side that touches no other country and no sea

AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))

# Length of border in a cell by the sides that touch it (right, down, left, up as bits): a corner
# is cut diagonally.
SIDES = np.arange(16)
TOUCHING = np.array([bin(sides).count("1") for sides in SIDES], dtype=float)
CORNER = (TOUCHING == 2) & ~np.isin(SIDES, (0b0101, 0b1010))
LENGTH = np.where(CORNER, np.sqrt(2.0), TOUCHING)


@dataclass(frozen=True)
class Contacts:
    """Border cells and what their four sides touch; n cells.

    Attributes
    ----------
    place
        int64[n], flat index of the cell.
    country
        int64[n], its country.
    facing
        int64[n, 4], what lies right, below, left and above: a country, `SEA` or `OWN`.
    """

    place: NDArray[np.int64]
    country: NDArray[np.int64]
    facing: NDArray[np.int64]

    def length_facing(self, other: int) -> NDArray[np.float64]:
        """Length of each cell's border with `other`, in cell widths. [n]"""
        return LENGTH[(self.facing == other) @ np.array([1, 2, 4, 8])]


def contacts(country: NDArray[np.int16]) -> Contacts:
    """Find the border cells of a raster of country numbers [H, W]."""
    padded = np.pad(country.astype(np.int64), 1, constant_values=NOTHING)
    sides = np.stack(
        [padded[1:-1, 2:], padded[2:, 1:-1], padded[1:-1, :-2], padded[:-2, 1:-1]], axis=-1
    ).reshape(-1, 4)
    own = country.ravel().astype(np.int64)
    foreign = (sides != own[:, None]) & (sides != NOTHING)
    place = np.flatnonzero(foreign.any(axis=1) & (own >= 0))
    return Contacts(place, own[place], np.where(foreign[place], sides[place], OWN))


@dataclass(frozen=True)
class Sectors(Laid):
    """All sectors of a map, in columns of S entries.

    Attributes
    ----------
    ids
        ``TJK-UZB:03`` is the third stretch of Tajikistan's border with Uzbekistan, on
        Tajikistan's side; ``TKM-sea:01`` is a stretch of coast.
    country, neighbour
        int16[S], owner and the other side (`SEA` on a coast).
    cells
        int32[S], number of border cells.
    length_km
        float64[S].
    crossings
        int32[S], official crossings and ports.
    of_cell
        int32[H, W], sector of each cell, -1 inside countries and at sea.
    """

    ids: tuple[str, ...]
    country: NDArray[np.int16]
    neighbour: NDArray[np.int16]
    cells: NDArray[np.int32]
    length_km: NDArray[np.float64]
    crossings: NDArray[np.int32]
    of_cell: NDArray[np.int32]


def sector_crossed(
    sectors: Sectors,
    country: NDArray[np.int16],
    here: NDArray[np.int64] | NDArray[np.int32],
    there: NDArray[np.int64] | NDArray[np.int32],
) -> NDArray[np.int32]:
    """Sector on the near side of each step across a border or a coast. [n]

    It is the sector of the cell `here` if that one faces the owner of `there`. A cell that
    touches two others belongs to one border only: for a step across the other one, it is the
    nearest sector of that border on the same side, or, where there is none, the cell's own.

    Parameters
    ----------
    country
        int16[H, W], owner of each cell.
    here, there
        Flat indices of n pairs of neighbouring cells with different owners. [n]

    Returns
    -------
    Sector numbers; -1 where `here` lies at sea.
    """
    owner, other = country.ravel()[here], country.ravel()[there]
    found = np.where(owner >= 0, sectors.of_cell.ravel()[here], -1).astype(np.int32)
    astray = np.flatnonzero((found >= 0) & (sectors.neighbour[found] != other))
    width = country.shape[1]
    for at in astray.tolist():
        facing = (sectors.country == owner[at]) & (sectors.neighbour == other[at])
        cells = np.flatnonzero((sectors.of_cell.ravel() >= 0) & facing[sectors.of_cell.ravel()])
        if cells.size:
            (rows, columns), (row, column) = np.divmod(cells, width), divmod(int(here[at]), width)
            nearest = cells[np.argmin((rows - row) ** 2 + (columns - column) ** 2)]
            found[at] = sectors.of_cell.ravel()[nearest]
    return found


def divide(
    country: NDArray[np.int16],
    codes: Sequence[str],
    cell_km: float,
    sector_km: float,
    official: NDArray[np.bool_],
    port: NDArray[np.bool_],
) -> Sectors:
    """Divide all borders and coasts of a raster into sectors of about `sector_km`.

    Parameters
    ----------
    country
        int16[H, W] of country numbers; `codes` are their names.
    official, port
        bool[H, W], official crossings (ports included), and ports.
    """
    cells = contacts(country)
    others = range(SEA, len(codes))
    touch = np.stack([cells.length_facing(other) for other in others], axis=1)
    at_sea = (touch[:, 0] > 0) & port.ravel()[cells.place]
    by_land = touch[:, 1:].max(axis=1, initial=0) > 0
    neighbour = np.where(by_land & ~at_sea, touch[:, 1:].argmax(axis=1) if len(codes) else 0, SEA)
    length = touch[np.arange(cells.place.size), neighbour + 1] * cell_km
    of_cell = np.full(country.size, -1, dtype=np.int32)
    ids: list[str] = []
    owners: list[int] = []
    facing: list[int] = []
    for own, other in np.unique(np.column_stack([cells.country, neighbour]), axis=0).tolist():
        chosen = (cells.country == own) & (neighbour == other)
        number = 0
        name = COAST if other == SEA else codes[other]
        for walk, around in _walks(cells.place[chosen], country.shape[1]):
            stretch = length[chosen][walk]
            pieces = max(1, round(stretch.sum() / sector_km))
            middle = np.cumsum(stretch) - stretch / 2
            piece = np.minimum((middle / stretch.sum() * pieces).astype(int), pieces - 1)
            piece = _joined(walk, np.unique(piece, return_inverse=True)[1], around)
            of_cell[cells.place[chosen][walk]] = len(ids) + piece
            for _ in range(int(piece.max()) + 1):
                number += 1
                ids.append(f"{codes[own]}-{name}:{number:02d}")
                owners.append(own)
                facing.append(other)
    sector = of_cell[cells.place]
    return Sectors(
        ids=tuple(ids),
        country=np.array(owners, dtype=np.int16),
        neighbour=np.array(facing, dtype=np.int16),
        cells=np.bincount(sector, minlength=len(ids)).astype(np.int32),
        length_km=np.bincount(sector, weights=length, minlength=len(ids)).astype(float),
        crossings=np.bincount(
            sector, weights=official.ravel()[cells.place], minlength=len(ids)
        ).astype(np.int32),
        of_cell=of_cell.reshape(country.shape),
    )


def _walks(place: NDArray[np.int64], width: int) -> list[tuple[NDArray[np.int64], list[list[int]]]]:
    """Connected stretches of border cells, each in walking order (indices into `place`).

    `place` ascends; neighbours are the eight around a cell, and are returned with each walk. A
    walk starts at an end of its stretch and goes on to the neighbour with the fewest ways out,
    so that it follows the border.
    """
    index = {cell: i for i, cell in enumerate(place.tolist())}
    around: list[list[int]] = []
    for cell in place.tolist():
        row, column = divmod(cell, width)
        around.append([
            index[(row + down) * width + column + right]
            for down, right in AROUND
            if 0 <= column + right < width and (row + down) * width + column + right in index
        ])  # fmt: skip
    start = np.repeat(np.arange(place.size), [len(near) for near in around])
    end = np.array([j for near in around for j in near], dtype=np.int64)
    links = coo_array((np.ones(end.size), (start, end)), shape=(place.size, place.size))
    count, part = connected_components(links, directed=False)
    walks: list[tuple[NDArray[np.int64], list[list[int]]]] = []
    for number in range(count):
        inside = np.flatnonzero(part == number).tolist()
        first = min(inside, key=lambda i: (len(around[i]), i))
        walks.append((np.array(_reached(first, around)), around))
    return walks


def _reached(first: int, around: list[list[int]], inside: set[int] | None = None) -> list[int]:
    """Cells reached from `first`, depth first, the most confined neighbour first."""
    order: list[int] = []
    seen: set[int] = set()
    stack = [first]
    while stack:
        here = stack.pop()
        if here in seen:
            continue
        seen.add(here)
        order.append(here)
        ways = [i for i in around[here] if i not in seen and (inside is None or i in inside)]
        stack.extend(sorted(ways, key=lambda i: -sum(j not in seen for j in around[i])))
    return order


def _joined(
    walk: NDArray[np.int64], piece: NDArray[np.int64], around: list[list[int]]
) -> NDArray[np.int64]:
    """Pieces of a walk, with crumbs beyond a turn given to the piece that they touch."""
    of = dict(zip(walk.tolist(), piece.tolist(), strict=True))
    for number in range(int(piece.max()) + 1):
        left = {cell for cell, own in of.items() if own == number}
        parts: list[list[int]] = []
        while left:
            parts.append(_reached(min(left), around, left))
            left -= set(parts[-1])
        parts.sort(key=len)
        for crumb in parts[:-1]:
            touched = [of[i] for cell in crumb for i in around[cell] if of[i] != number]
            of.update(dict.fromkeys(crumb, min(touched)))
    return np.unique([of[cell] for cell in walk.tolist()], return_inverse=True)[1]
