"""Drawing: small pictures as inline SVG, for a page that asks nobody for anything.

Every picture is a panel of 360 units width, so that its text has the size of the page's text on a
phone as well as in a grid on a wide screen. Colours are those of Okabe and Ito (2008), darkened
until they stand out from white; every series also has its own letter, mark and dashes.
"""

import math
from collections.abc import Iterable, Sequence

from markupsafe import Markup

WIDTH = 360.0
INK, QUIET, RULE, SOFT = "#16202a", "#56616d", "#c9d0d8", "#eef1f4"
SERIES = ("#0067a3", "#b8430a", "#00745a", "#93457a", "#7d5a00", "#4b5563")
CHANGE = ("#3d95d1", "#a5cde8", "#efece4", "#c8733a", "#5c1b00")  # less, none, more: in grey too
DASHES = ("", "6 3", "2 3", "9 3 2 3", "12 4", "1 4")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Point = tuple[float, float]


def colour(series: int) -> str:
    """Colour of a series."""
    return SERIES[series % len(SERIES)]


class Drawing:
    """Pieces of one picture; everything that is text is escaped."""

    def __init__(self, height: float, text: str, width: float = WIDTH) -> None:
        self.width, self.height, self.alt = width, height, text
        self._parts: list[Markup] = []

    def line(
        self, a: Point, b: Point, stroke: str = RULE, width: float = 1.0, dash: str = ""
    ) -> None:
        """A straight line."""
        self._parts.append(
            Markup(
                '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>'
            ).format(*_n(*a, *b), stroke, _n(width)[0], _dash(dash))
        )

    def path(
        self, points: Iterable[Point], stroke: str, width: float = 2.0, dash: str = ""
    ) -> None:
        """A line through points."""
        self._parts.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
                _points(points), stroke, _n(width)[0], _dash(dash)
            )
        )

    def area(self, points: Iterable[Point], fill: str, opacity: float = 0.16) -> None:
        """A filled shape."""
        self._parts.append(
            Markup('<polygon points="{}" fill="{}" fill-opacity="{}"/>').format(
                _points(points), fill, _n(opacity)[0]
            )
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0
    ) -> None:
        """A rectangle."""
        self._parts.append(
            Markup(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="{}"/>'
            ).format(*_n(x, y, max(width, 0), max(height, 0)), fill, _n(opacity)[0])
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        anchor: str = "start",
        fill: str = INK,
        size: float = 12,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """A line of text; a halo keeps it legible on a map."""
        more = ' font-weight="600"' if bold else ""
        if halo:
            more += (
                ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
            )
        self._parts.append(
            Markup(
                '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}"{}>{}</text>'
            ).format(*_n(x, y, size), anchor, fill, Markup(more), words)
        )  # fmt: skip

    def mark(self, x: float, y: float, series: int, size: float = 5, opacity: float = 1.0) -> None:
        """The mark of a series: circle, square, triangle, diamond, and those turned."""
        fill, kind = colour(series), series % 6
        if kind == 0:
            self._parts.append(
                Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" fill-opacity="{}"/>').format(
                    *_n(x, y, size), fill, _n(opacity)[0]
                )
            )
            return
        corners = {1: (4, 0.25), 2: (3, -0.25), 3: (4, 0.0), 4: (3, 0.25), 5: (6, 0.0)}[kind]
        number, turn = corners
        angles = [2 * math.pi * (k / number + turn / (2 if number == 4 else 1))
                  for k in range(number)]  # fmt: skip
        reach = size * 1.2
        self.area(
            [(x + reach * math.cos(a), y + reach * math.sin(a)) for a in angles], fill, opacity
        )

    def image(self, x: float, y: float, width: float, height: float, data: str) -> None:
        """A raster that is part of the page; `data` is base64 of a PNG."""
        self._parts.append(
            Markup(
                '<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" '
                'style="image-rendering:pixelated" href="data:image/png;base64,{}"/>'
            ).format(*_n(x, y, width, height), data)
        )

    def svg(self) -> Markup:
        """The picture, with its alternative text."""
        return Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" class="picture">{}</svg>'
        ).format(*_n(self.width, self.height), self.alt, Markup("").join(self._parts))


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers between two ends."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low] if math.isfinite(low) else [0.0]
    raw = span / max(1, about)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def tick_label(value: float, sign: bool = True) -> str:
    """A tick without needless digits."""
    text = f"{value:+,.10g}" if sign and value else f"{value:,.10g}"
    return text.replace("-", "\N{MINUS SIGN}")


class Scale:
    """Values to units of a picture."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        if not (math.isfinite(low) and math.isfinite(high)):
            low, high = 0.0, 1.0
        if high <= low:
            low, high = low - 1, high + 1
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        """Place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def spread(values: Iterable[float], zero: bool = True, margin: float = 0.08) -> tuple[float, float]:
    """Ends of an axis for some values."""
    kept = [value for value in values if math.isfinite(value)]
    kept += [0.0] if zero or not kept else []
    low, high = min(kept), max(kept)
    room = (high - low or abs(high) or 1.0) * margin
    return low - (room if low < 0 or not zero else 0), high + (room if high > 0 or not zero else 0)


def _n(*values: float) -> list[str]:
    return [f"{value:.2f}".rstrip("0").rstrip(".") for value in values]


def _points(points: Iterable[Point]) -> str:
    return " ".join(",".join(_n(*point)) for point in points)


def _dash(dash: str) -> Markup:
    return Markup(' stroke-dasharray="{}"').format(dash) if dash else Markup("")


def listed(words: Sequence[str]) -> str:
    """Words with commas, and an *and* before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
