"""Country outlines: Natural Earth 1:50m, decoded from TopoJSON, by ISO alpha-3 code."""

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pycountry
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError, nearest

Ring = NDArray[np.float64]  # [n, 2], longitude and latitude in degrees
UNCODED = {"Kosovo": "XKX"}  # features without a numeric code that have a code in common use
# What has a code in ISO 3166 but no outline of its own, and the country whose outline holds it.
HELD = {
    "BES": "NLD",
    "GLP": "FRA",
    "GUF": "FRA",
    "MTQ": "FRA",
    "MYT": "FRA",
    "REU": "FRA",
    "SJM": "NOR",
    "TKL": "NZL",
}


@cache
def outlines() -> dict[str, tuple[Ring, ...]]:
    """Rings of every country by alpha-3 code; a point inside an odd number of rings is inside.

    Features that have no code (disputed or uninhabited pieces) stand under names in small
    letters, so that they are land, but nobody's to choose.
    """
    world = json.loads(
        resources.files("tocsin.cartography").joinpath("outlines.json").read_text("utf-8")
    )
    scale, shift = (np.array(world["transform"][part]) for part in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in world["arcs"]]
    found: dict[str, list[Ring]] = {}
    for feature in world["objects"]["countries"]["geometries"]:
        rings = found.setdefault(_code(feature), [])
        polygons = feature.get("arcs", [])
        if feature["type"] == "Polygon":
            polygons = [polygons]
        rings.extend(_ring(ring, arcs) for polygon in polygons for ring in polygon)
    return {code: tuple(rings) for code, rings in sorted(found.items())}


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Join arcs; a negative number is an arc walked backwards."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def unrolled(ring: Ring) -> Ring:
    """A ring without the jump at the date line: longitudes go on beyond 180 degrees. [n, 2]

    One that goes round a pole is closed over that pole.
    """
    longitude = np.unwrap(ring[:, 0], period=360.0)
    whole = np.column_stack([longitude, ring[:, 1]])
    if abs(longitude[-1] - longitude[0]) < 180.0:
        return whole
    pole = np.copysign(90.0, ring[:, 1].mean())
    return np.vstack([whole, [longitude[-1], pole], [longitude[0], pole], whole[0]])


def _code(feature: dict[str, Any]) -> str:
    number, name = feature.get("id"), feature["properties"]["name"]
    country = pycountry.countries.get(numeric=number) if number else None
    if country is not None:
        return str(country.alpha_3)
    return str(UNCODED.get(name, name.lower()))


def codes() -> list[str]:
    """Codes that a map can be made of."""
    return [code for code in outlines() if code.isupper() and len(code) == 3]


def checked(code: str, option: str) -> str:
    """The code, if there is an outline for it; raises InputError that says why not."""
    if code not in codes():
        raise InputError(f"{option} {code}: {_why_not(code)}")
    return code


def _why_not(code: str) -> str:
    """Why no map can be made of a code: of ISO 3166 without an outline, or no code at all."""
    country = pycountry.countries.get(alpha_3=code) if len(code) == 3 and code.isupper() else None
    if country is None:
        by_name = {country.name.upper(): country.alpha_3 for country in pycountry.countries}
        hint = nearest(code, codes())
        if code.upper() in by_name:
            hint = f" (nearest: {by_name[code.upper()]!r})"
        return (
            "no country has this code; allowed is an ISO 3166 code of three capital letters, "
            f"as in TJK{hint}."
        )
    name = name_of(code)
    if code in HELD:
        return (
            f"{name} has no outline of its own; it is part of {HELD[code]} in the outlines, so "
            f"take {HELD[code]} with --with-overseas."
        )
    return (
        f"{name} has no outline of its own in Natural Earth 1:50m, which leaves out or joins the "
        "smallest territories, so no map can be made of it."
    )


def name_of(code: str) -> str:
    """Common English name of a country."""
    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        return next(name for name, own in UNCODED.items() if own == code)
    return getattr(country, "common_name", country.name)
