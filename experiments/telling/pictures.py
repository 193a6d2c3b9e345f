"""Pictures of a report: intervals, bands, maps, waterfalls, the cost plane, worlds."""

import base64
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from tocsin.experiments.telling.drawing import (
    CHANGE,
    DASHES,
    INK,
    LETTERS,
    QUIET,
    RULE,
    SOFT,
    WIDTH,
    Drawing,
    Scale,
    colour,
    spread,
    tick_label,
    ticks,
)
from tocsin.experiments.telling.lettering import Name, fitted, placed, width_of, wrapped
from tocsin.simulation.geography.grid import SEA
from tocsin.simulation.recording.quantities import digits, signed
from tocsin.simulation.scenario.files import Scenario

MAP_PIXELS = 720
NOTE_CHARACTERS, NOTE_LINES = 60, 60  # of the note of a map below its picture
VISIBLE, DASH = 0.08, (12, 60, 96)  # a change of this part of the largest gets a dash if less
LAND = ((246, 242, 231), (234, 229, 214), (239, 238, 230), (227, 226, 211), (242, 234, 217))
WATER, BLANK = (222, 234, 243), (255, 255, 255)


@dataclass(frozen=True)
class Interval:
    """One row of a picture of intervals; `words` say it in text."""

    series: int
    label: str
    middle: float
    low: float
    high: float
    words: str


def intervals(rows: Sequence[Interval], text: str, better: str = "") -> Markup:
    """Differences with their intervals, one row each; zero is marked."""
    height = 40.0 * len(rows) + (46 if better else 30)
    drawing = Drawing(height, text)
    ends = [value for row in rows for value in (row.low, row.middle, row.high)]
    scale = Scale(*spread(ends), 14, WIDTH - 14)
    bottom = 40.0 * len(rows) + 6
    for tick in ticks(scale.low, scale.high):
        _tick(drawing, scale(tick), bottom + 14, tick)
    for number, row in enumerate(rows):
        top = 40.0 * number + 14
        shade = colour(row.series)
        _grid(drawing, scale, top + 4, top + 24)
        _head(drawing, top, f"{LETTERS[row.series % 26]}  {row.label}", row.words)
        if not np.isfinite(row.middle):
            continue
        at = top + 14
        if np.isfinite(row.low):
            drawing.line((scale(row.low), at), (scale(row.high), at), shade, 3)
            for end in (row.low, row.high):
                drawing.line((scale(end), at - 4), (scale(end), at + 4), shade, 2)
        drawing.mark(scale(row.middle), at, row.series)
    if better:
        drawing.text(WIDTH / 2, bottom + 31, better, "middle", QUIET, 11)
    return drawing.svg()


def _grid(drawing: Drawing, scale: Scale, top: float, bottom: float) -> None:
    """The lines of the ticks and of zero behind one row of marks; they cross no text."""
    for tick in ticks(scale.low, scale.high):
        if tick:
            drawing.line((scale(tick), top), (scale(tick), bottom), SOFT)
    drawing.line((scale(0), top), (scale(0), bottom), QUIET, 1.2)


def _head(
    drawing: Drawing, y: float, name: str, words: str, size: float = 12, bold: bool = True
) -> None:  # fmt: skip
    """A name to the left and words to the right of one line; the name gives way."""
    room = WIDTH - 16 - width_of(words, size) - (10 if words else 0)
    drawing.text(8, y, fitted(name, room, size, bold), size=size, bold=bold)
    drawing.text(WIDTH - 8, y, words, "end", size=size)


def _tick(drawing: Drawing, x: float, y: float, value: float) -> None:
    """The number of a tick, moved inwards where it would be cut."""
    room = 3.3 * len(tick_label(value))
    drawing.text(min(max(x, room), WIDTH - room), y, tick_label(value), "middle", QUIET, 11)


