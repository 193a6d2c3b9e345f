"""Patrol placement (M4) and the danger it makes for shipments (M1)."""

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept, log
from tocsin.simulation.geography.grid import Sectors
from tocsin.simulation.geography.modes import keepers
from tocsin.simulation.geography.roster import Roster, visited
from tocsin.simulation.mechanisms.agencies.intelligence import Picture
from tocsin.simulation.mechanisms.networks.innovation import MethodRace
from tocsin.simulation.mechanisms.networks.shipments import Lanes
from tocsin.simulation.parameters import Detection, Operations, Parameters
from tocsin.simulation.randomness import Keys, Streams, keys_of
from tocsin.simulation.state import Laid


class Patrols:
    """Where officers stand, and what they remember of their sectors; S sectors, G forces.

    A force is what one agency has at its borders, or at its stations of one mode.

    Attributes
    ----------
    modes
        Whose officers stand at borders, and at stations of each kind.
    forces
        (agency, number in `modes`) of each force.
    effort
        float64[S], officers a kilometre relative to the reference density.
    heat
        float64[S], faded sum of own seizures per unit of effort.
    corruption
        float64[S], share of the effort that can be bought.
    held
        float64[S], effort that a treatment fixes, NaN elsewhere.
    writing
        float64[A], officers of the next week who write up the seizures of this one.
    """

    def __init__(self, sectors: Sectors, roster: Roster) -> None:
        self.sectors, self.roster, owner = sectors, roster, roster.sector_agency
        self.modes, keeper = keepers(sectors)
        self.forces = sorted(set(zip(owner.tolist(), keeper.tolist(), strict=True)))
        own = [np.flatnonzero((owner == agency) & (keeper == mode)) for agency, mode in self.forces]
        self._own = np.concatenate([np.zeros(0, dtype=np.int64), *own])
        self._first = np.cumsum([0, *(sectors.size for sectors in own)])
        self._agency = np.array([agency for agency, _ in self.forces], dtype=np.int64)
        self.keys: Keys = keys_of(sectors.ids)
        count = len(sectors.ids)
        self.effort = np.zeros(count)
        self.heat = np.zeros(count)
        self.corruption = np.zeros(count)
        self.held = np.full(count, np.nan)
        self.writing = np.zeros(len(roster))
        self._recent = np.zeros((52, count))
        self._weeks = 0
        self._drawn = -1
        whole = np.empty(count)
        for mine in own:
            whole[mine] = np.add.reduce(sectors.length_km[mine])
        self._even = sectors.length_km / whole
        self._chance = np.ones(count)

    @cached_property
    def _ground(self) -> NDArray[np.float64]:
        """Share of each sector in an even split of its force, and its length in km. [2, S]"""
        return np.array([self._even, self.sectors.length_km])

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        codes, rules = self.roster.codes, parameters.detection
        profiles = self.roster.profiles(parameters)
        usual = parameters.operations.patrol_budget
        self._in_service = np.array([
            self.modes[mode].officers(profiles[agency])
            * parameters.countries[codes[agency]].patrol_factor(usual)
            for agency, mode in self.forces
        ], dtype=float)  # fmt: skip
        self._reference = np.array([
            self.modes[mode].reference(rules) for _, mode in self.forces
        ], dtype=float)  # fmt: skip
        self._guests = self._sent(parameters)

    def _sent(self, parameters: Parameters) -> NDArray[np.float64] | None:
        """Effort of officers who are sent to sectors of others, evenly; None if nobody is. [S]"""
        effort, usual = np.zeros(self.effort.size), parameters.operations.patrol_budget
        _, keeper = keepers(self.sectors)
        reference = np.array([mode.reference(parameters.detection) for mode in self.modes])[keeper]
        for name, agency in parameters.agencies.items():
            there = np.any([visited(place, self.sectors) for place in agency.sent], axis=0)
            if agency.sent:
                officers = agency.officers * parameters.countries[name[:3]].patrol_factor(usual)
                effort += there * officers / self.sectors.length_km[there].sum() / reference
        return effort if effort.any() else None

    def even_effort(self) -> NDArray[np.float64]:
        """Effort if each force were spread evenly over its sectors: what to expect at first. [S]"""
        effort, force = np.empty(self.effort.size), self._in_service / self._reference
        effort[self._own] = np.repeat(force, np.diff(self._first))
        effort *= self._even / self.sectors.length_km
        if self._guests is not None:
            effort += self._guests
        return np.where(np.isnan(self.held), effort, self.held)

    def place(self, week: int, rules: Operations, streams: Streams) -> None:
        """Spread each force over its sectors: some evenly, some by chance, most where it burns.

        Held sectors keep what their treatment fixed; officers who write are missing.
        """
        if self._drawn != week // rules.redraw_weeks:
            self._drawn = week // rules.redraw_weeks
            # exponential weights: a random split, mean even
            luck = streams.uniform("patrol", self.keys, self._drawn)
            self._chance = -log(luck) * self._even
        kernels.patrol(
            self._in_service, self._reference, self.writing, self._agency, self._own, self._first,
            self._ground, self.heat, self._chance, rules.floor, rules.unpredictability, self.held,
            self.effort,
        )  # fmt: skip
        if self._guests is not None:
            self.effort += np.where(np.isnan(self.held), self._guests, 0.0)
        self._recent[self._weeks % 52] = self.effort
        self._weeks += 1

    def usual_effort(self) -> NDArray[np.float64]:
        """Mean effort of the last 52 weeks, or of all weeks so far. [S]"""
        return self._recent[: min(52, max(1, self._weeks))].mean(axis=0)

    def remember(self, sector: NDArray[np.int32], rules: Operations) -> None:
        """Fade the heat by one week and add own seizures, by their sectors [n], per effort."""
        kernels.remember(
            sector, kept(rules.heat_half_life_weeks), rules.heat_least_effort, self.effort,
            self.heat,
        )  # fmt: skip


