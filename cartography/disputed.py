"""Disputed areas, in the wording of Natural Earth, and outlines of disputed status on a map.

Neither the list of areas nor the order of the sentences is an opinion on any of them.
"""

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from tocsin.cartography.outlines import name_of, outlines
from tocsin.cartography.raster import Raster, Window, inside_window
from tocsin.simulation.geography.grid import SEA

NEAR_KM = 50.0  # assumption: an area is on a map that has land of its countries so near


class Status(NamedTuple):
    """An outline of which the whole is disputed: with whom, and its rows among the areas."""

    other: str
    areas: tuple[str, ...] = ()


# Outlines that Natural Earth 1:50m draws apart, and the country with which each is contested:
# Security Council resolutions 1244 (1999), 541 (1983) and 690 (1991), General Assembly resolutions
# 2758 (1971), 67/19 (2012); Somaliland has declared itself independent of Somalia (1991).
STATUS = {
    "ESH": Status("MAR", ("W. Sahara",)),
    "PSE": Status("ISR", ("Gaza", "West Bank")),
    "TWN": Status("CHN"),
    "XKX": Status("SRB"),
    "n. cyprus": Status("CYP", ("N. Cyprus",)),
    "somaliland": Status("SOM", ("Somaliland",)),
}


class Area(NamedTuple):
    """An area and a point in it, in degrees."""

    name: str
    note: str
    longitude: float
    latitude: float


@cache
def areas() -> tuple[Area, ...]:
    """All areas that Natural Earth 1:10m calls disputed, breakaway, leased or the like."""
    text = resources.files("tocsin.cartography").joinpath("disputed.csv").read_text("utf-8")
    return tuple(
        Area(row["area"], row["note"], float(row["lon"]), float(row["lat"]))
        for row in csv.DictReader(text.splitlines())
    )


def on_map(raster: Raster, window: Window | None = None) -> list[Area]:
    """Areas on a map: their point lies on its water, or within `NEAR_KM` or a cell of its land."""
    land = np.argwhere(raster.country >= 0)
    height, width = raster.country.shape
    reach = _reach(raster)
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


def apart(codes: Sequence[str], raster: Raster, found: Sequence[Area]) -> list[str]:
    """Outlines of disputed status that a map draws apart, in words.

    One is on a map under its own code; or as land of nobody, in the frame of a map of the country
    with which it is contested or within reach of other land, unless its areas are named already.
    """
    named = {area.name for area in found}
    return [
        f"{key} ({name_of(key)})" if key.isupper() else key.title()
        for key, status in STATUS.items()
        if key in codes
        or (not named.intersection(status.areas) and _seen(key, status.other in codes, raster))
    ]


def _seen(key: str, anywhere: bool, raster: Raster) -> bool:
    """Whether an outline reaches into the frame of a map, anywhere or near its land only."""
    east, north = raster.projection.forward(np.concatenate(outlines()[key])).T
    places = np.column_stack([raster.north - north, east - raster.west]) / raster.cell_km
    inside = ((places >= 0) & (places < raster.country.shape)).all(axis=1)
    if anywhere or not inside.any():
        return bool(inside.any())
    land = np.argwhere(raster.country >= 0) + 0.5
    reach = _reach(raster)
    return any(np.hypot(*(land - place).T).min() <= reach for place in places[inside])


def _reach(raster: Raster) -> float:
    """How near, in cells, land of a map lies to what is at its edge."""
    return max(NEAR_KM / raster.cell_km, 1.5)


def sentences(codes: Sequence[str], raster: Raster, window: Window | None = None) -> str:
    """What a map of some countries says of disputed areas and status; empty if it has none."""
    found = on_map(raster, window)
    said = []
    if found:
        areas_ = [f"{area.name} ({area.note})" if area.note else area.name for area in found]
        said.append(
            "Disputed or special areas on this map or at its edge, in the words of Natural Earth, "
            f"with no opinion on any of them: {'; '.join(areas_)}."
        )
    if drawn := apart(codes, raster, found):
        said.append(
            "Drawn apart from other countries as in the outlines of Natural Earth, without "
            "prejudice to positions on their status, which is disputed: "
            f"{'; '.join(drawn)}."
        )
    return " ".join(said)
