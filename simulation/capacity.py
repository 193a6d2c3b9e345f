"""Capacity building (M12): money becomes capability, late, with less and less effect, and fades.

The *gain* over a country's own baseline is what decays; the baseline stays.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Parameters


class CapacityBuilding:
    """The programme and what it has built in C countries.

    Attributes
    ----------
    capability, baseline
        float64[C].
    tools
        float64[C], million USD a year for forensic and cyber tools that were put to use.
    """

    def __init__(self, capability: NDArray[np.float64], parameters: Parameters) -> None:
        self.baseline = capability.copy()
        self.capability = capability.copy()
        self.tools = np.zeros(capability.size)
        officers = [country.officers for country in parameters.countries.values()]
        self._officers = np.maximum(np.array(officers, dtype=float), 1.0)
        self._pipeline: deque[NDArray[np.float64]] = deque()
        self._parameters = parameters

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        self._parameters = parameters

    def allocation(
        self, members: NDArray[np.bool_], seized: NDArray[np.float64], found: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Share of the programme for each country; 0 for all if there is no member. [C]

        `seized` is what each country seized of late, taken as its known threat, and by officer
        as its performance; `found` is what audits found misspent, as a share.
        """
        rule = self._parameters.capacity.allocation
        weight = members.astype(float)
        if rule == "need":
            weight = members * (1 - self.capability)
        elif rule == "threat" and (members * seized).sum() > 0:
            weight = members * seized
        elif rule == "performance" and (members * seized).sum() > 0:
            weight = members * seized / self._officers
        weight = weight * (1 - np.minimum(found, 1.0))
        total = weight.sum()
        return weight / total if total > 0 else weight

    def absorb(self, funds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Part of the funds [C], million USD a year, that countries can put to use."""
        room = self._parameters.capacity.absorption_musd * self.capability
        return np.minimum(funds, room)

    def train(self, funds: NDArray[np.float64]) -> None:
        """One week: usable `funds` [C] in million USD a year enter, earlier ones take effect.

        Training reaches the field after a lag; tools are there at once.
        """
        rules = self._parameters.capacity
        open_way = self._parameters.channels.training
        training = funds * (1 - rules.tools_share)
        effect = open_way * training / (training + rules.half_effect_musd)
        self.tools = open_way * funds * rules.tools_share
        self._pipeline.append(effect)
        if len(self._pipeline) > rules.lag_weeks:
            arriving = self._pipeline.popleft()
            self.capability += (
                rules.build_rate * arriving * np.maximum(rules.ceiling - self.capability, 0)
            )
        lost = 1 - 0.5 ** (1 / rules.half_life_weeks)
        self.capability -= lost * (self.capability - self.baseline)
