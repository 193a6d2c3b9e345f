"""Patrol placement (M4) and the danger it makes for shipments (M1)."""

import numpy as np
from numpy.typing import NDArray

from simulation.grid import Sectors
from simulation.parameters import Parameters
from simulation.randomness import Keys, Streams, keys_of
from simulation.shipments import Lanes


class Patrols:
    """Where officers stand, and what they remember of their sectors; S sectors.

    Attributes
    ----------
    effort
        float64[S], officers a kilometre relative to the reference density.
    heat
        float64[S], faded sum of own seizures per unit of effort.
    corruption
        float64[S], share of the effort that can be bought.
    held
        float64[S], effort that a treatment fixes, NaN elsewhere.
    """

    def __init__(self, sectors: Sectors, parameters: Parameters) -> None:
        self.sectors = sectors
        self.keys: Keys = keys_of(sectors.ids)
        count = len(sectors.ids)
        self.effort = np.zeros(count)
        self.heat = np.zeros(count)
        self.corruption = np.zeros(count)
        self.held = np.full(count, np.nan)
        self._recent = np.zeros((52, count))
        self._weeks = 0
        self._drawn = -1
        self._chance = np.ones(count)

    def shares(
        self, own: NDArray[np.int64], week: int, parameters: Parameters, streams: Streams
    ) -> NDArray[np.float64]:
        """Split of one agency's officers over its sectors `own`: floor, chance and heat."""
        rules = parameters.operations
        even = self.sectors.length_km[own] / self.sectors.length_km[own].sum()
        if self._drawn != week // rules.redraw_weeks:
            self._drawn = week // rules.redraw_weeks
            self._chance = -np.log(streams.uniform("patrol", self.keys, self._drawn))
        chance = self._chance[own] * even  # exponential weights: a random split, mean even
        warm = self.heat[own] * even
        by_heat = warm / warm.sum() if warm.sum() > 0 else even
        return (
            rules.floor * even
            + rules.unpredictability * chance / chance.sum()
            + (1 - rules.floor - rules.unpredictability) * by_heat
        )

    def place(self, own: NDArray[np.int64], shares: NDArray[np.float64], density: float) -> None:
        """Put officers on the sectors; `density` is officers over reference density, in km."""
        self.effort[own] = density * shares / self.sectors.length_km[own]

    def hold(self) -> None:
        """Let held sectors keep what their treatment fixed, and remember the year's effort."""
        fixed = ~np.isnan(self.held)
        self.effort[fixed] = self.held[fixed]
        self._recent[self._weeks % 52] = self.effort
        self._weeks += 1

    def usual_effort(self) -> NDArray[np.float64]:
        """Mean effort of the last 52 weeks, or of all weeks so far. [S]"""
        return self._recent[: min(52, max(1, self._weeks))].mean(axis=0)

    def remember(self, seizures: NDArray[np.int64], half_life: float) -> None:
        """Fade the heat by one week and add own seizures [S] per unit of effort."""
        self.heat *= 0.5 ** (1 / half_life)
        found = np.flatnonzero(seizures)
        self.heat[found] += seizures[found] / np.maximum(self.effort[found], 0.05)


def danger(
    lanes: Lanes,
    patrols: Patrols,
    capability: NDArray[np.float64],
    watch: NDArray[np.float64],
    concealment: NDArray[np.float64],
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Probability of seizure at every place of every lane (M1). [P]

    Parameters
    ----------
    capability
        float64[S], of the agency that owns the sector.
    watch
        float64[S, N], validity of the watch on that network in that sector, 0 without one.
    concealment
        float64[P], divides the hazard.
    """
    rules = parameters.detection
    at, who = lanes.place_sector, lanes.place_network
    honest = 1 - patrols.corruption
    everywhere = rules.hazard * patrols.effort * capability * honest
    staffed = patrols.effort > 0  # a watch needs somebody who watches
    targeted = (rules.watch_hazard * capability * honest * staffed)[:, None] * watch
    hazard = (everywhere[at] + targeted[at, who]) * lanes.weight / concealment
    return -np.expm1(-hazard)
