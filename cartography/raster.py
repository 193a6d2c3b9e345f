"""Rasters: an equal-area grid of square cells laid over a set of countries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray
from tocsin.cartography.outlines import Ring, outlines, unrolled
from tocsin.cartography.parts import parts
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import NOTHING, SEA

EARTH_KM = 6371.0
MOST_CELLS = 1_000_000
Window = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection of the sphere around a centre, in kilometres."""

    longitude: float
    latitude: float

    def forward(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """East and north of the centre [n, 2] of longitudes and latitudes in degrees [n, 2]."""
        lam = np.radians(points[:, 0] - self.longitude)
        phi, phi0 = np.radians(points[:, 1]), np.radians(self.latitude)
        cosine = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
        k = EARTH_KM * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
        north = np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam)
        return np.column_stack([k * np.cos(phi) * np.sin(lam), k * north])

    def inverse(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> Ring:
        """Longitudes (-180 to 180) and latitudes [n, 2] of points in kilometres."""
        rho = np.hypot(east, north)
        c = 2 * np.arcsin(np.minimum(rho / (2 * EARTH_KM), 1.0))
        phi0, safe = np.radians(self.latitude), np.maximum(rho, 1e-12)
        phi = np.arcsin(np.cos(c) * np.sin(phi0) + north * np.sin(c) * np.cos(phi0) / safe)
        lam = np.arctan2(
            east * np.sin(c), safe * np.cos(phi0) * np.cos(c) - north * np.sin(phi0) * np.sin(c)
        )
        longitude = (np.degrees(lam) + self.longitude + 180) % 360 - 180
        return np.column_stack([longitude, np.degrees(phi)])


@dataclass(frozen=True)
class Raster:
    """Countries on cells.

    Attributes
    ----------
    country
        int16[H, W], index into the codes given, `SEA` or `NOTHING` (land of others).
    projection, west, north, cell_km
        Where the cells lie: the corner in kilometres from the centre of the projection.
    """

    country: NDArray[np.int16]
    projection: Projection
    west: float
    north: float
    cell_km: float

    def cell(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Row and column of a point; may lie outside."""
        east, north = self.projection.forward(np.array([[longitude, latitude]]))[0]
        return (
            int(np.floor((self.north - north) / self.cell_km)),
            int(np.floor((east - self.west) / self.cell_km)),
        )


def rasterise(
    codes: Sequence[str], cell_km: float, window: Window | None = None, overseas: bool = False
) -> Raster:
    """Lay cells over countries, or over the part of them inside a window.

    A cell belongs to the country in which its centre lies. Beyond the window every cell is nothing,
    land or not. Without a window the far parts of a country (`tocsin.cartography.parts`) are
    nothing as well, unless they are asked for with `overseas`.

    Raises
    ------
    InputError
        The map would be too large, or a country has no cell on it.
    """
    world = outlines()
    whole = overseas or window is not None
    chosen = {code: world[code] if whole else parts(code).mainland for code in codes}
    points = np.concatenate([ring for rings in chosen.values() for ring in rings])
    points = points[inside_window(points, window)]
    if points.size == 0:
        raise InputError(f"--window {window}: none of the countries lies in it.")
    projection = _centred(points)
    flat = projection.forward(points)
    west, south = flat.min(axis=0) - cell_km
    east, north = flat.max(axis=0) + cell_km
    height, width = int(np.ceil((north - south) / cell_km)), int(np.ceil((east - west) / cell_km))
    if height * width > MOST_CELLS:
        raise InputError(
            f"--cell-km {cell_km:g}: {width} x {height} cells are too many; allowed are "
            f"{MOST_CELLS:,} in all, so take larger cells or a --window."
        )
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    places = projection.inverse(
        west + (columns.ravel() + 0.5) * cell_km, north - (rows.ravel() + 0.5) * cell_km
    )
    country = np.full(height * width, SEA, dtype=np.int16)
    for code, rings in world.items():
        if code not in chosen or len(chosen[code]) < len(rings):
            country[_inside(places, rings)] = NOTHING
        if code in chosen:
            country[_inside(places, chosen[code])] = codes.index(code)
    country[~inside_window(places, window)] = NOTHING
    for number, code in enumerate(codes):
        if not (country == number).any():
            raise InputError(
                f"--countries {code}: no cell of {cell_km:g} km has its centre there; take "
                "smaller cells, or leave the country out."
            )
    return Raster(country.reshape(height, width), projection, float(west), float(north), cell_km)


def _centred(points: Ring) -> Projection:
    """A projection around the middle of points, wherever on the globe they lie."""
    lam, phi = np.radians(points).T
    middle = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]).mean(
        axis=1
    )
    longitude = np.degrees(np.arctan2(middle[1], middle[0]))
    latitude = np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1])))
    return Projection(float(longitude), float(latitude))


def inside_window(points: Ring, window: Window | None) -> NDArray[np.bool_]:
    """Whether points in degrees lie in a window; without one all do. [n]"""
    if window is None:
        return np.ones(len(points), dtype=bool)
    west, south, east, north = window
    longitude, latitude = points.T
    across = (longitude >= west) & (longitude <= east)
    if west > east:
        across = (longitude >= west) | (longitude <= east)
    return across & (latitude >= south) & (latitude <= north)


def _inside(points: Ring, rings: Sequence[Ring]) -> NDArray[np.bool_]:
    """Whether points lie inside an odd number of rings. [n]"""
    inside = np.zeros(len(points), dtype=bool)
    for ring in rings:
        whole = unrolled(ring)
        low, high = whole.min(axis=0), whole.max(axis=0)
        for turn in (-360.0, 0.0, 360.0):
            turned = points + np.array([turn, 0.0])
            near = np.flatnonzero(((turned >= low) & (turned <= high)).all(axis=1))
            if near.size:
                inside[near] ^= Path(whole).contains_points(turned[near])
    return inside
