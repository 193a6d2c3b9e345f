"""Capacity building (M12): money becomes capability, late, with less and less effect, and fades.

The *gain* over a country's own baseline is what decays; the baseline stays.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.geography.roster import Roster
from tocsin.simulation.parameters import Parameters


class CapacityBuilding:
    """The programme and what it has built in the A agencies of C countries.

    Attributes
    ----------
    capability, baseline
        float64[A].
    tools
        float64[A], million USD a year for forensic and cyber tools that were put to use.
    received
        float64[C], million USD a year from the programme in the latest week.
    seized_lately
        float64[C], own seizures of about the last year.
    """

    def __init__(
        self, capability: NDArray[np.float64], roster: Roster, parameters: Parameters
    ) -> None:
        self.baseline = capability.copy()
        self.capability = capability.copy()
        self.tools = np.zeros(capability.size)
        self.roster, countries = roster, len(parameters.countries)
        self.received = np.zeros(countries)
        self.seized_lately = np.zeros(countries)
        officers = [country.officers for country in parameters.countries.values()]
        self._officers = np.maximum(np.array(officers, dtype=float), 1.0)
        self._pipeline: deque[NDArray[np.float64]] = deque()
        self._parameters = parameters

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        self._parameters = parameters

    def allocation(
        self, members: NDArray[np.bool_], found: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Share of the programme for each country; 0 for all if there is no member. [C]

        What each country seized of late is taken as its known threat, and by officer as its
        performance; `found` is what audits found misspent, as a share.
        """
        seized = self.seized_lately
        rule = self._parameters.capacity.allocation
        weight = members.astype(float)
        if rule == "need":
            weight = members * (1 - self.roster.mean(self.capability))
        elif rule == "threat" and (members * seized).sum() > 0:
            weight = members * seized
        elif rule == "performance" and (members * seized).sum() > 0:
            weight = members * seized / self._officers
        weight = weight * (1 - np.minimum(found, 1.0))
        total = weight.sum()
        return weight / total if total > 0 else weight

    def train(
        self, received: NDArray[np.float64], misspent: NDArray[np.float64],
        own: NDArray[np.float64],
    ) -> float:  # fmt: skip
        """One week: funds enter as far as they can be put to use, earlier ones take effect.

        Training reaches the field after a lag; tools are there at once.

        Parameters
        ----------
        received, own
            float64[C], million USD a year: from the programme, and the countries' own.
        misspent
            float64[C], share of what they received. A country shares its funds out among its
            agencies by their officers (assumption).

        Returns
        -------
        Funds that could not be used.
        """
        rules, effect = self._parameters.capacity, np.empty(self.capability.size)
        unused = kernels.invest(
            self._shared_out(received), self.roster.of_country(misspent), self._shared_out(own),
            self.capability, rules.absorption_musd, rules.tools_share,
            rules.half_effect_musd, self._parameters.channels.training, effect, self.tools,
        )  # fmt: skip
        self._pipeline.append(effect)
        late = len(self._pipeline) > rules.lag_weeks
        kernels.grow(
            self._pipeline.popleft() if late else np.zeros(effect.size), rules.build_rate,
            rules.ceiling, 1 - kept(rules.half_life_weeks), self.baseline, self.capability,
        )  # fmt: skip
        return unused

    def _shared_out(self, funds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Funds of each country as its agencies get them: [C] becomes [A]."""
        if self.roster.alone:
            return funds
        return self.roster.of_country(funds) * self.roster.parts(self._parameters)
