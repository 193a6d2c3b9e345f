"""Patrol placement (M4) and the danger it makes for shipments (M1)."""

import numpy as np
from numpy.typing import NDArray

from simulation.grid import Sectors
from simulation.innovation import MethodRace
from simulation.parameters import Detection, Operations
from simulation.randomness import Keys, Streams, keys_of
from simulation.shipments import Lanes


class Patrols:
    """Where officers stand, and what they remember of their sectors; S sectors, G forces.

    A force is what one agency has at its borders, or at its cyber stations.

    Attributes
    ----------
    forces
        (country, whether at stations) of each force.
    effort
        float64[S], officers a kilometre relative to the reference density.
    heat
        float64[S], faded sum of own seizures per unit of effort.
    corruption
        float64[S], share of the effort that can be bought.
    held
        float64[S], effort that a treatment fixes, NaN elsewhere.
    """

    def __init__(self, sectors: Sectors, stations: NDArray[np.bool_]) -> None:
        self.sectors = sectors
        self.forces = sorted(set(zip(sectors.country.tolist(), stations.tolist(), strict=True)))
        self._own = [
            np.flatnonzero((sectors.country == country) & (stations == cyber))
            for country, cyber in self.forces
        ]
        self.keys: Keys = keys_of(sectors.ids)
        count = len(sectors.ids)
        self.effort = np.zeros(count)
        self.heat = np.zeros(count)
        self.corruption = np.zeros(count)
        self.held = np.full(count, np.nan)
        self._recent = np.zeros((52, count))
        self._weeks = 0
        self._drawn = -1
        self._force = np.zeros(count, dtype=np.int64)
        for number, own in enumerate(self._own):
            self._force[own] = number
        self._even = sectors.length_km / self._sums(sectors.length_km)[self._force]
        self._chance = self._chance_sum = np.ones(count)

    def _sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum of values by sector [S] over the sectors of each force. [G]"""
        return np.array([np.add.reduce(values[own]) for own in self._own])

    def place(
        self, officers: NDArray[np.float64], week: int, rules: Operations, streams: Streams
    ) -> None:
        """Spread each force over its sectors: some evenly, some by chance, most where it burns.

        Parameters
        ----------
        officers
            float64[G], officers over the reference density, in km.
        """
        even = self._even
        if self._drawn != week // rules.redraw_weeks:
            self._drawn = week // rules.redraw_weeks
            # exponential weights: a random split, mean even
            self._chance = -np.log(streams.uniform("patrol", self.keys, self._drawn)) * even
            self._chance_sum = self._sums(self._chance)[self._force]
        warm = self.heat * even
        whole = self._sums(warm)[self._force]
        by_heat = np.divide(warm, whole, out=even.copy(), where=whole > 0)
        shares = (
            rules.floor * even
            + rules.unpredictability * self._chance / self._chance_sum
            + (1 - rules.floor - rules.unpredictability) * by_heat
        )
        self.effort[:] = officers[self._force] * shares / self.sectors.length_km

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


class Exposure:
    """Danger of shipments (M1). Places of lanes that are alike are worked out once.

    Two places are alike if sector, network, visibility and commodity are the same: a sector
    lies on many of a network's routes.

    Parameters
    ----------
    lanes
        Where shipments may pass; P places.
    concealment
        float64[L], of the commodity that moves on each lane.
    owner
        int16[S], country of each sector.
    """

    def __init__(
        self, lanes: Lanes, concealment: NDArray[np.float64], owner: NDArray[np.int16]
    ) -> None:
        self.networks = len(lanes.of_network)
        hidden = concealment[lanes.place_lane]
        looks, look = np.unique(np.column_stack([lanes.weight, hidden]), axis=0,
                                return_inverse=True)  # fmt: skip
        met = lanes.place_sector.astype(np.int64) * self.networks + lanes.place_network
        alike, self._alike = np.unique(met * len(looks) + look.ravel(), return_inverse=True)
        self._met = alike // len(looks)
        self._weight, self._hidden = looks[alike % len(looks)].T
        self._race = owner[self._met // self.networks], self._met % self.networks

    def danger(
        self,
        patrols: Patrols,
        capability: NDArray[np.float64],
        watch: NDArray[np.float64],
        race: MethodRace,
        rules: Detection,
    ) -> NDArray[np.float64]:
        """Probability of seizure at every place of every lane. [P]

        Parameters
        ----------
        capability
            float64[S], of the agency that owns the sector.
        watch
            float64[S, N], validity of the watch on that network in that sector, 0 without one.
        race
            What networks hide and agencies know divides the hazard.
        """
        honest = 1 - patrols.corruption
        everywhere = rules.hazard * patrols.effort * capability * honest
        staffed = patrols.effort > 0  # a watch needs somebody who watches
        targeted = (rules.watch_hazard * capability * honest * staffed)[:, None] * watch
        hazard = (everywhere[:, None] + targeted).ravel()[self._met] * self._weight
        hazard /= self._hidden * race.divisor(*self._race)
        return -np.expm1(-hazard)[self._alike]