@dataclass(frozen=True)
class DifferenceBand:
    """A difference over time."""

    series: int
    weeks: NDArray[np.float64]
    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def bands(lines: Sequence[DifferenceBand], text: str) -> Markup:
    """Differences over time with their bands; letters stand at the ends of the lines."""
    height, left, right, top, bottom = 220.0, 46.0, WIDTH - 22, 10.0, 190.0
    drawing = Drawing(height, text)
    ends = np.concatenate([part for line in lines for part in (line.low, line.high, line.middle)])
    y = Scale(*spread(ends.tolist()), bottom, top)
    last = max(float(line.weeks[-1]) for line in lines)
    x = Scale(0, last / 52, left, right)
    for tick in ticks(y.low, y.high):
        drawing.line((left, y(tick)), (right, y(tick)), RULE if tick == 0 else SOFT)
        drawing.text(left - 5, y(tick) + 4, tick_label(tick), "end", QUIET, 11)
    for tick in ticks(0, x.high, 5):
        drawing.text(x(tick), bottom + 16, tick_label(tick, sign=False), "middle", QUIET, 11)
    drawing.text((left + right) / 2, bottom + 29, "years", "middle", QUIET, 11)
    drawing.line((left, y(0)), (right, y(0)), QUIET, 1.2)
    letters: list[tuple[float, int]] = []
    for line in lines:
        at = x.start + (line.weeks / 52 - x.low) / (x.high - x.low) * (x.end - x.start)
        kept = np.isfinite(line.middle)
        inside = kept & np.isfinite(line.low)
        edge = [*zip(at[inside], map(y, line.high[inside]), strict=True)]
        edge += [*zip(at[inside], map(y, line.low[inside]), strict=True)][::-1]
        if len(edge) > 3:
            drawing.area(edge, colour(line.series))
        points = [*zip(at[kept], map(y, line.middle[kept]), strict=True)]
        if not points:
            continue
        drawing.path(points, colour(line.series), 2, DASHES[line.series % len(DASHES)])
        letters.append((points[-1][1] + 4, line.series))
    letters.sort()
    places = _apart([place for place, _ in letters], 12, top + 8, bottom + 26)
    for place, (_, series) in zip(places, letters, strict=True):
        drawing.text(right + 6, place, LETTERS[series % 26], fill=colour(series), bold=True)
    return drawing.svg()