class Exposure(Laid):
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
        int16[S], agency of each sector.
    """

    def __init__(
        self, lanes: Lanes, concealment: NDArray[np.float64], owner: NDArray[np.int16]
    ) -> None:
        self.networks = len(lanes.of_network)
        weights, weight = _distinct(lanes.weight)
        kinds, hidden = _distinct(concealment[lanes.place_lane])
        met = lanes.place_sector.astype(np.int64) * self.networks + lanes.place_network
        code = (met * len(weights) + weight) * len(kinds) + hidden
        distinct, alike = _distinct(code)
        met, hidden = distinct // len(kinds), kinds[distinct % len(kinds)]
        sector, network = np.divmod(met // len(weights), self.networks)
        self._where, self._alike = np.array([sector, network]), alike
        self._look = np.array([weights[met % len(weights)], hidden])
        self._owner = owner

    def danger(
        self,
        patrols: Patrols,
        capability: NDArray[np.float64],
        picture: Picture,
        modus: NDArray[np.int32],
        race: MethodRace,
        rules: Detection,
    ) -> NDArray[np.float64]:
        """Probability of seizure at every place of every lane. [P]

        Parameters
        ----------
        capability
            float64[A].
        picture
            Holds the watches: what they look for may be out of date.
        modus
            int32[N], present modus operandi.
        race
            What networks hide and agencies know divides the hazard.
        """
        danger, hazard = np.empty(self._alike.size), np.empty((3, self._owner.size))
        kernels.hazards(self._owner, patrols.effort, patrols.corruption, capability, race.method,
                        rules.hazard, rules.watch_hazard, hazard)  # fmt: skip
        kernels.expose(self._where, self._look, self._alike, hazard, race.concealment,
                       picture.watched, picture.modus, modus, rules.stale_match,
                       danger)  # fmt: skip
        return danger


def _distinct(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Distinct values in ascending order, and which of them each value is; by hashing."""
    which, distinct = pd.factorize(values, sort=True)
    return np.asarray(distinct), which
