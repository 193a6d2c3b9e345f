"""Disputed and breakaway areas, in the wording of Natural Earth, and which of them a map shows."""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from cartography.raster import Raster, Window, inside_window
from simulation.grid import SEA

NEAR_KM = 50.0  # assumption: an area is on a map that has land of its countries so near


class Area(NamedTuple):
    """An area and a point in it, in degrees."""

    name: str
    note: str
    longitude: float
    latitude: float


@cache
def areas() -> tuple[Area, ...]:
    """All areas that Natural Earth 1:10m calls disputed, breakaway, leased or the like."""
    text = resources.files("cartography").joinpath("disputed.csv").read_text("utf-8")
    return tuple(
        Area(row["area"], row["note"], float(row["lon"]), float(row["lat"]))
        for row in csv.DictReader(text.splitlines())
    )


def on_map(raster: Raster, window: Window | None = None) -> list[Area]:
    """Areas on a map: their point lies on its water, or within `NEAR_KM` or a cell of its land."""
    land = np.argwhere(raster.country >= 0)
    height, width = raster.country.shape
    reach = max(NEAR_KM / raster.cell_km, 1.5)
    found = []
    for area in areas():
        if not inside_window(np.array([[area.longitude, area.latitude]]), window)[0]:
            continue
        row, column = raster.cell(area.longitude, area.latitude)
        inside = 0 <= row < height and 0 <= column < width
        at_sea = inside and raster.country[row, column] == SEA
        if at_sea or np.hypot(*(land - (row, column)).T).min() <= reach:
            found.append(area)
    return found


def sentence(found: list[Area]) -> str:
    """What a map says of its disputed areas; empty if it has none."""
    if not found:
        return ""
    said = [f"{area.name} ({area.note})" if area.note else area.name for area in found]
    return (
        "Disputed or special areas on this map or at its edge, in the words of Natural Earth, with "
        f"no opinion on any of them: {'; '.join(said)}."
    )
