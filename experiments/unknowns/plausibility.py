"""Plausibility: which drawn worlds are like a world at all, judged on the base alone.

Drawn assumptions can together make a world without trade, or one in which nothing gets by. An
answer there says nothing about the question. The base of a comparison is run in each drawn world,
and the world counts only if the base keeps to all of the bands below. What the other scenarios do
there plays no part, so no answer can choose its own worlds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite

CONTRADICTION = "contradiction"


@dataclass(frozen=True)
class Band:
    """What the base must keep to in a plausible world.

    Attributes
    ----------
    name
        As it is called where discarded worlds are counted.
    indicator
        Whose end value is judged, mean over the seeds of the world.
    low, high
        Lowest and highest value that is plausible; both count.
    meaning, source
        What is asked, in words, and why.
    """

    name: str
    indicator: str
    low: float
    high: float
    meaning: str
    source: str

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band; an undefined one does not."""
        return isfinite(value) and self.low <= value <= self.high


BANDS = (
    Band(
        "no flow", "delivered", 1, inf, "some of the headline commodity is delivered",
        "assumption: without flow there is no question",
    ),
    Band(
        "interception rate", "interception_rate", 0.005, 0.6,
        "from 0.5 % to 60 % of the headline commodity is intercepted",
        "assumption; UNODC (May 2012) has under 1 % for Kazakhstan and under 3 % for the whole way "
        "through Central Asia in 2010",
    ),
    Band(
        "no networks", "networks_active", 1, inf,
        "one network or more is in business at the end",
        "assumption: a trade that has ended needs no policy",
    ),
)  # fmt: skip
MEANINGS = {band.name: band.meaning for band in BANDS} | {
    CONTRADICTION: "the drawn values fit together (as a price at the market above that at the "
    "source)",
}


def broken(ends: Mapping[str, float]) -> str | None:
    """Name of the first band that the base does not keep to; None if the world is plausible.

    Parameters
    ----------
    ends
        End values of the indicators of all bands.
    """
    return next((band.name for band in BANDS if not band.holds(ends[band.indicator])), None)


def discarded_words(discarded: Mapping[str, int]) -> str:
    """How many worlds were discarded by which band: *3 by interception rate, 1 by no flow*."""
    return ", ".join(f"{number} for {name}" for name, number in discarded.items() if number)
