"""Lettering: text in figures as people wrote it, and names on a map that leave each other room.

A dollar sign is a dollar sign: no text is read as mathematics. Scripts that the first font lacks
come from the other fonts of the machine; what none of them has is drawn as a box, in silence.
"""

import itertools
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import TextToPath

FONTS = (
    "DejaVu Sans", "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari",
    "Noto Sans Thai", "Noto Sans CJK SC", "Noto Sans CJK JP", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans", "Nirmala UI", "Arial Unicode MS", "Segoe UI Emoji", "Segoe UI Symbol",
)  # fmt: skip
Box = tuple[float, float, float, float]  # left, top, right, bottom; down is more


@cache
def fonts() -> tuple[str, ...]:
    """Those of `FONTS` that this machine has, in their order."""
    known = set(fontManager.get_font_names())
    return tuple(name for name in FONTS if name in known) or ("sans-serif",)


@contextmanager
def as_written() -> Iterator[None]:
    """Within it figures are made and drawn with text as it stands."""
    with mpl.rc_context({"text.parse_math": False, "text.usetex": False,
                         "font.family": list(fonts())}), warnings.catch_warnings():  # fmt: skip
        warnings.filterwarnings("ignore", message=".*Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield


@lru_cache(maxsize=4096)
def width_of(words: str, size: float, bold: bool = False) -> float:
    """Width of a line of text in the unit of its size, for DejaVu Sans, which is a wide font."""
    with as_written():
        font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
        wide, _, _ = TextToPath().get_text_width_height_descent(words, font, ismath=False)
    return float(wide)


def fitted(words: str, room: float, size: float, bold: bool = False) -> str:
    """The text, cut with three points where it is wider than the room."""
    line = " ".join(words.split())
    if width_of(line, size, bold) <= room:
        return line
    while line and width_of(f"{line}…", size, bold) > room:
        line = line[:-1].rstrip()
    return f"{line}…"


def wrapped(words: str, characters: int, lines: int = 4) -> str:
    """The text in lines of about so many characters; what is left over is cut."""
    return "\n".join(textwrap.wrap(words, characters, max_lines=lines, placeholder=" …"))


@dataclass(frozen=True)
class Name:
    """A name that wants to stand at a place.

    Attributes
    ----------
    words
        What is written, the longest form first; a later one is taken where the first has no room.
    x, y
        The place.
    gap
        How far beside its place it stands; 0 for a name that stands on it.
    sizes
        Sizes of the font, the wished one first.
    """

    words: tuple[str, ...]
    x: float
    y: float
    gap: float
    sizes: tuple[float, ...]
    bold: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a name stands: the middle of its box, and its box."""

    name: Name
    words: str
    size: float
    box: Box

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


def placed(names: Sequence[Name], frame: Box, taken: Sequence[Box] = ()) -> list[Placed]:
    """Give each name room, in order: no box meets another, all lie in the frame.

    A name for which there is no room in any of its forms is left out.
    """
    held = list(taken)
    found = []
    for name in names:
        spot = next((one for one in _spots(name, frame) if not any(meet(one.box, other)
                     for other in held)), None)  # fmt: skip
        if spot is not None:
            held.append(spot.box)
            found.append(spot)
    return found


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _spots(name: Name, frame: Box) -> Iterator[Placed]:
    """Boxes in which a name could stand; a short form at its place is better than one far away."""
    left, top, right, bottom = frame
    for near in (True, False):
        for words, size in itertools.product(name.words, name.sizes):
            wide, high = width_of(words, size, name.bold) + 2, 1.25 * size
            if wide > right - left or high > bottom - top:
                continue
            for x, y in _middles(name, wide, high, near):
                at = min(max(x, left + wide / 2), right - wide / 2)
                down = min(max(y, top + high / 2), bottom - high / 2)
                yield Placed(name, words, size, (at - wide / 2, down - high / 2,
                                                 at + wide / 2, down + high / 2))  # fmt: skip


def _middles(name: Name, wide: float, high: float, near: bool) -> Iterator[tuple[float, float]]:
    if name.gap:  # beside its place
        for step in range(1 if near else 4):
            away = name.gap + 0.8 * step * high
            side, above = away + wide / 2, away + high / 2
            for dx, dy in ((side, 0), (-side, 0), (0, -above), (0, above), (side, -above),
                           (-side, -above), (side, above), (-side, above)):  # fmt: skip
                yield name.x + dx, name.y + dy
        return
    across, down = (2, 3) if near else (5, 6)
    moves = [(0.25 * wide * i, 0.6 * high * j) for i in range(-across, across + 1)
             for j in range(-down, down + 1)]  # fmt: skip
    for dx, dy in sorted(moves, key=lambda move: (move[0] ** 2 + move[1] ** 2, move)):
        yield name.x + dx, name.y + dy
