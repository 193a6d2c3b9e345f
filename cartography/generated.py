"""Worlds drawn by chance: land, countries, towns and profiles from a seed.

They serve tests and facts: what holds on the worlds that people looked at while they built the
model should hold on one that nobody looked at. Every number in them is drawn, none is chosen to
make something come out. The same seed gives the same world.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter, label
from tocsin.cartography.build import BuiltMap, profile_lines, settle
from tocsin.cartography.governance import GovernanceProfile
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import SEA, Terrain
from tocsin.simulation.geography.map_files import map_text

SHAPE = (40, 60)
CELL_KM = 25.0
SECTOR_KM = 100.0
SEA_SHARE = 0.25  # assumption, as are all the shares below
ROUGH = (
    (0.55, Terrain.HILL),
    (0.80, Terrain.MOUNTAIN),
)  # quantile of height on land, from there on
TOWNS = 3  # in each country
LANGUAGES = 4
LETTERS = ("BDFGKLMNPRSTVZ", "AEIOU")


def generate(seed: int, countries: int = 6) -> BuiltMap:
    """Draw a world of some countries.

    Parameters
    ----------
    seed
        0 or more.
    countries
        2 to 20.

    Raises
    ------
    InputError
        A number is out of bounds.
    """
    if not (seed >= 0 and 2 <= countries <= 20):
        raise InputError(
            f"generated world: seed {seed}, {countries} countries; allowed are a seed from 0 on "
            "and 2 to 20 countries."
        )
    chance = np.random.default_rng([seed, 20260101])
    height = gaussian_filter(chance.normal(size=SHAPE), 4.0, mode="nearest")
    land = _mainland(height > np.quantile(height, SEA_SHARE))
    country = _divide(land, countries, chance)
    names = _names(countries, chance)
    codes = sorted(names)
    terrain = np.full(SHAPE, Terrain.PLAIN, dtype=np.uint8)
    for quantile, kind in ROUGH:
        terrain[height > np.quantile(height[land], quantile)] = kind
    terrain[country == SEA] = Terrain.SEA
    towns, ports = _towns(country, codes, chance)
    profiles = {code: _profile(chance) for code in codes}
    source = f"drawn by tocsin.cartography.generated from seed {seed}"
    title = f"Generated world {seed}"
    return settle(title, CELL_KM, country, terrain, towns, ports, source, names, profiles)


def write(seed: int, folder: Path, countries: int = 6) -> Path:
    """Write map and root scenario of a generated world; the path of the scenario file.

    Heroin goes from the two countries farthest west to the two farthest east.
    """
    world = generate(seed, countries)
    grid = world.grid
    middle = {code: float(np.argwhere(grid.country == n)[:, 1].mean())
              for n, code in enumerate(grid.codes)}  # fmt: skip
    order = sorted(middle, key=middle.__getitem__)
    ends = max(1, min(2, countries // 2))
    sources, markets = ([world.first_town[code] for code in part]
                        for part in (order[:ends], order[-ends:]))  # fmt: skip
    name = f"generated_{seed}"
    lines = [
        "schema = 1",
        f'title = "{grid.title}"',
        'question = "Does what holds elsewhere hold on a world that nobody chose?"',
        'author = "The Tocsin contributors"',
        'description = "Land, countries and profiles are drawn by chance."',
        "",
        "[world]",
        f'map = "{name}.map"',
        f"sector_km = {SECTOR_KM}",
        *profile_lines(world, SECTOR_KM),
        "",
        "[commodities.heroin]",
        f"sources = [{', '.join(f'"{town}"' for town in sources)}]",
        f"markets = [{', '.join(f'"{town}"' for town in markets)}]",
        "supply_per_year = 40_000",
        "shipment_size = 1.0",
        "source_price = 2_500",
        "market_price = 25_000",
        "",
        "[sources]",
        f'"world.*" = "assumption: {grid.source}"',
        '"countries.*" = "assumption: drawn by chance; officers by the rule of docs/maps.md"',
        '"commodities.*" = "assumption: as in baseline"',
    ]
    (folder / f"{name}.map").write_text(map_text(grid), encoding="utf-8")
    file = folder / f"{name}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _mainland(land: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest piece of land; islands sink."""
    pieces = np.zeros(land.shape, dtype=np.int32)
    label(land, output=pieces)
    sizes = np.bincount(pieces.ravel())
    return pieces == 1 + int(np.argmax(sizes[1:]))


def _divide(
    land: NDArray[np.bool_], countries: int, chance: np.random.Generator
) -> NDArray[np.int16]:
    """Let countries grow from cells of land, one cell in turn, until all land is taken."""
    country = np.full(land.shape, SEA, dtype=np.int16)
    cells = np.argwhere(land)
    starts = [cells[chance.integers(len(cells))]]
    while len(starts) < countries:  # each capital far from those before it
        tries = cells[chance.integers(len(cells), size=20)]
        near = [min(float(np.hypot(*(a - b))) for b in starts) for a in tries]
        starts.append(tries[int(np.argmax(near))])
    for number, (row, column) in enumerate(starts):
        country[row, column] = number
    while (land & (country == SEA)).any():
        for number in chance.permutation(countries).tolist():
            edge = np.asarray(binary_dilation(country == number), dtype=bool)
            won = edge & land & (country == SEA) & (chance.random(land.shape) < 0.5)
            country[won] = number
    return country


def _names(countries: int, chance: np.random.Generator) -> dict[str, str]:
    """Code -> name, both invented, no two alike."""
    hard, soft = LETTERS
    names: dict[str, str] = {}
    while len(names) < countries:
        one = "".join(
            hard[chance.integers(len(hard))] + soft[chance.integers(len(soft))] for _ in range(3)
        )
        names.setdefault(one[:3], one.capitalize())
    return names


def _towns(
    country: NDArray[np.int16], codes: list[str], chance: np.random.Generator
) -> tuple[dict[str, dict[str, tuple[int, int]]], set[str]]:
    """Towns of each country, and which of them are ports: those on the coast."""
    coast = binary_dilation(country == SEA)
    towns: dict[str, dict[str, tuple[int, int]]] = {}
    ports: set[str] = set()
    for number, code in enumerate(codes):
        cells = np.argwhere(country == number)
        chosen = chance.choice(len(cells), size=min(TOWNS, len(cells)), replace=False)
        towns[code] = {}
        for at, (row, column) in enumerate(cells[chosen].tolist()):
            name = f"{code.capitalize()} {at + 1}"
            towns[code][name] = (row, column)
            if coast[row, column]:
                ports.add(name)
    return towns, ports


def _profile(chance: np.random.Generator) -> GovernanceProfile:
    """A profile by the rule of `governance` on ranks drawn between 0.1 and 0.9."""
    effective, corruption, law = chance.uniform(0.1, 0.9, 3)
    return GovernanceProfile.of_ranks(
        effective, corruption, law, (f"Language {chance.integers(LANGUAGES) + 1}",)
    )
