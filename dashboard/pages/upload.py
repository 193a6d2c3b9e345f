"""Scenario files from a browser: never trusted.

A file is read only if it is small; it may have a shipped parent and a shipped map and nothing
else; it is checked like every scenario file, in a private folder that is gone afterwards; and a
world that would tie up the machine is refused.
"""

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import Scenario, load, names, shipped_maps
from tocsin.simulation.text_files import decoded, toml_table

MOST_BYTES = 256 * 1024
MOST_WEEKS = 1560
MOST_NETWORKS = 500


def read_upload(name: str, data: bytes) -> Scenario:
    """Read a scenario from what a browser sent.

    Parameters
    ----------
    name
        What the browser calls the file; only shown, never used as a path.
    data
        Its content.

    Raises
    ------
    InputError
        Too large, not well formed, or it names a file of its own.
    """
    shown = safe_name(name)
    if len(data) > MOST_BYTES:
        raise InputError(f"{shown}: {len(data)} bytes are too many; allowed are {MOST_BYTES}.")
    _check_references(shown, data)
    with tempfile.TemporaryDirectory(prefix="tocsin-upload-") as folder:
        place = Path(folder) / f"{shown}.toml"
        place.write_bytes(data)
        scenario = load(place)
    world = scenario.parameters.world
    if world.weeks > MOST_WEEKS or world.networks > MOST_NETWORKS:
        raise InputError(
            f"{shown}: too large for the room; allowed are {MOST_WEEKS} weeks and "
            f"{MOST_NETWORKS} networks."
        )
    return replace(scenario, name=shown, path=f"{shown}.toml", family="uploaded")


def safe_name(name: str) -> str:
    """A short name of plain letters for a file that somebody sent."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name.removesuffix(".toml")).strip("_")
    return stem[:40] or "upload"


def _check_references(shown: str, data: bytes) -> None:
    """Refuse a parent or a map that is not shipped, before anything looks for it on the disk."""
    text = decoded(data, shown)
    try:
        table = toml_table(text)
    except InputError as wrong:
        raise InputError(f"{shown}: {wrong}") from None
    if "parent" in table and table["parent"] not in names():
        raise InputError(f"{shown}: parent: allowed in an uploaded file is {', '.join(names())}.")
    world = table.get("world")
    stated = world.get("map") if isinstance(world, dict) else None
    chosen = stated.get("value") if isinstance(stated, dict) else stated
    maps = [f"{name}.map" for name in shipped_maps()]
    if chosen is not None and chosen not in maps:
        allowed = ", ".join(maps)
        raise InputError(f"{shown}: world.map: allowed in an uploaded file is {allowed}.")
