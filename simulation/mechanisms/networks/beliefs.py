"""Perceived risk (M2): what each network believes of each border sector.

A Beta-Bernoulli belief: crossings without loss and losses are counted, and both counts fade back
to the prior, so that a route that was given up is tried again one day. Rumour adds a discounted
share of what the other networks believe.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.parameters import Beliefs

MOST = 1 - 1e-12  # a belief stays below certainty


class RiskBeliefs:
    """Counts of losses and safe crossings, float64[N, S], of N networks on S sectors.

    What a network expects of a sector that it does not know depends on how many officers can be
    bought there, if that is known (M10).
    """

    def __init__(self, networks: int, bought: NDArray[np.float64], rules: Beliefs) -> None:
        self.rules = rules
        self.expect(bought)
        self.losses = np.repeat(self._prior_losses[None, :], networks, axis=0)
        self.safe = np.repeat(self._prior_safe[None, :], networks, axis=0)

    def expect(self, bought: NDArray[np.float64]) -> None:
        """Take note of the share of effort that can be bought, by sector [S]."""
        rules = self.rules
        usual = 1 - rules.usual_corruption
        honest = (1 - bought) / usual if rules.known_bribes else np.ones_like(bought)
        self.prior = np.minimum(rules.prior_risk * honest, rules.prior_most)
        self._prior_losses = self.prior * rules.prior_weight
        self._prior_safe = (1 - self.prior) * rules.prior_weight
        self._kept = kept(rules.half_life_weeks)

    def learn(self, losses: NDArray[np.float64], crossings: NDArray[np.float64]) -> None:
        """Fade by one week, then add this week's experience, both [N, S]."""
        kernels.experience(self.losses, self.safe, self._prior_losses, self._prior_safe,
                           self._kept, losses, crossings)  # fmt: skip

    def alarm(self, network: int, sectors: NDArray[np.bool_], losses: float) -> None:
        """An operation is felt as so many losses on each of the sectors."""
        self.losses[network] += losses * sectors

    def forget(self, network: int) -> None:
        """A new network knows nothing."""
        self.losses[network] = self._prior_losses
        self.safe[network] = self._prior_safe

    def risk(self, active: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Perceived probability of loss on each sector, rumour included, below 1. [N, S]"""
        risk = np.empty_like(self.losses)
        kernels.perceived_risk(self.losses, self.safe, active, self.rules.rumour, MOST, risk)
        return risk
