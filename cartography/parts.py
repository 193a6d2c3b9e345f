"""Far parts of countries: what belongs to a country, but not to the map that is asked for.

The rule: the parts of an outline are joined where they lie within `NEAR_KM` of each other, so that
islands are reached by steps. The largest group is the mainland. Another group of at least `LARGE`
of its area belongs to it as well, as Borneo and the peninsula do in Malaysia; all others are far.
Both numbers are assumptions: 400 km keeps Kaliningrad and Socotra and leaves out Svalbard.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree
from tocsin.cartography.outlines import Ring, outlines, unrolled

EARTH_KM = 6371.0
NEAR_KM = 400.0
LARGE = 0.25
# Common names of far parts: the code of the country, a point in or beside it, the name.
NAMES = (
    ("AUS", 158.9, -54.6, "Macquarie Island"),
    ("CHL", -109.3, -27.1, "Easter Island"),
    ("CHL", -78.9, -33.6, "the Juan Fernández Islands"),
    ("ECU", -91.3, -0.4, "the Galápagos"),
    ("ESP", -16.5, 28.3, "the Canary Islands"),
    ("FJI", 177.1, -12.5, "Rotuma"),
    ("FJI", 174.6, -21.7, "Ceva-i-Ra"),
    ("FRA", -53.3, 3.5, "French Guiana"),
    ("FRA", -61.0, 14.6, "Guadeloupe and Martinique"),
    ("FRA", 45.1, -12.8, "Mayotte"),
    ("FRA", 55.6, -21.1, "Réunion"),
    ("FSM", 151.6, 7.4, "Chuuk"),
    ("FSM", 163.0, 5.3, "Kosrae"),
    ("IND", 92.8, 12.5, "the Andaman and Nicobar Islands"),
    ("JPN", 142.2, 26.7, "the Ogasawara Islands"),
    ("MEX", -111.0, 18.8, "the Revillagigedo Islands"),
    ("NLD", -68.3, 12.2, "Bonaire"),
    ("NLD", -63.0, 17.5, "Saba and Sint Eustatius"),
    ("NOR", -8.6, 71.0, "Jan Mayen"),
    ("NOR", 15.4, 78.7, "Svalbard"),
    ("NZL", -176.5, -43.9, "the Chatham Islands"),
    ("NZL", -172.5, -8.6, "Tokelau"),
    ("PRT", -25.6, 37.8, "the Azores"),
    ("PRT", -17.0, 32.8, "Madeira"),
    ("USA", -151.7, 61.0, "Alaska"),
    ("USA", -155.5, 19.6, "Hawaii"),
    ("ZAF", 37.8, -46.9, "the Prince Edward Islands"),
)


class OutlineParts(NamedTuple):
    """The outline of a country in two: rings of the mainland, and names of what is far."""

    mainland: tuple[Ring, ...]
    far: tuple[str, ...]


@cache
def parts(code: str) -> OutlineParts:
    """Mainland and far parts of a country by the rule of this module."""
    rings = outlines()[code]
    group = _groups(rings)
    areas = np.bincount(group, weights=[_area(ring) for ring in rings])
    kept = areas >= LARGE * areas.max()
    far = [
        _name(code, max((ring for ring, own in zip(rings, group, strict=True) if own == number),
                        key=_area))
        for number in np.flatnonzero(~kept)
    ]  # fmt: skip
    mainland = tuple(ring for ring, own in zip(rings, group, strict=True) if kept[own])
    return OutlineParts(mainland, tuple(sorted(far)))


def left_out(code: str) -> str:
    """A sentence that names the far parts of a country; empty if there are none."""
    far = parts(code).far
    if not far:
        return ""
    return f"Left out of {code}, as over {NEAR_KM:g} km from its largest part: {', '.join(far)}."


def _groups(rings: tuple[Ring, ...]) -> NDArray[np.intp]:
    """Number of the group of each ring."""
    trees = [KDTree(_on_sphere(ring)) for ring in rings]
    chord = 2 * np.sin(NEAR_KM / EARTH_KM / 2)
    joined = np.zeros((len(rings), len(rings)), dtype=bool)
    for one, tree in enumerate(trees):
        for other in range(one):
            away, _ = tree.query(np.asarray(trees[other].data), distance_upper_bound=chord)
            joined[one, other] = np.isfinite(away).any()
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.intp)


def _on_sphere(ring: Ring) -> Ring:
    lam, phi = np.radians(ring).T
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _area(ring: Ring) -> float:
    """Area inside a ring on a sphere of radius 1, over straight lines in longitude and latitude."""
    lam, phi = np.radians(ring).T
    across = (np.diff(lam) + np.pi) % (2 * np.pi) - np.pi
    return abs(float((across * (np.sin(phi[1:]) + np.sin(phi[:-1])) / 2).sum()))


def _name(code: str, ring: Ring) -> str:
    """Common name of a far part, or where it lies."""
    longitude, latitude = unrolled(ring).mean(axis=0)
    longitude = (longitude + 180) % 360 - 180
    for owner, east, north, name in NAMES:
        if owner == code and abs(longitude - east) < 2 and abs(latitude - north) < 2:
            return name
    return (
        f"land near {abs(latitude):.0f}° {'N' if latitude >= 0 else 'S'} "
        f"{abs(longitude):.0f}° {'E' if longitude >= 0 else 'W'}"
    )
