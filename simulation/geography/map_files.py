"""Map files: a world drawn as text, one character a cell, to a grid and back.

A small world is a map file: TOML with the extension ``.map``, drawn in any editor, one
character a cell, in two layers of the same size. ``countries`` says whose land a cell is,
``terrain`` says what it is like; both draw the sea, so that each can be read by itself::

    schema = 1
    title = "Two banks"
    cell_km = 25.0
    source = "drawn for this example; fictional"

    [countries]
    A = "ARX"
    B = "BOV"
    "~" = "sea"

    [terrain]
    "~" = "sea"
    "." = "plain"
    "=" = "road"
    x = "crossing"

    [towns]
    1 = "Kalda"
    2 = { name = "Port Ormen", terrain = "port" }

    [layers]
    countries = '''
    AAABBB~
    AAABBB~
    '''
    terrain = '''
    1=xx=2~
    ......~
    '''

Four choices of this format:

* A named town has a character of its own in the terrain layer and is a town cell. A town that
  is an official crossing or a port says so with ``terrain``, because a cell holds one character.
* The reserved country names are ``sea`` and ``nothing``. What is nothing (land that the world
  leaves out) should have a visible character: editors cut blanks at the end of a line.
* The optional ``note`` says what whoever sees the map must know, such as territory in dispute;
  pictures and reports repeat it.
* An official crossing is drawn on both banks of a border, each for its own country.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.grid import NOTHING, SEA, TOWN_KINDS, BorderGrid, Terrain, faults
from tocsin.simulation.text_files import read_text, toml_table

MAP_SCHEMA = 1

# How `map_text` draws; a map drawn by hand may choose otherwise.
TERRAIN_CHARACTERS = dict(zip(Terrain, "-~.n^:=oxp", strict=True))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MORE_LETTERS = "".join(chr(c) for c in [*range(0xC0, 0x250), *range(0x391, 0x530)])
COUNTRY_CHARACTERS = LETTERS + LETTERS.lower() + "0123456789" + MORE_LETTERS
TOWN_CHARACTERS = "1234567890" + LETTERS + "abcdefghijklmqrstuvwyz" + MORE_LETTERS


def read_map(path: str | Path | Traversable) -> BorderGrid:
    """Read a map file.

    Raises
    ------
    InputError
        One sentence with file, line and column if the text is not a whole and consistent map.
    """
    return _MapFile.open(path).grid()


def map_text(grid: BorderGrid, comment: str = "") -> str:
    """The map file of a grid; reading it gives an equal grid.

    `comment` is put at the head of the file, each line behind a ``#``.
    """
    country_of = {SEA: "~", NOTHING: "-"}
    for number, code in enumerate(grid.codes):
        wanted = code + code.lower() + COUNTRY_CHARACTERS
        country_of[number] = next(c for c in wanted if c not in country_of.values())
    town_of = _town_characters(grid.towns)
    drawn = np.zeros(grid.shape, dtype="<U1")
    for kind, character in TERRAIN_CHARACTERS.items():
        drawn[grid.terrain == kind] = character
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    lines += [""] if comment else []
    lines += [f"schema = {MAP_SCHEMA}", f"title = {_quoted(grid.title)}"]
    lines += [f"cell_km = {grid.cell_km!r}", f"source = {_quoted(grid.source)}"]
    lines += [f"note = {_quoted(grid.note)}"] if grid.note else []
    lines += ["", "[countries]"]
    lines += [f"{_quoted(country_of[n])} = {_quoted(c)}" for n, c in enumerate(grid.codes)]
    for number, name in ((SEA, "sea"), (NOTHING, "nothing")):
        if (grid.country == number).any():
            lines.append(f'"{country_of[number]}" = "{name}"')
    lines += ["", "[terrain]"]
    town_cells = np.zeros(grid.shape, dtype=bool)
    for place in grid.towns.values():
        town_cells[place] = True
    for kind, character in TERRAIN_CHARACTERS.items():
        if ((grid.terrain == kind) & ~town_cells).any():
            lines.append(f'"{character}" = "{kind.name.lower()}"')
    lines += ["", "[towns]"] if grid.towns else []
    for name, place in grid.towns.items():
        kind, value = Terrain(grid.terrain[place]), _quoted(name)
        if kind is not Terrain.TOWN:
            value = f'{{ name = {value}, terrain = "{kind.name.lower()}" }}'
        lines.append(f"{_quoted(town_of[name])} = {value}")
        drawn[place] = town_of[name]
    characters = np.array([country_of[n] for n in (*range(len(grid.codes)), NOTHING, SEA)])
    for layer, picture in (("countries", characters[grid.country]), ("terrain", drawn)):
        lines += ["", "[layers]"] if layer == "countries" else [""]
        lines += [f'{layer} = """', *("".join(row) for row in picture.tolist()), '"""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _town_characters(towns: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    if len(towns) > len(TOWN_CHARACTERS):
        raise InputError(
            f"{len(towns)} named towns are too many for a map file, which holds "
            f"{len(TOWN_CHARACTERS)}."
        )
    return dict(zip(towns, TOWN_CHARACTERS, strict=False))


@dataclass(frozen=True)
class _MapFile:
    """One map file on its way to a grid: knows the file's name and its lines."""

    name: str
    text: str
    table: dict[str, Any]

    @classmethod
    def open(cls, path: str | Path | Traversable) -> "_MapFile":
        source = Path(path) if isinstance(path, str) else path
        name = str(source)
        text = read_text(source, "a map")
        try:
            return cls(name, text, toml_table(text))
        except InputError as wrong:
            raise InputError(f"{name}: {wrong}") from None

    def grid(self) -> BorderGrid:
        self._check_keys()
        owner = self._legend("countries")
        kinds = self._legend("terrain")
        towns = self._towns(kinds)
        codes = sorted({code for code in owner.values() if code not in ("sea", "nothing")})
        number = {code: n for n, code in enumerate(codes)} | {"sea": SEA, "nothing": NOTHING}
        drawn, first = self._layer("countries")
        country = self._translate("countries", drawn, first, {c: number[owner[c]] for c in owner})
        drawn, first_terrain = self._layer("terrain")
        if drawn.shape != country.shape:
            sizes = [f"{w} x {h}" for h, w in (country.shape, drawn.shape)]
            self._refuse(f"layer countries has {sizes[0]} cells but layer terrain has {sizes[1]}.")
        meaning: dict[str, int] = {c: Terrain[kinds[c].upper()] for c in kinds}
        meaning |= {c: kind for c, (_, kind) in towns.items()}
        terrain = self._translate("terrain", drawn, first_terrain, meaning)
        places: dict[str, tuple[int, int]] = {}
        for character, (name, _) in towns.items():
            found = np.argwhere(drawn == ord(character)).tolist()
            if not found:
                self._refuse(f"town {name!r} ({character!r}) is drawn nowhere in layer terrain.")
            if len(found) > 1:
                row, column = found[1]
                place = _place(first_terrain, row, column)
                self._refuse(f"{place}: town {name!r} ({character!r}) is drawn a second time.")
            places[name] = (found[0][0], found[0][1])
        lines = {"countries": first, "terrain": first_terrain}
        for fault in faults(self.table["cell_km"], codes, country, terrain, places):
            place = _place(lines[fault.layer], fault.row, fault.column) if fault.layer else ""
            self._refuse(f"{place}: {fault.sentence}" if place else fault.sentence)
        return BorderGrid.from_arrays(
            title=self.table["title"],
            cell_km=self.table["cell_km"],
            codes=codes,
            country=country,
            terrain=terrain,
            towns=places,
            source=self.table.get("source", ""),
            note=self.table.get("note", ""),
        )

    def _refuse(self, sentence: str) -> None:
        raise InputError(
            f"{self.name}, {sentence}" if sentence[:5] == "line " else f"{self.name}: {sentence}"
        )

    def _check_keys(self) -> None:
        known = {"schema": int, "title": str, "cell_km": float, "source": str, "note": str}
        tables = ("countries", "terrain", "towns", "layers")
        for key in self.table:
            if key not in (*known, *tables):
                self._refuse(f"unknown key {key!r}{nearest(key, (*known, *tables))}.")
        for key in ("schema", "title", "cell_km", "countries", "terrain", "layers"):
            if key not in self.table:
                self._refuse(f"key {key!r} is missing.")
        if self.table["schema"] != MAP_SCHEMA:
            schema = self.table["schema"]
            self._refuse(f"schema = {schema!r}, but this version reads map schema {MAP_SCHEMA}.")
        for key in ("title", "source", "note"):
            if not isinstance(self.table.get(key, ""), str):
                self._refuse(f"{key} = {self.table[key]!r}, but it is a text in quotes.")
        for key in tables:
            if not isinstance(self.table.get(key, {}), dict):
                self._refuse(f"{key} = {self.table[key]!r}, but it is a table, [{key}].")
        for key in self.table["layers"]:
            if key not in ("countries", "terrain"):
                hint = nearest(key, ("countries", "terrain"))
                self._refuse(f"unknown layer {key!r}{hint}; the layers are countries and terrain.")

    def _legend(self, table: str) -> dict[str, str]:
        kinds = [kind.name.lower() for kind in Terrain]
        legend: dict[str, str] = {}
        for character, meaning in self.table[table].items():
            self._check_character(table, character)
            if not isinstance(meaning, str):
                self._refuse(f"{table}.{character} = {meaning!r}, but it is a text in quotes.")
            if table == "terrain" and meaning not in kinds:
                self._refuse(
                    f"terrain.{character} = {meaning!r} is no terrain{nearest(meaning, kinds)}; "
                    f"allowed are {', '.join(kinds)}."
                )
            if table == "countries" and meaning in legend.values():
                self._refuse(f"country {meaning!r} has two characters; each has one.")
            legend[character] = meaning
        return legend

    def _towns(self, kinds: Iterable[str]) -> dict[str, tuple[str, Terrain]]:
        allowed = [kind.name.lower() for kind in TOWN_KINDS]
        towns: dict[str, tuple[str, Terrain]] = {}
        for character, entry in self.table.get("towns", {}).items():
            self._check_character("towns", character)
            if character in kinds:
                self._refuse(f"character {character!r} means a town and a terrain.")
            entry = {"name": entry} if isinstance(entry, str) else entry
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                self._refuse(f"towns.{character} is a name, or name and terrain in braces.")
            kind = entry.get("terrain", "town")
            if kind not in allowed or set(entry) - {"name", "terrain"}:
                self._refuse(f"towns.{character}: terrain is one of {', '.join(allowed)}.")
            if entry["name"] in (name for name, _ in towns.values()):
                self._refuse(f"town {entry['name']!r} is named twice.")
            towns[character] = (entry["name"], Terrain[kind.upper()])
        return towns

    def _check_character(self, table: str, character: str) -> None:
        if len(character) != 1:
            self._refuse(f"{table}.{character!r}: a legend entry is one character.")

    def _layer(self, layer: str) -> tuple[NDArray[np.uint32], int]:
        """Code points [H, W] of a layer, and the number of its first line in the file."""
        drawing = self.table["layers"].get(layer)
        start = re.search(rf"^[ \t]*{layer}[ \t]*=[ \t]*(\"\"\"|''')\r?\n", self.text, re.MULTILINE)
        if not isinstance(drawing, str) or start is None or not drawing.strip():
            self._refuse(f'layers.{layer} is a drawing of several lines between """ and """.')
            raise AssertionError
        first = self.text.count("\n", 0, start.end()) + 1
        rows = drawing.removesuffix("\n").split("\n")
        for row, line in enumerate(rows):
            if len(line) != len(rows[0]):
                self._refuse(
                    f"line {first + row}: this line of layer {layer} has {len(line)} characters, "
                    f"the first one has {len(rows[0])}."
                )
        cells = np.frombuffer("".join(rows).encode("utf-32-le"), dtype="<u4")
        return cells.reshape(len(rows), -1), first

    def _translate(
        self, layer: str, drawn: NDArray[np.uint32], first: int, meaning: Mapping[str, int]
    ) -> NDArray[np.int16]:
        points, inverse = np.unique(drawn, return_inverse=True)
        for index, point in enumerate(points.tolist()):
            if chr(point) not in meaning:
                row, column = np.argwhere(inverse.reshape(drawn.shape) == index)[0].tolist()
                hint = "towns or terrain" if layer == "terrain" else layer
                self._refuse(
                    f"{_place(first, row, column)}: character {chr(point)!r} of layer {layer} "
                    f"is not in the legend [{hint}]; allowed are {' '.join(meaning)}."
                )
        values = np.array([meaning[chr(point)] for point in points.tolist()], dtype=np.int16)
        return values[inverse].reshape(drawn.shape)


def _place(first_line: int, row: int, column: int) -> str:
    return f"line {first_line + row}, column {column + 1}"
