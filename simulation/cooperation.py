"""Cooperation (M13): how willing members are to share, and how trust is earned."""

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Pair, Parameters


def pair_key(first: str, second: str) -> str:
    """Name of a pair, the same for both orders."""
    return "-".join(sorted((first, second)))


class Cooperation:
    """Relations between C countries.

    Attributes
    ----------
    trust
        float64[C, C], trust of the row's country in the column's.
    legal
        float64[C, C], compatibility of law.
    members
        bool[C].
    """

    def __init__(self, codes: tuple[str, ...], parameters: Parameters) -> None:
        profiles = [parameters.countries[code] for code in codes]
        count = len(codes)
        law = np.array([profile.legal for profile in profiles])
        self.codes = codes
        self.legal = (law[:, None] + law[None, :]) / 2
        self._language = np.zeros((count, count))
        self._first_trust = np.full((count, count), parameters.trust.initial)
        for i, one in enumerate(codes):
            for j, other in enumerate(codes):
                pair = parameters.pairs.get(pair_key(one, other), Pair())
                common = bool(set(profiles[i].languages) & set(profiles[j].languages))
                if pair.common_language is not None:
                    common = pair.common_language
                self._language[i, j] = common
                if pair.legal is not None:
                    self.legal[i, j] = pair.legal
                if pair.trust is not None:
                    self._first_trust[i, j] = pair.trust
        np.fill_diagonal(self._first_trust, 0.0)
        self.trust = self._first_trust.copy()
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        profiles = [parameters.countries[code] for code in self.codes]
        self.rules = parameters.trust
        self.members = np.array([profile.member for profile in profiles])
        self._will = np.array([profile.political_will for profile in profiles])
        self._sovereignty = np.array([profile.sovereignty for profile in profiles])
        agreed = parameters.cooperation.sharing if "share" in parameters.cooperation.mandates else 0
        self.asked = np.array(
            [agreed if profile.sharing is None else profile.sharing for profile in profiles]
        )

    def willingness(self) -> NDArray[np.float64]:
        """Probability that a member wants a partner to have an item it was asked for. [C, C]"""
        rules = self.rules
        odds = (
            rules.constant
            + rules.weight_trust * self.trust
            + rules.weight_legal * self.legal
            + rules.weight_language * self._language
            + (rules.weight_will * self._will - rules.weight_sovereignty * self._sovereignty)[
                :, None
            ]
        )
        return 1 / (1 + np.exp(-odds))

    def sharing(self) -> NDArray[np.float64]:
        """Probability that an item of the row's country goes to the column's. [C, C]"""
        among = self.members[:, None] & self.members[None, :]
        np.fill_diagonal(among, False)
        return self.asked[:, None] * self.willingness() * among

    def learn(self, hits: NDArray[np.float64], sharing: NDArray[np.float64]) -> None:
        """Move trust by one week.

        Parameters
        ----------
        hits
            float64[C, C], seizures of the row's country owed to tips of the column's.
        sharing
            float64[C, C], what the row's country gives to the column's (probability).
        """
        rules = self.rules
        self.trust += (1 - self.trust) * (1 - (1 - rules.gain) ** hits)
        self.trust += rules.reciprocity * (sharing.T - sharing)
        self.trust += (1 - 0.5 ** (1 / rules.memory_weeks)) * (self._first_trust - self.trust)
        np.clip(self.trust, 0.0, 1.0, out=self.trust)
        np.fill_diagonal(self.trust, 0.0)

    def mean_trust(self) -> float:
        """Mean over ordered pairs of members; NaN with fewer than two."""
        inside = self.members[:, None] & self.members[None, :]
        np.fill_diagonal(inside, False)
        return float(self.trust[inside].mean()) if inside.any() else float("nan")