def _apart(wishes: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Sorted places moved until they are a gap apart, between two ends if they fit there."""
    gap = min(gap, (most - least) / max(1, len(wishes) - 1))
    found: list[float] = []
    for wish in wishes:
        found.append(max(wish, found[-1] + gap if found else least))
    ceiling = most
    for at in reversed(range(len(found))):
        found[at] = min(found[at], ceiling)
        ceiling = found[at] - gap
    return found


def difference_map(
    scenario: Scenario,
    change: NDArray[np.float64],
    reach: float,
    words: Callable[[float], str],
    text: str,
) -> Markup:
    """What moves: change of the flow by sector [S], with the largest changes in figures.

    `reach` is the change with the strongest colour, so that several maps can share it.
    """
    grid = scenario.grid
    rows, columns = grid.shape
    height = WIDTH * rows / columns
    note = wrapped(grid.note, NOTE_CHARACTERS, NOTE_LINES).splitlines()
    drawing = Drawing(height + 34 + 12 * len(note), text)
    drawing.image(0, 0, WIDTH, height, _raster(scenario, change, reach))
    cell = WIDTH / columns
    of_cell = grid.sectors(scenario.parameters.world.sector_km).of_cell
    names = []
    for number, code in enumerate(grid.codes):
        row, column = _middle(grid.country == number)
        name = scenario.parameters.countries[code].name.upper()
        names.append(Name((name, code), column * cell, row * cell, 0, (9, 8, 7)))
    for sector in np.argsort(-np.abs(change))[:4]:
        if abs(change[sector]) < 0.2 * reach or not (of_cell == sector).any():
            continue
        row, column = _middle(of_cell == sector)
        sign = "▲" if change[sector] > 0 else "▼"
        names.append(Name((f"{sign} {words(float(change[sector]))}",), column * cell, row * cell, 0,
                          (11, 10, 9), bold=True))  # fmt: skip
    for one in placed(names, (0, 0, WIDTH, height)):
        x, y = one.middle
        bold = one.name.bold  # a figure
        drawing.text(x, y + 0.36 * one.size, one.words, "middle", INK if bold else QUIET,
                     one.size, bold, True)  # fmt: skip
    _map_legend(drawing, height, words(-reach), words(reach))
    for number, line in enumerate(note):
        drawing.text(4, height + 40 + 12 * number, line, "start", QUIET, 9)
    return drawing.svg()


def _map_legend(drawing: Drawing, top: float, low: str, high: str) -> None:
    steps = 24
    for step in range(steps):
        share = (step + 0.5) / steps * 2 - 1
        drawing.box(100 + step * 160 / steps, top + 14, 160 / steps + 0.3, 9, _hex(_tint(share)))
    drawing.text(94, top + 22, fitted(f"▼ {low}", 90, 11), "end", QUIET, 11)
    drawing.text(266, top + 22, fitted(f"▲ {high}", 90, 11), "start", QUIET, 11)


def _tint(share: float) -> tuple[int, int, int]:
    """Colour of a change between -1 and 1: `CHANGE`, whose ends also differ in grey."""
    at = (1 + math.copysign(min(1.0, abs(share)) ** 0.7, share)) / 2 * (len(CHANGE) - 1)
    low = min(int(at), len(CHANGE) - 2)
    one, two = (
        [int(CHANGE[n][k : k + 2], 16) for k in (1, 3, 5)] for n in (low, low + 1)
    )  # fmt: skip
    red, green, blue = (round(a + (b - a) * (at - low)) for a, b in zip(one, two, strict=True))
    return red, green, blue


def _hex(rgb: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _raster(scenario: Scenario, change: NDArray[np.float64], reach: float) -> str:
    """The map as a PNG in base64, so many pixels a cell that a page need not smooth it."""
    from matplotlib.image import imsave

    grid = scenario.grid
    step = max(1, grid.shape[1] // MAP_PIXELS)
    country = grid.country[::step, ::step]
    land = np.array(LAND, dtype=np.uint8)
    picture = land[np.maximum(country, 0) % len(land)]
    picture[country == SEA] = WATER
    picture[country < SEA] = BLANK
    of_cell = grid.sectors(scenario.parameters.world.sector_km).of_cell[::step, ::step]
    tints = np.array([_tint(float(one) / reach if reach else 0.0) for one in change],
                     dtype=np.uint8)  # fmt: skip
    border = of_cell >= 0
    picture[border] = tints[of_cell[border]]
    larger = max(1, MAP_PIXELS // country.shape[1])
    shares = change / reach if reach else np.zeros(len(change))
    less = border & (shares[of_cell] < -VISIBLE)
    picture, less = (one.repeat(larger, axis=0).repeat(larger, axis=1) for one in (picture, less))
    if larger >= 4:  # a dash in every cell that has less, so that the map can be read in grey
        rows = np.arange(len(picture)) % larger
        picture[less & (abs(rows - larger // 2) <= larger // 10)[:, None]] = DASH
    file = io.BytesIO()
    imsave(file, picture, format="png")
    return base64.b64encode(file.getvalue()).decode("ascii")


def _middle(cells: NDArray[np.bool_]) -> tuple[float, float]:
    """Row and column of the cell that lies nearest to the mean of some cells."""
    places = np.argwhere(cells)
    if not len(places):
        return 0.0, 0.0
    nearest = places[np.hypot(*(places - places.mean(axis=0)).T).argmin()]
    return float(nearest[0]) + 0.5, float(nearest[1]) + 0.5


def waterfall(parts: Sequence[Interval], whole: str, text: str) -> Markup:
    """Parts of a gap one after the other, and the whole gap below them."""
    height = 38.0 * (len(parts) + 1) + 26
    drawing = Drawing(height, text)
    total = sum(part.middle for part in parts)
    ends, at = [0.0, total], 0.0
    for part in parts:
        ends += [at + part.low, at + part.high, at + part.middle]
        at += part.middle
    scale = Scale(*spread(ends), 14, WIDTH - 14)
    bottom = 38.0 * (len(parts) + 1) + 4
    for tick in ticks(scale.low, scale.high):
        _tick(drawing, scale(tick), bottom + 14, tick)
    at = 0.0
    for number, part in enumerate(parts):
        top = 38.0 * number + 14
        left, right = sorted((scale(at), scale(at + part.middle)))
        _grid(drawing, scale, top + 4, top + 20)
        _head(drawing, top, part.label, part.words)
        drawing.box(left, top + 5, max(right - left, 1), 11, colour(0 if part.middle < 0 else 1))
        if np.isfinite(part.low):
            drawing.line((scale(at + part.low), top + 10.5), (scale(at + part.high), top + 10.5),
                         INK, 1.4)  # fmt: skip
        at += part.middle
        drawing.line((scale(at), top + 16), (scale(at), top + 21), QUIET, 1, "2 2")
    top = 38.0 * len(parts) + 14
    _grid(drawing, scale, top + 4, top + 20)
    left, right = sorted((scale(0), scale(total)))
    _head(drawing, top, "the whole gap", whole)
    drawing.box(left, top + 5, max(right - left, 1), 11, QUIET)
    return drawing.svg()


@dataclass(frozen=True)
class Cloud:
    """Points of one scenario, the mean and its region."""

    series: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    region: NDArray[np.float64]


def plane(clouds: Sequence[Cloud], across: str, upwards: str, text: str) -> Markup:
    """Effect to the right, added cost upwards; small marks are pairs of runs."""
    height, left, right, top, bottom = 320.0, 46.0, WIDTH - 12, 22.0, 276.0
    drawing = Drawing(height, text)
    x = Scale(*spread([v for one in clouds for v in one.x]), left, right)
    y = Scale(*spread([v for one in clouds for v in one.y]), bottom, top)
    for tick in ticks(x.low, x.high):
        drawing.line((x(tick), top), (x(tick), bottom), SOFT)
        drawing.text(x(tick), bottom + 15, tick_label(tick), "middle", QUIET, 11)
    for tick in ticks(y.low, y.high):
        drawing.line((left, y(tick)), (right, y(tick)), SOFT)
        drawing.text(left - 5, y(tick) + 4, tick_label(tick), "end", QUIET, 11)
    drawing.line((x(0), top), (x(0), bottom), QUIET, 1.2)
    drawing.line((left, y(0)), (right, y(0)), QUIET, 1.2)
    drawing.text(left, 12, upwards, fill=QUIET, size=11)
    drawing.text((left + right) / 2, bottom + 33, across, "middle", QUIET, 11)
    for one in clouds:
        for a, b in zip(one.x, one.y, strict=True):
            drawing.mark(x(a), y(b), one.series, 2.2, 0.35)
        if len(one.region):
            outline = [(x(a), y(b)) for a, b in one.region]
            drawing.area(outline, colour(one.series), 0.25)
            drawing.path(outline, colour(one.series), 1.2)
    for one in clouds:
        a, b = x(float(one.x.mean())), y(float(one.y.mean()))
        drawing.mark(a, b, one.series, 6)
        side = -1 if x(0) - 24 < a < x(0) or a > right - 20 else 1  # not across the line of zero
        above = 16 if y(0) < b < y(0) + 24 or b < top + 16 else -7
        drawing.text(a + 9 * side, b + above, LETTERS[one.series % 26],
                     "start" if side > 0 else "end", colour(one.series), bold=True)  # fmt: skip
    return drawing.svg()


def worlds(
    gains: Mapping[int, tuple[str, NDArray[np.float64], str]], unit: str, text: str
) -> Markup:
    """Gain of every scenario in every world, one dot a world; series -> (label, gains, words)."""
    height = 46.0 * len(gains) + 44
    drawing = Drawing(height, text)
    values = np.concatenate([one for _, one, _ in gains.values()])
    low, high = np.quantile(values, [0.01, 0.99]) if values.size else (0.0, 1.0)
    scale = Scale(*spread([float(low), float(high)]), 8, WIDTH - 8)
    bottom = 46.0 * len(gains) + 6
    for tick in ticks(scale.low, scale.high):
        _tick(drawing, scale(tick), bottom + 14, tick)
    for number, (series, (label, of, words)) in enumerate(gains.items()):
        top = 46.0 * number + 14
        _grid(drawing, scale, top + 4, top + 30)
        _head(drawing, top, f"{LETTERS[series % 26]}  {label}", words)
        for at, gain in enumerate(of):
            place = min(max(scale(float(gain)), 6), WIDTH - 6)
            drawing.mark(place, top + 12 + 12 * ((at * 0.618) % 1), series, 2.6, 0.55)
    drawing.text(WIDTH / 2, bottom + 30, unit, "middle", QUIET, 11)
    return drawing.svg()


def correlations(rows: Sequence[tuple[str, float, bool]], text: str) -> Markup:
    """Rank correlations, one bar each: name, value, whether it is beyond chance."""
    height = 34.0 * len(rows) + 24
    drawing = Drawing(height, text)
    scale = Scale(-1, 1, 8, WIDTH - 8)
    for tick in (-1, -0.5, 0, 0.5, 1):
        _tick(drawing, scale(tick), height - 6, tick)
    for number, (name, value, clear) in enumerate(rows):
        top = 34.0 * number + 14
        _grid(drawing, scale, top + 4, top + 17)
        _head(drawing, top, name, signed(value, 2), 11.5, clear)
        left, right = sorted((scale(0), scale(value)))
        drawing.box(left, top + 5, max(right - left, 1), 9, colour(1 if value < 0 else 0),
                    1.0 if clear else 0.45)  # fmt: skip
    return drawing.svg()


def limits(rows: Sequence[tuple[str, float, float, float, float, float]], text: str) -> Markup:
    """Limits of a box: name, lowest and highest possible, low, high, value in force."""
    drawing = Drawing(42.0 * len(rows) + 4, text)
    for number, (name, least, most, low, high, value) in enumerate(rows):
        top = 42.0 * number + 14
        scale = Scale(least, most, 8, WIDTH - 8)
        _head(drawing, top, name, f"{digits(low)} to {digits(high)}", 11.5)
        drawing.box(8, top + 9, WIDTH - 16, 5, RULE)
        drawing.box(scale(low), top + 6, max(scale(high) - scale(low), 2), 11, colour(1))
        drawing.line((scale(value), top + 3), (scale(value), top + 20), INK, 2)
    return drawing.svg()
