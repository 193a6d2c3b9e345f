"""Colours of the room: calm, high in contrast, safe for colour-blind readers.

Series and marks follow Okabe and Ito (2008); ramps run from light to dark in one hue, so that
they can be read in grey too. `PAIRS` lists which text stands on which ground; a test holds each
to a contrast of 4.5 or more (WCAG 2.1, level AA).
"""

from collections.abc import Mapping

from tocsin.experiments.telling.drawing import CHANGE

COLOURS: Mapping[str, str] = {
    "paper": "#f5f3ee",
    "panel": "#ffffff",
    "sunk": "#ece8df",
    "ink": "#17212b",
    "quiet": "#4f5b66",
    "line": "#d8d2c6",
    "strong-line": "#8d8778",
    "accent": "#0a5a86",
    "accent-soft": "#e2eef5",
    "on-accent": "#ffffff",
    "warm": "#a8430a",
    "warm-soft": "#fbeadf",
    "good": "#00664b",
    "good-soft": "#e0f1ec",
    "night": "#14222e",
    "on-night": "#f5f3ee",
    "on-night-quiet": "#b9c4cd",
}
PAIRS = (
    ("ink", "paper"), ("ink", "panel"), ("ink", "sunk"), ("quiet", "paper"), ("quiet", "panel"),
    ("quiet", "sunk"), ("accent", "panel"), ("accent", "paper"), ("accent", "accent-soft"),
    ("on-accent", "accent"), ("warm", "panel"), ("warm", "warm-soft"), ("warm", "paper"),
    ("good", "panel"), ("good", "good-soft"), ("on-night", "night"), ("on-night-quiet", "night"),
    ("ink", "accent-soft"), ("ink", "warm-soft"), ("ink", "good-soft"),
)  # fmt: skip

SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
LIVE, BASE = "#0072b2", "#7a7468"
SEA, NOWHERE = "#dbe6ec", "#f5f3ee"
LAND = ("#f3eee2", "#e6e9dc", "#efe5d6", "#e3e6e4", "#f0ebda", "#e9e1dc", "#e7ebd5")
RAMPS: Mapping[str, tuple[str, ...]] = {
    "patrol": ("#d9e8f2", "#9fc6de", "#4f97c4", "#1d6699", "#0a3a5e"),
    "risk": ("#fbe7d3", "#f5bf8e", "#e58a43", "#b9560f", "#6e2d00"),
    "flow": ("#e6dff0", "#bfaad9", "#9273bd", "#65458f", "#37205a"),
    "difference": CHANGE,
}
SHIPMENT, SEIZURE, TIP = "#17212b", "#d55e00", "#009e73"


def style_variables() -> str:
    """The colours as CSS variables."""
    rows = "".join(f"  --{name}: {value};\n" for name, value in COLOURS.items())
    return f":root {{\n{rows}}}\n"


def contrast(text: str, ground: str) -> float:
    """Contrast of two colours (``#rrggbb``) as WCAG defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
